import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import * as fc from 'fast-check';
import { DynamoOwners } from '../../lambda/adapters/dynamo-owners.ts';
import { sweepAccount } from '../../lambda/workflows/sweep-account.ts';
import { jsonAnswer } from '../support/aws-answers.ts';
import { ACCOUNT, aRequest, keyId, OTHER_ACCOUNT, requestId } from '../support/builders.ts';
import { stubbed } from '../support/stubbed.ts';
import { DAY_0, SweepStory } from '../workflows/support/sweep-story.ts';
import { anyBrokenVersionOf } from './support/broken.ts';

const { stub, clientConfig } = stubbed();

/** The list as DynamoDB has it: these items of the account, under these names. */
function listOf(items: readonly { readonly name?: string; readonly item: unknown }[]): DynamoOwners {
  const Items = items.map(({ name = 'x', item }) =>
    marshall({ ...(item as object), pk: 'REQUEST', sk: `${ACCOUNT}#${name}` }),
  );
  stub().prepare(jsonAnswer({ Items, Count: Items.length }));
  return new DynamoOwners(new DynamoDBClient(clientConfig()), 'owners');
}

const CANARY = 'CANARYcontent';
const good = aRequest({ kind: 'rotate', disableOldNow: true }, { id: requestId(1), reason: CANARY });
/** What DynamoDB can hold as an item: no number is too large for it, but some are for its client. */
function isItem(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  try {
    return marshall(value) !== undefined;
  } catch {
    return false;
  }
}
const telling = fc
  .constantFrom('id', 'account', 'userName', 'keyId', 'kind')
  .map((field) => ({ wrong: { ...good, [field]: `${CANARY}!?` } }));
const broken = fc
  .oneof(anyBrokenVersionOf(good, { free: ['reason', 'requestedBy'] }), telling)
  .map(({ wrong }) => wrong)
  .filter(isItem);

async function reading(owners: DynamoOwners) {
  const unread: string[] = [];
  const requests = await owners.requests(ACCOUNT, (why) => unread.push(why));
  return { requests, unread };
}

// Fails when a single item, which whoever may ask for anything may put there, hides the other requests, or when its
// content is told: it may hold anything, a secret access key too.
test('whatever stands in one item of the list, the others are read, and what is wrong is said without its content', async () => {
  const readable = { name: requestId(1), item: good };
  await fc.assert(
    fc.asyncProperty(broken, async (item) => {
      const { requests, unread } = await reading(listOf([{ item }, readable]));
      expect(requests).toEqual([good]);
      expect(unread).toHaveLength(1);
      expect(unread[0]).toContain(`'${ACCOUNT}#x' of table owners cannot be read`);
      expect(unread[0]).not.toContain(CANARY);
    }),
    { numRuns: 150 },
  );
});

// Fails when the item's place decides whose list it is on and its content whose history proves it: what was asked for in
// one account could then be done in another.
test.each([
  ['another account', { account: OTHER_ACCOUNT }],
  ['another ID', { id: requestId(2) }],
])('an item that names %s than its place cannot be read', async (_what, other) => {
  const { requests, unread } = await reading(listOf([{ name: requestId(1), item: { ...good, ...other } }]));
  expect(requests).toEqual([]);
  expect(unread).toEqual([expect.stringContaining('account, id are not what its key says')]);
});

test('a kind that a newer version knows is left alone, not refused', async () => {
  const { requests, unread } = await reading(listOf([{ item: { ...good, kind: 'hold' } }]));
  expect({ requests, unread: unread.length }).toEqual({ requests: [], unread: 1 });
});

test('who does not say what to do about it is told by an error', async () => {
  await expect(listOf([{ item: { ...good, reason: 7 } }]).requests(ACCOUNT)).rejects.toThrow(
    'cannot be read: reason cannot be understood',
  );
});

// Fails when one malformed request stops the sweep of an account whose other users have asked for nothing.
test('a sweep goes on over everybody, whatever stands on the list', async () => {
  await fc.assert(
    fc.asyncProperty(broken, async (item) => {
      const story = new SweepStory();
      const due = story.userWithKey('build-bot', 400);
      story.userWithKey('young', 30);
      story.clock.set(DAY_0 + 7_000);
      const list = listOf([{ item }]);
      const { owners } = story;
      const world = {
        ...story.world,
        owners: {
          exemptions: owners.exemptions.bind(owners),
          requests: list.requests.bind(list),
          deleteRequest: owners.deleteRequest.bind(owners),
        },
      };
      const outcome = await sweepAccount(world, story.message(DAY_0), { holder: 'one', deadline: DAY_0 * 2 });
      expect(outcome).toMatchObject({
        kind: 'finished',
        failedAt: { read: 1 },
        tally: { users: 2, unreadRequests: 1 },
      });
      expect(story.daysOf('key-replaced', due.keyId)).toEqual([0]);
      expect(story.log.text()).not.toContain(CANARY);
      expect(JSON.stringify(story.ledger.events())).not.toContain(CANARY);
    }),
    { numRuns: 30 },
  );
});

test('a restore of a key is read, as the list is for requests of every kind', async () => {
  const restore = aRequest({ kind: 'restore', keyId: keyId(1), hours: 48 }, { id: requestId(3) });
  expect(await reading(listOf([{ name: requestId(3), item: restore }]))).toEqual({ requests: [restore], unread: [] });
});
