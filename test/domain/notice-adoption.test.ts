import type { HistoryEvent } from '../../lambda/domain/events.ts';
import { messagesFor } from '../../lambda/domain/notices/messages.ts';
import { anEvent, anOwner, at, eventId, keyId } from '../support/builders.ts';
import { sampleDetails } from '../support/sample-details.ts';
import { only } from './support/notices.ts';

/** Payments read their notices in Berlin. */
const payments = anOwner({ timeZone: 'Europe/Berlin' });

const time = '2026-03-08T06:00:00.000Z';
const disableAt = '2026-03-12T06:00:00.000Z';
const deleteAt = '2026-03-22T06:00:00.000Z';
const used = (at: string) => ({ at, service: 's3', region: 'eu-west-1' });
const use = used('2026-03-08T03:00:00.000Z');
const inWords = 'on Sun 8 Mar 2026, 04:00 CET (03:00 UTC) for s3 in eu-west-1';
const until = 'Thu 12 Mar 2026, 07:00 CET (06:00 UTC)';

function told<T extends HistoryEvent['type']>(
  type: T,
  details: HistoryEvent<T>['details'],
  overrides: Parameters<typeof anEvent<T>>[1] = {},
) {
  const event = anEvent<T>(type, { time, ...overrides, details });
  return only(messagesFor('sns', event.mode === 'observe' ? 'operators' : payments, [{ event }]));
}

describe('the new key is in use', () => {
  const adopted = (outgoing?: string, stops = disableAt) =>
    told('key-adopted', {
      replaces: keyId(1),
      lastUse: use,
      ...(outgoing === undefined ? {} : { outgoingLastUse: used(outgoing) }),
      disableAt: stops,
    });

  test('and the old one was not since: nothing to do', () => {
    const { subject, text } = adopted();
    expect(subject).toBe('[Keyturn] New key in use, nothing to do: ci-deploy');
    expect(text).toContain(`You already use the new key: it was used ${inWords}.`);
    expect(text).toContain(`The old key ${keyId(1)} was not seen in use since the new one was made.`);
    expect(text).toContain(`The old key is disabled on ${until}.`);
  });

  test('and the old one was used before it, a moment at least: nothing to do', () => {
    const { subject, text } = adopted('2026-03-08T02:59:59.999Z');
    expect(subject).toBe('[Keyturn] New key in use, nothing to do: ci-deploy');
    expect(text).toContain('was last used on Sun 8 Mar 2026, 03:59 CET (02:59 UTC) for s3 in eu-west-1, before that.');
  });

  test.each(['2026-03-08T03:00:00.000Z', '2026-03-08T03:00:00.001Z'])(
    'and the old one was used at that time or later (%s): something is left to do, by when it stops',
    (outgoing) => {
      const { subject, text } = adopted(outgoing);
      expect(subject).toBe('[Keyturn] Old key still in use as well, stops on 12 Mar 2026: ci-deploy');
      expect(text).toContain(`But something still uses the old key ${keyId(1)}, last ${inWords}.`);
      expect(text).toContain('Move that use to the new key too.');
      expect(text).not.toContain('Nothing to do');
    },
  );

  test('when the old one’s time is up: no date in the past is promised', () => {
    const { text } = adopted(undefined, time);
    expect(text).toContain('The time of the old key was up on Sun 8 Mar 2026, 07:00 CET (06:00 UTC).');
    expect(text).not.toContain('is disabled on');
    expect(adopted('2026-03-08T05:00:00.000Z', time).subject).toBe(
      '[Keyturn] New key in use, but the old one too: ci-deploy',
    );
  });
});

