import { marshall } from '@aws-sdk/util-dynamodb';
import type { SQSRecord } from 'aws-lambda';
import * as fc from 'fast-check';
import { historyItem } from '../../lambda/adapters/history-item.ts';
import { eventOfImage } from '../../lambda/adapters/history-stream.ts';
import { type SweepMessage, scheduleEventSchema, sweepMessageSchema } from '../../lambda/contracts/messages.ts';
import type { HistoryEvent } from '../../lambda/domain/events.ts';
import { singleEvent } from '../../lambda/platform/single-event.ts';
import { sqsBatch } from '../../lambda/platform/sqs-batch.ts';
import { streamBatch } from '../../lambda/platform/stream-batch.ts';
import { anEvent } from '../support/builders.ts';
import { FakeDeadLetters } from '../support/fake-dead-letters.ts';
import { FakeLog } from '../support/fake-log.ts';
import { SweepStory } from '../workflows/support/sweep-story.ts';
import { anyBrokenVersionOf, anyRubbish, type Broken } from './support/broken.ts';

const RUNS = { numRuns: 300, seed: 20_260_101 };

/** What a letter must say: where it came from, which field is wrong, and what came. */
function expectLetter(letters: FakeDeadLetters, { wrong, field }: Broken, body: string): void {
  expect(letters.parked).toHaveLength(1);
  const [letter] = letters.parked;
  expect(letter?.body).toBe(body);
  expect(letter?.error).toMatch(/cannot be (understood|read): ./);
  if (field !== undefined)
    expect({ wrong, error: letter?.error }).toMatchObject({ error: expect.stringContaining(field) });
}

const scheduled = { id: '7bf73129-1428-4cd3-a780-95db273d1602', time: '2026-01-01T06:17:00Z' };

describe.each([
  ['a schedule event', scheduled],
  ['somebody’s event for one account', { ...scheduled, accounts: ['111122223333'] }],
])('%s', (_, good) => {
  // Fails when a field is no longer parsed, when rubbish throws (Lambda would try it again for hours), or when it starts a run.
  test('that is broken anywhere starts nothing and is parked with the field that is wrong', async () => {
    await fc.assert(
      fc.asyncProperty(anyBrokenVersionOf(good, { free: ['id'], optional: ['accounts'] }), async (broken) => {
        const deadLetters = new FakeDeadLetters();
        const started: unknown[] = [];
        const work = async (event: unknown) => void started.push(event);
        const log = new FakeLog();
        const handler = singleEvent({ source: 'schedule', schema: scheduleEventSchema, deadLetters, log, work });
        await handler(broken.wrong, { getRemainingTimeInMillis: () => 60_000 });
        expect(started).toEqual([]);
        expectLetter(deadLetters, broken, JSON.stringify(broken.wrong) ?? '');
      }),
      RUNS,
    );
  });
});

const record = (messageId: string, body: string): SQSRecord => ({
  messageId,
  body,
  receiptHandle: 'fake',
  attributes: {
    ApproximateReceiveCount: '1',
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

describe('a sweep message', () => {
  const good: SweepMessage = new SweepStory().message();
  const bodies: fc.Arbitrary<{ readonly body: string; readonly broken: Broken }> = fc.oneof(
    anyBrokenVersionOf(good).map((broken) => ({ body: JSON.stringify(broken.wrong) ?? '', broken })),
    // Torn off somewhere, as no queue should, and things that are no JSON at all.
    fc.nat({ max: JSON.stringify(good).length - 1 }).map((at) => {
      const body = JSON.stringify(good).slice(0, at);
      return { body, broken: { wrong: body, field: 'JSON' } };
    }),
  );

  // Fails when a broken message sweeps, comes back for ever, takes the others with it, or is parked without its reason.
  test('that is broken is parked with what is wrong, and the good one beside it is swept', async () => {
    await fc.assert(
      fc.asyncProperty(bodies, fc.boolean(), async ({ body, broken }, first) => {
        const deadLetters = new FakeDeadLetters();
        const swept: SweepMessage[] = [];
        const work = async (message: SweepMessage) => void swept.push(message);
        const options = { source: 'sweeps', schema: sweepMessageSchema, deadLetters, log: new FakeLog(), work };
        const Records = [record('bad', body), record('good', JSON.stringify(good))];
        const answer = await sqsBatch(options)(
          { Records: first ? Records : Records.toReversed() },
          { getRemainingTimeInMillis: () => 60_000 },
        );
        expect(answer.batchItemFailures).toEqual([]);
        expect(swept).toEqual([good]);
        expectLetter(deadLetters, broken, body);
      }),
      RUNS,
    );
  });
});

describe('a stream record', () => {
  const event = anEvent('key-replaced');
  const image = marshall(historyItem(event), { removeUndefinedValues: true });
  const images = fc.oneof(
    anyBrokenVersionOf(image, {
      ignored: ['pk', 'sk', 'day', 'audience'],
      optional: ['runId', 'userName', 'userId', 'userPath', 'keyId'],
      written: (value) => marshall({ value }, { convertEmptyValues: false }).value,
    }),
    anyRubbish.map((wrong): Broken => ({ wrong })),
  );

  // Fails when a broken record blocks its shard, is passed over in silence, or tells somebody something.
  test('that is broken is parked with what is wrong, and the good one beside it is told', async () => {
    await fc.assert(
      fc.asyncProperty(images, fc.boolean(), async (broken, first) => {
        const deadLetters = new FakeDeadLetters();
        const told: HistoryEvent[] = [];
        const work = async (events: readonly HistoryEvent[]) => {
          told.push(...events);
          return [];
        };
        const options = { source: 'history', read: eventOfImage, deadLetters, log: new FakeLog(), work };
        const bad = { eventID: 'bad', dynamodb: { SequenceNumber: '1', NewImage: broken.wrong } };
        const good = { eventID: 'good', dynamodb: { SequenceNumber: '2', NewImage: image } };
        const answer = await streamBatch(options)({ Records: first ? [bad, good] : [good, bad] });
        expect(answer.batchItemFailures).toEqual([]);
        expect(told).toEqual([event]);
        expectLetter(deadLetters, broken, JSON.stringify(bad));
      }),
      RUNS,
    );
  });

  // Fails when Lambda's own shape is relied on too much: a record without an image, or nothing in a record at all.
  test.each([{}, { dynamodb: {} }, { eventID: 'x', dynamodb: { SequenceNumber: '1' } }])(
    'without an image (%j) is parked',
    async (bare) => {
      const deadLetters = new FakeDeadLetters();
      const work = async () => [];
      const options = { source: 'history', read: eventOfImage, deadLetters, log: new FakeLog(), work };
      expect(await streamBatch(options)({ Records: [bare] })).toEqual({ batchItemFailures: [] });
      expect(deadLetters.parked[0]?.error).toContain('holds no DynamoDB item');
    },
  );
});
