import type { HistoryEvent } from '../events.ts';
import { isReal, type KeyPast, type Mark, type RetirementPast } from '../past/key-past.ts';
import type { Past } from '../past/past.ts';
import { instantOf } from '../past/recorded-time.ts';
import type { Instant } from '../time.ts';
import { wasTold } from './rotations.ts';

/** One disabling by Keyturn; a key that was Active again in between has several. */
export interface Disabling extends Pick<KeyPast, 'account' | 'userName' | 'keyId'> {
  readonly at: Instant;
  /** `at-once`: somebody asked for it; `none`: no receipt is older. */
  readonly proof: 'delivered' | 'none' | 'at-once';
}

interface Seen {
  readonly key: KeyPast;
  /** It goes on collecting receipts, also when the key has got another one. */
  readonly retirement: RetirementPast;
  readonly disabled: Mark;
  readonly atOnce: boolean;
}

/** Every disabling by Keyturn. Whether somebody had been told shows at the end: receipts may come with the same instant. */
export class DisablingsFold {
  readonly #seen: Seen[] = [];

  /** Takes the next event of the period, once it is folded into the past. */
  add(event: HistoryEvent, past: Past): void {
    if (event.type !== 'key-disabled' || event.details.by !== 'keyturn' || !isReal(event)) return;
    const key = event.keyId === undefined ? undefined : past.keys.get(event.keyId);
    const retirement = key?.retirement;
    if (key === undefined || retirement === undefined) return;
    const disabled = { at: instantOf(event.time), event: event.id };
    this.#seen.push({ key, retirement, disabled, atOnce: event.details.requestId !== undefined });
  }

  rows(): readonly Disabling[] {
    return this.#seen.map(({ key: { account, userName, keyId }, retirement, disabled, atOnce }) => {
      const told = wasTold(retirement, disabled) ? 'delivered' : 'none';
      return { account, userName, keyId, at: disabled.at, proof: atOnce ? 'at-once' : told };
    });
  }
}
