import { hashOfContent, nextSeal } from '../../lambda/contracts/seal.ts';
import { anEvent, eventId, NOW } from '../support/builders.ts';

test('an event has the same hash whatever the order of its fields', () => {
  const event = anEvent('key-disabled');
  const turned = Object.fromEntries(Object.entries(event).toReversed()) as typeof event;
  expect(hashOfContent(turned)).toBe(hashOfContent(event));
});

test('any change gives another hash', () => {
  const event = anEvent('key-disabled');
  expect(hashOfContent({ ...event, actor: 'somebody else' })).not.toBe(hashOfContent(event));
  const later = anEvent('key-disabled', { time: '2030-01-01T00:00:00.000Z' });
  expect(hashOfContent({ ...later, id: event.id })).not.toBe(hashOfContent(event));
});

test('the hash can be computed again with any tool: SHA-256 over the text of RFC 8785', () => {
  const { events, ...seal } = nextSeal(undefined, [], '2026-01-01T00:00:00.000Z');
  expect(events).toEqual([]);
  // printf '{"events":[],"number":1,"previous":"","sealedAt":"2026-01-01T00:00:00.000Z"}' | sha256sum
  expect(seal.hash).toBe('42c2df5fb8bcba90eb8ca49cb9471ecf4143e901d1b6e358e3bbef7316fc2e66');
});

test('a seal holds the one before', () => {
  const first = nextSeal(undefined, [anEvent('user-gone', { id: eventId(NOW, 1) })], '2026-01-01T00:00:00.000Z');
  const second = nextSeal(first, [anEvent('user-gone', { id: eventId(NOW, 2) })], '2026-01-01T00:00:00.000Z');
  expect(second).toMatchObject({ number: 2, previous: first.hash, events: [{ id: eventId(NOW, 2) }] });
});
