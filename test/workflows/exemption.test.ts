import type { ExemptionId } from '../../lambda/domain/ids.ts';
import { DAY, toIso } from '../../lambda/domain/time.ts';
import { anExemption, aRequest, exemptionId, requestId, requestMade } from '../support/builders.ts';
import { onDay, SweepStory } from './support/sweep-story.ts';

/** A key that is 400 days old on day 0: replaced then, to be disabled on day 10 and deleted on day 20. */
async function replacedOnDay0() {
  const story = new SweepStory();
  const { userName, keyId } = story.userWithKey('build-bot', 400);
  await story.sweepOn(0);
  const exempt = (days: number, who: Partial<{ readonly id: ExemptionId }> = {}) => {
    const match = { kind: 'user', userName } as const;
    const exemption = anExemption({ id: exemptionId(1), match, expiresAt: onDay(days), ...who });
    return story.owners.putExemption(exemption).then(() => exemption);
  };
  return { story, userName, keyId, exempt };
}

const day = (n: number) => toIso(onDay(n));

describe('a key on its way out whose user is exempt for a while', () => {
  test('has its date announced again once the exemption has expired, and goes on the new one', async () => {
    const { story, keyId, exempt } = await replacedOnDay0();
    await story.liveThrough(1, 5);
    await exempt(60);
    await story.liveThrough(6, 85);
    expect(story.ledger.eventsOf('exemption-ending')[0]?.details.retiring).toEqual([
      { keyId, step: 'disable', at: day(70) },
    ]);
    expect(story.ledger.eventsOf('retirement-started')).toMatchObject([
      { time: toIso(onDay(60) + 7_000), keyId, details: { why: 'rotated', disableAt: day(70), after: 'exemption' } },
    ]);
    expect(story.daysOf('key-disabled', keyId)).toEqual([70]);
    expect(story.daysOf('key-deleted', keyId)).toEqual([80]);
  });

  test('likewise when it is revoked', async () => {
    const { story, keyId, exempt } = await replacedOnDay0();
    await story.liveThrough(1, 5);
    const exemption = await exempt(60);
    await story.liveThrough(6, 29);
    await story.owners.deleteExemption(exemption);
    await story.liveThrough(30, 52);
    expect(story.daysOf('retirement-started', keyId)).toEqual([30]);
    expect(story.daysOf('key-disabled', keyId)).toEqual([40]);
    expect(story.daysOf('key-deleted', keyId)).toEqual([50]);
  });

  test('is announced again before it is deleted, where it is disabled already', async () => {
    const { story, keyId, exempt } = await replacedOnDay0();
    await story.liveThrough(1, 15);
    expect(story.daysOf('key-disabled', keyId)).toEqual([10]);
    await exempt(40);
    await story.liveThrough(16, 55);
    expect(story.ledger.eventsOf('exemption-ending')[0]?.details.retiring).toEqual([
      { keyId, step: 'delete', at: day(50) },
    ]);
    expect(story.daysOf('retirement-started', keyId)).toEqual([40]);
    expect(story.daysOf('deletion-upcoming', keyId)).toEqual([47]);
    expect(story.daysOf('key-deleted', keyId)).toEqual([50]);
  });

  test('waits until somebody was told of the new date', async () => {
    const { story, keyId, exempt } = await replacedOnDay0();
    await exempt(30);
    await story.liveThrough(1, 29);
    story.deliverNotices = false;
    await story.liveThrough(30, 45);
    expect(story.daysOf('key-disabled', keyId)).toEqual([]);
    story.deliverNotices = true;
    await story.liveThrough(46, 48);
    expect(story.daysOf('key-disabled', keyId)).toEqual([47]);
  });

  test('keeps its date when that comes after the end', async () => {
    const { story, keyId, exempt } = await replacedOnDay0();
    await exempt(8);
    await story.liveThrough(1, 12);
    expect(story.daysOf('retirement-started', keyId)).toEqual([]);
    expect(story.daysOf('key-disabled', keyId)).toEqual([10]);
  });

  test('is not given one date after the other while exemption follows exemption', async () => {
    const { story, keyId, exempt } = await replacedOnDay0();
    await exempt(20);
    await story.liveThrough(1, 19);
    await exempt(40, { id: exemptionId(2) });
    await story.liveThrough(20, 52);
    expect(story.daysOf('retirement-started', keyId)).toEqual([40]);
    expect(story.daysOf('key-disabled', keyId)).toEqual([50]);
    expect(story.ledger.eventsOf('step-waiting').filter(({ details }) => details.reason === 'exempt')).toHaveLength(1);
  });

  test('is announced once more when it was exempt on the new date too', async () => {
    const { story, keyId, exempt } = await replacedOnDay0();
    await exempt(20);
    await story.liveThrough(1, 25);
    await exempt(40, { id: exemptionId(2) });
    await story.liveThrough(26, 52);
    expect(story.daysOf('retirement-started', keyId)).toEqual([20, 40]);
    expect(story.daysOf('key-disabled', keyId)).toEqual([50]);
  });

  test('and is put off by somebody meanwhile, goes on the date that this named', async () => {
    const { story, userName, keyId, exempt } = await replacedOnDay0();
    await exempt(20);
    await story.liveThrough(1, 12);
    const wish = { kind: 'snooze', keyId, days: 14 } as const;
    const request = aRequest(wish, { id: requestId(1), userName, requestedAt: onDay(12) });
    await story.ledger.append([requestMade(request)]);
    await story.owners.putRequest(request);
    await story.liveThrough(13, 30);
    expect(story.ledger.eventsOf('key-snoozed')[0]?.details.until).toBe(day(27));
    expect(story.daysOf('retirement-started', keyId)).toEqual([]);
    expect(story.daysOf('key-disabled', keyId)).toEqual([27]);
  });
});

describe('an exemption that was granted to one user', () => {
  test('is not inherited by another one who is given the name', async () => {
    const story = new SweepStory();
    const { userName } = story.userWithKey('build-bot', 80);
    const { userId } = await story.iam.user(userName);
    await story.owners.putExemption(anExemption({ match: { kind: 'user', userName }, userId, expiresAt: onDay(300) }));
    await story.liveThrough(0, 20);
    expect(story.ledger.eventsOf('key-replaced')).toEqual([]);
    story.iam.recreateUser(userName);
    const keyId = story.iam.createKeyByHand(userName, { createdAt: onDay(20) + DAY / 2 });
    await story.liveThrough(21, 112);
    expect(story.daysOf('key-replaced', keyId)).toEqual([111]);
  });
});
