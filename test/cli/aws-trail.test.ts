import { awsTrail, trailRegion } from '../../cli/aws-trail.ts';
import { AccessDeniedError } from '../../lambda/ports.ts';
import { jsonAnswer, jsonError } from '../support/aws-answers.ts';
import { collect } from '../support/collect.ts';
import { useEndpoint } from '../support/endpoint.ts';
import { fakePause } from '../support/fake-pause.ts';
import { stubbed } from '../support/stubbed.ts';

const server = stubbed();
useEndpoint(() => server.stub().url);
const own = {
  region: 'eu-central-1',
  credentials: { accessKeyId: 'AKIAFAKE000000000000', secretAccessKey: 'fake' },
};
const SINCE = Date.parse('2026-03-01T00:00:00Z');
const worker = 'arn:aws:sts::111122223333:assumed-role/KeyturnMember/run-2026-03-02';

/** An event as LookupEvents brings it: the record itself is JSON in a text. */
const event = (id: string, record: object, at = '2026-03-02T06:17:05Z') => ({
  EventId: id,
  EventTime: Date.parse(at) / 1000,
  CloudTrailEvent: JSON.stringify({ userIdentity: { type: 'AssumedRole', arn: worker }, ...record }),
});
const none = jsonAnswer({ Events: [] });

async function changesOf(...answers: Parameters<ReturnType<typeof server.stub>['prepare']>) {
  server.stub().prepare(...answers);
  const { pause, waits } = fakePause();
  const trail = await awsTrail(own, pause);
  return { changes: await collect(trail.changes(SINCE)), waits };
}

test('creations, changes of status and deletions are told, each with its key and who did it', async () => {
  const { changes } = await changesOf(
    jsonAnswer({
      Events: [
        event('one', {
          requestParameters: { userName: 'build' },
          responseElements: { accessKey: { accessKeyId: 'AKIAFAKE000000000001', userName: 'build' } },
        }),
      ],
    }),
    jsonAnswer({
      Events: [
        event('two', {
          requestParameters: { userName: 'build', accessKeyId: 'AKIAFAKE000000000002', status: 'Inactive' },
        }),
        event('three', {
          requestParameters: { userName: 'build', accessKeyId: 'AKIAFAKE000000000002', status: 'Active' },
        }),
      ],
    }),
    jsonAnswer({
      Events: [event('four', { requestParameters: { userName: 'build', accessKeyId: 'AKIAFAKE000000000002' } })],
    }),
  );
  expect(changes.map(({ id, change, keyId, actor }) => [id, change, keyId, actor])).toEqual([
    ['one', 'created', 'AKIAFAKE000000000001', worker],
    ['two', 'disabled', 'AKIAFAKE000000000002', worker],
    ['three', 'enabled', 'AKIAFAKE000000000002', worker],
    ['four', 'deleted', 'AKIAFAKE000000000002', worker],
  ]);
});

test('a call that was refused changed nothing', async () => {
  const refused = { errorCode: 'AccessDenied', requestParameters: { userName: 'build' }, responseElements: null };
  expect((await changesOf(jsonAnswer({ Events: [event('one', refused)] }), none, none)).changes).toEqual([]);
});

test('whoever changes a key of their own is known from who they are', async () => {
  const self = { userIdentity: { type: 'IAMUser', arn: 'arn:aws:iam::111122223333:user/team/ada' } };
  const own = { ...self, requestParameters: { accessKeyId: 'AKIAFAKE000000000003' } };
  const { changes } = await changesOf(none, none, jsonAnswer({ Events: [event('one', own)] }));
  expect(changes).toMatchObject([{ userName: 'ada', change: 'deleted' }]);
});

test('every page is read, at most two requests a second', async () => {
  const page = (id: string) => event(id, { requestParameters: { accessKeyId: 'AKIAFAKE000000000003', userName: 'a' } });
  const { changes, waits } = await changesOf(
    none,
    none,
    jsonAnswer({ Events: [page('one')], NextToken: 'more' }),
    jsonAnswer({ Events: [page('two')] }),
  );
  expect(changes.map(({ id }) => id)).toEqual(['one', 'two']);
  expect(waits).toEqual([550, 550, 550, 550]);
  expect(server.stub().requests.map(({ body }) => JSON.parse(body).NextToken)).toContain('more');
});

test('without the right to look, that is what is said', async () => {
  server
    .stub()
    .prepare(jsonError(400, 'AccessDeniedException', 'User is not authorized to perform: cloudtrail:LookupEvents'));
  const trail = await awsTrail(own, fakePause().pause);
  await expect(collect(trail.changes(SINCE))).rejects.toThrow(AccessDeniedError);
});

test.each([
  ['eu-central-1', 'us-east-1'],
  ['cn-northwest-1', 'cn-north-1'],
  ['us-gov-east-1', 'us-gov-west-1'],
])('events of IAM seen from %s are recorded in %s', (region, recorded) => {
  expect(trailRegion(region)).toBe(recorded);
});
