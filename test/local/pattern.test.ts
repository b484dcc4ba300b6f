import { matchesPattern } from '../../local/runtime/pattern.ts';

const event = { eventName: 'INSERT', size: 7, flag: true, dynamodb: { NewImage: { type: { S: 'notice-failed' } } } };
const type = (expected: unknown[]) => ({ dynamodb: { NewImage: { type: { S: expected } } } });

test.each([
  ['exact value', { eventName: ['INSERT'] }, true],
  ['one of several values', { eventName: ['MODIFY', 'INSERT'] }, true],
  ['no such value', { eventName: ['REMOVE'] }, false],
  ['number', { size: [7] }, true],
  ['a number is not its text', { size: ['7'] }, false],
  ['boolean', { flag: [true] }, true],
  ['every field must match', { eventName: ['INSERT'], size: [8] }, false],
  ['prefix', type([{ prefix: 'notice-' }]), true],
  ['other prefix', type([{ prefix: 'key-' }]), false],
  ['suffix', type([{ suffix: '-failed' }]), true],
  ['equals-ignore-case', type([{ 'equals-ignore-case': 'NOTICE-FAILED' }]), true],
  ['exists', type([{ exists: true }]), true],
  ['exists: false of something there', type([{ exists: false }]), false],
  ['exists: false of something absent', { dynamodb: { NewImage: { absent: { S: [{ exists: false }] } } } }, true],
  ['anything-but of a value that is', type([{ 'anything-but': ['notice-failed'] }]), false],
  ['anything-but of other values', type([{ 'anything-but': ['notice-delivered'] }]), true],
  ['anything-but a prefix', type([{ 'anything-but': { prefix: 'notice' } }]), false],
  ['anything-but of something absent', { absent: [{ 'anything-but': ['x'] }] }, false],
  ['numeric range', { size: [{ numeric: ['>', 5, '<=', 7] }] }, true],
  ['outside the numeric range', { size: [{ numeric: ['<', 7] }] }, false],
  ['$or', { $or: [{ eventName: ['REMOVE'] }, { size: [7] }] }, true],
])('%s', (_name, pattern, expected) => {
  expect(matchesPattern(pattern, event)).toBe(expected);
});

test('an operator it does not know is an error, not a mismatch', () => {
  expect(() => matchesPattern(type([{ wildcard: '*' }]), event)).toThrow('wildcard');
});
