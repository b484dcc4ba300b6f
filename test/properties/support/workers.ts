import { sweepMessage } from '../../../lambda/adapters/sweep-message.ts';
import { type SweepMessage, sweepMessageSchema } from '../../../lambda/contracts/messages.ts';
import type { Settings } from '../../../lambda/contracts/settings.ts';
import { fromIso, type Instant, MINUTE } from '../../../lambda/domain/time.ts';
import { type CreatedKey, UnavailableError } from '../../../lambda/ports.ts';
import { runTime, sweepAccount } from '../../../lambda/workflows/sweep-account.ts';
import type { SweepOutcome } from '../../../lambda/workflows/sweep-part.ts';
import type { FakeIds } from '../../support/fake-ids.ts';
import type { FakeLog } from '../../support/fake-log.ts';
import { FakeQueue } from '../../support/fake-queue.ts';
import type { Account } from './account.ts';
import { HOUR } from './calendar.ts';
import type { Knowledge } from './knowledge.ts';
import type { Process } from './process.ts';

/** One invocation of the worker, for those who look at it afterwards. */
export interface Worked {
  readonly process: Process;
  readonly knowledge: Knowledge;
  readonly startedAt: Instant;
  readonly ended:
    | { readonly kind: 'returned'; readonly value: SweepOutcome }
    | { readonly kind: 'threw'; readonly error: unknown }
    | { readonly kind: 'died' };
}

export interface WorkersWorld {
  readonly account: Account;
  readonly ids: FakeIds;
  readonly log: FakeLog;
  /** As they are deployed now. */
  readonly settings: Settings;
  /** False: the lease keeps nobody away. */
  readonly leases: boolean;
  readonly comesAgainAfter: number;
  startProcess(role: string): Process;
  /** A worker begins: what it is told is kept there. */
  follows(process: Process, knowledge: Knowledge): void;
  ended(worked: Worked): void;
}

interface Queued {
  readonly message: SweepMessage;
  readonly from: Instant;
  readonly received: number;
}

/** Three times, then it goes to the dead-letter queue. */
const MOST_RECEIVED = 3;
const LONGEST_SWEEP = 13 * MINUTE;

/** The sweep queue and the workers that it wakes. */
export class Workers {
  readonly queue: FakeQueue;
  readonly #world: WorkersWorld;
  #waiting: Queued[] = [];

  constructor(world: WorkersWorld) {
    this.#world = world;
    this.queue = new FakeQueue(world.account.calls);
  }

  /** Takes over what was sent, to be delivered so many times. */
  collect(copies = 1, hoursLate = 0): void {
    const from = this.#world.account.clock.now() + hoursLate * HOUR;
    for (const sweep of this.queue.sent.splice(0)) {
      const message = sweepMessageSchema.parse(sweepMessage(sweep));
      for (let n = 0; n < copies; n += 1) this.#waiting.push({ message, from, received: 0 });
    }
  }

  /** Works off what comes within a few hours; the first worker may have little time. */
  async work(allAtOnce: boolean, firstSeconds: number | undefined): Promise<void> {
    const { clock } = this.#world.account;
    const until = clock.now() + 6 * HOUR;
    let time = firstSeconds === undefined ? LONGEST_SWEEP : firstSeconds * 1000;
    for (;;) {
      const next = Math.min(...this.#waiting.map(({ from }) => from));
      if (next > until) return;
      clock.set(Math.max(next, clock.now()));
      const due = this.#waiting.filter(({ from }) => from <= clock.now());
      const taken = allAtOnce ? due : due.slice(0, 1);
      this.#waiting = this.#waiting.filter((one) => !taken.includes(one));
      await Promise.all(taken.map((one) => this.#workOn(one, time)));
      time = LONGEST_SWEEP;
    }
  }

  async #workOn(queued: Queued, time: number): Promise<void> {
    const { account, settings, ids, log, comesAgainAfter } = this.#world;
    const { clock } = account;
    const { message } = queued;
    const process = this.#world.startProcess('worker');
    const startedAt = clock.now();
    const knowledge: Knowledge = {
      runId: message.runId,
      mode: message.mode,
      policy: settings.policy,
      now: runTime(fromIso(message.now), startedAt),
      exemptions: [],
      listed: new Map(),
      lastUses: new Map(),
      made: new Set(),
      deleted: new Set(),
    };
    this.#world.follows(process, knowledge);
    const world = { ...this.#ports(process), ids, clock, log, settings };
    const invocation = { holder: process.name, deadline: startedAt + time };
    const ended = await process.run(() => sweepAccount(world, message, invocation));
    this.collect();
    if (ended.kind !== 'returned' && queued.received + 1 < MOST_RECEIVED) {
      const from = clock.now() + comesAgainAfter * MINUTE;
      this.#waiting.push({ message, from, received: queued.received + 1 });
    }
    this.#world.ended({ process, knowledge, startedAt, ended });
  }

  #ports(process: Process) {
    const { account, leases } = this.#world;
    const { ledger, owners, iam, secrets } = account;
    const member = {
      iam: process.port('iam', iam),
      secrets: process.port('secrets', secrets),
      prover: { prove: (key: CreatedKey) => process.call('prover.prove', [key], () => this.#prove(key)) },
      region: 'eu-central-1',
    };
    const state = process.port('state', ledger);
    // As if every other worker's lease had just run out.
    const withoutLease = new Proxy(state, {
      get: (target, name) => (name === 'takeLease' ? async () => true : Reflect.get(target, name)),
    });
    return {
      openAccount: () => process.call('account.open', [], async () => member),
      state: leases ? state : withoutLease,
      journal: process.port('journal', ledger),
      history: process.port('history', ledger),
      owners: process.port('owners', owners),
      queue: process.port('queue', this.queue),
    };
  }

  /** As the adapter does: asks again and again for half a minute. */
  async #prove({ keyId, secret }: CreatedKey): Promise<void> {
    const { clock, iam } = this.#world.account;
    const wait = iam.knownAt(keyId) - clock.now();
    if (wait > 30_000) throw new UnavailableError(`STS does not know ${keyId}.`);
    if (wait > 0) clock.advance(wait);
    if (iam.key(keyId)?.status !== 'Active' || secret.reveal() !== iam.secretOf(keyId)) {
      throw new UnavailableError(`STS refuses ${keyId}.`);
    }
  }
}
