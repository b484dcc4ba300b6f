import { createHmac } from 'node:crypto';
import { inspect } from 'node:util';
import { CreateSecretCommand, PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { Webhook } from '../../lambda/adapters/webhook.ts';
import { WebhookSecret } from '../../lambda/adapters/webhook-secret.ts';
import { MINUTE } from '../../lambda/domain/time.ts';
import { clientSettings } from '../../lambda/platform/aws-clients.ts';
import { UnavailableError } from '../../lambda/ports.ts';
import { aNotice, anEvent, anOwner } from '../support/builders.ts';
import { emulated } from '../support/emulated.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { passingPause } from '../support/fake-pause.ts';
import type { StubAnswer } from '../support/http-stub.ts';
import { stubbed } from '../support/stubbed.ts';

const { emulator, freshAccount } = emulated();
const { stub } = stubbed();

const KEY = 'fake-key-that-must-not-be-seen-0001';
const PATH = '/hooks/pathThatMustNotBeSeen';
const owner = anOwner({ webhook: 'payments-bot' });
const notice = aNotice({ to: owner });
const taken: StubAnswer = { status: 204 };

async function freshWebhook(content: unknown = { 'payments-bot': { url: `${stub().url}${PATH}`, key: KEY } }) {
  const client = new SecretsManagerClient({ ...clientSettings, ...emulator().client(freshAccount()) });
  const text = typeof content === 'string' ? content : JSON.stringify(content);
  await client.send(new CreateSecretCommand({ Name: 'webhooks', SecretString: text }));
  const clock = new FakeClock('2026-01-01T00:00:00.500Z');
  const { pause, waits } = passingPause(clock);
  const webhook = new Webhook(new WebhookSecret(client, 'webhooks', clock), clock, { pause, timeout: 1_500 });
  const change = (next: unknown) =>
    client.send(new PutSecretValueCommand({ SecretId: 'webhooks', SecretString: JSON.stringify(next) }));
  return { webhook, clock, waits, change };
}

async function sending(...answers: StubAnswer[]) {
  const { webhook, waits } = await freshWebhook();
  stub().prepare(...answers);
  const error = await webhook.send(notice).catch((refusal: unknown) => refusal);
  return { error, waits, tries: stub().requests.length };
}

const sent = () => stub().requests.map(({ body }) => JSON.parse(body));

describe('a notice', () => {
  test('is posted as JSON with its events, signed with the key of the endpoint', async () => {
    const { webhook } = await freshWebhook();
    stub().prepare(taken);
    await webhook.send(notice);
    const [request] = stub().requests;
    expect(request).toMatchObject({ method: 'POST', path: PATH });
    expect(JSON.parse(request?.body ?? '')).toEqual({
      version: 1,
      id: expect.stringMatching(/^[0-9a-f]{32}$/),
      owner: 'payments',
      subject: notice.subject,
      text: notice.text,
      events: notice.events,
    });
    const mac = createHmac('sha256', KEY).update(`1767225600.${request?.body}`).digest('hex');
    expect(request?.headers).toMatchObject({
      'content-type': 'application/json; charset=utf-8',
      'keyturn-id': JSON.parse(request?.body ?? '').id,
      'keyturn-timestamp': '1767225600',
      'keyturn-signature': `v1=${mac}`,
    });
  });

  test('that is sent again has the same ID, another one, or one to somebody else, has not', async () => {
    const { webhook } = await freshWebhook();
    stub().prepare(taken);
    const [first, second] = [anEvent('key-replaced'), anEvent('key-disabled', { time: '2026-01-02T00:00:00.000Z' })];
    await webhook.send({ ...notice, events: [first, second] });
    await webhook.send({ ...notice, events: [second, first], subject: 'worded otherwise' });
    await webhook.send({ ...notice, events: [first] });
    await webhook.send({ ...notice, events: [first], to: { ...owner, id: anOwner().id } });
    const [a, b, c, d] = sent().map(({ id }) => id);
    expect(a).toBe(b);
    expect(c).not.toBe(a);
    expect(d).toBe(c);
  });

  test('to an owner without a webhook, or to operators, is refused', async () => {
    const { webhook } = await freshWebhook();
    await expect(webhook.send(aNotice())).rejects.toThrow("Owner 'payments' has no webhook.");
    await expect(webhook.send(aNotice({ to: 'operators' }))).rejects.toThrow(UnavailableError);
    expect(webhook.name).toBe('webhook');
  });
});

describe('an endpoint that is busy or failing', () => {
  test('is tried again after as long as it asks for, signed anew', async () => {
    const { webhook, waits } = await freshWebhook();
    stub().prepare({ status: 429, headers: { 'retry-after': '3' } }, { status: 503 }, taken);
    await webhook.send(notice);
    expect(waits).toEqual([3_000, 3_000]);
    const headers = stub().requests.map((request) => request.headers);
    expect(headers.map((each) => each['keyturn-timestamp'])).toEqual(['1767225600', '1767225603', '1767225606']);
    expect(new Set(headers.map((each) => each['keyturn-id'])).size).toBe(1);
    expect(new Set(headers.map((each) => each['keyturn-signature'])).size).toBe(3);
  });

  test('may ask with a date, which is read against its own clock', async () => {
    const headers = { date: 'Thu, 01 Jan 2037 00:00:00 GMT', 'retry-after': 'Thu, 01 Jan 2037 00:00:04 GMT' };
    expect(await sending({ status: 503, headers }, taken)).toMatchObject({ error: undefined, waits: [4_000] });
  });

  test('that does not say for how long is tried again after a moment', async () => {
    expect(await sending({ status: 429 }, taken)).toMatchObject({ error: undefined, waits: [2_000] });
  });

  test('for longer than can be waited is given up at once', async () => {
    const { error, tries } = await sending({ status: 429, headers: { 'retry-after': '60' } });
    expect(String(error)).toBe("UnavailableError: Webhook 'payments-bot' answered 429: no text.");
    expect(tries).toBe(1);
  });

  test('again and again is given up', async () => {
    const { error, tries } = await sending({ status: 500, body: 'out of order' });
    expect(String(error)).toBe("UnavailableError: Webhook 'payments-bot' answered 500: out of order.");
    expect(tries).toBe(4);
  });

  test.each<[string, StubAnswer, string]>([
    ['400', { status: 400, body: 'what is this' }, 'answered 400: what is this'],
    ['401', { status: 401 }, 'answered 401: the key in the secret and that of the endpoint may differ'],
    ['a page of HTML', { status: 404, body: '<html>lost</html>' }, 'answered 404: an HTML page'],
    ['a redirect', { status: 308, headers: { location: '/elsewhere' } }, 'answered 308: redirects are not followed'],
    ['silence', 'hang', 'did not answer: the time for it ran out'],
    ['a broken connection', 'drop', 'did not answer: UND_ERR_SOCKET'],
  ])('%s is not tried again', async (_name, answer, what) => {
    const { error, tries } = await sending(answer);
    expect(error).toBeInstanceOf(UnavailableError);
    expect(String(error)).toContain(`Webhook 'payments-bot' ${what}`);
    expect(tries).toBe(1);
    const shown = inspect(error, { depth: null, showHidden: true });
    for (const secret of ['must-not-be-seen', 'ThatMustNotBeSeen']) expect(shown).not.toContain(secret);
  });

  test('an answer without end is not read to its end', async () => {
    const { error } = await sending({ status: 400, body: 'x'.repeat(5_000_000) });
    expect(String(error)).toHaveLength(`UnavailableError: Webhook 'payments-bot' answered 400: .`.length + 100);
  });
});

describe('the secret', () => {
  test('is read anew after five minutes, when a webhook is new, and when the signature was refused', async () => {
    const { webhook, change, clock } = await freshWebhook();
    stub().prepare(taken, { status: 401 }, taken);
    await webhook.send(notice);
    await change({
      'payments-bot': { url: `${stub().url}/moved`, key: KEY },
      search: { url: `${stub().url}/search`, key: KEY },
    });
    await expect(webhook.send(notice)).rejects.toThrow('401');
    await webhook.send(notice);
    await webhook.send(aNotice({ to: anOwner({ webhook: 'search' }) }));
    await change({ 'payments-bot': { url: `${stub().url}/moved/again`, key: KEY } });
    clock.advance(5 * MINUTE);
    await webhook.send(notice);
    expect(stub().requests.map(({ path }) => path)).toEqual([PATH, PATH, '/moved', '/search', '/moved/again']);
  });

  test.each([
    [
      'no such webhook',
      { other: { url: 'https://example.com', key: KEY } },
      "Secret webhooks has no webhook 'payments-bot'.",
    ],
    [
      'a short key',
      { 'payments-bot': { url: 'https://example.com', key: 'pathThatMustNotBeSeen' } },
      'a key of at least 32 characters',
    ],
    [
      'no encryption',
      { 'payments-bot': { url: 'http://example.com/pathThatMustNotBeSeen', key: KEY } },
      'with an https URL',
    ],
    [
      'credentials in the URL',
      { 'payments-bot': { url: 'https://me:must-not-be-seen@example.com', key: KEY } },
      'with an https URL',
    ],
    ['a bare URL', { 'payments-bot': 'https://example.com/pathThatMustNotBeSeen' }, 'must be {"url": …, "key": …}'],
    ['no JSON', 'pathThatMustNotBeSeen', 'Secret webhooks must hold a JSON object that maps each webhook'],
  ])('with %s is refused without being shown', async (_name, content, what) => {
    const { webhook } = await freshWebhook(content);
    stub().prepare(taken);
    const error = await webhook.send(notice).catch((refusal: unknown) => refusal);
    expect(error).toBeInstanceOf(UnavailableError);
    expect(String(error)).toContain(what);
    expect(inspect(error, { depth: null, showHidden: true })).not.toMatch(/must-not-be-seen|MustNotBeSeen/);
    expect(stub().requests).toEqual([]);
  });

  test('names webhooks alone, not what every object has', async () => {
    const { webhook } = await freshWebhook();
    await expect(webhook.send(aNotice({ to: anOwner({ webhook: 'constructor' }) }))).rejects.toThrow(
      "Secret webhooks has no webhook 'constructor'.",
    );
  });
});
