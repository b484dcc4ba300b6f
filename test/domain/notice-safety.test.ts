import fc from 'fast-check';
import type { NoticeItem } from '../../lambda/domain/notices/item.ts';
import { messagesFor } from '../../lambda/domain/notices/messages.ts';
import { anEvent, anOwner } from '../support/builders.ts';
import { channels, everyKind, only, payments, withTexts } from './support/notices.ts';

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

  test('nor bold, code or struck out: Slack’s formatting is replaced by what looks like it', () => {
    const event = withTexts(anEvent('exemption-granted'), '*bold* _it_ ~no~ ```code``` a_b 2 * 3');
    const { blocks, text } = only(messagesFor('slack', payments, [{ event }]));
    const reason = JSON.stringify(blocks)
      .split('\\n')
      .find((line) => line.startsWith('Reason'));
    expect(reason).toBe('Reason: ∗bold∗ ˍitˍ ∼no∼ ˋˋˋcodeˋˋˋ a_b 2 ∗ 3');
    expect(text).toContain('Reason: *bold* _it_ ~no~ ```code``` a_b 2 * 3');
    expect(JSON.stringify(blocks)).toContain('`*bold* _it_ ~no~ ˋˋˋcodeˋˋˋ a_b 2 * 3`');
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
          const { text, subject, blocks, html } = only(messagesFor(channel, anOwner({ name: hidden }), [item]));
          for (const out of [text, subject, JSON.stringify(blocks), html]) expect(out).not.toContain(hidden);
        }
      }),
      { numRuns: 400 },
    );
  });
});
