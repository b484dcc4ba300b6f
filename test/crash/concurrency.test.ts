import { UlidIds } from '../../lambda/adapters/ulid-ids.ts';
import type { UserName } from '../../lambda/domain/ids.ts';
import { secretVersionOf } from '../../lambda/domain/secret-name.ts';
import { ConflictError, type Journal, type State } from '../../lambda/ports.ts';
import { sweepOrPostpone } from '../../lambda/workflows/sweep-or-postpone.ts';
import { FakeQueue } from '../support/fake-queue.ts';
import { EmulatedEstate } from './emulated-estate.ts';
import { onDay } from './estate.ts';
import { type LocalAws, startLocalAws } from './local-aws.ts';

const WORKERS = 4;
const USERS = ['ada', 'bob', 'cyd', 'dan', 'eve', 'fay'];
let aws: LocalAws | undefined;

function local(): LocalAws {
  if (aws === undefined) throw new Error('the local AWS runs only while tests do');
  return aws;
}

beforeAll(async () => {
  aws = await startLocalAws();
}, 600_000);
afterAll(() => aws?.stop());

/** An account in which all of these users have a key that is due on day 0. */
async function dueEstate(): Promise<{ readonly estate: EmulatedEstate; readonly users: readonly UserName[] }> {
  const estate = await EmulatedEstate.begin(local());
  const users: UserName[] = [];
  for (const name of USERS) {
    const userName = await estate.hands().addUser(name);
    await estate.addKey(userName, 400);
    users.push(userName);
  }
  return { estate, users };
}

/** Several workers take the same account at the same moment, as if its message had been delivered to each of them. */
async function atOnce(estate: EmulatedEstate, day: number, lease: 'with the lease' | 'without the lease') {
  await estate.goTo(onDay(day) + 7_000);
  const { clock, log, settings, ports } = estate;
  let conflicts = 0;
  const queue = new FakeQueue();
  const journal: Journal = {
    async commit(change) {
      try {
        await ports.journal.commit(change);
      } catch (error) {
        if (error instanceof ConflictError) conflicts += 1;
        throw error;
      }
    },
  };
  const work = (n: number) => {
    const state = lease === 'with the lease' ? ports.state : withoutLeases(ports.state);
    // Each its own identifiers, as processes have.
    const world = { ...ports, state, journal, queue, clock, ids: new UlidIds(), log, settings };
    const delivery = { holder: `worker-${day}-${n}`, deadline: Number.POSITIVE_INFINITY, received: 1 };
    return sweepOrPostpone(world, estate.message(day), delivery);
  };
  const ends = await Promise.all(Array.from({ length: WORKERS }, (_, n) => work(n)));
  return { ends, conflicts, postponed: queue.postponed.splice(0), work };
}

/** The state whose leases anybody gets at any time. */
function withoutLeases(state: State): State {
  return {
    load: (account) => state.load(account),
    remember: (account, users) => state.remember(account, users),
    forget: (account, users) => state.forget(account, users),
    markFullSweep: (account, progress) => state.markFullSweep(account, progress),
    record: (account, userName) => state.record(account, userName),
    takeLease: async () => true,
    releaseLease: async () => undefined,
  };
}

describe.each(['with the lease', 'without the lease'] as const)('four workers on one account at once, %s', (lease) => {
  test('no user ever has more than one incoming key, nothing is published twice, and each step is taken once', async () => {
    const { estate, users } = await dueEstate();

    const first = await atOnce(estate, 0, lease);
    await estate.deliver();
    const rotated = await estate.observe();
    for (const userName of users) {
      const user = rotated.users.find((one) => one.userName === userName);
      const [incoming, ...more] = (user?.keys ?? []).filter(({ keyId }) => !estate.labels.has(keyId));
      expect(more).toEqual([]);
      expect(user?.keys.map(({ status }) => status)).toEqual(['Active', 'Active']);
      expect(user?.current).toBe(incoming && secretVersionOf(incoming.keyId));
      // Never any other: one version was ever put into the secret.
      expect(user?.stored.size).toBe(1);
      expect(typesOf(rotated.history, userName)).toEqual(['rotation-intended', 'key-published', 'key-replaced']);
    }
    const ended = first.ends.filter(({ kind }) => kind === 'finished');
    expect(ended).toHaveLength(lease === 'with the lease' ? 1 : WORKERS);
    const waits = first.ends.filter(({ kind }) => kind === 'postponed');
    expect(waits).toHaveLength(WORKERS - ended.length);
    expect(first.postponed.map(({ message }) => message)).toEqual(waits.map(() => estate.message(0)));
    // They did meet: without the lease it is the journal that turns all but one away.
    if (lease === 'without the lease') expect(first.conflicts).toBeGreaterThan(0);
    expect(rotatedBy(ended)).toBe(USERS.length);
    // Their turn comes, and there is nothing left for them.
    const late: Ended[] = [];
    for (const [n] of first.postponed.entries()) late.push(await first.work(WORKERS + n));
    expect(late.map(({ kind }) => kind)).toEqual(waits.map(() => 'finished'));
    expect(rotatedBy(late)).toBe(0);

    for (const day of [10, 20]) {
      await atOnce(estate, day, lease);
      await estate.deliver();
    }
    const after = await estate.observe();
    for (const userName of users) {
      const user = after.users.find((one) => one.userName === userName);
      expect(user?.keys.map(({ status }) => status)).toEqual(['Active']);
      expect(typesOf(after.history, userName)).toEqual([
        'rotation-intended',
        'key-published',
        'key-replaced',
        'disable-intended',
        'key-disabled',
        'delete-intended',
        'key-deleted',
      ]);
      expect(after.records.find((record) => record.userName === userName)?.tracking.retirements).toEqual({});
    }
  }, 60_000);
});

type Ended = Awaited<ReturnType<typeof sweepOrPostpone>>;

const rotatedBy = (ends: readonly Ended[]): number =>
  ends.reduce((sum, end) => sum + ('tally' in end ? (end.tally.steps.rotate ?? 0) : 0), 0);

const typesOf = (history: readonly { readonly type: string; readonly userName?: UserName }[], userName: UserName) =>
  history.filter((event) => event.userName === userName && event.type !== 'notice-delivered').map(({ type }) => type);
