import { historyEventSchema } from '../../lambda/contracts/history-event.ts';
import { parseUserName } from '../../lambda/domain/ids.ts';
import { messagesFor } from '../../lambda/domain/notices/messages.ts';
import { catalogue, placeholdersOf } from '../../lambda/domain/notices/texts/catalogue.ts';
import { validateTexts } from '../../lambda/domain/notices/validate-texts.ts';
import { anEvent, anOwner, keyId, OTHER_ACCOUNT } from '../support/builders.ts';
import { channels, everyKind, expectAcceptable, only, payments, textsOf, withTexts } from './support/notices.ts';

const mistakes = (id: string, text: string) => validateTexts({ [id]: text }).map(({ message }) => message);
const SWITCH = 'key-replaced.lines.switch';

describe('the texts of the catalogue', () => {
  test('would be good overrides themselves', () => {
    expect(validateTexts(catalogue)).toEqual([]);
  });

  test('each is used: replaced by a mark it shows up somewhere', () => {
    const unused = new Set(Object.keys(catalogue));
    const marked = Object.fromEntries(Object.keys(catalogue).map((id) => [id, `<<${id}>>${kept(id)}`]));
    const look = (text: string) => {
      for (const [, id = ''] of text.matchAll(/<<([^>]*)>>/g)) unused.delete(id);
    };
    const unreached = [
      { kind: 'no-owner' },
      { kind: 'unknown-owner', ownerId: payments.id },
      { kind: 'unreachable', owner: payments, why: 'x' },
    ] as const;
    for (const event of everyKind) {
      for (const insteadOf of [undefined, ...unreached]) {
        const item = insteadOf === undefined ? { event } : { event, insteadOf };
        for (const to of [payments, 'operators'] as const) {
          const [message] = messagesFor('sns', to, [item], { texts: marked });
          look(`${message?.subject.replace('[Keyturn]', '')} ${message?.text}`);
        }
      }
    }
    for (const several of severals()) look(only(messagesFor('sns', payments, several, { texts: marked })).text);
    // For what history alone holds, should somebody be told of it one day.
    const onlyOnRecord = ['on-record.heading', 'on-record.lines.what'];
    expect([...unused].filter((id) => !onlyOnRecord.includes(id))).toEqual([]);
  });
});

/** All placeholders of a text. */
const kept = (id: string): string =>
  placeholdersOf(Object.entries(catalogue).find(([known]) => known === id)?.[1] ?? '')
    .map((name) => ` {${name}}`)
    .join('');

/** Messages of several items, so that the brief texts, the summaries and the titles in groups are used. */
function severals() {
  const kindOf = (type: string) => everyKind.filter((event) => event.type === type && event.mode === 'enforce');
  const numbered = (event: (typeof everyKind)[number], n: number) => ({
    event: { ...event, keyId: keyId(n + 1), account: n < 2 ? event.account : OTHER_ACCOUNT },
  });
  const ofUser = (event: (typeof everyKind)[number], n: number) => {
    const { keyId: _, ...one } = { ...event, userName: parseUserName(`user-${n}`) };
    return { event: one };
  };
  const five = everyKind.map((event) => [0, 1, 2, 3, 4].map((n) => numbered(event, n)));
  const [replaced, later, upcoming, disabled, blocked, ended, unswept] = [
    ...kindOf('key-replaced').slice(0, 1),
    ...kindOf('key-still-used').slice(0, 1),
    ...kindOf('rotation-upcoming').slice(0, 1),
    ...kindOf('key-disabled').slice(0, 1),
    ...kindOf('user-blocked').slice(0, 1),
    ...kindOf('exemption-ended').slice(0, 1),
    ...everyKind.filter(({ type, userName }) => type === 'sweep-failed' && userName === undefined).slice(0, 1),
  ];
  if (!replaced || !later || !upcoming || !disabled || !blocked || !ended || !unswept)
    throw new Error('a kind is missing');
  const elsewhen = { ...later, details: { ...later.details, disableAt: '2026-05-01T00:00:00.000Z' } };
  return [
    ...five,
    [numbered(disabled, 0), numbered(replaced, 1), numbered(upcoming, 3)],
    [numbered(disabled, 0), numbered(replaced, 1), numbered(replaced, 2), numbered(upcoming, 3), numbered(upcoming, 4)],
    [numbered(replaced, 0), { event: historyEventSchema.parse({ ...elsewhen, keyId: keyId(9) }) }],
    [ofUser(blocked, 1), ofUser(ended, 2), ofUser(ended, 3)],
    [ofUser(blocked, 1), ofUser(blocked, 2), numbered(upcoming, 1), ofUser(ended, 3)],
    [{ event: unswept }, numbered(replaced, 1)],
    [0, 1, 2].map((n) => ({ event: { ...ofUser(ended, n).event, account: n < 2 ? ended.account : OTHER_ACCOUNT } })),
    [{ event: { ...upcoming, policy: { rotateAfterDays: 90, disableAfterDays: 91, deleteAfterDays: 110 } } }],
  ];
}

