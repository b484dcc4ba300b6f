import { DELIVER_LONGEST_SECONDS } from '../../../lambda/contracts/outbox.ts';
import { audienceOf, type HistoryEvent } from '../../../lambda/domain/events.ts';
import type { EventId } from '../../../lambda/domain/ids.ts';
import { parseOwnerId } from '../../../lambda/domain/ids.ts';
import { deliver } from '../../../lambda/workflows/deliver.ts';
import { notify } from '../../../lambda/workflows/notify.ts';
import { anAssignment, anOwner } from '../../support/builders.ts';
import { FakeChannel } from '../../support/fake-channel.ts';
import type { FakeIds } from '../../support/fake-ids.ts';
import type { FakeLog } from '../../support/fake-log.ts';
import { FakeOutbox } from '../../support/fake-outbox.ts';
import type { Account } from './account.ts';
import type { Process } from './process.ts';
import type { Reach } from './story.ts';

/** How the stream behaves on a day. */
export interface StreamMood {
  readonly again: boolean;
  readonly reversed: boolean;
}

const addresses: Readonly<Record<Reach, { readonly email?: string; readonly slackChannel?: string } | undefined>> = {
  mail: { email: 'owner@example.com' },
  'mail and Slack': { email: 'owner@example.com', slackChannel: '#owners' },
  'nobody knows the owner': undefined,
  unreachable: {},
};

const TICK = DELIVER_LONGEST_SECONDS * 1000;

/** The history's stream, the function that follows it, and the one that sends what waits. */
export class Post {
  readonly sns: FakeChannel;
  readonly slack: FakeChannel;
  readonly operators: FakeChannel;
  readonly #account: Account;
  readonly #outbox: FakeOutbox;
  readonly #seen = new Set<EventId>();
  /** Brought, and to be brought again; the stream keeps them until they are told. */
  #open: HistoryEvent[] = [];
  #lately: readonly HistoryEvent[] = [];

  constructor(account: Account) {
    this.#account = account;
    this.#outbox = new FakeOutbox(account.calls);
    this.sns = new FakeChannel('sns', account.calls);
    this.slack = new FakeChannel('slack', account.calls);
    this.operators = new FakeChannel('operators-topic', account.calls);
  }

  async introduce(reaches: readonly Reach[]): Promise<void> {
    for (const [n, userName] of this.#account.names.entries()) {
      const address = addresses[reaches[n] ?? 'mail'];
      if (address === undefined) continue;
      const id = parseOwnerId(`owner-${n}`);
      const { email: _, ...owner } = anOwner({ id, name: `Owner of ${userName}` });
      await this.#account.owners.putOwner({ ...owner, ...address });
      await this.#account.owners.putAssignment(anAssignment({ match: { kind: 'user', userName }, ownerId: id }));
    }
  }

  get isEmpty(): boolean {
    this.#collect();
    return this.#open.length === 0 && this.#outbox.isEmpty;
  }

  /** One invocation of notify with what the stream brings. */
  async gather(process: Process, log: FakeLog, mood: StreamMood): Promise<void> {
    this.#collect();
    const { owners, clock } = this.#account;
    const brought = [...this.#open, ...(mood.again ? [...this.#lately, ...this.#open] : [])];
    if (brought.length === 0) return;
    const world = {
      owners: process.port('owners', owners),
      outbox: process.port('outbox', this.#outbox),
      clock,
      log,
    };
    const ended = await process.run(() => notify(world, mood.reversed ? brought.toReversed() : brought));
    if (ended.kind !== 'returned') return;
    this.#lately = this.#open;
    this.#open = ended.value.length === 0 ? [] : [...new Set(ended.value)];
  }

  /** One tick of deliver. */
  async tell(process: Process, { ids, log }: { readonly ids: FakeIds; readonly log: FakeLog }): Promise<void> {
    const { ledger, owners, clock } = this.#account;
    const world = {
      owners: process.port('owners', owners),
      history: process.port('history', ledger),
      outbox: process.port('outbox', this.#outbox),
      ids,
      clock,
      log,
      channels: {
        sns: this.#through(process, this.sns),
        slack: this.#through(process, this.slack),
        'operators-topic': this.#through(process, this.operators),
      },
    };
    await process.run(() => deliver(world, { holder: process.name, deadline: clock.now() + TICK }));
  }

  #through(process: Process, channel: FakeChannel) {
    return {
      name: channel.name,
      send: (notice: Parameters<FakeChannel['send']>[0]) =>
        process.call(`channel.${channel.name}`, [notice], () => channel.send(notice)),
    };
  }

  /** As the stream's filter lets through. */
  #collect(): void {
    for (const event of this.#account.ledger.events()) {
      if (this.#seen.has(event.id)) continue;
      this.#seen.add(event.id);
      if (audienceOf(event) !== 'nobody') this.#open.push(event);
    }
  }
}
