import { parseUserName, type UserName } from '../../lambda/domain/ids.ts';
import { DAY, MINUTE } from '../../lambda/domain/time.ts';
import { UnavailableError } from '../../lambda/ports.ts';
import { aRequest, requestMade } from '../support/builders.ts';
import { SweepInParts, slowed } from './support/in-parts.ts';
import { DAY_0, SweepStory } from './support/sweep-story.ts';

const names = (from: number, to: number): ReadonlySet<UserName> =>
  new Set(Array.from({ length: to - from }, (_, n) => parseUserName(`user-${from + n}`)));

const usersOf = (events: readonly { readonly userName?: UserName }[]) =>
  new Set(events.map(({ userName }) => userName));

/** With IAM slow, and parts so short that one can look at a hundred users. */
function estateOf(users: number, due: number): SweepStory {
  const story = new SweepStory();
  for (let n = 0; n < users; n += 1) story.userWithKey(`user-${n}`, n < due ? 700 - n : 1);
  slowed(story);
  return story;
}

// More users are due than a part has time to look at, as in the first sweep of an account that nobody ever rotated.
describe('the first sweep of an old estate', () => {
  test.each([
    [130, 'a report'],
    [300, 'a report'],
    [80, 'no report'],
    [300, 'no report'],
  ])('comes to its end when %i of 300 users are due, with %s, and takes the oldest keys', async (due, report) => {
    const story = estateOf(300, due);
    if (report === 'no report') story.iam.activeRootKeys = undefined;
    const parts = await new SweepInParts(story, 2 * MINUTE).toTheEnd();
    expect(parts).toBeLessThan(9);
    expect(usersOf(story.ledger.eventsOf('key-replaced'))).toEqual(names(0, 50));
    // Everybody once; those that are replaced when that is decided, and right before it is done.
    expect(story.calls.of('iam.keys').length).toBeLessThanOrEqual(300 + 3 * 50 + parts);
    const waiting = story.ledger.eventsOf('step-waiting');
    expect(waiting.map(({ details }) => details.reason)).toEqual(Array.from({ length: due - 50 }, () => 'cap'));
    expect(usersOf(waiting)).toEqual(names(50, due));
  });

  test('goes on the next day with the next oldest, and looks at no others', async () => {
    const story = estateOf(300, 300);
    await new SweepInParts(story, 2 * MINUTE).toTheEnd();
    const before = story.calls.of('iam.keys').length;
    await new SweepInParts(story, 2 * MINUTE, 1).toTheEnd();
    expect(usersOf(story.ledger.eventsOf('key-replaced'))).toEqual(names(0, 100));
    expect(story.calls.of('iam.keys').length - before).toBeLessThanOrEqual(50 + 3 * 50);
    expect(story.ledger.eventsOf('step-waiting')).toHaveLength(250);
  });

  test('comes to its end when all have two old keys, of which one is seen out: no cap defers that', async () => {
    const story = new SweepStory();
    for (let n = 0; n < 150; n += 1) {
      const { userName } = story.userWithKey(`user-${n}`, 400);
      story.iam.createKeyByHand(userName, { createdAt: DAY_0 - 300 * DAY });
    }
    slowed(story);
    expect(await new SweepInParts(story, 2 * MINUTE).toTheEnd()).toBeLessThan(20);
    expect(story.ledger.eventsOf('retirement-started')).toHaveLength(150);
  });
});

describe('steps that wait for somebody to be told', () => {
  /** 200 keys are due to be disabled on day 10, and no owner could be told. */
  async function untold(): Promise<SweepStory> {
    const story = new SweepStory();
    story.settings = { ...story.settings, policy: { ...story.settings.policy, maxStepsPerSweep: 200 } };
    for (let n = 0; n < 200; n += 1) story.userWithKey(`user-${n}`, 400);
    story.deliverNotices = false;
    await story.sweepOn(0);
    await story.sweepOn(9);
    slowed(story);
    return story;
  }

  test('are looked at once a day, however many parts that takes', async () => {
    const story = await untold();
    for (const day of [10, 11]) {
      const before = story.calls.of('iam.keys').length;
      expect(await new SweepInParts(story, 2 * MINUTE, day).toTheEnd()).toBeLessThan(7);
      expect(story.calls.of('iam.keys').length - before).toBeLessThanOrEqual(200 + 20);
    }
    expect(story.ledger.eventsOf('key-disabled')).toEqual([]);
    expect(story.ledger.eventsOf('step-waiting')).toHaveLength(200);
    await story.deliver();
    await story.sweepOn(12);
    expect(story.ledger.eventsOf('key-disabled')).toHaveLength(200);
  });

  test('are taken at once when somebody asks for it, although an earlier part has looked at the user', async () => {
    const story = await untold();
    const sweep = new SweepInParts(story, 2 * MINUTE, 10);
    await sweep.next();
    const [waiting] = story.ledger.eventsOf('step-waiting');
    const [userName, keyId] = [waiting?.userName ?? parseUserName('nobody'), waiting?.keyId];
    const wish = { kind: 'rotate', disableOldNow: true, ...(keyId && { keyId }) } as const;
    const request = aRequest(wish, { userName, requestedAt: story.clock.now() });
    await story.ledger.append([requestMade(request)]);
    await story.owners.putRequest(request);
    await sweep.next();
    expect(story.ledger.eventsOf('key-disabled').map((event) => event.keyId)).toEqual([keyId]);
  });
});

test('whom a part could not read, another part of the same sweep does', async () => {
  const story = estateOf(300, 200);
  story.settings = { ...story.settings, policy: { ...story.settings.policy, maxStepsPerSweep: 200 } };
  const error = new UnavailableError('throttled');
  const [first] = names(0, 1);
  // Its first reading of all is that of the inventory; the second is the look at what is due.
  let reads = 0;
  const where = (userName: unknown) => {
    if (userName === first) reads += 1;
    return userName === first && reads === 2;
  };
  story.calls.failOn('iam.keys', { when: 'before', error, where });
  await new SweepInParts(story, 2 * MINUTE).toTheEnd();
  const failed = story.ledger.eventsOf('sweep-continued').flatMap(({ details }) => details.failures ?? []);
  expect(failed.map(({ userName }) => userName)).toEqual([first]);
  expect(usersOf(story.ledger.eventsOf('key-replaced'))).toEqual(names(0, 200));
});

test('an account that was cleared of its users comes to its end, too', async () => {
  const story = estateOf(300, 0);
  await story.sweepOn(0);
  for (let n = 0; n < 290; n += 1) story.iam.deleteUser(parseUserName(`user-${n}`));
  expect(await new SweepInParts(story, 2 * MINUTE, 1).toTheEnd()).toBeLessThan(9);
  expect(usersOf(story.ledger.eventsOf('user-gone'))).toEqual(names(0, 290));
});
