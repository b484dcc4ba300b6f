import { parseOwnerId, parseUserName } from '../../lambda/domain/ids.ts';
import { messagesFor } from '../../lambda/domain/notices/messages.ts';
import { anEvent, anOwner, keyId, OTHER_ACCOUNT } from '../support/builders.ts';
import { sampleDetails } from '../support/sample-details.ts';
import { channels, everyKind, expectAcceptable, items, only, payments, textsOf } from './support/notices.ts';

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
    expect(text.match(/NAME is the profile that holds the old key/g)).toHaveLength(1);
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
