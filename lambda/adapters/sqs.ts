import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { SweepMessage } from '../contracts/messages.ts';
import { toIso } from '../domain/time.ts';
import type { DeadLetters, Sweep, SweepQueue } from '../ports.ts';
import { calling } from './aws-errors.ts';

type Letter = Parameters<DeadLetters['park']>[0];

/** The queue that feeds `rotate-account`. */
export class SqsSweepQueue implements SweepQueue {
  readonly #client: SQSClient;
  readonly #queueUrl: string;

  constructor(client: SQSClient, queueUrl: string) {
    this.#client = client;
    this.#queueUrl = queueUrl;
  }

  async send({ runId, account, now, mode }: Sweep): Promise<void> {
    const message: SweepMessage = { schema: 1, runId, account, now: toIso(now), mode };
    const command = new SendMessageCommand({ QueueUrl: this.#queueUrl, MessageBody: JSON.stringify(message) });
    await calling('sqs:SendMessage', () => this.#client.send(command));
  }
}

/** What fits into one message beside its attributes: SQS takes 256 KiB. */
const MAX_BODY_BYTES = 240 * 1024;
const MAX_ERROR_LENGTH = 2_000;

/** The dead-letter queue. A letter's body is the message as it came; its attributes say where from and what is wrong. */
export class SqsDeadLetters implements DeadLetters {
  readonly #client: SQSClient;
  readonly #queueUrl: string;

  constructor(client: SQSClient, queueUrl: string) {
    this.#client = client;
    this.#queueUrl = queueUrl;
  }

  async park({ source, error, body }: Letter): Promise<void> {
    const command = new SendMessageCommand({
      QueueUrl: this.#queueUrl,
      MessageBody: acceptable(cut(body)) || '(empty)',
      MessageAttributes: {
        source: attribute(source),
        error: attribute(error.slice(0, MAX_ERROR_LENGTH)),
      },
    });
    await calling('sqs:SendMessage', () => this.#client.send(command));
  }
}

const attribute = (text: string) => ({ DataType: 'String', StringValue: acceptable(text) || '(none)' });

/** SQS refuses a whole message for one character that XML does not allow. */
const acceptable = (text: string): string =>
  text.replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '\uFFFD');

function cut(body: string): string {
  const bytes = Buffer.from(body);
  if (bytes.length <= MAX_BODY_BYTES) return body;
  return `${bytes.subarray(0, MAX_BODY_BYTES).toString()}… (cut: ${bytes.length} bytes in all)`;
}
