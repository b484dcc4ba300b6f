import type { Guard } from './guard.ts';

const workflows = 'lambda/workflows';
const days = 'test/workflows/deliver-days.test.ts';

const notices = 'await writeInBatches(this.#client, this.#table, puts);';
const news = 'await this.#put({ ...directoryKey(NEWS, reader), reader, news: last.event.id, newsAt: last.since });';

/** What keeps notices from being lost, sent twice, or sent too often. */
export const outbox: readonly Guard[] = [
  {
    name: 'outbox: a notice that arrived is not sent again',
    file: `${workflows}/deliver-channel.ts`,
    guard: 'notices.filter(({ event }) => deliveredAt(event.id) === undefined)',
    without: 'notices.filter(({ event }) => deliveredAt(event.id) !== null)',
    tests: ['test/workflows/deliver-receipts.test.ts', days],
  },
  {
    name: 'outbox: an owner gets one message a day',
    file: `${workflows}/deliver-channel.ts`,
    guard: "isCapped: to !== 'operators',",
    without: 'isCapped: false,',
    tests: [days],
  },
  {
    name: 'outbox: the day’s message is known by its receipts when its sender died',
    file: `${workflows}/deliver-channel.ts`,
    guard: '(isUrgent(notice) ? [] : (deliveredAt(notice.event.id) ?? []))',
    without: '(isUrgent(notice) ? [] : [])',
    tests: [days],
  },
  {
    name: 'outbox: a message in parts goes on the same day',
    file: `${workflows}/deliver-channel.ts`,
    guard: '...had.filter(isWhole)',
    without: '...had',
    tests: [days],
  },
  {
    name: 'outbox: what a channel refused stays for it',
    file: `${workflows}/deliver-outcome.ts`,
    guard: 'sent.taken.has(id) || this.#hasReceipt(id, channel));',
    without: 'sent.taken.has(id) || sent.refused.has(id) || this.#hasReceipt(id, channel));',
    tests: [days],
  },
  {
    name: 'outbox: what nobody was told of is never given up',
    file: `${workflows}/deliver-outcome.ts`,
    guard: 'isGivenUp(notice, now) && this.#receipts.wasTold(notice.event.id)',
    without: 'isGivenUp(notice, now)',
    tests: [days],
  },
  {
    name: 'outbox: operators are told once in place of an owner',
    file: `${workflows}/deliver-reader.ts`,
    guard: 'notices.filter(({ event }) => !receipts.wasTold(event.id))',
    without: 'notices.filter(({ event }) => event !== undefined)',
    tests: [days],
  },
  {
    name: 'outbox: one tick at a time',
    file: `${workflows}/deliver.ts`,
    guard: "return { kind: 'busy' };",
    without: 'void 0;',
    tests: ['test/workflows/deliver-tick.test.ts'],
  },
  {
    name: 'outbox: what comes while its reader is told is not forgotten',
    file: 'lambda/adapters/dynamo-outbox.ts',
    guard: "ConditionExpression: '#news = :news',",
    without: "ConditionExpression: '#news = :news or attribute_exists(#news)',",
    tests: ['test/adapters/dynamo-outbox.test.ts'],
  },
  {
    name: 'outbox: news is written after the notices that it is of',
    file: 'lambda/adapters/dynamo-outbox.ts',
    guard: notices,
    without: `${news}\n    ${notices}`,
    tests: ['test/adapters/dynamo-outbox.test.ts'],
  },
];
