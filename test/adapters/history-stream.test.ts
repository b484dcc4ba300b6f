import { marshall } from '@aws-sdk/util-dynamodb';
import { MalformedItemError } from '../../lambda/adapters/dynamo-items.ts';
import { historyItem } from '../../lambda/adapters/history-item.ts';
import { contentOfImage, eventOfImage } from '../../lambda/adapters/history-stream.ts';
import { hashOfContent, nextSeal } from '../../lambda/contracts/seal.ts';
import { anEvent } from '../support/builders.ts';

const event = anEvent('key-replaced');
const image = () => marshall(historyItem(event));

test('a new image is the event that was written', () => {
  expect(eventOfImage(image())).toEqual(event);
});

test('what is sealed is what was written, also by a newer version that says more', () => {
  expect(hashOfContent(contentOfImage(image()))).toBe(hashOfContent(event));
  const newer = { ...event, later: 'what this version does not know' };
  const content = contentOfImage(marshall(historyItem(newer)));
  // Whoever checks the table hashes what lies there: it would be taken for altered otherwise.
  expect(nextSeal(undefined, [content], event.time).events).toEqual([{ id: event.id, hash: hashOfContent(newer) }]);
});

test('what is not in its place is not sealed', () => {
  expect(() => contentOfImage({ ...image(), day: { S: '1999-12-31' } })).toThrow('is not where it belongs');
});

test.each([
  ['no image', undefined, 'holds no DynamoDB item'],
  ['a text', 'x', 'holds no DynamoDB item'],
  ['plain values', { id: 'x' }, 'holds no DynamoDB item'],
  ['an attribute of an unknown type', { id: { X: 'x' } }, 'no type that DynamoDB knows'],
  [
    'a missing field',
    { ...image(), account: { NULL: true } },
    `'${event.id}' of the stream of History cannot be read: account`,
  ],
  ['a type of event that does not exist', { ...image(), type: { S: 'key-lost' } }, 'cannot be read: type'],
])('%s is refused with a sentence that says what is wrong', (_what, wrong, words) => {
  expect(() => eventOfImage(wrong)).toThrow(MalformedItemError);
  expect(() => eventOfImage(wrong)).toThrow(words);
});
