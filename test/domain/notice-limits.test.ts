import { amazonQMessage } from '../../lambda/adapters/amazon-q.ts';
import { audienceOf } from '../../lambda/domain/events.ts';
import { parseOwnerId, parseUserName } from '../../lambda/domain/ids.ts';
import { messagesFor } from '../../lambda/domain/notices/messages.ts';
import { ACCOUNT, anEvent, anOwner, eventId, keyId, NOW, OTHER_ACCOUNT } from '../support/builders.ts';
import {
  channels,
  everyKind,
  expectAcceptable,
  items,
  only,
  payments,
  toldTypes,
  withTexts,
} from './support/notices.ts';

describe('limits', () => {
  const many = (count: number) =>
    Array.from({ length: count }, (_, n) =>
      anEvent(toldTypes[n % toldTypes.length] ?? 'key-replaced', {
        id: eventId(NOW, n + 1),
        keyId: keyId(n + 1),
        userName: parseUserName(`u${n}${'='.repeat(60)}`),
      }),
    );

  test.each(channels)(
    'hundreds of events fit into as few messages as %s takes, and each event is in one',
    (channel) => {
      const events = many(400);
      const messages = messagesFor(channel, channel === 'operators-topic' ? 'operators' : payments, items(events));
      for (const message of messages) expectAcceptable(message);
      const told = messages.flatMap((message) => message.items.map(({ event }) => event.id));
      expect(told.toSorted()).toEqual(events.map(({ id }) => id).toSorted());
      for (const { items: some, text } of messages) for (const { event } of some) expect(text).toContain(event.keyId);
      const numbers = messages.map(({ subject }) => / \((\d+) of (\d+)\)$/.exec(subject)?.slice(1).map(Number));
      if (messages.length > 1) expect(numbers).toEqual(messages.map((_, n) => [n + 1, messages.length]));
      expect(messages.length).toBeLessThan({ slack: 40, email: 9 }[String(channel)] ?? 4);
    },
  );

  test('for Amazon Q Developer nothing is cut: what does not fit is another message', () => {
    const inChat = anOwner({ snsTopicArn: 'arn:aws:sns:eu-central-1:111122223333:payments', snsFormat: 'amazon-q' });
    const events = many(100);
    const messages = messagesFor('sns', inChat, items(events));
    expect(messages.length).toBeGreaterThan(1);
    for (const message of messages) {
      const { items: told, ...notice } = message;
      expectAcceptable(message);
      const body = amazonQMessage({ to: inChat, events: told.map(({ event }) => event), ...notice });
      expect(JSON.parse(body).content.description.length).toBeLessThanOrEqual(8_000);
      for (const { event } of told) expect(body).toContain(event.keyId);
      expect(body).toContain('No notice of Keyturn holds a secret');
    }
    expect(messages.flatMap(({ items: some }) => some)).toHaveLength(100);
  });

  test('a full stream batch goes by SNS in one message', () => {
    expect(messagesFor('sns', payments, items(many(100)))).toHaveLength(1);
  });

  test.each(toldTypes.filter((type) => audienceOf(anEvent(type)) !== 'operators'))(
    '20 keys of one owner with the longest names are one message on every channel: %s',
    (type) => {
      const events = Array.from({ length: 20 }, (_, n) =>
        anEvent(type, {
          id: eventId(NOW, n + 1),
          keyId: keyId(n + 1),
          account: n % 2 === 0 ? ACCOUNT : OTHER_ACCOUNT,
          userName: parseUserName(`u${n}`.padEnd(64, '-')),
        }),
      );
      for (const channel of channels) expectAcceptable(only(messagesFor(channel, payments, items(events))));
    },
  );

  test.each(['&', '<&>"é😀 ', 'word '])(
    'the longest texts of %s that people may write fit, in every kind of event',
    (piece) => {
      const long = piece.repeat(1_000);
      const owner = anOwner({ name: long, id: parseOwnerId('o'.repeat(64)) });
      for (const event of everyKind.map((kind) => withTexts(kind, long))) {
        const userName = parseUserName('-'.repeat(64));
        const insteadOf = { kind: 'unreachable', owner, why: long } as const;
        for (const item of [{ event: { ...event, userName } }, { event, insteadOf }]) {
          expectAcceptable(only(messagesFor('slack', owner, [item])));
          expectAcceptable(only(messagesFor('operators-topic', 'operators', [item])));
        }
      }
    },
  );

  test('text is never cut within a character', () => {
    for (const length of [298, 299, 300, 301]) {
      const event = withTexts(anEvent('sweep-failed'), `${'x '.repeat(length / 2)}${'😀'.repeat(100)}`);
      expect(only(messagesFor('operators-topic', 'operators', [{ event }])).text.isWellFormed()).toBe(true);
    }
  });
});
