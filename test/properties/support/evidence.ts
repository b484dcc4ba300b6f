import type { HistoryEvent } from '../../../lambda/domain/events.ts';
import type { AccessKeyId, UserName } from '../../../lambda/domain/ids.ts';
import type { FakeLedger } from '../../support/fake-ledger.ts';
import type { Knowledge } from './knowledge.ts';
import { must } from './violation.ts';

const ends: readonly HistoryEvent['type'][] = ['request-refused', 'key-replaced', 'key-restored', 'key-disabled'];

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

  /** Whether somebody asked for it and it is not answered yet; a rotation may be the first half of what was asked for. */
  isRequested(what: 'rotate' | 'stop' | 'restore', userName: UserName, keyId: AccessKeyId | undefined): boolean {
    const answers: readonly HistoryEvent['type'][] = what === 'stop' ? ['request-refused', 'key-disabled'] : ends;
    const events = this.#ledger.events();
    return this.#ledger.eventsOf('request-made').some(({ details, ...made }) => {
      if (made.userName !== userName || (made.keyId !== undefined && made.keyId !== keyId)) return false;
      if (details.request !== (what === 'stop' ? 'rotate' : what)) return false;
      if (what === 'stop' && details.disableOldNow !== true) return false;
      const about = events.filter(
        (event) => 'requestId' in event.details && event.details.requestId === details.requestId,
      );
      // What was replaced for it is the key that stops, and no other.
      const replaced = about.find(({ type }) => type === 'key-replaced');
      if (what === 'stop' && replaced !== undefined && replaced.keyId !== keyId) return false;
      return !about.some(({ type }) => answers.includes(type));
    });
  }

  /** The last putting off of the key's deletion since it was announced. */
  snoozedSince(told: HistoryEvent): HistoryEvent<'key-snoozed'> | undefined {
    return this.#ledger
      .eventsOf('key-snoozed')
      .findLast(({ keyId, id, mode }) => keyId === told.keyId && id > told.id && mode === 'enforce');
  }

  /** The reminder of the last day of a key that is held, since its way out was announced so. */
  lastDayTold(told: HistoryEvent): HistoryEvent<'key-still-used'> | undefined {
    return this.#ledger
      .eventsOf('key-still-used')
      .findLast(
        ({ keyId, id, mode, details }) => keyId === told.keyId && id > told.id && mode === 'enforce' && details.held,
      );
  }

  whyRetiring(keyId: AccessKeyId): string {
    const told = this.eventsOf(keyId).findLast(({ type }) => type === 'key-replaced' || type === 'retirement-started');
    return told?.type === 'retirement-started' ? told.details.why : 'rotated';
  }
}
