import picocolors from 'picocolors';
import { fetchCommandIn } from '../../../local/demo/people.ts';
import { slackNotice } from '../../../local/demo/report/notice.ts';
import { type SlackEndpoint, startSlackEndpoint } from '../../../local/demo/slack-endpoint.ts';

describe('the command in a notice, read as a shell reads it', () => {
  const command = (secret: string) =>
    `Fetch it:\n  aws secretsmanager get-secret-value --secret-id ${secret} --version-stage AWSCURRENT --region eu-west-1 --query SecretString --output text\nThen`;

  test.each([
    ["'keyturn/111122223333/build-bot'", 'keyturn/111122223333/build-bot'],
    ["'keyturn/111122223333/a+b=3Dc=2Cd.e@f'", 'keyturn/111122223333/a+b=3Dc=2Cd.e@f'],
    ["'it'\\''s'", "it's"],
  ])('%s', (printed, secretId) => {
    const region = 'eu-west-1';
    expect(fetchCommandIn(command(printed))).toMatchObject({ secretId, versionStage: 'AWSCURRENT', region });
  });

  test('a notice without one', () => {
    expect(() => fetchCommandIn('Nothing to do.')).toThrow('does not say how to fetch');
  });
});

describe('the Slack endpoint', () => {
  let slack: SlackEndpoint;
  beforeAll(async () => {
    slack = await startSlackEndpoint();
  });
  afterAll(() => slack.stop());

  const post = async (url: string, message: unknown) =>
    (await fetch(url, { method: 'POST', body: JSON.stringify(message) })).status;
  const section = (text: string) => ({ type: 'section', text: { type: 'mrkdwn', text } });

  test('takes what Slack takes, and shows it as Slack does', async () => {
    const blocks = [section('Use *the new one* for `a &lt; b`.'), { type: 'divider' }];
    expect(await post(slack.webhook('#web'), { text: 'News', blocks })).toBe(200);
    const [seen] = slack.take();
    if (seen === undefined) throw new Error('nothing was posted');
    expect(seen.channel).toBe('#web');
    const shown = slackNotice(seen, { width: 80, paint: picocolors.createColors(false) });
    expect(shown).toContain('Use the new one for a < b.');
    expect(slack.take()).toEqual([]);
  });

  test.each([
    ['no blocks', { text: 'News', blocks: [] }],
    ['51 blocks', { text: 'News', blocks: Array.from({ length: 51 }, () => ({ type: 'divider' })) }],
    ['a section of 3001 characters', { text: 'News', blocks: [section('x'.repeat(3001))] }],
    ['a kind of block that there is not', { text: 'News', blocks: [{ type: 'paragraph' }] }],
    ['no text for the lock screen', { blocks: [section('x')] }],
  ])('refuses %s', async (_, message) => {
    expect(await post(slack.webhook('#web'), message)).toBe(400);
  });

  test('refuses who does not know a webhook', async () => {
    expect(await post(new URL('/services/guess', slack.webhook('#web')).href, {})).toBe(404);
  });
});
