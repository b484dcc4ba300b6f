import type { SQSEvent, SQSRecord } from 'aws-lambda';
import { z } from 'zod';
import { sqsBatch } from '../../lambda/platform/sqs-batch.ts';
import { UnavailableError } from '../../lambda/ports.ts';
import { FakeDeadLetters } from '../support/fake-dead-letters.ts';
import { FakeLog } from '../support/fake-log.ts';

const schema = z.object({ account: z.string().min(3) });

const record = (messageId: string, body: string, received = 1): SQSRecord => ({
  messageId,
  body,
  receiptHandle: 'fake',
  attributes: {
    ApproximateReceiveCount: String(received),
    SentTimestamp: '0',
    SenderId: 'fake',
    ApproximateFirstReceiveTimestamp: '0',
  },
  messageAttributes: {},
  md5OfBody: 'fake',
  eventSource: 'aws:sqs',
  eventSourceARN: 'arn:aws:sqs:eu-central-1:111122223333:sweeps',
  awsRegion: 'eu-central-1',
});

type Work = Parameters<typeof sqsBatch<{ account: string }>>[0]['work'];

function queue(work: Work) {
  const deadLetters = new FakeDeadLetters();
  const log = new FakeLog();
  const contextOf = ({ account }: { account: string }) => ({ account });
  const handler = sqsBatch({ source: 'the sweep queue', schema, deadLetters, log, work, contextOf });
  const failed = async (...bodies: string[]) => {
    const event: SQSEvent = { Records: bodies.map((body, n) => record(`m${n + 1}`, body)) };
    return (await handler(event, { getRemainingTimeInMillis: () => 60_000 })).batchItemFailures.map(
      ({ itemIdentifier }) => itemIdentifier,
    );
  };
  return { handler, failed, deadLetters, log };
}

const body = (account: string) => JSON.stringify({ account });

test('every message of a batch is handled', async () => {
  const done: string[] = [];
  const { failed } = queue(async ({ account }) => {
    done.push(account);
  });
  expect(await failed(body('one'), body('two'))).toEqual([]);
  expect(done.toSorted()).toEqual(['one', 'two']);
});

test('a message whose work fails comes back alone', async () => {
  const done: string[] = [];
  const { failed, deadLetters, log } = queue(async ({ account }) => {
    if (account === 'bad') throw new UnavailableError('IAM is throttled.');
    done.push(account);
  });
  expect(await failed(body('one'), body('bad'), body('two'))).toEqual(['m2']);
  expect(done.toSorted()).toEqual(['one', 'two']);
  expect(deadLetters.parked).toEqual([]);
  expect(log.text()).toContain('IAM is throttled.');
  expect(log.lines[0]?.details).toMatchObject({ account: 'bad', messageId: 'm2' });
});

test('a message comes with how often it was received; one without that is new', async () => {
  const seen: number[] = [];
  const { handler } = queue(async (_message, _remainingMs, received) => void seen.push(received));
  const { attributes, ...byHand } = record('m3', body('three'));
  const Records = [record('m1', body('one')), record('m2', body('two'), 3), byHand] as SQSRecord[];
  await handler({ Records }, { getRemainingTimeInMillis: () => 60_000 });
  expect(seen).toEqual([1, 3, 1]);
});

test('a batch that fails whole names each of its messages', async () => {
  const { failed } = queue(async () => {
    throw new UnavailableError('Nothing works.');
  });
  expect(await failed(body('one'), body('two'))).toEqual(['m1', 'm2']);
});

test.each([
  ['not JSON', '{"account": ', 'it is not JSON'],
  ['empty', '', 'it is not JSON'],
  ['of another shape', '{"account": 7}', 'account: '],
  ['no object', '"text"', 'it: '],
])('a message that is %s is parked with the reason, and the others are handled', async (_name, malformed, reason) => {
  const done: string[] = [];
  const { failed, deadLetters, log } = queue(async ({ account }) => {
    done.push(account);
  });
  expect(await failed(body('one'), malformed, body('two'))).toEqual([]);
  expect(done.toSorted()).toEqual(['one', 'two']);
  expect(deadLetters.parked).toHaveLength(1);
  expect(deadLetters.parked[0]).toMatchObject({ source: 'the sweep queue', body: malformed });
  expect(deadLetters.parked[0]?.error).toContain(`Message m2 cannot be understood: ${reason}`);
  expect(log.text()).toContain('parked');
});

test('a message that cannot even be parked is not lost: it comes back', async () => {
  const { failed, deadLetters } = queue(async () => {});
  deadLetters.calls.failOn('deadLetters.park', { when: 'before', error: new UnavailableError('SQS is down.') });
  expect(await failed('nonsense', body('one'))).toEqual(['m1']);
});
