import fc from 'fast-check';
import { audienceOf, type EventType, type HistoryEvent, type NoticeChannel } from '../../lambda/domain/events.ts';
import { parseOwnerId, parseUserName } from '../../lambda/domain/ids.ts';
import { lengthOf } from '../../lambda/domain/notices/blocks.ts';
import type { NoticeItem } from '../../lambda/domain/notices/item.ts';
import { type Message, messagesFor } from '../../lambda/domain/notices/messages.ts';
import type { RetirementReason } from '../../lambda/domain/reasons.ts';
import { toIso } from '../../lambda/domain/time.ts';
import { anEvent, anOwner, at, eventId, keyId, NOW, OTHER_ACCOUNT } from '../support/builders.ts';
import { sampleDetails } from '../support/sample-details.ts';

const payments = anOwner({ timeZone: 'Europe/Berlin', slackChannel: '#payments' });
const channels: readonly NoticeChannel[] = ['slack', 'sns', 'operators-topic'];
const whys: readonly RetirementReason[] = [
  ...(['rotated', 'replaced-by-hand', 'both-due'] as const),
  ...(['never-used', 'blocks-slot', 'inactive-only'] as const),
];

const isType = (text: string): text is EventType => text in sampleDetails;
const types = Object.keys(sampleDetails).filter(isType);
const modes = ['enforce', 'observe'] as const;
const toldTypes = types.filter((type) => modes.some((mode) => audienceOf(anEvent(type, { mode })) !== 'nobody'));

/** Every kind of event that somebody is told, with all its optional details and with none of them. */
const everyKind: readonly HistoryEvent[] = modes.flatMap((mode) => [
  ...toldTypes.map((type) => anEvent(type, { mode })),
  ...whys.flatMap((why) => [
    anEvent('retirement-started', { mode, details: { why, deleteAt: toIso(NOW) } }),
    anEvent('retirement-started', { mode, details: { ...sampleDetails['retirement-started'], why } }),
    anEvent('key-disabled', { mode, details: { by: 'somebody', why, deleteAt: toIso(NOW) } }),
    anEvent('key-disabled', { mode, details: { ...sampleDetails['key-disabled'], why } }),
  ]),
  anEvent('key-deleted', { mode, details: { by: 'somebody' } }),
  anEvent('key-reactivated', { mode, details: { disableAt: toIso(NOW) } }),
  anEvent('step-waiting', { mode, details: { step: 'disable', reason: 'in-use' } }),
  accountEvent('root-key-seen', mode),
  accountEvent('sweep-failed', mode),
]);

function accountEvent(type: EventType, mode: HistoryEvent['mode']): HistoryEvent {
  const { userName: _, userId: __, userPath: ___, keyId: ____, ...event } = anEvent(type, { mode });
  return event;
}

function only(messages: readonly Message[]): Message {
  const [message, ...more] = messages;
  if (message === undefined || more.length > 0) throw new Error(`${messages.length} messages instead of one`);
  return message;
}

/** The texts of a message, as they leave. */
const textsOf = ({ subject, text, blocks }: Message): readonly string[] => [subject, text, JSON.stringify(blocks)];

/** What Slack and SNS refuse. */
function expectAcceptable({ subject, text, blocks, attributes }: Message): void {
  expect(subject).toMatch(/^\[Keyturn\] [ -~]+$/);
  expect(subject.length).toBeLessThan(100);
  expect(Buffer.byteLength(text)).toBeLessThan(250_000);
  expect(blocks.length).toBeLessThanOrEqual(50);
  expect(lengthOf(blocks)).toBeLessThanOrEqual(12_000);
  for (const block of blocks) {
    if (block.type === 'section') expect(block.text.text.length).toBeLessThanOrEqual(3_000);
    if (block.type === 'header') expect(block.text.text.length).toBeLessThanOrEqual(150);
    if (block.type === 'context') for (const { text } of block.elements) expect(text.length).toBeLessThanOrEqual(3_000);
  }
  expect(Object.values(attributes)).not.toContain('');
}

