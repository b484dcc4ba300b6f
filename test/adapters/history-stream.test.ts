import { marshall } from '@aws-sdk/util-dynamodb';
import { MalformedItemError } from '../../lambda/adapters/dynamo-items.ts';
import { historyItem } from '../../lambda/adapters/history-item.ts';
import { eventOfImage } from '../../lambda/adapters/history-stream.ts';
import { anEvent } from '../support/builders.ts';

const event = anEvent('key-replaced');
const image = () => marshall(historyItem(event));

test('a new image is the event that was written', () => {
  expect(eventOfImage(image())).toEqual(event);
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
