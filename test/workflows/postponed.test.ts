import { sweepMessage } from '../../lambda/adapters/sweep-message.ts';
import type { SweepMessage } from '../../lambda/contracts/messages.ts';
import { parseRunId } from '../../lambda/domain/ids.ts';
import { MINUTE, toIso } from '../../lambda/domain/time.ts';
import { UnavailableError } from '../../lambda/ports.ts';
import { LeaseHeldError } from '../../lambda/workflows/sweep-account.ts';
import { sweepOrPostpone } from '../../lambda/workflows/sweep-or-postpone.ts';
import { ACCOUNT, aRequest, requestId, requestMade, USER } from '../support/builders.ts';
import type { CallName } from '../support/calls.ts';
import { DAY_0, SweepStory } from './support/sweep-story.ts';

const ENDLESS = Number.POSITIVE_INFINITY;
let deliveries = 0;

/** The queue hands the message to a worker of its own. */
function deliver(story: SweepStory, message: SweepMessage, { received = 1, deadline = ENDLESS } = {}) {
  deliveries += 1;
  return sweepOrPostpone(story.world, message, { holder: `worker-${deliveries}`, deadline, received });
}

/** Happens before each call that a worker makes. */
function beforeCalls({ calls }: SweepStory, happens: (name: CallName) => Promise<void>): void {
  const run = calls.run.bind(calls);
  calls.run = async <T>(name: CallName, args: readonly unknown[], effect: () => T | Promise<T>): Promise<T> => {
    await happens(name);
    return run<T>(name, args, effect);
  };
}

/** Somebody's worker is at the account, or died there a moment ago. */
async function aHeldLease() {
  const story = new SweepStory();
  const { keyId } = story.userWithKey('build-bot', 400);
  const { clock } = story;
  await story.ledger.takeLease(ACCOUNT, 'another', clock.now(), clock.now() + 15 * MINUTE);
  return { story, keyId };
}

describe('a message that meets a held lease', () => {
  test('comes again in half a minute, as it is, whatever it holds', async () => {
    const { story } = await aHeldLease();
    const taken = { rotate: 3, disable: 1, delete: 0 };
    const after = { createdAt: toIso(DAY_0), userName: USER };
    const message = { ...story.message(), part: 7, taken, after, somethingNew: ['of', 'a later version'] };
    expect(await deliver(story, message)).toEqual({ kind: 'postponed' });
    expect(story.queue.postponed).toEqual([{ message, seconds: 30 }]);
    expect(story.queue.sent).toEqual([]);
  });

  test('is no failure: nothing is on record, and one line in the log', async () => {
    const { story } = await aHeldLease();
    await deliver(story, story.message());
    expect(story.ledger.events()).toEqual([]);
    expect(story.log.lines.map(({ level }) => level)).toEqual(['info']);
  });

  test('gets its turn when the lease is given back, or over', async () => {
    const { story, keyId } = await aHeldLease();
    await deliver(story, story.message());
    story.clock.advance(15 * MINUTE - 1);
    expect(await deliver(story, story.message(DAY_0))).toEqual({ kind: 'postponed' });
    story.clock.advance(1);
    expect(await deliver(story, story.message(DAY_0))).toMatchObject({ kind: 'finished' });
    expect(story.daysOf('key-replaced', keyId)).toEqual([0]);
  });

  test('is left to the queue when it cannot be sent: then it fails, and that is no failed sweep', async () => {
    const { story } = await aHeldLease();
    story.calls.failOn('queue.postpone', { when: 'before', error: new UnavailableError('SQS is down.') });
    const error = await deliver(story, story.message()).catch((failure: unknown) => failure);
    expect(error).toBeInstanceOf(LeaseHeldError);
    expect(String(error)).toContain('SQS is down.');
    expect(story.ledger.events()).toEqual([]);
  });

  // Otherwise two messages at which workers die would put each other off for ever, and never be dead letters.
  test('after a worker of its own has failed or died is left to the queue, which counts that', async () => {
    const { story } = await aHeldLease();
    await expect(deliver(story, story.message(), { received: 2 })).rejects.toThrow(LeaseHeldError);
    expect(story.queue.postponed).toEqual([]);
  });
});

