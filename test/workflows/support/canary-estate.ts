import { inspect } from 'node:util';
import type { SQSRecord } from 'aws-lambda';
import { sweepMessageSchema } from '../../../lambda/contracts/messages.ts';
import { MINUTE } from '../../../lambda/domain/time.ts';
import { createLog } from '../../../lambda/platform/logger.ts';
import { createCounters } from '../../../lambda/platform/metrics.ts';
import { sqsBatch } from '../../../lambda/platform/sqs-batch.ts';
import { countSweep } from '../../../lambda/platform/sweep-metrics.ts';
import { deliver } from '../../../lambda/workflows/deliver.ts';
import { notify } from '../../../lambda/workflows/notify.ts';
import { sweepAccount } from '../../../lambda/workflows/sweep-account.ts';
import type { WrittenText } from '../../../local/demo/invariants/secrets-stay-secret.ts';
import { FakeChannel } from '../../support/fake-channel.ts';
import { FakeDeadLetters } from '../../support/fake-dead-letters.ts';
import { FakeOutbox } from '../../support/fake-outbox.ts';
import type { stubbed } from '../../support/stubbed.ts';
import { type Fault, faulty } from './canary-faults.ts';
import { onDay, SweepStory } from './sweep-story.ts';

/** Everything that a worker, notify and deliver leave behind, as text. */
export class CanaryEstate {
  readonly story = new SweepStory();
  readonly written: WrittenText[] = [];
  readonly #deadLetters = new FakeDeadLetters();
  readonly #channels = {
    sns: new FakeChannel('sns'),
    slack: new FakeChannel('slack'),
    'operators-topic': new FakeChannel('operators-topic'),
  };
  readonly #outbox = new FakeOutbox();

  readonly #stubbed: ReturnType<typeof stubbed>;

  constructor(stubbedAws: ReturnType<typeof stubbed>) {
    this.#stubbed = stubbedAws;
    this.story.userWithKey('build-bot', 400);
    this.story.userWithKey('reporting', 400);
  }

  /** The day's message through the real batch handler, with the real log and metrics; then notify over all of history. */
  async live(day: number, fault?: Fault): Promise<void> {
    const { story } = this;
    story.clock.set(onDay(day) + 7_000);
    const world = story.world;
    const log = createLog('rotate-account');
    const counters = createCounters('rotate-account');
    const handler = sqsBatch({
      source: 'sweeps',
      schema: sweepMessageSchema,
      deadLetters: this.#deadLetters,
      log,
      work: async (message) => {
        const openAccount: typeof world.openAccount = async (account, runId) => {
          const member = await world.openAccount(account, runId);
          return fault === undefined ? member : faulty(member, fault, this.#stubbed);
        };
        const invocation = { holder: `day-${day}`, deadline: Number.POSITIVE_INFINITY };
        try {
          const outcome = await sweepAccount({ ...world, log, openAccount }, message, invocation);
          this.#wrote('the outcome of a sweep', outcome);
          countSweep(counters, outcome);
        } catch (error) {
          this.#wrote('an error of a sweep', error);
          countSweep(counters, { kind: 'failed' });
          throw error;
        }
      },
    });
    const body = JSON.stringify(story.message(onDay(day)));
    const record = { messageId: `day-${day}`, body } as SQSRecord;
    this.#wrote('the answer to the queue', await handler({ Records: [record] }, { getRemainingTimeInMillis: () => 1 }));
    const { owners, ledger: history } = story;
    const outbox = this.#outbox;
    const telling = { ...world, owners, log, history, outbox, channels: this.#channels };
    this.#wrote('what notify leaves untold', await notify(telling, history.events()));
    this.#wrote('the outbox', [outbox.peek('operators'), await outbox.readers()]);
    story.clock.advance(15 * MINUTE);
    const invocation = { holder: `day-${day}`, deadline: Number.POSITIVE_INFINITY };
    this.#wrote('what deliver answers', await deliver(telling, invocation));
  }

  /** With what is stored and was sent until now, and every argument that a port was ever called with. */
  async everything(): Promise<readonly WrittenText[]> {
    const { ledger, queue, calls, iam } = this.story;
    const memory = await ledger.load(iam.account);
    this.#wrote('history', ledger.events());
    this.#wrote('records', [...memory.records.values(), ...memory.cache.values()]);
    this.#wrote('the sweep queue', queue.sent);
    this.#wrote('the dead letters', this.#deadLetters.parked);
    for (const channel of Object.values(this.#channels)) this.#wrote(`notices by ${channel.name}`, channel.sent);
    this.#wrote('the arguments of a call', calls.log);
    return this.written;
  }

  /** As JSON, and as whoever prints it would see it, hidden properties and causes included. */
  #wrote(where: string, value: unknown): void {
    this.written.push({ where, text: `${JSON.stringify(value)} ${inspect(value, { depth: null, showHidden: true })}` });
  }
}

/** An estate whose console is listened to: logs, and metrics, which are lines of the log. */
export async function lived(
  stubbedAws: ReturnType<typeof stubbed>,
  days: (estate: CanaryEstate) => Promise<void>,
): Promise<CanaryEstate> {
  const environment = { POWERTOOLS_DEV: 'true', POWERTOOLS_METRICS_DISABLED: 'false', POWERTOOLS_LOG_LEVEL: 'DEBUG' };
  const env = jest.replaceProperty(process, 'env', { ...process.env, ...environment });
  const estate = new CanaryEstate(stubbedAws);
  const spies = (['log', 'info', 'warn', 'error', 'debug'] as const).map((level) =>
    jest.spyOn(console, level).mockImplementation((...line: unknown[]) => {
      estate.written.push({ where: `a line of the log (${level})`, text: line.map(String).join(' ') });
    }),
  );
  try {
    await days(estate);
    return estate;
  } finally {
    for (const spy of spies) spy.mockRestore();
    env.restore();
  }
}
