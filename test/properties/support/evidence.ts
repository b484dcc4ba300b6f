import type { HistoryEvent } from '../../../lambda/domain/events.ts';
import type { AccessKeyId, UserName } from '../../../lambda/domain/ids.ts';
import type { FakeLedger } from '../../support/fake-ledger.ts';
import type { Knowledge } from './knowledge.ts';
import { must } from './violation.ts';

/** What history says, as an auditor would ask it. Of what `observe` only pretended it says nothing here. */
export class Evidence {
  readonly #ledger: FakeLedger;

  constructor(ledger: FakeLedger) {
    this.#ledger = ledger;
  }

  eventsOf(keyId: AccessKeyId): readonly HistoryEvent[] {
    return this.#ledger.events().filter((event) => event.keyId === keyId && event.mode === 'enforce');
  }

  /** What its owner was to be told last about the key's way out. */
  announced(keyId: AccessKeyId, types: readonly HistoryEvent['type'][]): HistoryEvent {
    const told = this.eventsOf(keyId).findLast(({ type }) => types.includes(type));
    must(told !== undefined, () => `nobody announced anything about ${keyId}`);
    return told as HistoryEvent;
  }

  mustBeDelivered({ id, type, keyId }: HistoryEvent): void {
    const receipts = this.#ledger.eventsOf('notice-delivered');
    const told = receipts.some(({ details }) => details.about.includes(id));
    must(told, () => `nobody was told of ${type} of ${keyId}`);
  }

  mustBeIntended(
    type: HistoryEvent['type'],
    { runId }: Knowledge,
    userName: UserName,
    keyId: AccessKeyId | undefined,
  ): void {
    const isIt = (event: HistoryEvent) =>
      event.type === type && event.runId === runId && event.userName === userName && event.keyId === keyId;
    must(this.#ledger.events().some(isIt), () => `${keyId} of ${userName} is changed without ${type} on record`);
  }

  /** When rotations of the user were intended. */
  rotationsOf(userName: UserName): readonly HistoryEvent[] {
    return this.#ledger.eventsOf('rotation-intended').filter((event) => event.userName === userName);
  }

  whyRetiring(keyId: AccessKeyId): string {
    const told = this.eventsOf(keyId).findLast(({ type }) => type === 'key-replaced' || type === 'retirement-started');
    return told?.type === 'retirement-started' ? told.details.why : 'rotated';
  }
}
