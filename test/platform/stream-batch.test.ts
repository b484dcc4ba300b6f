import { streamBatch } from '../../lambda/platform/stream-batch.ts';
import { UnavailableError } from '../../lambda/ports.ts';
import { FakeDeadLetters } from '../support/fake-dead-letters.ts';
import { FakeLog } from '../support/fake-log.ts';

interface Item {
  readonly id: string;
}

function read(image: unknown): Item {
  if (typeof image !== 'string') throw new Error('It has no text.');
  return { id: image };
}

function stream(work: (items: readonly Item[]) => Promise<readonly Item[]>) {
  const deadLetters = new FakeDeadLetters();
  const log = new FakeLog();
  const handler = streamBatch({ source: 'the history', read, deadLetters, log, work });
  const failed = async (...images: unknown[]) => {
    const Records = images.map((NewImage, n) => ({
      eventID: `e${n + 1}`,
      dynamodb: { SequenceNumber: `${n + 1}00`, NewImage },
    }));
    return (await handler({ Records })).batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
  };
  return { failed, deadLetters, log };
}

test('what a batch brings is handled together and in order', async () => {
  const batches: (readonly Item[])[] = [];
  const { failed } = stream(async (items) => {
    batches.push(items);
    return [];
  });
  expect(await failed('one', 'two', 'three')).toEqual([]);
  expect(batches).toEqual([[{ id: 'one' }, { id: 'two' }, { id: 'three' }]]);
});

test('what could not be handled comes back, by its sequence number', async () => {
  const { failed } = stream(async (items) => items.filter(({ id }) => id !== 'two'));
  expect(await failed('one', 'two', 'three')).toEqual(['100', '300']);
});

test('when the work fails as a whole, all of it comes back', async () => {
  const { failed, log } = stream(async () => {
    throw new UnavailableError('DynamoDB is down.');
  });
  expect(await failed('one', 'two')).toEqual(['100', '200']);
  expect(log.text()).toContain('DynamoDB is down.');
});

test('a record that cannot be read is parked with the reason, and the others are handled', async () => {
  const seen: string[] = [];
  const { failed, deadLetters } = stream(async (items) => {
    seen.push(...items.map(({ id }) => id));
    return [];
  });
  expect(await failed('one', { not: 'text' }, undefined, 'two')).toEqual([]);
  expect(seen).toEqual(['one', 'two']);
  expect(deadLetters.parked.map(({ error }) => error)).toEqual([
    'Stream record e2 cannot be read: It has no text.',
    'Stream record e3 cannot be read: It has no text.',
  ]);
  expect(JSON.parse(deadLetters.parked[0]?.body ?? '')).toMatchObject({ dynamodb: { NewImage: { not: 'text' } } });
});

test('a record that cannot even be parked is not lost: it comes back, and the others are handled', async () => {
  const seen: string[] = [];
  const { failed, deadLetters } = stream(async (items) => {
    seen.push(...items.map(({ id }) => id));
    return [];
  });
  deadLetters.calls.failOn('deadLetters.park', { when: 'before', error: new UnavailableError('SQS is down.') });
  expect(await failed(42, 'one')).toEqual(['100']);
  expect(seen).toEqual(['one']);
});

test('a batch with nothing readable starts no work', async () => {
  let started = false;
  const { failed } = stream(async () => {
    started = true;
    return [];
  });
  expect(await failed(1, 2)).toEqual([]);
  expect(started).toBe(false);
});
