import { CreateQueueCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { SqsDeadLetters, SqsSweepQueue } from '../../lambda/adapters/sqs.ts';
import { type SweepMessage, sweepMessageSchema } from '../../lambda/contracts/messages.ts';
import { parseAccountId } from '../../lambda/domain/ids.ts';
import { toIso } from '../../lambda/domain/time.ts';
import { clientSettings } from '../../lambda/platform/aws-clients.ts';
import { AccessDeniedError, type Sweep, UnavailableError } from '../../lambda/ports.ts';
import { jsonAnswer, jsonError } from '../support/aws-answers.ts';
import { ACCOUNT, NOW, RUN, USER } from '../support/builders.ts';
import { emulated } from '../support/emulated.ts';
import { fakePause } from '../support/fake-pause.ts';
import { stubbed } from '../support/stubbed.ts';

const { emulator } = emulated();
const { stub, clientConfig } = stubbed();

async function freshQueue() {
  const client = new SQSClient({ ...clientSettings, ...emulator().client() });
  const name = `queue-${Math.random().toString(36).slice(2)}`;
  const { QueueUrl = '' } = await client.send(new CreateQueueCommand({ QueueName: name }));
  return {
    client,
    url: QueueUrl,
    async received() {
      const receive = { QueueUrl, MaxNumberOfMessages: 10, MessageAttributeNames: ['All'] };
      const { Messages = [] } = await client.send(new ReceiveMessageCommand(receive));
      return Messages.map(({ Body = '', MessageAttributes = {} }) => ({
        body: Body,
        source: MessageAttributes.source?.StringValue,
        error: MessageAttributes.error?.StringValue,
      }));
    },
  };
}

test('a sweep goes into the queue as the worker reads it', async () => {
  const { client, url, received } = await freshQueue();
  await new SqsSweepQueue(client, url).sendAll([{ runId: RUN, account: ACCOUNT, now: NOW, mode: 'enforce' }]);
  const [message] = await received();
  expect(sweepMessageSchema.parse(JSON.parse(message?.body ?? ''))).toEqual({
    schema: 1,
    runId: RUN,
    account: ACCOUNT,
    now: '2026-01-01T00:00:00.000Z',
    mode: 'enforce',
    part: 1,
    taken: { rotate: 0, disable: 0, delete: 0 },
  });
});

test('a sweep that goes on takes with it how far it has come', async () => {
  const { client, url, received } = await freshQueue();
  const after = { createdAt: Date.parse('2024-02-29T12:00:00.000Z'), userName: USER };
  const taken = { rotate: 50, disable: 3, delete: 0 };
  const next: Sweep = { runId: RUN, account: ACCOUNT, now: NOW, mode: 'enforce', part: 2, taken, after };
  await new SqsSweepQueue(client, url).sendAll([next]);
  const [message] = await received();
  expect(sweepMessageSchema.parse(JSON.parse(message?.body ?? ''))).toMatchObject({
    part: 2,
    taken,
    after: { createdAt: '2024-02-29T12:00:00.000Z', userName: USER },
  });
});

describe('a sweep that is postponed', () => {
  const message: SweepMessage = {
    schema: 1,
    runId: RUN,
    account: ACCOUNT,
    now: toIso(NOW),
    mode: 'enforce',
    part: 3,
    taken: { rotate: 5, disable: 0, delete: 1 },
  };

  test('is brought again as it was, and not before its time', async () => {
    const { client, url, received } = await freshQueue();
    const withMore = { ...message, somethingNew: { of: 'a later version' } };
    await new SqsSweepQueue(client, url).postpone(withMore, 30);
    expect(await received()).toEqual([]);
    await emulator().clock.advance(20_000);
    expect(await received()).toEqual([]);
    await emulator().clock.advance(11_000);
    expect((await received()).map(({ body }) => JSON.parse(body))).toEqual([withMore]);
  });

  test('but could not be sent is told as such', async () => {
    stub().prepare(jsonError(500, 'com.amazonaws.sqs#InternalFailure', 'try again'));
    const queue = new SqsSweepQueue(new SQSClient(clientConfig()), `${stub().url}/111122223333/sweeps`);
    await expect(queue.postpone(message, 30)).rejects.toThrow(/sqs:SendMessage failed: .*HTTP 500/);
  });
});

describe('many sweeps', () => {
  const sweep = (n: number): Sweep => ({
    runId: RUN,
    account: parseAccountId(String(100_000_000_000 + n)),
    now: NOW,
    mode: 'observe',
  });
  const sweeps = (count: number) => Array.from({ length: count }, (_, n) => sweep(n));
  // Without checksums: the stub's answers are written by hand.
  const stubQueue = () => {
    const client = new SQSClient({ ...clientConfig(), md5: false });
    return new SqsSweepQueue(client, `${stub().url}/111122223333/sweeps`, fakePause().pause);
  };
  /** An answer that takes those entries and refuses these. */
  const answer = (taken: readonly number[], refused: readonly number[] = []) =>
    jsonAnswer({
      Successful: taken.map((Id) => ({ Id: String(Id), MessageId: `m-${Id}` })),
      Failed: refused.map((Id) => ({
        Id: String(Id),
        Code: 'InternalError',
        Message: 'try again',
        SenderFault: false,
      })),
    });
  const all = (count: number) => Array.from({ length: count }, (_, n) => n);
  const offered = () =>
    stub().requests.map(({ body }) =>
      JSON.parse(body).Entries.map(({ MessageBody }: { MessageBody: string }) =>
        Number(JSON.parse(MessageBody).account.slice(-3)),
      ),
    );

  test('all arrive', async () => {
    const { client, url, received } = await freshQueue();
    await new SqsSweepQueue(client, url).sendAll(sweeps(23));
    const found = new Set<string>();
    for (let look = 0; look < 10 && found.size < 23; look += 1) {
      for (const { body } of await received()) found.add(sweepMessageSchema.parse(JSON.parse(body)).account);
    }
    expect(found).toEqual(new Set(sweeps(23).map(({ account }) => account)));
  });

  test('go ten at a time', async () => {
    stub().prepare(answer(all(10)), answer(all(10)), answer(all(3)));
    await stubQueue().sendAll(sweeps(23));
    expect(offered().map((batch) => batch.length)).toEqual([10, 10, 3]);
  });

  test('that are none make no call', async () => {
    stub().prepare(answer([]));
    await stubQueue().sendAll([]);
    expect(stub().requests).toEqual([]);
  });

  test('refused in part: those alone are offered again', async () => {
    stub().prepare(answer([0, 2], [1]), answer([0]));
    await stubQueue().sendAll(sweeps(3));
    expect(offered()).toEqual([[0, 1, 2], [1]]);
  });

  test('of which the answer does not tell are offered again: unknown is not taken', async () => {
    stub().prepare(answer([0, 1]), answer([0]));
    await stubQueue().sendAll(sweeps(3));
    expect(offered()).toEqual([[0, 1, 2], [2]]);
  });

  test('refused to the end fail, yet the other batches are sent', async () => {
    const refusal = answer(all(10).slice(1), [0]);
    const again = answer([], [0]);
    stub().prepare(refusal, again, again, again, again, answer(all(2)));
    const error = await stubQueue()
      .sendAll(sweeps(12))
      .catch((failure: unknown) => failure);
    expect(error).toBeInstanceOf(UnavailableError);
    expect(String(error)).toContain('failed for 1 of 12 accounts; 100000000000: try again');
    expect(offered().at(-1)).toEqual([10, 11]);
  });
});

describe('a parked letter', () => {
  const park = async (letter: { source: string; error: string; body: string }) => {
    const { client, url, received } = await freshQueue();
    await new SqsDeadLetters(client, url).park(letter);
    const [parked] = await received();
    return parked;
  };

  test('is the message as it came, with where from and what is wrong', async () => {
    const letter = { source: 'the sweep queue', error: 'It is not JSON.', body: '{"half": ' };
    expect(await park(letter)).toEqual(letter);
  });

  test('keeps what can be kept of text that SQS does not take', async () => {
    const parked = await park({ source: 'x', error: 'bad \u0000 byte', body: 'a\u0000b\uFFFEc\uD800d é😀\n' });
    expect(parked?.body).toBe('a\uFFFDb\uFFFDc\uFFFDd é😀\n');
    expect(parked?.error).toBe('bad \uFFFD byte');
  });

  test('may be empty', async () => {
    expect(await park({ source: 'x', error: '', body: '' })).toMatchObject({ body: '(empty)', error: '(none)' });
  });

  test('that is too large is cut, and says so', async () => {
    const parked = await park({ source: 'x', error: 'e'.repeat(10_000), body: 'é'.repeat(400_000) });
    expect(parked?.body).toMatch(/^é+.?… \(cut: 800000 bytes in all\)$/);
    expect(Buffer.byteLength(parked?.body ?? '')).toBeLessThan(256 * 1024);
  });
});

test('a queue that may not be sent to is told as such', async () => {
  stub().prepare(jsonError(403, 'com.amazonaws.sqs#AccessDenied', 'not authorized to perform: sqs:SendMessage'));
  const queue = new SqsSweepQueue(new SQSClient(clientConfig()), `${stub().url}/111122223333/sweeps`);
  const error = await queue
    .sendAll([{ runId: RUN, account: ACCOUNT, now: NOW, mode: 'enforce' }])
    .catch((refusal: unknown) => refusal);
  expect(error).toBeInstanceOf(AccessDeniedError);
  expect(String(error)).toContain('AWS denied sqs:SendMessage');
});
