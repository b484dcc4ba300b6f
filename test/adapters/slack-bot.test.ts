import { inspect } from 'node:util';
import { CreateSecretCommand, PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { Slack } from '../../lambda/adapters/slack.ts';
import { SlackSecret } from '../../lambda/adapters/slack-secret.ts';
import { clientSettings } from '../../lambda/platform/aws-clients.ts';
import { UnavailableError } from '../../lambda/ports.ts';
import { aNotice, anOwner } from '../support/builders.ts';
import { emulated } from '../support/emulated.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { passingPause } from '../support/fake-pause.ts';
import type { StubAnswer } from '../support/http-stub.ts';
import { stubbed } from '../support/stubbed.ts';

const { emulator, freshAccount } = emulated();
const { stub } = stubbed();

const TOKEN = 'xoxb-fake-tokenThatMustNotBeSeen';
const channel = aNotice({ to: anOwner({ slackChannel: '#payments' }) });
const member = aNotice({ to: anOwner({ slackUser: 'U0FAKE0001' }) });

/** A Slack whose bot's token is in a real secret, and whose Web API is the stub. */
async function freshSlack(more: Readonly<Record<string, string>> = {}) {
  const client = new SecretsManagerClient({ ...clientSettings, ...emulator().client(freshAccount()) });
  const content = { botToken: TOKEN, botUrl: `${stub().url}/api/`, ...more };
  await client.send(new CreateSecretCommand({ Name: 'slack', SecretString: JSON.stringify(content) }));
  const clock = new FakeClock();
  const { pause, waits } = passingPause(clock);
  const slack = new Slack(new SlackSecret(client, 'slack', clock), clock, { pause, timeout: 1_500 });
  const change = (next: object) =>
    client.send(
      new PutSecretValueCommand({ SecretId: 'slack', SecretString: JSON.stringify({ ...content, ...next }) }),
    );
  return { slack, clock, waits, change };
}

const json = (body: unknown, status = 200, headers = {}): StubAnswer => ({
  status,
  headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
  body: JSON.stringify(body),
});
const taken = json({ ok: true, channel: 'C0FAKE0001', ts: '1767225600.000100' });
const refused = (error: string): StubAnswer => json({ ok: false, error });

async function sending(...answers: StubAnswer[]) {
  const { slack, waits } = await freshSlack();
  stub().prepare(...answers);
  const error = await slack.send(channel).catch((refusal: unknown) => refusal);
  return { error, waits, tries: stub().requests.length };
}

describe('the bot', () => {
  test('posts to a channel that has no webhook, with the token in the header alone', async () => {
    const { slack } = await freshSlack();
    stub().prepare(taken);
    await slack.send(channel);
    const [request] = stub().requests;
    expect(request).toMatchObject({ method: 'POST', path: '/api/chat.postMessage' });
    expect(request?.headers).toMatchObject({
      authorization: `Bearer ${TOKEN}`,
      'content-type': 'application/json; charset=utf-8',
    });
    expect(JSON.parse(request?.body ?? '')).toEqual({
      channel: '#payments',
      text: channel.subject,
      blocks: channel.blocks,
      unfurl_links: false,
      unfurl_media: false,
    });
  });

  test('sends a member a direct message', async () => {
    const { slack } = await freshSlack();
    stub().prepare(taken);
    await slack.send({ ...member, blocks: [] });
    expect(JSON.parse(stub().requests[0]?.body ?? '')).toMatchObject({ channel: 'U0FAKE0001', text: member.text });
  });

  test('leaves a channel with a webhook to the webhook', async () => {
    const { slack } = await freshSlack({ '#payments': `${stub().url}/services/hook` });
    stub().prepare({ status: 200, body: 'ok' });
    await slack.send(channel);
    const [request] = stub().requests;
    expect(request?.path).toBe('/services/hook');
    expect(request?.headers.authorization).toBeUndefined();
  });

  test('without a token, a direct message is refused', async () => {
    const { slack, change } = await freshSlack();
    await change({ botToken: undefined });
    await expect(slack.send(member)).rejects.toThrow('Secret slack has no botToken, which direct messages need.');
  });

  test.each(['xoxp-of-a-person', 'fakeTokenThatMustNotBeSeen', 'xoxb-two words', ''])(
    'with %j for a token refuses without showing it, and leaves webhooks alone',
    async (botToken) => {
      const { slack } = await freshSlack({ botToken, '#search': `${stub().url}/services/search` });
      await expect(slack.send(channel)).rejects.toThrow(
        /^The botToken in secret slack is not the token of a bot \(xoxb-…\)\.$/,
      );
      stub().prepare({ status: 200, body: 'ok' });
      await slack.send(aNotice({ to: anOwner({ slackChannel: '#search' }) }));
      expect(stub().requests).toHaveLength(1);
    },
  );

  test('speaks to no API without encryption', async () => {
    const { slack } = await freshSlack({ botUrl: 'http://slack.example/api' });
    await expect(slack.send(channel)).rejects.toThrow('The botUrl in secret slack is not an https URL.');
  });

  test.each(['botToken', 'botUrl'])('takes no channel named %s for a webhook', async (slackChannel) => {
    const { slack } = await freshSlack();
    stub().prepare(taken);
    await slack.send(aNotice({ to: anOwner({ slackChannel }) }));
    expect(stub().requests[0]?.path).toBe('/api/chat.postMessage');
  });
});

describe('what Slack refuses is said with what to do', () => {
  test.each([
    ['channel_not_found', 'The bot sees no such channel'],
    ['not_in_channel', 'Invite the bot to the channel'],
    ['is_archived', 'The channel is archived'],
    ['invalid_auth', 'The botToken in secret slack does not hold (any more): install the Slack app again'],
    ['token_revoked', 'The botToken in secret slack does not hold'],
    ['missing_scope', 'Give the Slack app the scope chat:write'],
    ['user_not_found', 'There is no such member: slack_user is the member ID'],
    ['restricted_action', "The workspace's settings do not let the bot post there"],
    ['something_new', "Slack's documentation of chat.postMessage explains it."],
  ])('%s', async (word, what) => {
    const { error, tries } = await sending(refused(word));
    expect(error).toBeInstanceOf(UnavailableError);
    expect(String(error)).toContain(`Slack refused the notice (#payments): ${word}. ${what}`);
    expect(tries).toBe(1);
  });

  test('a fault of Slack is tried again, and given up when it stays', async () => {
    expect(await sending(json({ ok: false, error: 'internal_error' }, 500), taken)).toEqual({
      error: undefined,
      waits: [3_000],
      tries: 2,
    });
    const { error, tries } = await sending({ status: 503, body: '<html>try later</html>' });
    expect(String(error)).toContain('Slack answered 503: an HTML page');
    expect(tries).toBe(4);
  });

  test('a token that was refused is read anew', async () => {
    const { slack, change, clock } = await freshSlack();
    stub().prepare(refused('token_revoked'), taken);
    await expect(slack.send(channel)).rejects.toThrow(/token_revoked/);
    await change({ botToken: 'xoxb-fake-next' });
    clock.advance(1_000);
    await slack.send(channel);
    expect(stub().requests.map(({ headers }) => headers.authorization)).toEqual([
      `Bearer ${TOKEN}`,
      'Bearer xoxb-fake-next',
    ]);
  });

  test.each<[string, StubAnswer, string]>([
    ['a page of HTML', { status: 200, body: '<html>Sign in</html>' }, 'Slack answered 200: an HTML page'],
    ['a word that is none', refused(`<script>${TOKEN}</script>`), 'Slack answered 200'],
    ['ok without 200', json({ ok: true }, 202), 'Slack answered 202'],
    ['nothing', { status: 200 }, 'Slack answered 200: no text'],
    ['a redirect', { status: 307, headers: { location: 'https://example.com/' } }, 'Slack answered 307: no text'],
    ['silence', 'hang', 'Slack did not answer (#payments): the time for it ran out'],
    ['a broken connection', 'drop', 'Slack did not answer (#payments): UND_ERR_SOCKET'],
  ])('%s is not taken for a yes', async (_name, answer, what) => {
    const { error, tries } = await sending(answer);
    expect(String(error)).toContain(what);
    expect(tries).toBe(1);
  });

  test.each<[string, StubAnswer]>([
    ['refusal', refused('invalid_auth')],
    ['HTML page', { status: 502, body: `<html>${TOKEN}</html>` }],
    ['silence', 'hang'],
    ['broken connection', 'drop'],
  ])('the error of a %s does not show the token', async (_name, answer) => {
    const { error } = await sending(answer);
    expect(error).toBeInstanceOf(UnavailableError);
    expect(inspect(error, { depth: null, showHidden: true })).not.toContain('tokenThatMustNotBeSeen');
  });
});

describe("Slack's rate", () => {
  test('after as long as Slack asks for it is tried again, and after a moment when it does not say', async () => {
    const busy = json({ ok: false, error: 'ratelimited' }, 429, { 'retry-after': '3' });
    expect(await sending(busy, refused('ratelimited'), json({ ok: false, error: 'ratelimited' }, 429), taken)).toEqual({
      error: undefined,
      waits: [3_000, 2_000, 2_000],
      tries: 4,
    });
  });

  test('messages for one channel are a second apart, those for others are not held up', async () => {
    const { slack, waits } = await freshSlack();
    stub().prepare(taken);
    await slack.send(channel);
    await slack.send(member);
    expect(waits).toEqual([]);
    await slack.send(channel);
    await slack.send(channel);
    expect(waits).toEqual([1_000, 1_000]);
  });

  test('many at once are sent one after another, in real time', async () => {
    const client = new SecretsManagerClient({ ...clientSettings, ...emulator().client(freshAccount()) });
    const content = { botToken: TOKEN, botUrl: `${stub().url}/api` };
    await client.send(new CreateSecretCommand({ Name: 'slack', SecretString: JSON.stringify(content) }));
    const clock = { now: () => Date.now() };
    const slack = new Slack(new SlackSecret(client, 'slack', clock), clock);
    const times: number[] = [];
    stub().prepare(() => {
      times.push(Date.now());
      return taken;
    });
    await Promise.all([slack.send(channel), slack.send(channel), slack.send(channel)]);
    const gaps = times.slice(1).map((time, at) => time - (times[at] ?? 0));
    expect(gaps).toHaveLength(2);
    for (const gap of gaps) expect(gap).toBeGreaterThanOrEqual(900);
  });

  test('while Slack wants quiet for longer than can be waited, nothing more is sent there', async () => {
    const { slack, clock } = await freshSlack();
    stub().prepare(json({ ok: false, error: 'ratelimited' }, 429, { 'retry-after': '60' }), taken);
    await expect(slack.send(channel)).rejects.toThrow(/ratelimited\. Slack takes about a message a second/);
    await expect(slack.send(channel)).rejects.toThrow('or asked for a pause (#payments).');
    expect(stub().requests).toHaveLength(1);
    clock.advance(60_000);
    await slack.send(channel);
    expect(stub().requests).toHaveLength(2);
  });
});
