import { inspect } from 'node:util';
import { CreateSecretCommand, PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { Slack } from '../../lambda/adapters/slack.ts';
import { SlackSecret } from '../../lambda/adapters/slack-secret.ts';
import { MINUTE } from '../../lambda/domain/time.ts';
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

const PATH = '/services/T0FAKE/B0FAKE/fakeTokenThatMustNotBeSeen';
const owner = anOwner({ slackChannel: '#payments' });
const notice = aNotice({ to: owner });

/** A Slack whose webhooks are in a real secret, with a clock that the test moves. */
async function freshSlack(webhooks: unknown = { '#payments': `${stub().url}${PATH}` }) {
  const client = new SecretsManagerClient({ ...clientSettings, ...emulator().client(freshAccount()) });
  const text = typeof webhooks === 'string' ? webhooks : JSON.stringify(webhooks);
  await client.send(new CreateSecretCommand({ Name: 'slack', SecretString: text }));
  const clock = new FakeClock();
  const { pause, waits } = passingPause(clock);
  const slack = new Slack(new SlackSecret(client, 'slack', clock), clock, { pause, timeout: 1_500 });
  const change = (next: unknown) =>
    client.send(new PutSecretValueCommand({ SecretId: 'slack', SecretString: JSON.stringify(next) }));
  return { slack, clock, waits, change };
}

async function sending(...answers: StubAnswer[]) {
  const { slack, waits } = await freshSlack();
  stub().prepare(...answers);
  const error = await slack.send(notice).catch((refusal: unknown) => refusal);
  return { error, waits, tries: stub().requests.length };
}

const ok: StubAnswer = { status: 200, body: 'ok' };

describe('a notice', () => {
  test("is posted to its channel's webhook, the subject for the notification", async () => {
    expect((await sending(ok)).error).toBeUndefined();
    const [request] = stub().requests;
    expect(request).toMatchObject({ method: 'POST', path: PATH });
    expect(request?.headers['content-type']).toBe('application/json; charset=utf-8');
    expect(JSON.parse(request?.body ?? '')).toEqual({ text: notice.subject, blocks: notice.blocks });
  });

  test('without blocks is posted as text', async () => {
    const { slack } = await freshSlack();
    stub().prepare(ok);
    await slack.send({ ...notice, blocks: [] });
    expect(JSON.parse(stub().requests[0]?.body ?? '')).toEqual({ text: notice.text });
  });

  test('to an owner without a channel, or to operators, is refused', async () => {
    const { slack } = await freshSlack();
    await expect(slack.send(aNotice({ to: anOwner() }))).rejects.toThrow(/'payments' has no Slack channel or member/);
    await expect(slack.send(aNotice({ to: 'operators' }))).rejects.toThrow(UnavailableError);
    expect(slack.name).toBe('slack');
  });
});

describe('when Slack is busy', () => {
  const busy = (headers = {}): StubAnswer => ({ status: 429, body: 'rate_limited', headers });

  test('it is tried again after as long as Slack asks for', async () => {
    expect(await sending(busy({ 'retry-after': '3' }), busy({ 'retry-after': '1' }), ok)).toEqual({
      error: undefined,
      waits: [3_000, 1_000],
      tries: 3,
    });
  });

  test('and does not say for how long, it is tried again after a moment', async () => {
    expect(await sending(busy(), busy({ 'retry-after': 'soon' }), ok)).toMatchObject({
      waits: [2_000, 2_000],
      tries: 3,
    });
  });

  test('for longer than a function can wait, it is given up at once', async () => {
    const { error, waits, tries } = await sending(busy({ 'retry-after': '30' }));
    expect(String(error)).toBe('UnavailableError: Slack answered 429: rate_limited (#payments).');
    expect({ waits, tries }).toEqual({ waits: [], tries: 1 });
  });

  test('again and again, the waiting is bounded in all', async () => {
    const { error, waits } = await sending(busy({ 'retry-after': '4' }));
    expect(error).toBeInstanceOf(UnavailableError);
    expect(waits).toEqual([4_000, 4_000]);
  });
});

describe('when Slack fails', () => {
  test('once, it is tried again', async () => {
    expect(await sending({ status: 500, body: 'server_error' }, ok)).toMatchObject({ error: undefined, tries: 2 });
  });

  test('again and again, it is given up with what Slack said', async () => {
    const { error, tries, waits } = await sending({ status: 503, body: 'service_unavailable' });
    expect(String(error)).toBe('UnavailableError: Slack answered 503: service_unavailable (#payments).');
    expect(tries).toBe(waits.length + 1);
    expect(tries).toBeLessThanOrEqual(4);
  });

  test.each([
    [400, 'invalid_blocks', 'invalid_blocks'],
    [403, 'action_prohibited', 'action_prohibited'],
    [404, 'no_service', 'no_service'],
    [410, '', 'no text'],
    [302, 'see https://example.com/', 'see https://example.com/'],
    [404, `${'x'.repeat(5_000)}`, 'x'.repeat(100)],
    [403, '<html><body>Blocked by the proxy</body></html>', 'an HTML page, so perhaps a proxy answered in its place'],
  ])('for good (%d %s), it is not tried again', async (status, body, said) => {
    const { error, tries } = await sending({ status, body });
    expect(error).toBeInstanceOf(UnavailableError);
    expect(String(error)).toBe(`UnavailableError: Slack answered ${status}: ${said} (#payments).`);
    expect(tries).toBe(1);
  });

  test.each<[string, StubAnswer, string]>([
    ['by not answering', 'hang', 'the time for it ran out'],
    ['by hanging up', 'drop', 'UND_ERR_SOCKET'],
  ])('%s, it may have taken the notice, which is not posted twice', async (_name, answer, reason) => {
    const { error, tries } = await sending(answer);
    expect(error).toBeInstanceOf(UnavailableError);
    expect(String(error)).toContain(`Slack did not answer (#payments): ${reason}`);
    expect(tries).toBe(1);
  });

  test.each<[string, StubAnswer]>([
    ['refusal', { status: 404, body: 'no_service' }],
    ['broken connection', 'drop'],
    ['silence', 'hang'],
  ])('the error of a %s does not show the webhook', async (_name, answer) => {
    const { error } = await sending(answer);
    expect(inspect(error, { depth: null, showHidden: true })).not.toContain('fakeTokenThatMustNotBeSeen');
  });
});

describe('the webhooks', () => {
  test('are read anew after five minutes, not before', async () => {
    const { slack, clock, change } = await freshSlack();
    await change({ '#payments': `${stub().url}/services/new` });
    stub().prepare(ok);
    await slack.send(notice);
    await change({ '#payments': `${stub().url}/services/newer` });
    clock.advance(5 * MINUTE - 1);
    await slack.send(notice);
    clock.advance(MINUTE);
    await slack.send(notice);
    expect(stub().requests.map(({ path }) => path)).toEqual(['/services/new', '/services/new', '/services/newer']);
  });

  test('are looked at again for a channel that is new', async () => {
    const { slack, change } = await freshSlack();
    stub().prepare(ok);
    await slack.send(notice);
    await change({ '#search': `${stub().url}/services/search` });
    await slack.send(aNotice({ to: anOwner({ slackChannel: '#search' }) }));
    expect(stub().requests.map(({ path }) => path)).toEqual([PATH, '/services/search']);
  });

  test('without the channel are told as such', async () => {
    const { slack } = await freshSlack({ '#other': 'https://hooks.slack.example/x' });
    await expect(slack.send(notice)).rejects.toThrow('Secret slack has no webhook for #payments, and no botToken.');
  });

  test.each([
    ['not JSON', 'https://hooks.slack.example/fakeTokenThatMustNotBeSeen'],
    ['not an object of texts', { '#payments': { url: 'fakeTokenThatMustNotBeSeen' } }],
  ])('that are %s are refused without being shown', async (_name, content) => {
    const { slack } = await freshSlack(content);
    const error = await slack.send(notice).catch((refusal: unknown) => refusal);
    expect(String(error)).toContain('Secret slack must hold a JSON object that maps each Slack channel');
    expect(inspect(error, { depth: null, showHidden: true })).not.toContain('fakeTokenThatMustNotBeSeen');
  });

  test.each([
    ['http to another machine', 'http://hooks.slack.example/fakeTokenThatMustNotBeSeen'],
    ['another protocol', 'file:///fakeTokenThatMustNotBeSeen'],
    ['no URL', 'fakeTokenThatMustNotBeSeen'],
  ])('that are %s are refused without being shown, and only for their own channel', async (_name, url) => {
    const { slack } = await freshSlack({ '#payments': url, '#search': `${stub().url}/services/search` });
    const error = await slack.send(notice).catch((refusal: unknown) => refusal);
    expect(String(error)).toBe('UnavailableError: Secret slack has no https URL for #payments.');
    stub().prepare(ok);
    await slack.send(aNotice({ to: anOwner({ slackChannel: '#search' }) }));
    expect(stub().requests).toHaveLength(1);
  });

  test('that cannot be read are unavailable', async () => {
    const client = new SecretsManagerClient({ ...clientSettings, ...emulator().client(freshAccount()) });
    const slack = new Slack(new SlackSecret(client, 'missing', new FakeClock()), new FakeClock());
    await expect(slack.send(notice)).rejects.toThrow(/secretsmanager:GetSecretValue failed: ResourceNotFound/);
  });
});