describe('two copies of a message', () => {
  async function swept(copies: (story: SweepStory, message: SweepMessage) => Promise<unknown>) {
    const story = new SweepStory();
    story.settings = { ...story.settings, policy: { ...story.settings.policy, maxStepsPerSweep: 7 } };
    for (let n = 0; n < 20; n += 1) story.userWithKey(`user-${n}`, 400);
    await copies(story, story.message(DAY_0));
    expect(story.ledger.eventsOf('key-replaced')).toHaveLength(7);
    const rotated = story.ledger.eventsOf('sweep-finished').map(({ details }) => details.steps.rotate ?? 0);
    expect(rotated).toEqual([7, 0]);
  }

  test('at the same moment: one sweeps, the other comes again once, and finds the cap reached', async () => {
    await swept(async (story, message) => {
      const ends = await Promise.all([deliver(story, message), deliver(story, message)]);
      expect(ends.map(({ kind }) => kind)).toEqual(['finished', 'postponed']);
      const [again, ...more] = story.queue.postponed.splice(0);
      expect(more).toEqual([]);
      if (again !== undefined) await deliver(story, again.message);
      expect(story.queue.postponed).toEqual([]);
    });
  });

  test('because the worker died before it could acknowledge the one that it had sent again', async () => {
    await swept(async (story, message) => {
      await story.ledger.takeLease(ACCOUNT, 'another', DAY_0, DAY_0 + MINUTE);
      story.calls.failOn('queue.postpone', { when: 'after', error: new Error('died') });
      await expect(deliver(story, message)).rejects.toThrow(LeaseHeldError);
      expect(story.queue.postponed).toEqual([{ message, seconds: 30 }]);
      story.clock.advance(MINUTE);
      await deliver(story, message);
      // Half an hour later, from the queue.
      story.clock.advance(30 * MINUTE);
      await deliver(story, message, { received: 2 });
    });
  });
});

describe('a leaked key that is to stop at once while a sweep of its account goes on', () => {
  /** Forty rotations at some seconds each, and somebody asks in the midst of them. */
  async function asked() {
    const story = new SweepStory();
    for (let n = 0; n < 40; n += 1) story.userWithKey(`user-${n}`, 400);
    const { userName, keyId } = story.userWithKey('leaked', 1);
    const emergency = { ...story.message(DAY_0 + MINUTE), runId: parseRunId('run-emergency') };
    let isAsked = false;
    beforeCalls(story, async (name) => {
      if (name.startsWith('iam.')) story.clock.advance(1_000);
      if (name !== 'iam.createKey' || isAsked) return;
      isAsked = true;
      await ask();
    });
    async function ask(): Promise<void> {
      const wish = { kind: 'rotate', disableOldNow: true, keyId } as const;
      const request = aRequest(wish, { id: requestId(1), userName, requestedAt: story.clock.now() });
      await story.ledger.append([requestMade(request)]);
      await story.owners.putRequest(request);
      expect(await deliver(story, emergency)).toEqual({ kind: 'postponed' });
    }
    const part = (message: SweepMessage) => deliver(story, message, { deadline: story.clock.now() + MINUTE });
    const nextPart = () => sweepMessage(story.queue.sent.shift() ?? fail());
    expect(await part(story.message(DAY_0))).toMatchObject({ kind: 'continued' });
    expect(story.daysOf('key-disabled', keyId)).toEqual([]);
    const stoppedIn = () => story.ledger.eventsOf('key-disabled').map((event) => [event.keyId, event.runId]);
    return { story, keyId, emergency, part, nextPart, stoppedIn };
  }
  const fail = (): never => {
    throw new Error('there is no next part');
  };

  test('is stopped by the next part, should that be faster than the message that waits', async () => {
    const { story, keyId, emergency, part, nextPart, stoppedIn } = await asked();
    const next = nextPart();
    await part(next);
    expect(stoppedIn()).toEqual([[keyId, next.runId]]);
    while (story.queue.sent.length > 0) await part(nextPart());
    // The message gets its turn, and finds the request answered.
    expect(await deliver(story, emergency)).toMatchObject({ kind: 'finished', tally: { steps: {} } });
    expect(stoppedIn()).toHaveLength(1);
  });

  test('is stopped by the message itself, should that be faster than the next part, which waits in turn', async () => {
    const { story, keyId, emergency, part, nextPart, stoppedIn } = await asked();
    const next = nextPart();
    let met: unknown;
    beforeCalls(story, async (name) => {
      if (name === 'iam.disableKey') met = await part(next);
    });
    await deliver(story, emergency);
    expect(stoppedIn()).toEqual([[keyId, emergency.runId]]);
    expect(met).toEqual({ kind: 'postponed' });
    expect(story.queue.postponed.at(-1)?.message).toEqual(next);
  });
});
