import { parseUserName } from '../../lambda/domain/ids.ts';
import { DAY, MINUTE } from '../../lambda/domain/time.ts';
import { UnavailableError } from '../../lambda/ports.ts';
import { anExemption, aPolicy, aRequest, exemptionId, requestMade } from '../support/builders.ts';
import { SweepInParts, slowed } from './support/in-parts.ts';
import { DAY_0, onDay, SweepStory } from './support/sweep-story.ts';

const withPolicy = (overrides: Parameters<typeof aPolicy>[0]): SweepStory => {
  const story = new SweepStory();
  story.settings = { ...story.settings, policy: aPolicy(overrides) };
  return story;
};

/** An old key that somebody made Inactive, to be deleted for the sake of a younger one that is due. */
function inTheWay(story: SweepStory, name: string, days: number): void {
  const { userName, keyId } = story.userWithKey(name, days);
  story.iam.deactivate(keyId);
  story.iam.createKeyByHand(userName, { createdAt: DAY_0 - 95 * DAY });
}

/** How many users of these names something happened to on that day. */
async function on(story: SweepStory, day: number, type: 'key-replaced' | 'key-deleted', name: string) {
  const count = () => story.ledger.eventsOf(type).filter(({ userName }) => userName?.startsWith(name) ?? false).length;
  const before = count();
  await story.sweepOn(day);
  return count() - before;
}

describe('the order in which due users are looked at', () => {
  test('is that of each kind of step: a younger key’s rotation is not taken because an older one goes', async () => {
    const story = withPolicy({ maxStepsPerSweep: 5 });
    for (let n = 0; n < 30; n += 1) inTheWay(story, `both-${n}`, 800);
    await story.liveThrough(0, 9);
    for (let n = 0; n < 30; n += 1) story.userWithKey(`old-${n}`, 400);
    expect(await on(story, 10, 'key-replaced', 'old')).toBe(5);
    expect(story.ledger.eventsOf('key-replaced')).toHaveLength(5);
    expect(story.ledger.eventsOf('key-deleted')).toHaveLength(5);
  });

  test('leaves no step unused for one that has to wait for another’s: a rotation, for the deletion before it', async () => {
    const story = withPolicy({ maxStepsPerSweep: 5 });
    story.deliverNotices = false;
    for (let n = 0; n < 20; n += 1) inTheWay(story, `both-${n}`, 800);
    await story.liveThrough(0, 2);
    for (let n = 0; n < 10; n += 1) story.iam.deactivate(story.userWithKey(`idle-${n}`, 900).keyId);
    await story.sweepOn(3);
    // Of these alone somebody hears in time, so that they come first.
    const hidden = story.ledger.eventsOf('retirement-started').filter(({ userName }) => userName?.startsWith('both'));
    await story.deliver(({ id }) => !hidden.some((event) => event.id === id));
    await story.liveThrough(4, 12);
    await story.deliver();
    for (let n = 0; n < 30; n += 1) story.userWithKey(`old-${n}`, 400);
    expect(await on(story, 13, 'key-replaced', 'old')).toBe(5);
  });
});

test('users without keys have a place in it, too', async () => {
  const story = new SweepStory();
  for (let n = 0; n < 150; n += 1) story.iam.addUser(`person-${n}`);
  await story.sweepOn(0);
  const ending = anExemption({ id: exemptionId(1), match: { kind: 'account' }, expiresAt: onDay(10) });
  await story.owners.putExemption(ending);
  slowed(story);
  expect(await new SweepInParts(story, 2 * MINUTE, 1).toTheEnd()).toBeGreaterThan(1);
  expect(story.ledger.eventsOf('exemption-ending')).toHaveLength(150);
});

test('a key held in use is told of once, also when the cap is reached before it', async () => {
  const story = withPolicy({ maxStepsPerSweep: 5, disable: { onlyWhenIdleDays: 7, maxHoldDays: 60 } });
  // Without a report nobody knows that the key is in use before IAM is asked.
  story.iam.activeRootKeys = undefined;
  const { keyId } = story.userWithKey('held', 120);
  for (let day = 0; day < 25; day += 1) {
    if (day === 3 || day === 11) {
      for (let n = 0; n < 25; n += 1) {
        const { userName } = story.userWithKey(`old-${day}-${n}`, 400);
        story.iam.createKeyByHand(userName, { createdAt: onDay(day) - DAY });
      }
    }
    story.iam.useKey(keyId, { at: onDay(day) - DAY / 24 });
    await story.sweepOn(day);
  }
  const waiting = story.ledger.eventsOf('step-waiting').filter((event) => event.keyId === keyId);
  expect(waiting.map(({ details }) => details.reason)).toEqual(['in-use']);
});