describe('the old key is still in use', () => {
  const still = (reminder: 'half-way' | 'day-before', adopted: boolean) =>
    told('key-still-used', { reminder, adopted, lastUse: use, successorKeyId: keyId(2), disableAt });

  test('half-way: for what, when it stops, and that the new one is not in use', () => {
    const { subject, text } = still('half-way', false);
    expect(subject).toBe('[Keyturn] Old key still in use, stops on 12 Mar 2026: ci-deploy');
    expect(text).toContain(`It was last used ${inWords}. It stops on ${until}.`);
    expect(text).toContain(`The new key ${keyId(2)} was not seen in use yet.`);
    expect(text).not.toContain('keyturn snooze');
  });

  test('the day before, with the new one in use too: part of the work is done, and how to put the date off', () => {
    const { subject, text } = still('day-before', true);
    expect(subject).toBe('[Keyturn] Old key in use on its last day, stops on 12 Mar 2026: ci-deploy');
    expect(text).toContain('is in use already: some of the work is done, but not all of it.');
    expect(text).toContain(
      `put the date off, or ask somebody who may:\n\n  keyturn:\n    keyturn snooze --key ${keyId(1)} --days 3 --reason '…'`,
    );
  });

  describe('and the new one is fetched as it was at first', () => {
    const secretArn = 'arn:aws:secretsmanager:eu-central-1:999900009999:secret:keyturn/111122223333/ci=2Ddeploy-AbCdEf';
    const stillUsed = { ...sampleDetails['key-still-used'], lastUse: use, disableAt };
    const { secretArn: _, secretRegion, ...byHand } = stillUsed;

    test('in its Region', () => {
      expect(told('key-still-used', { ...byHand, secretRegion: 'eu-west-1' }).text).toContain(
        'this puts the new one in its place: keyturn pull --profile NAME --region eu-west-1 (NAME is',
      );
    });

    test('by the ARN of its secret, where that is in another account', () => {
      expect(told('key-still-used', { ...byHand, secretRegion, secretArn }).text).toContain(
        `keyturn pull --profile NAME --region eu-central-1 --secret '${secretArn}' (NAME is`,
      );
    });

    test('among many, by the secret that is named with each', () => {
      const details = { ...byHand, secretRegion, secretArn };
      const items = [1, 2, 3, 4].map((n) => ({
        event: anEvent('key-still-used', { id: eventId(at(time), n), keyId: keyId(n), details }),
      }));
      const { text } = only(messagesFor('sns', payments, items));
      expect(text.match(/^ {2}Secret: /gm)).toHaveLength(4);
      expect(text).toContain(
        "keyturn pull --profile NAME --region eu-central-1 --secret 'SECRET' (NAME is the profile that holds the old key, SECRET the secret named with it).",
      );
    });

    test('but not one that its owner made, or of which older versions say nothing', () => {
      expect(told('key-still-used', byHand).text).not.toContain('keyturn pull');
    });
  });

  test.each([
    ['s3', 'N/A', 'for s3. It'],
    ['N/A', 'N/A', '(03:00 UTC). It'],
    ['s3', '', 'for s3. It'],
  ])('what AWS does not know of its use (%s in %s) is left out', (service, region, words) => {
    const lastUse = { ...use, service, region };
    const details = { ...sampleDetails['key-still-used'], lastUse, disableAt };
    expect(told('key-still-used', details).text).toContain(words);
    expect(told('key-still-used', details).text).not.toContain('N/A');
  });
});

