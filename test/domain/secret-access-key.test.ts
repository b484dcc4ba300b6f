import assert from 'node:assert';
import { Console } from 'node:console';
import { Writable } from 'node:stream';
import { format, inspect } from 'node:util';
import { serialize } from 'node:v8';
import { SecretAccessKey } from '../../lambda/domain/secret-access-key.ts';

const TEXT = 'fake-secret-access-key-of-a-test-000000';
const secret = new SecretAccessKey(TEXT);

/** What a console prints on both of its streams. */
function printed(print: (console: Console) => void): string {
  let output = '';
  const stream = new Writable({
    write(chunk, _encoding, done) {
      output += String(chunk);
      done();
    },
  });
  print(new Console({ stdout: stream, stderr: stream, colorMode: false }));
  return output;
}

function thrown(act: () => void): string {
  try {
    act();
  } catch (error) {
    return inspect(error);
  }
  throw new Error('nothing was thrown');
}

test('it is revealed to whom asks for it by name', () => {
  expect(secret.reveal()).toBe(TEXT);
});

describe('a secret access key has no string form', () => {
  test.each<[string, () => string]>([
    ['String', () => String(secret)],
    ['a template literal', () => `${secret}`],
    ['concatenation', () => `a${secret}`.concat('b', String(secret))],
    ['toString', () => secret.toString()],
    ['toLocaleString', () => secret.toLocaleString()],
    ['join', () => [secret, secret].join(' ')],
    ['a property name', () => Object.keys({ [secret.toString()]: 1 }).join()],
    ['JSON', () => JSON.stringify(secret)],
    ['JSON, deep inside', () => JSON.stringify({ key: { nested: [secret] }, map: [...new Map([['k', secret]])] })],
    ['JSON of a copy of its properties', () => JSON.stringify({ ...secret, ...Object.assign({}, secret) })],
    ['inspect', () => inspect(secret)],
    ['inspect, deep inside', () => inspect({ a: { b: [secret], c: new Map([['k', secret]]), d: new Set([secret]) } })],
    ['inspect of everything hidden', () => inspect(secret, { showHidden: true, depth: null, getters: true })],
    ['inspect without its own say', () => inspect(secret, { customInspect: false, showHidden: true, depth: null })],
    [
      'inspect of its class and prototype',
      () => inspect([SecretAccessKey, SecretAccessKey.prototype], { showHidden: true }),
    ],
    ['format', () => format('%s %o %O %j %d %i %f', secret, secret, secret, secret, secret, secret, secret)],
    ['format of more arguments', () => format('plain', secret, { secret })],
    ['console.log', () => printed((console) => console.log(secret, { secret }))],
    ['console.error', () => printed((console) => console.error('%s', secret, secret))],
    ['console.dir', () => printed((console) => console.dir(secret, { showHidden: true, depth: null }))],
    ['console.table', () => printed((console) => console.table([{ secret }, secret]))],
    ['the message of an error', () => inspect(new Error(`cannot store ${secret}`))],
    ['the cause of an error', () => inspect(new Error('cannot store', { cause: secret }))],
    ['a property of an error', () => inspect(Object.assign(new Error('cannot store'), { secret }))],
    ['an aggregate of errors', () => inspect(new AggregateError([secret], 'cannot store'))],
    ['an assertion that fails', () => thrown(() => assert.deepStrictEqual({ secret }, { secret: 'other' }))],
    ['an assertion of two that differ', () => thrown(() => assert.strictEqual(secret, new SecretAccessKey('other')))],
    ['the properties it has', () => JSON.stringify([Reflect.ownKeys(secret), Object.entries(secret)])],
    ['the descriptors of its properties', () => inspect(Object.getOwnPropertyDescriptors(secret))],
    ['a structured clone', () => inspect(structuredClone({ secret }), { showHidden: true, depth: null })],
    ['v8 serialisation', () => serialize({ secret }).toString('latin1')],
    ['a URL’s query', () => new URLSearchParams({ secret: String(secret) }).toString()],
    ['a Buffer', () => Buffer.from(`${secret}`).toString()],
  ])('not as %s', (_way, show) => {
    const shown = show();
    expect(typeof shown).toBe('string');
    expect(shown).not.toContain(TEXT);
    expect(shown).not.toContain(TEXT.slice(0, 20));
  });

  test('what is shown instead says what it is', () => {
    expect([`${secret}`, secret.toString(), JSON.stringify({ secret }), inspect({ secret })]).toEqual([
      '[secret]',
      '[secret]',
      '{"secret":"[secret]"}',
      '{ secret: [secret] }',
    ]);
  });

  test('it is no number either', () => {
    expect(Number(secret)).toBeNaN();
  });
});
