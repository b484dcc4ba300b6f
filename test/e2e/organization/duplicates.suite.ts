import type { SweepMessage } from '../../../lambda/contracts/messages.ts';
import type { HistoryEvent } from '../../../lambda/domain/events.ts';
import { parseAccountId, parseRunId } from '../../../lambda/domain/ids.ts';
import { DAY, type Instant, toIso } from '../../../lambda/domain/time.ts';
import type { Emulator } from '../../../local/emulator.ts';
import type { Intercept } from '../../../local/recorder.ts';
import type { AwsCall } from '../../../local/wire.ts';
import type { Hub } from './hub.ts';
import { keysOf } from './keys.ts';
import { assumingNeedsTrust } from './member-roles.ts';

interface Place {
  readonly emulator: Emulator;
  readonly hub: Hub;
  readonly account: string;
  readonly at: Instant;
}

const USERS = 6;

/** The same message reaches two workers, each a process that runs the deployed bundle, at the same moment. */
export function duplicatesSuite(place: () => Place): void {
  async function addDueUsers(prefix: string): Promise<readonly string[]> {
    const { emulator, account, at } = place();
    await emulator.clock.set(new Date(at));
    const createdAt = new Date(at - 400 * DAY);
    const names = Array.from({ length: USERS }, (_, n) => `${prefix}-${n}`);
    await emulator.addUsers(
      account,
      names.map((name) => ({ name, createdAt, keys: [createdAt] })),
    );
    return names;
  }

  /** Hands the message to two workers and answers with what each made of it: the messages it wants to see again. */
  async function deliverTwice(run: string, fate: Intercept): Promise<readonly number[]> {
    const { emulator, hub, account, at } = place();
    const message: SweepMessage = {
      schema: 1,
      runId: parseRunId(`run-${run}`),
      account: parseAccountId(account),
      now: toIso(at),
      mode: 'enforce',
      part: 1,
      taken: { rotate: 0, disable: 0, delete: 0 },
    };
    const event = { Records: [{ messageId: 'm-1', body: JSON.stringify(message) }] };
    const trusted = assumingNeedsTrust(emulator);
    hub.recorder.clear();
    hub.recorder.intercept(async (call) => {
      const decided = await fate(call);
      return decided === 'pass' ? trusted(call) : decided;
    });
    try {
      const outcomes = await Promise.all([1, 2].map(() => hub.runtime.invoke('RotateAccount', event)));
      return outcomes.map((outcome) => {
        if (!outcome.ok) throw new Error(outcome.error.errorMessage);
        return JSON.parse(outcome.payload).batchItemFailures.length;
      });
    } finally {
      hub.recorder.intercept(trusted);
    }
  }

  /** What history has of the run's sweeps. */
  async function sweepsOf(run: string): Promise<readonly HistoryEvent[]> {
    const types = ['sweep-finished', 'sweep-continued', 'sweep-failed'] as const;
    const events: HistoryEvent[] = [];
    const by = { kind: 'run', runId: parseRunId(`run-${run}`) } as const;
    for await (const event of place().hub.history.query({ by, types })) events.push(event);
    return events;
  }

  /** Lines of the worker's that tell of a failure, metrics too. */
  const failures = () =>
    place()
      .hub.runtime.logs('RotateAccount')
      .filter(({ line }) => /"level":"ERROR"|"SweepsFailed":[1-9]/.test(line));

  async function rotatedOnce(users: readonly string[]): Promise<void> {
    const { emulator, hub, account } = place();
    const created = hub.recorder.calls().filter(({ action }) => action === 'CreateAccessKey');
    expect(created.map(({ params }) => params.UserName).toSorted()).toEqual(users);
    const events: HistoryEvent[] = [];
    const by = { kind: 'account', account: parseAccountId(account) } as const;
    for await (const event of hub.history.query({ by, types: ['key-replaced'] })) events.push(event);
    for (const user of users) {
      expect((await keysOf(emulator, account, user)).map(({ status }) => status)).toEqual(['Active', 'Active']);
      expect(events.filter(({ userName }) => userName === user)).toHaveLength(1);
    }
  }

  describe('the same message at two workers at the same moment', () => {
    test('one takes the lease and sweeps; the other puts its message off; nobody is rotated twice', async () => {
      const { emulator, hub } = place();
      const failedBefore = failures();
      const users = await addDueUsers('leased');
      const together = meeting((call) => leaseOf(call) !== undefined);
      const again = await deliverTwice('leased', together.fate);
      expect(together.met()).toBe(true);
      // Both are acknowledged.
      expect(again).toEqual([0, 0]);
      await rotatedOnce(users);
      expect(await sweepsOf('leased')).toHaveLength(1);
      await hub.runtime.drain();
      expect(await sweepsOf('leased')).toHaveLength(1);
      await emulator.clock.advance(31_000);
      await hub.runtime.drain();
      // Its turn has come, and there was nothing left for it.
      const sweeps = await sweepsOf('leased');
      expect(sweeps.map(({ type }) => type)).toEqual(['sweep-finished', 'sweep-finished']);
      await rotatedOnce(users);
      expect(failures()).toEqual(failedBefore);
    }, 60_000);

    test('even if both believed to have the lease nobody would be rotated twice: the journal lets one begin', async () => {
      const users = await addDueUsers('unleased');
      // Both go on as if each had the lease alone, read everybody, and begin the first rotations together.
      const together = meeting(({ action }) => action === 'TransactWriteItems');
      const again = await deliverTwice('unleased', async (call) => {
        if (leaseOf(call) === undefined) return together.fate(call);
        return { status: 200, headers: { 'content-type': 'application/x-amz-json-1.0' }, body: '{}' };
      });
      expect(together.met()).toBe(true);
      expect(again).toEqual([0, 0]);
      const conflicts = place()
        .hub.recorder.calls()
        .filter(({ errorCode }) => errorCode === 'TransactionCanceledException');
      expect(conflicts.length).toBeGreaterThan(0);
      await rotatedOnce(users);
    }, 60_000);
  });
}

/** The lease that a call is about, taken or given back. */
function leaseOf({ action, params }: AwsCall): unknown {
  const { Item, Key } = params as { Item?: { sk?: { S?: string } }; Key?: { sk?: { S?: string } } };
  const place = action === 'PutItem' ? Item?.sk?.S : action === 'DeleteItem' ? Key?.sk?.S : undefined;
  return place === 'lease' ? place : undefined;
}

/** Holds back such calls until two different callers have made one, then lets them and all later ones pass. */
function meeting(isMeant: (call: AwsCall) => boolean) {
  const callers = new Set<string>();
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return {
    met: () => callers.size === 2,
    fate: async (call: AwsCall) => {
      if (!isMeant(call)) return 'pass' as const;
      callers.add(call.accessKeyId);
      if (callers.size === 2) open();
      await opened;
      return 'pass' as const;
    },
  };
}