describe('the old key was disabled', () => {
  const disabled = (details: Partial<HistoryEvent<'key-disabled'>['details']>) =>
    told('key-disabled', { by: 'keyturn', why: 'rotated', deleteAt, successorKeyId: keyId(2), ...details });
  const daysAgo = (days: number) => new Date(Date.parse(time) - days * 24 * 3600 * 1000).toISOString();

  test('and its owner uses the new one: nothing to do, with the way back all the same', () => {
    const { subject, text } = disabled({ adopted: true, lastUse: used('2026-03-01T03:00:00.000Z') });
    expect(subject).toBe('[Keyturn] Old key disabled, nothing to do: ci-deploy');
    expect(text).toContain(`You already use the new key ${keyId(2)}: nothing to do.`);
    expect(text).toContain(
      'The disabled key was last used on Sun 1 Mar 2026, 04:00 CET (03:00 UTC) for s3 in eu-west-1.',
    );
    expect(text).toContain(`keyturn restore --key ${keyId(1)} --for 48h --reason '…'`);
    expect(text).toContain(
      `aws iam update-access-key --user-name='ci-deploy' --access-key-id ${keyId(1)} --status Active`,
    );
  });

  test.each([true, false])('and it was still used: where (new one in use: %s)', (adopted) => {
    const { subject, text } = disabled({ adopted, lastUse: use });
    expect(subject).toBe('[Keyturn] Key disabled: ci-deploy');
    expect(text).toContain(
      `It was still used ${inWords}: unless that has moved to another key since, AWS refuses it now.`,
    );
    expect(text).toContain(`Use ${keyId(2)} instead, which is in the secret keyturn/111122223333/ci=2Ddeploy.`);
    expect(text.includes('The new key was not seen in use yet.')).toBe(!adopted);
  });

  test.each([
    [2.99, false],
    [3, false],
    [3.01, true],
  ])('a use %s days before counts as given up: %s', (days, isSettled) => {
    const { text } = disabled({ adopted: true, lastUse: used(daysAgo(days)) });
    expect(text.includes('nothing to do')).toBe(isSettled);
  });

  test('and nothing is known of its use: nothing is said of it', () => {
    const { text } = disabled({});
    expect(text).not.toMatch(/used|seen in use|already use/);
  });

  test('because somebody asked for it, as for a leak: the way back comes with a warning', () => {
    const { text } = disabled({ requestId: sampleDetails['key-disabled'].requestId });
    expect(text).toContain('Somebody asked that it stop at once.');
    expect(text).toContain('If it may be in the wrong hands, leave it disabled.');
  });

  test('by somebody else: Keyturn restores only what it disabled itself', () => {
    const { text } = disabled({ by: 'somebody' });
    expect(text).not.toContain('keyturn restore');
    expect(text).toContain('--status Active');
  });
});

describe('a rotated key', () => {
  const {
    lastUse: _,
    requestId,
    secretArn: __,
    ...replaced
  } = { ...sampleDetails['key-replaced'], disableAt, deleteAt };

  test('fetches its successor with keyturn first, then with the AWS CLI and PowerShell', () => {
    const { text } = told('key-replaced', replaced);
    expect(text.match(/^ {2}(keyturn|AWS CLI|PowerShell):$/gm)).toEqual(['  keyturn:', '  AWS CLI:', '  PowerShell:']);
    expect(text).toContain('    keyturn pull --profile NAME --region eu-central-1\n');
  });

  test('was last used for something: look there first, and what may take its place', () => {
    const { text } = told('key-replaced', { ...replaced, lastUse: { ...use, service: 'ecr' } });
    expect(text).toContain('The old key was last used on Sun 8 Mar 2026, 04:00 CET (03:00 UTC) for ecr in eu-west-1');
    expect(text).toContain('To be rid of such a key for good, as one used for ecr: OpenID Connect of the pipeline.');
    expect(told('key-replaced', replaced).text).not.toMatch(/last used|To be rid/);
  });

  test('that somebody asked for says so', () => {
    expect(told('key-replaced', { ...replaced, requestId }).text).toContain(
      'Somebody asked for this rotation (keyturn rotate).',
    );
  });

  test('that stops at once cannot fetch the new one any more, and is not told that both work', () => {
    const { subject, text } = told('key-replaced', { ...replaced, requestId, disableAt: time });
    expect(subject).toBe('[Keyturn] Old key stopped, switch to the new one now: ci-deploy');
    expect(text).toContain('The old key cannot fetch it any more');
    expect(text).not.toMatch(/keyturn pull|--profile|both keys work/);
  });
});
