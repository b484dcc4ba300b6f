import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { Webhook } from '../../lambda/adapters/webhook.ts';
import { WebhookSecret } from '../../lambda/adapters/webhook-secret.ts';
import { signatureOf } from '../../lambda/adapters/webhook-signature.ts';
import { aNotice, anOwner } from '../support/builders.ts';
import { FakeClock } from '../support/fake-clock.ts';

const KEY = 'fake-key-of-the-guide-0123456789abcdef';
const guide = readFileSync(join(__dirname, '../../docs/webhook.md'), 'utf8');
const folder = mkdtempSync(join(tmpdir(), 'keyturn-webhook-'));
const running: ChildProcess[] = [];
afterAll(() => {
  for (const child of running) child.kill();
  rmSync(folder, { recursive: true });
});

/** The code block of that language in docs/webhook.md, in a file. */
function fileOf(language: string, name: string): string {
  const code = new RegExp(`\`\`\`${language}\n(.*?)\`\`\``, 's').exec(guide)?.[1];
  if (code === undefined) throw new Error(`docs/webhook.md has no code in ${language}`);
  const file = join(folder, name);
  writeFileSync(file, code);
  return file;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Runs an endpoint from the guide, and answers with its URL and what it prints. */
async function start(command: string, file: string): Promise<{ readonly url: string; readonly printed: () => string }> {
  const port = await freePort();
  let printed = '';
  const child = spawn(command, [file], { env: { ...process.env, KEYTURN_KEY: KEY, PORT: String(port) } });
  running.push(child);
  child.stdout.on('data', (chunk) => {
    printed += chunk;
  });
  child.stderr.on('data', () => {});
  const url = `http://127.0.0.1:${port}/`;
  for (let tries = 0; tries < 200; tries += 1) {
    try {
      await fetch(url, { method: 'POST', body: '' });
      return { url, printed: () => printed };
    } catch {
      await pause(50);
    }
  }
  throw new Error(`the endpoint in ${file} did not start`);
}

/** A Secrets Manager that holds one endpoint. */
const secretOf = (url: string, key: string) =>
  ({
    send: async () => ({ SecretString: JSON.stringify({ bot: { url, key } }) }),
  }) as unknown as SecretsManagerClient;

const webhookTo = (url: string, key = KEY, clock: { now(): number } = { now: () => Date.now() }) =>
  new Webhook(new WebhookSecret(secretOf(url, key), 'webhooks', clock), clock);

const notice = aNotice({ to: anOwner({ webhook: 'bot' }), text: 'Grüße, 鍵' });

describe.each([
  ['Node', process.execPath, 'js', 'endpoint.mjs'],
  ['Python', 'python3', 'python', 'endpoint.py'],
])("the guide's endpoint in %s", (_language, command, block, name) => {
  let endpoint: Awaited<ReturnType<typeof start>>;
  beforeAll(async () => {
    endpoint = await start(command, fileOf(block, name));
  }, 60_000);

  test('takes a genuine notice, and acts on it once', async () => {
    await webhookTo(endpoint.url).send(notice);
    await webhookTo(endpoint.url).send(notice);
    await pause(100);
    expect(endpoint.printed().trim()).toBe('key-replaced ci-deploy AKIAFAKE000000000001');
  });

  test('refuses one that is signed with another key, and one from another time', async () => {
    await expect(webhookTo(endpoint.url, 'another-fake-key-0123456789abcdef0123').send(notice)).rejects.toThrow(/401/);
    await expect(webhookTo(endpoint.url, KEY, new FakeClock()).send(notice)).rejects.toThrow(/401/);
  });

  test('refuses one whose body was changed on its way, or that has no signature', async () => {
    const timestamp = String(Math.floor(Date.now() / 1_000));
    const post = async (body: string, headers: Readonly<Record<string, string>>) =>
      (await fetch(endpoint.url, { method: 'POST', body, headers })).status;
    const signature = signatureOf(KEY, timestamp, '{"version":1}');
    const headers = { 'keyturn-timestamp': timestamp, 'keyturn-signature': signature };
    expect(await post('{"version":2}', headers)).toBe(401);
    expect(await post('{"version":1}', { 'keyturn-timestamp': timestamp })).toBe(401);
    expect(await post('{"version":1}', { ...headers, 'keyturn-signature': signature.slice(0, -1) })).toBe(401);
  });
});
