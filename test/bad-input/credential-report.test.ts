import { IAMClient } from '@aws-sdk/client-iam';
import * as fc from 'fast-check';
import { AwsIam } from '../../lambda/adapters/iam.ts';
import { DAY } from '../../lambda/domain/time.ts';
import { sweepAccount } from '../../lambda/workflows/sweep-account.ts';
import { queryAnswer } from '../support/aws-answers.ts';
import { fakePause } from '../support/fake-pause.ts';
import { stubbed } from '../support/stubbed.ts';
import { DAY_0, SweepStory } from '../workflows/support/sweep-story.ts';
import { anyDamage, type Damage, reportOf } from './support/reports.ts';

const { stub, clientConfig } = stubbed();

/** A dozen users: due, not due, exempt by nothing but their youth, with two keys, with awkward names. */
function crowd(): SweepStory {
  const story = new SweepStory();
  for (const age of [5, 40, 89, 90, 91, 120, 400]) story.userWithKey(`user-${age}`, age);
  story.userWithKey('a_b+c=d,e.f@g-h', 95);
  const { userName } = story.userWithKey('twin', 300);
  story.iam.createKeyByHand(userName, { createdAt: DAY_0 - 10 * DAY });
  story.iam.deactivate(story.userWithKey('idle', 300).keyId);
  for (const age of [41, 121]) story.iam.useKey(story.userWithKey(`used-${age}`, age).keyId, { at: DAY_0 - DAY });
  return story;
}

/** Sweeps on that day; the report is brought by the real adapter, from a server that answers with this text. */
async function sweepWith(story: SweepStory, day: number, text: string) {
  stub().prepare(
    queryAnswer('GenerateCredentialReport', '<State>COMPLETE</State>'),
    queryAnswer(
      'GetCredentialReport',
      `<Content>${Buffer.from(text).toString('base64')}</Content><ReportFormat>text/csv</ReportFormat>` +
        '<GeneratedTime>2026-01-01T00:00:00Z</GeneratedTime>',
    ),
  );
  const client = new IAMClient(clientConfig());
  const aws = new AwsIam({ retrying: client, single: client }, { pause: fakePause().pause });
  const iam = new Proxy(story.iam, {
    get: (target, name) => {
      if (name === 'credentialReport') return () => aws.credentialReport();
      const member: unknown = Reflect.get(target, name, target);
      return typeof member === 'function' ? member.bind(target) : member;
    },
  });
  const openAccount = async () => ({
    ...(await story.world.openAccount(story.message().account, story.message().runId)),
    iam,
  });
  story.clock.set(DAY_0 + day * DAY + 7_000);
  const invocation = { holder: `day-${day}`, deadline: Number.POSITIVE_INFINITY };
  const outcome = await sweepAccount({ ...story.world, openAccount }, story.message(DAY_0 + day * DAY), invocation);
  await story.deliver();
  return outcome;
}

/** What became of every user: its events and its keys. */
const fateOf = (story: SweepStory) =>
  story.iam
    .userNames()
    .map((userName) => ({ userName, types: story.typesOf(userName), keys: story.iam.keysNow(userName) }));

async function livedWith(days: readonly number[], damage?: Damage) {
  const story = crowd();
  for (const day of days) {
    const lines = await reportOf(story);
    // The first report is whole, so that there is something to be mistaken about.
    await sweepWith(story, day, damage === undefined || day === days[0] ? lines.join('\n') : damage.done(lines));
  }
  return story;
}

describe('a credential report that is damaged', () => {
  const days = [0, 1, 2, 3];

  // Fails when a row, or the lack of one, is taken for a fact: somebody would be touched early, passed over or given up.
  test('in any way changes nothing about what happens to anybody', async () => {
    const undisturbed = fateOf(await livedWith(days));
    expect(undisturbed.flatMap(({ types }) => types)).toContain('key-replaced');
    await fc.assert(
      fc.asyncProperty(anyDamage, async (damage) => {
        const story = await livedWith(days, damage);
        expect(fateOf(story)).toEqual(undisturbed);
        expect(story.ledger.eventsOf('user-gone')).toEqual([]);
        expect(story.ledger.eventsOf('sweep-failed')).toEqual([]);
      }),
      { numRuns: 150, seed: 20_260_101 },
    );
  }, 60_000);

  // Fails when half of a big report is taken for the whole: 2,500 users would look gone.
  test('by being cut off half-way at 5,000 rows loses nobody', async () => {
    const story = new SweepStory();
    for (let n = 0; n < 5_000; n += 1) story.userWithKey(`user-${n}`, n < 20 ? 400 : 1);
    await sweepWith(story, 0, (await reportOf(story)).join('\n'));
    const replaced = story.ledger.eventsOf('key-replaced').length;
    const text = (await reportOf(story)).join('\n');
    const outcome = await sweepWith(story, 1, text.slice(0, text.length / 2));
    expect(outcome).toMatchObject({ kind: 'finished', tally: { users: 5_000, failed: 0 } });
    expect(story.ledger.eventsOf('user-gone')).toEqual([]);
    expect(story.ledger.eventsOf('key-replaced')).toHaveLength(replaced);
    expect(story.iam.userNames()).toHaveLength(5_000);
  }, 60_000);
});