describe('an override', () => {
  const replaced = anEvent('key-replaced');

  test('takes the place of that text, and of no other, on every channel', () => {
    const texts = {
      [SWITCH]: 'Bis {disableAt} umsteigen, danach ist am {deleteAt} Schluss.',
      'key-replaced.heading': 'Neuer Key',
      'key-replaced.subject': 'Umsteigen bis {day}',
      'footer.owner': 'Fragen: #platform ({owner})',
    };
    expect(validateTexts(texts)).toEqual([]);
    for (const channel of channels) {
      const message = only(messagesFor(channel, payments, [{ event: replaced }], { texts }));
      const all = textsOf(message).join('\n');
      expect(message.subject).toBe('[Keyturn] Umsteigen bis 11 Apr 2026: ci-deploy');
      expect(message.text).toContain('Neuer Key\n---------\n');
      expect(message.text).toContain('  Bis Sat 11 Apr 2026, 02:00 CEST (00:00 UTC) umsteigen, danach');
      expect(message.text).toContain('Fragen: #platform (payments)');
      expect(message.text).toContain('For now both keys work.');
      expect(all).not.toContain('Use the new one everywhere by');
      expect(all).toContain('umsteigen, danach');
    }
  });

  test('can have no markup of a channel, and what is filled in stays a piece of its own', () => {
    const hostile = '*bold* _it_ ~no~ `code` <!channel> <b>html</b> &amp; {disableAt} {deleteAt}';
    const texts = { [SWITCH]: hostile };
    const slack = only(messagesFor('slack', payments, [{ event: replaced }], { texts }));
    const line = JSON.stringify(slack.blocks)
      .split('\\n')
      .find((one) => one.includes('channel'));
    expect(line).toContain(
      '\u2217bold\u2217 \u02CDit\u02CD \u223Cno\u223C \u02CBcode\u02CB &lt;!channel&gt; &lt;b&gt;',
    );
    expect(line).toContain('*Sat 11 Apr 2026, 02:00 CEST (00:00 UTC)*');
    const { html } = only(messagesFor('email', payments, [{ event: replaced }], { texts }));
    expect(html).toContain('&lt;!channel&gt; &lt;b&gt;html&lt;/b&gt; &amp;amp; <strong>Sat 11 Apr 2026');
  });

  test('that nobody checked costs nobody a notice: lines stay lines, unknown names stay as they are', () => {
    const texts = {
      [SWITCH]: 'Forged\n--\nline {constructor} {toString} {nonsense} {disableAt',
      'no.such.text': 'x',
      'key-replaced.subject': '<!channel> \u00e4',
    };
    const { text, subject, blocks } = only(messagesFor('slack', payments, [{ event: replaced }], { texts }));
    expect(text).toContain('  Forged -- line {constructor} {toString} {nonsense} {disableAt\n');
    expect(subject).toBe('[Keyturn] <!channel> ?: ci-deploy');
    expect(JSON.stringify(blocks[0])).not.toMatch(/[<>]/);
  });

  test('a name cannot pass for a placeholder', () => {
    const owner = anOwner({ name: '{owner}' });
    expect(only(messagesFor('sns', owner, [{ event: replaced }])).text).toContain('Hello {owner},');
  });

  test.each(['x', '&', '{'])('as long as it may be, full of %s, every notice still fits', (letter) => {
    const longest = Object.fromEntries(
      Object.keys(catalogue).map((id) => {
        const limit = /\.subject(\.|$)/.test(id) ? 50 : id.endsWith('.heading') ? 60 : 500;
        const start = kept(id);
        const room = Math.max(0, limit - start.length);
        return [id, start + letter.repeat(letter === '&' ? Math.floor(room / 5) : room)];
      }),
    );
    if (letter !== '{') expect(validateTexts(longest)).toEqual([]);
    for (const event of everyKind.map((kind) => withTexts(kind, '& '.repeat(400)))) {
      for (const channel of channels)
        expectAcceptable(only(messagesFor(channel, payments, [{ event }], { texts: longest })));
    }
  });
});

describe('a mistake in an override', () => {
  test.each([
    [
      'an unknown ID, with the nearest',
      'key-replaced.line.switch',
      'x',
      /^is no text of a notice; the nearest are key-replaced\.lines\.switch, /,
    ],
    [
      'an unknown placeholder',
      'footer.owner',
      '{owner} {when}',
      /^has the unknown placeholder \{when\}: this text has \{owner\}$/,
    ],
    ['a placeholder where there is none', 'footer.secrets', '{owner}', /this text has none$/],
    [
      'a deadline left out',
      SWITCH,
      'Soon! {deleteAt}',
      /^leaves out \{disableAt\}, which whoever reads it has to know$/,
    ],
    ['a brace without its counterpart', 'footer.secrets', 'a {b', /^has a brace without its counterpart$/],
    ['no text', 'footer.secrets', ' ', /^is empty: leave it out/],
    ['two lines', 'footer.secrets', 'a\nb', /^has a line break/],
    ['a heading beyond ASCII', 'key-replaced.heading', 'Schlüssel', /plain ASCII characters only$/],
    ['a subject beyond ASCII', 'key-replaced.subject', 'Schlüssel {day}', /plain ASCII characters only$/],
  ])('%s', (_mistake, id, text, message) => {
    expect(mistakes(id, text)).toEqual([expect.stringMatching(message)]);
  });

  test.each([
    ['footer.secrets', 500],
    ['key-deleted.heading', 60],
    ['key-replaced.now.subject', 50],
  ])('%s is too long beyond %d characters', (id, limit) => {
    expect(mistakes(id, 'x'.repeat(limit))).toEqual([]);
    expect(mistakes(id, 'x'.repeat(limit + 1))).toEqual([expect.stringContaining(`at most ${limit}`)]);
  });

  test('beyond ASCII is fine where no subject is', () => {
    expect(mistakes('footer.secrets', 'Für immer ✓')).toEqual([]);
  });

  test('every one is named, with its text', () => {
    expect(validateTexts({ [SWITCH]: 'x {y}', 'no.text': '' }).map(({ id }) => id)).toEqual([
      SWITCH,
      SWITCH,
      SWITCH,
      'no.text',
    ]);
  });
});
