import { messagesFor } from '../../lambda/domain/notices/messages.ts';
import { anEvent, anOwner } from '../support/builders.ts';
import { everyKind, only, payments, withTexts } from './support/notices.ts';

const htmlOf = (event: ReturnType<typeof anEvent>) => only(messagesFor('email', payments, [{ event }])).html;
const html = htmlOf(anEvent('key-replaced'));

const VOID = new Set(['meta', 'br']);

/** Every tag that is opened is closed, in order; answers with those that are not. */
function unbalanced(document: string): readonly string[] {
  const open: string[] = [];
  for (const [, closing, name = ''] of document.matchAll(/<(\/?)([a-z0-9]+)[^>]*>/g)) {
    if (VOID.has(name)) continue;
    if (closing === '') open.push(name);
    else if (open.pop() !== name) return [...open, `</${name}>`];
  }
  return open;
}

/** What a reader sees of it, on one line. */
const seenIn = (document: string): string =>
  document
    .replace(/<\/?(code|strong)[^>]*>/g, '')
    .replace(/<style>.*?<\/style>|<title>.*?<\/title>/gs, '')
    .replace(/<[^>]*>/g, ' ')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&')
    .replace(/\s+/g, ' ');

describe('HTML mail', () => {
  test('is one whole document that says its language and that it can be dark', () => {
    expect(html).toMatch(/^<!doctype html>\n<html lang="en">/);
    expect(html).toContain('<meta name="color-scheme" content="light dark">');
    expect(html).toContain('@media (prefers-color-scheme: dark)');
    expect(html.trimEnd()).toMatch(/<\/html>$/);
  });

  test.each(everyKind.map((event) => [event.type, event.mode, event] as const))(
    '%s (%s) has every tag closed',
    (_type, _mode, event) => {
      expect(unbalanced(htmlOf(event))).toEqual([]);
    },
  );

  test('loads nothing and runs nothing', () => {
    for (const event of everyKind) {
      expect(htmlOf(event)).not.toMatch(/<(script|img|link|iframe|object|form|a)\b|https?:|url\(|@import|\son\w+=/i);
    }
  });

  test('lays out with tables that screen readers pass over', () => {
    const tables = html.match(/<table[^>]*>/g) ?? [];
    expect(tables.length).toBeGreaterThan(3);
    for (const table of tables) expect(table).toContain('role="presentation"');
  });

  test('begins with what a list of messages shows beside the subject', () => {
    const preheader = /<div style="display:none[^"]*">([^<]*)<\/div>/.exec(html)?.[1];
    expect(preheader).toBe('The new key AKIAFAKE000000000009 is ready. For now both keys work.');
  });

  test('says whatever the plain text says', () => {
    for (const event of everyKind) {
      const message = only(messagesFor('email', payments, [{ event }]));
      const seen = seenIn(message.html);
      for (const line of message.text.split('\n').filter((one) => !/^-*$/.test(one))) {
        expect(seen).toContain(line.trim().replace(/^(keyturn|AWS CLI|PowerShell):$/, '$1'));
      }
    }
  });

  test('commands stand alone, as they are to be pasted', () => {
    const [command] = /<td class="cmd"[^>]*>(keyturn [^<]*)<\/td>/.exec(html)?.slice(1) ?? [];
    expect(command).toBe('keyturn pull --profile NAME --region eu-central-1');
  });

  test('what people write stays text', () => {
    const hostile = "\"><script>alert(1)</script><img src=x onerror=y> & 'quoted'";
    const owner = anOwner({ name: hostile });
    for (const event of everyKind.map((kind) => withTexts(kind, hostile))) {
      const document = only(
        messagesFor('email', owner, [{ event, insteadOf: { kind: 'unreachable', owner, why: hostile } }]),
      ).html;
      expect(document).not.toMatch(/<script|<img|'quoted'/);
      expect(unbalanced(document)).toEqual([]);
    }
  });

  test('is for e-mail alone', () => {
    expect(only(messagesFor('sns', payments, [{ event: anEvent('key-replaced') }])).html).toBe('');
  });
});