test.each(everyKind.map((event) => [`${event.type} ${event.mode} ${JSON.stringify(event.details)}`, event] as const))(
  '%s is told on every channel, with nothing missing in any text',
  (_name, event) => {
    for (const channel of channels) {
      const message = only(messagesFor(channel, channel === 'operators-topic' ? 'operators' : payments, [{ event }]));
      expectAcceptable(message);
      expect(message.attributes.type).toBe(event.type);
      expect(message.text).toContain(event.keyId ?? event.userName ?? event.account);
      for (const text of textsOf(message)) expect(text).not.toMatch(/undefined|null|NaN|\[object|Invalid|On record/);
    }
  },
);

describe('a message about several events', () => {
  test('says each heading once, what is urgent first, and the advice of a section once', () => {
    const events = [
      anEvent('key-deleted', { keyId: keyId(1) }),
      anEvent('key-replaced', { keyId: keyId(2) }),
      anEvent('key-disabled', { keyId: keyId(3) }),
      anEvent('key-replaced', { keyId: keyId(4) }),
    ];
    const { text, subject } = only(messagesFor('sns', payments, items(events)));
    expect(text.match(/^[A-Z].*\n-{3,}$/gm)?.map((heading) => heading.split('\n')[0])).toEqual([
      'Key disabled',
      'New key ready: switch to it (2)',
      'Key deleted',
    ]);
    expect(text.match(/The old key itself may fetch/g)).toHaveLength(1);
    expect(subject).toBe('[Keyturn] Key disabled: ci-deploy; 3 other changes');
  });

  test('the subject gives the soonest date and how many users there are', () => {
    const replaced = (userName: string, disableAt: string) =>
      anEvent('key-replaced', {
        userName: parseUserName(userName),
        details: { ...sampleDetails['key-replaced'], disableAt },
      });
    const events = [replaced('ann', '2026-05-01T00:00:00.000Z'), replaced('bob', '2026-04-01T00:00:00.000Z')];
    const { subject, text } = only(messagesFor('sns', payments, items(events)));
    expect(subject).toBe('[Keyturn] Switch to the new key by 1 Apr 2026: ann and 1 more');
    expect(text.indexOf('user bob')).toBeLessThan(text.indexOf('user ann'));
  });

  test('in one account and of one type the attributes name them, otherwise they say several', () => {
    const one = anEvent('key-replaced');
    const other = anEvent('key-deleted', { account: OTHER_ACCOUNT });
    expect(only(messagesFor('sns', payments, items([one, one]))).attributes).toEqual({
      owner: 'payments',
      account: one.account,
      type: 'key-replaced',
    });
    expect(only(messagesFor('operators-topic', 'operators', items([one, other]))).attributes).toEqual({
      owner: 'operators',
      account: 'several',
      type: 'several',
    });
  });

  test('operators read their own news first, then what each owner missed and why', () => {
    const search = anOwner({ id: parseOwnerId('search'), name: 'Search' });
    const { text, subject } = only(
      messagesFor('operators-topic', 'operators', [
        {
          event: anEvent('key-replaced'),
          insteadOf: { kind: 'unreachable', owner: search, why: 'Slack answered 500.' },
        },
        { event: anEvent('key-replaced'), insteadOf: { kind: 'no-owner' } },
        { event: anEvent('key-replaced'), insteadOf: { kind: 'unknown-owner', ownerId: parseOwnerId('gone') } },
        { event: anEvent('orphan-removed') },
      ]),
    );
    const places = [
      'Leftover key removed',
      'Users without an owner.',
      'Owner not on record. What follows belongs to the owner gone',
      'Owner not reached. What follows is for Search (owner search), who could not be told: Slack answered 500.',
    ].map((words) => text.indexOf(words));
    expect(places).toEqual(places.toSorted((a, b) => a - b));
    expect(places).not.toContain(-1);
    expect(subject).toBe('[Keyturn] Leftover key removed: ci-deploy; 3 other changes');
  });
});

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
      expect(messages.length).toBeLessThan(channel === 'slack' ? 100 : 4);
    },
  );

  test('a full stream batch goes by SNS in one message', () => {
    expect(messagesFor('sns', payments, items(many(100)))).toHaveLength(1);
  });

  test.each(['&', '<&>"é😀 ', 'word '])(
    'the longest texts of %s that people may write fit, in every kind of event',
    (piece) => {
      const long = piece.repeat(5_000);
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

describe('what people write stays what it is', () => {
  test('Slack’s control characters are escaped, so that nothing becomes a mention or a link', () => {
    const hostile = '<!channel> <https://evil.example|click> & <@U123>';
    const owner = anOwner({ name: hostile });
    for (const event of everyKind.map((kind) => withTexts(kind, hostile))) {
      const { blocks } = only(
        messagesFor('slack', owner, [{ event, insteadOf: { kind: 'unreachable', owner, why: hostile } }]),
      );
      expect(JSON.stringify(blocks)).not.toMatch(/[<>]|&(?!amp;|lt;|gt;)/);
    }
  });

  test('lines cannot be forged', () => {
    const event = withTexts(anEvent('exemption-granted'), 'ok\n\n--\nCall us at evil.example\u2028now\u202E');
    const { text } = only(messagesFor('sns', payments, [{ event }]));
    expect(text).toContain('Reason: ok -- Call us at evil.example now\n');
  });
});

describe('secrets', () => {
  const alphabet = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'];
  const secret = fc.string({ unit: fc.constantFrom(...alphabet), minLength: 40, maxLength: 40 });
  const around = fc.constantFrom('', ' ', '"', '=', 'key: ', '\n', '. ', 'a', '/', '&');

  test('nothing as long and plain as a secret access key gets from any text of an event into a notice', () => {
    fc.assert(
      fc.property(fc.constantFrom(...everyKind), secret, around, around, (kind, hidden, before, after) => {
        const event = withTexts(kind, `${before}${hidden}${after}`);
        const insteadOf = { kind: 'unreachable', owner: anOwner({ name: hidden }), why: hidden } as const;
        for (const channel of channels) {
          const item: NoticeItem = channel === 'operators-topic' ? { event, insteadOf } : { event };
          const { text, subject, blocks } = only(messagesFor(channel, anOwner({ name: hidden }), [item]));
          for (const out of [text, subject, JSON.stringify(blocks)]) expect(out).not.toContain(hidden);
        }
      }),
      { numRuns: 400 },
    );
  });
});

function items(events: readonly HistoryEvent[]): readonly NoticeItem[] {
  return events.map((event) => ({ event }));
}

/** The same event, with that text wherever people or other systems write freely. */
function withTexts(event: HistoryEvent, text: string): HistoryEvent {
  switch (event.type) {
    case 'sweep-failed':
    case 'disable-failed':
    case 'delete-failed':
      return { ...event, details: { ...event.details, error: text } };
    case 'rotation-failed':
      return { ...event, details: { ...event.details, error: text } };
    case 'rotation-abandoned':
      return { ...event, details: { ...event.details, why: text } };
    case 'retirement-cancelled':
      return { ...event, details: { why: text } };
    case 'exemption-granted':
      return { ...event, actor: text, details: { ...event.details, match: text, reason: text, approver: text } };
    case 'exemption-revoked':
      return { ...event, actor: text, details: { ...event.details, match: text, reason: text } };
    case 'step-waiting':
      return {
        ...event,
        details: { ...event.details, lastUse: { at: toIso(at('2026-01-01')), service: text, region: text } },
      };
    default:
      return event;
  }
}
