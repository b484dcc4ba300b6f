import { SendMessageBatchCommand, SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { SweepMessage } from '../contracts/messages.ts';
import { type DeadLetters, type Sweep, type SweepQueue, UnavailableError } from '../ports.ts';
import { calling } from './aws-errors.ts';
import { backoff, type Pause, pause as realPause } from './pause.ts';
import { sweepMessage } from './sweep-message.ts';

type Letter = Parameters<DeadLetters['park']>[0];

/** What one SendMessageBatch takes. */
const BATCH = 10;
/** How often the messages of one batch are offered; the SDK's own repetitions are about calls that fail as a whole. */
const OFFERS = 5;
const FIRST_WAIT = 200;
const LONGEST_WAIT = 5_000;

/** The queue that feeds `rotate-account`. */
export class SqsSweepQueue implements SweepQueue {
  readonly #client: SQSClient;
  readonly #queueUrl: string;
  readonly #pause: Pause;

  constructor(client: SQSClient, queueUrl: string, pause: Pause = realPause) {
    this.#client = client;
    this.#queueUrl = queueUrl;
    this.#pause = pause;
  }

  async sendAll(sweeps: readonly Sweep[]): Promise<void> {
    const refused: Refused[] = [];
    // A batch that is refused in part does not keep the rest from being sent.
    for (let start = 0; start < sweeps.length; start += BATCH) {
      refused.push(...(await this.#offer(sweeps.slice(start, start + BATCH))));
    }
    const [first] = refused;
    if (first === undefined) return;
    throw new UnavailableError(
      `sqs:SendMessage failed for ${refused.length} of ${sweeps.length} accounts; ${first.sweep.account}: ${first.cause}`,
    );
  }

  async postpone(message: SweepMessage, seconds: number): Promise<void> {
    const MessageBody = JSON.stringify(message);
    const command = new SendMessageCommand({ QueueUrl: this.#queueUrl, MessageBody, DelaySeconds: seconds });
    await calling('sqs:SendMessage', () => this.#client.send(command));
  }

  /** Offers a batch until all of it is taken; answers with what is refused to the end. */
  async #offer(sweeps: readonly Sweep[]): Promise<readonly Refused[]> {
    let refused = await this.#send(sweeps);
    for (let offer = 1; offer < OFFERS && refused.length > 0; offer += 1) {
      await this.#pause(backoff(offer, FIRST_WAIT, LONGEST_WAIT));
      refused = await this.#send(refused.map(({ sweep }) => sweep));
    }
    return refused;
  }

  async #send(sweeps: readonly Sweep[]): Promise<readonly Refused[]> {
    const Entries = sweeps.map((sweep, at) => ({ Id: String(at), MessageBody: JSON.stringify(sweepMessage(sweep)) }));
    const command = new SendMessageBatchCommand({ QueueUrl: this.#queueUrl, Entries });
    const { Successful = [], Failed = [] } = await calling('sqs:SendMessage', () => this.#client.send(command));
    const taken = new Set(Successful.map(({ Id }) => Id));
    const causes = new Map(Failed.map(({ Id, Code, Message }) => [Id, Message ?? Code]));
    // What the answer does not mention is not known to be taken; sent twice, it does no harm.
    return sweeps.flatMap((sweep, at) =>
      taken.has(String(at)) ? [] : [{ sweep, cause: causes.get(String(at)) ?? 'no answer about it' }],
    );
  }
}

interface Refused {
  readonly sweep: Sweep;
  readonly cause: string;
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
