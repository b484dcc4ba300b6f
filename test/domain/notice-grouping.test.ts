import { type AccountId, parseUserName } from '../../lambda/domain/ids.ts';
import { messagesFor } from '../../lambda/domain/notices/messages.ts';
import { ACCOUNT, anEvent, eventId, keyId, NOW, OTHER_ACCOUNT } from '../support/builders.ts';
import { sampleDetails } from '../support/sample-details.ts';
import { items, only, payments } from './support/notices.ts';

const disableAt = '2026-03-12T06:00:00.000Z';
const details = { ...sampleDetails['key-replaced'], disableAt };

/** The nth key of an owner, rotated. */
const rotated = (n: number, account: AccountId = ACCOUNT, at = disableAt) =>
  anEvent('key-replaced', {
    id: eventId(NOW, n),
    account,
    keyId: keyId(n),
    userName: parseUserName(`build-${n}`),
    details: { ...details, disableAt: at, incomingKeyId: keyId(n + 100), secretName: `keyturn/${account}/build-${n}` },
  });
const upcoming = (n: number) =>
  anEvent('rotation-upcoming', { id: eventId(NOW, n), keyId: keyId(n), userName: parseUserName(`build-${n}`) });
const disabled = (n: number) =>
  anEvent('key-disabled', { id: eventId(NOW, n), keyId: keyId(n), userName: parseUserName(`build-${n}`) });
const many = <T>(count: number, make: (n: number) => T, from = 1) =>
  Array.from({ length: count }, (_, n) => make(n + from));

const textOf = (...events: Parameters<typeof items>[0]) => only(messagesFor('sns', payments, items(events))).text;
const summaryOf = (...events: Parameters<typeof items>[0]) => textOf(...events).split('\n')[2];

describe('the line that sums up', () => {
  test('says how many keys need somebody, by when, and how many do not', () => {
    expect(summaryOf(...many(3, (n) => rotated(n)), ...many(17, upcoming, 4))).toBe(
      '3 keys need you by 12 Mar 2026; 17 keys are for your information.',
    );
  });

  test('with several dates gives the first', () => {
    expect(summaryOf(rotated(1), rotated(2, ACCOUNT, '2026-03-10T06:00:00.000Z'), upcoming(3))).toBe(
      '2 keys need you, the first by 10 Mar 2026; 1 key is for your information.',
    );
  });

  test('puts first what is urgent now', () => {
    expect(summaryOf(rotated(1), disabled(2))).toBe('1 key needs you now; 1 key needs you by 12 Mar 2026.');
  });

  test('says so when nothing needs anybody', () => {
    expect(summaryOf(upcoming(1), upcoming(2))).toBe(
      'Nothing needs you now: this is about 2 keys, for your information.',
    );
  });

  test('counts a key once, of which two things are told', () => {
    expect(summaryOf(rotated(1), upcoming(1), upcoming(2))).toBe(
      '1 key needs you by 12 Mar 2026; 1 key is for your information.',
    );
  });

  test('is left out when there is one thing to tell', () => {
    expect(summaryOf(rotated(1))).toBe('New key ready: switch to it');
    expect(summaryOf(rotated(1), upcoming(1))).toBe('New key ready: switch to it');
  });

  test('counts users and other matters as what they are', () => {
    const { keyId: _, ...blocked } = anEvent('user-blocked');
    expect(summaryOf(blocked, rotated(1))).toBe('1 user needs you now; 1 key needs you by 12 Mar 2026.');
    const { keyId: __, ...ended } = anEvent('exemption-ended', { userName: parseUserName('other') });
    expect(summaryOf(ended, upcoming(1), rotated(2))).toBe(
      '1 key needs you by 12 Mar 2026; 2 matters are for your information.',
    );
  });
});

describe('many keys with the same news', () => {
  test('up to three are told in full, each with its commands', () => {
    expect(textOf(...many(3, (n) => rotated(n))).match(/^ +keyturn pull/gm)).toHaveLength(3);
  });

  test('more are told briefly, with everything that is their own, and the commands once', () => {
    const text = textOf(...many(20, (n) => rotated(n)));
    expect(text.match(/^ +keyturn pull/gm)).toHaveLength(1);
    expect(text.match(/get-secret-value --secret-id 'SECRET'/g)).toHaveLength(1);
    for (const n of many(20, (one) => one)) {
      expect(text).toContain(`Access key ${keyId(n)} of user build-${n}`);
      expect(text).toContain(`The new key ${keyId(n + 100)} is ready; this one stops on Thu 12 Mar 2026, 07:00 CET`);
      expect(text).toContain(`Secret: keyturn/${ACCOUNT}/build-${n}\n`);
    }
  });

  test('in secrets of another account each is named by its ARN, for keyturn too', () => {
    const arn = 'arn:aws:secretsmanager:eu-central-1:999900009999:secret:keyturn/x-AbCdEf';
    const elsewhere = many(4, (n) => ({ ...rotated(n), details: { ...details, secretArn: arn } })).map(
      ({ details: one }, n) => anEvent('key-replaced', { id: eventId(NOW, n + 1), keyId: keyId(n + 1), details: one }),
    );
    const text = textOf(...elsewhere);
    expect(text).toContain(`Secret: ${arn}`);
    expect(text).toContain("keyturn pull --profile NAME --region eu-central-1 --secret 'SECRET'");
  });
});

describe('keys of several accounts', () => {
  test('are grouped by account, which is named once for each', () => {
    const text = textOf(...many(6, (n) => rotated(n, n % 2 === 0 ? OTHER_ACCOUNT : ACCOUNT)));
    expect(text.match(/^Account .*$/gm)).toEqual([`Account ${ACCOUNT} (3)`, `Account ${OTHER_ACCOUNT} (3)`]);
    expect(text).toContain(`Access key ${keyId(1)} of user build-1\n`);
    const [, mine = '', others = ''] = text.split(/^Account .*$/m);
    expect([...mine.matchAll(/of user (build-\d)/g)].map(([, user]) => user)).toEqual([
      'build-1',
      'build-3',
      'build-5',
    ]);
    expect([...others.matchAll(/of user (build-\d)/g)].map(([, user]) => user)).toEqual([
      'build-2',
      'build-4',
      'build-6',
    ]);
  });

  test('one of each: the account stands with the key', () => {
    const text = textOf(rotated(1), rotated(2, OTHER_ACCOUNT));
    expect(text).toContain(`Access key ${keyId(2)} of user build-2, account ${OTHER_ACCOUNT}`);
    expect(text).not.toMatch(/^Account /m);
  });
});

test('what is settled comes last, however it is called: what may be broken comes first', () => {
  const settled = anEvent('key-disabled', {
    keyId: keyId(1),
    details: { by: 'keyturn', why: 'rotated', deleteAt: disableAt, adopted: true },
  });
  const text = textOf(settled, rotated(2), disabled(3));
  const places = ['Key disabled\n', 'New key ready', 'Old key disabled, nothing to do'].map((words) =>
    text.indexOf(words),
  );
  expect(places).toEqual(places.toSorted((a, b) => a - b));
  expect(places).not.toContain(-1);
});
