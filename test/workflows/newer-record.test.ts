import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { DynamoState } from '../../lambda/adapters/dynamo-state.ts';
import type { AccountId } from '../../lambda/domain/ids.ts';
import { RECORD_SCHEMA } from '../../lambda/domain/tracking.ts';
import { sweepAccount } from '../../lambda/workflows/sweep-account.ts';
import { jsonAnswer } from '../support/aws-answers.ts';
import { ACCOUNT, aRecord } from '../support/builders.ts';
import { stubbed } from '../support/stubbed.ts';
import { onDay, SweepStory } from './support/sweep-story.ts';

const { stub, clientConfig } = stubbed();

/** The account's sweep when State holds a record of that schema, read by the real adapter. */
async function sweepOn(story: SweepStory, schema: number) {
  const { userName, userId } = await story.iam.user(story.userWithKey('build-bot', 400).userName);
  const record = { ...aRecord({ userName, userId }), schema, pk: ACCOUNT, sk: `user#${userName}` };
  stub().prepare(jsonAnswer({ Items: [marshall(record, { removeUndefinedValues: true })], Count: 1 }));
  const stored = new DynamoState(new DynamoDBClient(clientConfig()), 'state');
  const { ledger } = story;
  const state = new Proxy(ledger, {
    get(target, name) {
      if (name === 'load') return (account: AccountId) => stored.load(account);
      const member: unknown = Reflect.get(target, name, target);
      return typeof member === 'function' ? member.bind(target) : member;
    },
  });
  const invocation = { holder: 'older-worker', deadline: Number.POSITIVE_INFINITY };
  return sweepAccount({ ...story.world, state }, story.message(onDay(0)), invocation);
}

// Fails when the worker skips, or reads as well as it can, what a newer version wrote.
test('an older worker refuses a record of a newer schema: loudly, and without touching anything', async () => {
  const story = new SweepStory();
  const sweep = sweepOn(story, RECORD_SCHEMA + 1);
  await expect(sweep).rejects.toThrow(/written by another version of Keyturn .* deploy the newest version/);
  const [failure] = story.ledger.eventsOf('sweep-failed');
  expect(failure?.details).toEqual({ reason: 'failed', error: expect.stringContaining('deploy the newest version') });
  const changing = ['iam.createKey', 'iam.disableKey', 'iam.deleteKey', 'secrets.ensure', 'secrets.store'] as const;
  for (const call of changing) expect(story.calls.of(call)).toEqual([]);
  expect(story.calls.of('journal.commit')).toEqual([]);
  expect(story.calls.of('state.remember')).toEqual([]);
});

test('the same sweep goes well on a record of its own schema', async () => {
  const story = new SweepStory();
  await sweepOn(story, RECORD_SCHEMA).catch(() => undefined);
  expect(story.ledger.eventsOf('sweep-failed').map(({ details }) => details.error)).not.toContainEqual(
    expect.stringContaining('another version'),
  );
  expect(story.calls.of('secrets.ensure').length + story.calls.of('journal.commit').length).toBeGreaterThan(0);
});
