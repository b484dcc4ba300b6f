import { z } from 'zod';
import type { OwnerId } from '../lambda/domain/ids.ts';
import type { Owner } from '../lambda/domain/owners.ts';
import type { CsvRow, Mistake } from './csv-rows.ts';

/** Columns that describe an owner, with the field each fills and what a value must be. */
const details = {
  name: { field: 'name', problem: () => undefined },
  email: {
    field: 'email',
    problem: (text: string) => (z.email().safeParse(text).success ? undefined : `'${text}' is not an e-mail address`),
  },
  slack_channel: {
    field: 'slackChannel',
    problem: (text: string) => (/^\S+$/.test(text) ? undefined : `'${text}' is not a channel (such as #payments)`),
  },
  slack_user: {
    field: 'slackUser',
    problem: (text: string) =>
      /^[UW][A-Z0-9]{6,20}$/.test(text) ? undefined : `'${text}' is not a Slack member ID (such as U024BE7LH)`,
  },
  webhook: {
    field: 'webhook',
    problem: (text: string) =>
      /^[\w.-]{1,64}$/.test(text)
        ? undefined
        : `'${text}' is not the name of a webhook (letters, digits and _.-); its address belongs into the webhooks' secret`,
  },
  sns_topic: {
    field: 'snsTopicArn',
    problem: (text: string) =>
      /^arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[\w-]{1,256}$/.test(text)
        ? undefined
        : `'${text}' is not the ARN of a standard SNS topic (arn:aws:sns:<region>:<account>:<name>)`,
  },
  sns_format: {
    field: 'snsFormat',
    problem: (text: string) =>
      text === 'text' || text === 'amazon-q' ? undefined : `'${text}' is neither text nor amazon-q`,
  },
  time_zone: {
    field: 'timeZone',
    problem: (text: string) =>
      isTimeZone(text) ? undefined : `'${text}' is not an IANA time zone (such as Europe/Berlin)`,
  },
} as const satisfies Record<string, { field: keyof Owner; problem: (text: string) => string | undefined }>;

type DetailColumn = keyof typeof details;
/** In the order in which a file has them. */
export const detailColumns = [
  'name',
  'email',
  'slack_channel',
  'slack_user',
  'webhook',
  'sns_topic',
  'sns_format',
  'time_zone',
] as const satisfies DetailColumn[];
const reachedBy: readonly DetailColumn[] = ['email', 'slack_channel', 'slack_user', 'webhook', 'sns_topic'];

/** Puts one owner together from all rows that name it: a detail may be repeated or left out, but not differ. */
export class OwnerDetails {
  readonly id: OwnerId;
  readonly mistakes: Mistake[] = [];
  readonly #firstLine: number;
  readonly #given = new Map<DetailColumn, { readonly value: string; readonly line: number }>();

  constructor(id: OwnerId, firstLine: number) {
    this.id = id;
    this.#firstLine = firstLine;
  }

  add({ line, cells }: CsvRow<DetailColumn>): void {
    for (const column of detailColumns) {
      const value = cells[column];
      if (value === '') continue;
      const earlier = this.#given.get(column);
      if (earlier === undefined) {
        this.#given.set(column, { value, line });
        const problem = details[column].problem(value);
        if (problem !== undefined) this.mistakes.push({ line, column, problem });
      } else if (earlier.value !== value) {
        const problem = `'${value}' contradicts '${earlier.value}' on line ${earlier.line}: owner ${this.id} can have one only`;
        this.mistakes.push({ line, column, problem });
      }
    }
  }

  /** The owner, as far as it was given; what it lacks is added to the mistakes. */
  complete(): Owner {
    const line = this.#firstLine;
    if (!this.#given.has('name')) {
      this.mistakes.push({ line, column: 'name', problem: `owner ${this.id} has no name in any of its rows` });
    }
    if (!reachedBy.some((column) => this.#given.has(column))) {
      const problem = `owner ${this.id} cannot be reached: give it an email, a slack_channel, a slack_user, a webhook or an sns_topic`;
      this.mistakes.push({ line, column: 'email', problem });
    }
    this.#checkTogether();
    const fields = [...this.#given].map(([column, { value }]) => [details[column].field, value]);
    return { id: this.id, name: this.id, ...Object.fromEntries(fields) };
  }

  /** Details that are each right and don't go together. */
  #checkTogether(): void {
    const [channel, user] = [this.#given.get('slack_channel'), this.#given.get('slack_user')];
    if (channel !== undefined && user !== undefined) {
      const problem = `owner ${this.id} has the slack_channel '${channel.value}' already (line ${channel.line}): give it one of the two`;
      this.mistakes.push({ line: user.line, column: 'slack_user', problem });
    }
    const format = this.#given.get('sns_format');
    if (format !== undefined && !this.#given.has('sns_topic')) {
      const problem = `owner ${this.id} has no sns_topic of its own that a format could be for`;
      this.mistakes.push({ line: format.line, column: 'sns_format', problem });
    }
  }
}

function isTimeZone(text: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: text });
    // An offset such as +01:00 passes as well, but knows nothing of summer time.
    return !/^[+-]/.test(text);
  } catch {
    return false;
  }
}