describe('a sweep in parts', () => {
  test('counts keys held in use no more than a sweep in one part', async () => {
    const story = withPolicy({ disable: { onlyWhenIdleDays: 7, maxHoldDays: 12 } });
    story.iam.activeRootKeys = undefined;
    const held = Array.from({ length: 40 }, (_, n) => story.userWithKey(`user-${n}`, 400).keyId);
    for (let n = 0; n < 150; n += 1) story.userWithKey(`young-${n}`, 60);
    const use = (day: number) => {
      for (const keyId of held) story.iam.useKey(keyId, { at: onDay(day) - DAY / 24 });
    };
    for (let day = 0; day < 15; day += 1) {
      use(day);
      await story.sweepOn(day);
    }
    use(15);
    slowed(story);
    expect(await figuresInParts(story, 15)).toMatchObject({ overdueKeys: 0, deferredSteps: 0 });
  });

  test('counts what earlier parts deferred', async () => {
    const story = withPolicy({ maxStepsPerSweep: 5 });
    for (let n = 0; n < 60; n += 1) story.userWithKey(`old-${n}`, 700 - n);
    for (let n = 0; n < 200; n += 1) story.userWithKey(`young-${n}`, 74);
    await story.sweepOn(0);
    slowed(story);
    expect(await figuresInParts(story, 2)).toMatchObject({ deferredSteps: 50 });
  });

  test('does not try a requested rotation that failed again in each part: the request is answered by the next run', async () => {
    const story = withPolicy({ maxStepsPerSweep: 200 });
    for (let n = 0; n < 300; n += 1) story.userWithKey(`user-${n}`, n < 200 ? 700 - n : 1);
    slowed(story);
    const request = aRequest({ kind: 'rotate', disableOldNow: true }, { userName: parseUserName('user-299') });
    await story.ledger.append([requestMade(request)]);
    await story.owners.putRequest(request);
    story.calls.failOn('secrets.ensure', {
      when: 'before',
      error: new UnavailableError('Secrets Manager is down'),
      times: Number.POSITIVE_INFINITY,
      where: (secretName: unknown) => String(secretName).endsWith('299'),
    });
    expect(await new SweepInParts(story, 2 * MINUTE).toTheEnd()).toBeGreaterThan(5);
    const failed = story.ledger.eventsOf('rotation-failed').filter(({ userName }) => userName === request.userName);
    expect(failed).toHaveLength(1);
    story.calls.heal();
    await story.sweepOn(1);
    expect(story.ledger.eventsOf('key-disabled').map(({ userName }) => userName)).toEqual([request.userName]);
  });

  test('tries once more what failed before anything was done', async () => {
    const story = withPolicy({ maxStepsPerSweep: 200 });
    for (let n = 0; n < 300; n += 1) story.userWithKey(`user-${n}`, n < 200 ? 700 - n : 1);
    slowed(story);
    let reads = 0;
    // The inventory reads it; then, a minute later, whoever is about to rotate it.
    const where = (userName: unknown) => {
      if (userName === 'user-0') reads += 1;
      return userName === 'user-0' && reads === 2;
    };
    story.calls.failOn('iam.keys', { when: 'before', error: new UnavailableError('throttled'), where });
    await new SweepInParts(story, 6 * MINUTE).toTheEnd();
    expect(story.ledger.eventsOf('key-replaced')).toHaveLength(200);
  });
});

async function figuresInParts(story: SweepStory, day: number) {
  const sweep = new SweepInParts(story, 2 * MINUTE, day);
  let parts = 0;
  for (let last = await sweep.next(); last !== undefined; last = await sweep.next()) {
    parts += 1;
    if (last.kind !== 'finished') continue;
    expect(parts).toBeGreaterThan(1);
    return last.figures;
  }
  return undefined;
}
