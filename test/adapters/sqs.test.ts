import { CreateQueueCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { SqsDeadLetters, SqsSweepQueue } from '../../lambda/adapters/sqs.ts';
import { sweepMessageSchema } from '../../lambda/contracts/messages.ts';
import { clientSettings } from '../../lambda/platform/aws-clients.ts';
import { AccessDeniedError } from '../../lambda/ports.ts';
import { jsonError } from '../support/aws-answers.ts';
import { ACCOUNT, NOW, RUN } from '../support/builders.ts';
import { emulated } from '../support/emulated.ts';
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
  await new SqsSweepQueue(client, url).send({ runId: RUN, account: ACCOUNT, now: NOW, mode: 'enforce' });
  const [message] = await received();
  expect(sweepMessageSchema.parse(JSON.parse(message?.body ?? ''))).toEqual({
    schema: 1,
    runId: RUN,
    account: ACCOUNT,
    now: '2026-01-01T00:00:00.000Z',
    mode: 'enforce',
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
    .send({ runId: RUN, account: ACCOUNT, now: NOW, mode: 'enforce' })
    .catch((refusal: unknown) => refusal);
  expect(error).toBeInstanceOf(AccessDeniedError);
  expect(String(error)).toContain('AWS denied sqs:SendMessage');
});
