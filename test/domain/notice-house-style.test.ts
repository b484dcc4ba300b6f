import type { HouseStyle } from '../../lambda/domain/notices/house-style.ts';
import { messagesFor } from '../../lambda/domain/notices/messages.ts';
import { waysOut } from '../../lambda/domain/ways-out.ts';
import { anEvent, eventId, keyId, NOW } from '../support/builders.ts';
import { sampleDetails } from '../support/sample-details.ts';
import { channels, everyKind, expectAcceptable, only, payments, textsOf } from './support/notices.ts';

const unreached = { kind: 'unreachable', owner: payments, why: 'Slack answered 500.' } as const;

describe('the command of the settings', () => {
  const style = { command: 'npx @acme/keyturn' };
  /** Verbs that notices name. */
  const called = /\b(\S+ )?(\S+) (pull|rotate|restore|snooze|history|owners import)\b(?! by)/g;

  test('is the one in every notice, on every channel', () => {
    let commands = 0;
    for (const event of everyKind) {
      for (const channel of channels) {
        const message = only(messagesFor(channel, payments, [{ event, insteadOf: unreached }], style));
        for (const [, before, tool] of textsOf(message).join('\n').matchAll(called)) {
          if (!tool?.endsWith('keyturn')) continue;
          commands += 1;
          expect(`${before}${tool}`).toMatch(/npx @acme\/keyturn$/);
        }
      }
    }
    expect(commands).toBeGreaterThan(100);
  });

  test('left out it is the installed tool: nothing that a notice says fetches a package of that name', () => {
    for (const event of everyKind) {
      const message = only(messagesFor('email', payments, [{ event, insteadOf: unreached }]));
      expect(textsOf(message).join('\n')).not.toContain('npx');
    }
  });
});

describe('what may take the place of a rotated key', () => {
  const { lastUse, ...replaced } = sampleDetails['key-replaced'];
  const at = '2025-12-31T23:00:00.000Z';
  const usedFor = (service: string) => ({ ...replaced, lastUse: { ...lastUse, at, service } });
  const told = (details: typeof replaced, style?: HouseStyle) =>
    only(messagesFor('sns', payments, [{ event: anEvent('key-replaced', { details }) }], style)).text;
  const guide = { guideUrl: 'https://wiki.example.com/keys?page=1&view=2' };

  test('is named, with the section of the guide in words where nobody has published it', () => {
    expect(told(usedFor('ecr'))).toContain(
      'See "GitHub, GitLab and Bitbucket pipelines" in the guide "Leaving long-lived access keys" (your platform team has it).',
    );
  });

  test('with a link to the section where it is published', () => {
    expect(told(usedFor('ecr'), guide)).toContain(
      'See https://wiki.example.com/keys?page=1&view=2#github-gitlab-and-bitbucket-pipelines.',
    );
  });

  test.each([
    ['nobody knows what it was last used for', replaced],
    ['its service says nothing', usedFor('unheard-of')],
  ])('when %s: where to find out', (_what, details) => {
    expect(told(details, guide)).toContain(
      'depends on who uses it: see https://wiki.example.com/keys?page=1&view=2#which-way-is-yours.',
    );
  });

  test('when the old key stops at once too', () => {
    expect(told({ ...usedFor('ecr'), disableAt: anEvent('key-replaced').time })).toContain('as one used for ecr: ');
  });

  test('when the old key is gone too', () => {
    const { text } = only(messagesFor('sns', payments, [{ event: anEvent('key-published') }], guide));
    expect(text).toContain('#which-way-is-yours.');
  });

  test('among many keys: a line for each service, and once where to find out', () => {
    const items = ['ecr', 's3', 'ecr', 's3', 'unheard-of'].map((service, n) => ({
      event: anEvent('key-replaced', { id: eventId(NOW, n + 1), keyId: keyId(n + 1), details: usedFor(service) }),
    }));
    const { text } = only(messagesFor('sns', payments, items, guide));
    expect(text.match(/^Likely for a key used for .*$/gm)).toEqual([
      'Likely for a key used for ecr: OpenID Connect of the pipeline.',
      'Likely for a key used for s3: a role of the workload itself.',
    ]);
    expect(text.match(/#which-way-is-yours/g)).toHaveLength(1);
  });

  test('the link is one to follow in mail and chat, and every notice with the longest one still fits', () => {
    const item = { event: anEvent('key-replaced', { details: usedFor('ecr') }) };
    const address = 'https://wiki.example.com/keys?page=1&amp;view=2#github-gitlab-and-bitbucket-pipelines';
    expect(only(messagesFor('email', payments, [item], guide)).html).toContain(`<a href="${address}">${address}</a>`);
    expect(JSON.stringify(only(messagesFor('slack', payments, [item], guide)).blocks)).toContain(`<${address}>`);
    const longest = { guideUrl: `https://wiki.example.com/${'&'.repeat(275)}`, command: 'x'.repeat(100) };
    for (const event of everyKind) {
      for (const channel of channels) expectAcceptable(only(messagesFor(channel, payments, [{ event }], longest)));
    }
  });

  test('no notice names a file that its reader does not have', () => {
    for (const event of everyKind) {
      for (const channel of channels) {
        const texts = textsOf(only(messagesFor(channel, payments, [{ event, insteadOf: unreached }]))).join('\n');
        expect(texts).not.toContain('docs/');
        for (const { anchor } of Object.values(waysOut)) {
          if (anchor.includes('-')) expect(texts).not.toContain(anchor);
        }
      }
    }
  });
});
