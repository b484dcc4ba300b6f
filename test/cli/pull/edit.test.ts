import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fromIni } from '@aws-sdk/credential-providers';
import fc from 'fast-check';
import { withIncomingKey } from '../../../cli/pull/edit.ts';
import { asBytes, type SharedFile } from '../../../cli/pull/profile.ts';
import { parseAccessKeyId } from '../../../lambda/domain/ids.ts';
import { SecretAccessKey } from '../../../lambda/domain/secret-access-key.ts';
import { NEW, OLD, profile } from './owners-world.ts';

const pair = ({ id, secret }: { id: string; secret: string }) => ({
  keyId: parseAccessKeyId(id),
  secret: new SecretAccessKey(secret),
});

const edit = (text: string, { name = 'build', kind = 'credentials' as SharedFile['kind'] } = {}) =>
  withIncomingKey({ kind, path: '/aws/file', text }, { profile: name, outgoing: pair(OLD), incoming: pair(NEW) });

describe('the edited file', () => {
  test.each<[string, string, string]>([
    [
      'has the old key at its end, as a profile of its own',
      `${profile('build')}\n[other]\nregion = eu-west-1\n`,
      `${profile('build', NEW)}\n[other]\nregion = eu-west-1\n\n${profile('build-previous')}`,
    ],
    [
      'has the old key in place of an older one',
      `${profile('build')}${profile('build-previous', { id: 'AKIAFAKE000000000000', secret: 'older' })}# end`,
      `${profile('build', NEW)}${profile('build-previous')}# end`,
    ],
    [
      'loses a session token that was kept with an older one',
      `${profile('build')}[build-previous]\naws_session_token = x\nregion = eu-west-1\n`,
      `${profile('build', NEW)}[build-previous]\naws_access_key_id = ${OLD.id}\naws_secret_access_key = ${OLD.secret}\nregion = eu-west-1\n`,
    ],
    [
      'keeps Windows line endings',
      profile('build').replaceAll('\n', '\r\n'),
      `${profile('build', NEW)}\n${profile('build-previous')}`.replaceAll('\n', '\r\n'),
    ],
    [
      'keeps a byte order mark',
      `\u00ef\u00bb\u00bf${profile('build')}`,
      `\u00ef\u00bb\u00bf${profile('build', NEW)}\n${profile('build-previous')}`,
    ],
    [
      'gets the missing end of its last line',
      profile('build').trimEnd(),
      `${profile('build', NEW)}\n${profile('build-previous')}`,
    ],
    [
      'keeps comments, even those that look like keys, and white space',
      `[build] ; mine\n# aws_access_key_id = ${OLD.id}\n\taws_access_key_id=${OLD.id}  # since 2024\n;aws_secret_access_key = ${OLD.secret}\nAWS_SECRET_ACCESS_KEY  =  ${OLD.secret}\t\n`,
      `[build] ; mine\n# aws_access_key_id = ${OLD.id}\n\taws_access_key_id=${NEW.id}  # since 2024\n;aws_secret_access_key = ${OLD.secret}\nAWS_SECRET_ACCESS_KEY  =  ${NEW.secret}\t\n\n${profile('build-previous')}`,
    ],
    [
      'keeps what is nested below another setting',
      `[build]\ns3 =\n  aws_access_key_id = nested\n${profile('build').slice('[build]\n'.length)}`,
      `[build]\ns3 =\n  aws_access_key_id = nested\n${profile('build', NEW).slice('[build]\n'.length)}\n${profile('build-previous')}`,
    ],
  ])('%s', (_, before, after) => {
    expect(edit(before)).toBe(after);
  });

  test('is the config file when the key is there, with its names of sections', () => {
    expect(edit(profile('profile build'), { kind: 'config' })).toBe(
      `${profile('profile build', NEW)}\n${profile('profile build-previous')}`,
    );
    expect(edit(profile('default'), { kind: 'config', name: 'default' })).toContain('[profile default-previous]');
    expect(edit(profile('profile "my build"'), { kind: 'config', name: 'my build' })).toContain(
      '[profile "my build-previous"]',
    );
  });

  test('takes a profile whose name is not in ASCII', () => {
    expect(edit(profile(asBytes('bäuà')), { name: 'bäuà' })).toBe(
      `${profile(asBytes('bäuà'), NEW)}\n${profile(asBytes('bäuà-previous'))}`,
    );
  });

  test('is none when the profile holds another key by now, or is gone', () => {
    expect(edit(profile('build', NEW))).toBeUndefined();
    expect(edit(profile('other'))).toBeUndefined();
  });

  test.each([
    [
      'build',
      `${profile('build')}${profile('x')}${profile('build')}`,
      /Profile 'build' is in \/aws\/file twice, in lines 1 and 7/,
    ],
    [
      'build-previous',
      `${profile('build')}${profile('build-previous')}${profile('build-previous')}`,
      /'build-previous' .* twice/,
    ],
  ])('is none when [%s] is there twice', (_, text, message) => {
    expect(() => edit(text)).toThrow(message);
  });
});

/** Lines of any file, with what is likely to be mistaken for something else. */
const anyLine = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      '',
      '# comment',
      '; [build]',
      `# aws_access_key_id = ${OLD.id}`,
      'no equals sign',
      'é = \u00a0 ü',
    ),
  },
  {
    weight: 2,
    arbitrary: fc
      .string({ unit: 'grapheme', maxLength: 30 })
      .filter((line) => !/[\r\n]/.test(line))
      .map((line) => `#${line}`),
  },
  { weight: 1, arbitrary: fc.string({ maxLength: 20 }).map((line) => `x = ${line.replaceAll(/[\r\n]/g, '')}`) },
);
const keyLines = [
  `aws_access_key_id = ${OLD.id}`,
  `aws_secret_access_key = ${OLD.secret}`,
  'aws_session_token = token',
];
const foreignSection = fc
  .record({
    header: fc.constantFrom(
      '[other]',
      '[profile build]',
      '[ build x ]',
      '[BUILD]',
      '[build',
      '[build] rest',
      '  [nested]',
      '[default]',
    ),
    lines: fc.array(fc.oneof(anyLine, fc.constantFrom(...keyLines)), { maxLength: 5 }),
  })
  .map(({ header, lines }) => [header, ...lines]);

const file = fc.record({
  mark: fc.constantFrom('', '\u00ef\u00bb\u00bf'),
  ending: fc.constantFrom('\n', '\r\n'),
  before: fc.array(foreignSection, { maxLength: 3 }).map((sections) => sections.flat()),
  header: fc.constantFrom('[build]', ' [build]', '[ build ]', '[build] # mine'),
  first: fc.array(anyLine, { maxLength: 3 }),
  between: fc.array(anyLine, { maxLength: 3 }),
  idFirst: fc.boolean(),
  equals: fc.constantFrom('=', ' = ', '\t=  '),
  tail: fc.constantFrom('', '  ', ' # made by hand', '\t;x'),
  last: fc.array(anyLine, { maxLength: 3 }),
  after: fc.array(foreignSection, { maxLength: 3 }).map((sections) => sections.flat()),
  endsWithNewline: fc.boolean(),
});

/** The pieces between the two values, made without the code that is tested. */
function piecesOf(made: typeof file extends fc.Arbitrary<infer T> ? T : never): readonly [string, string, string] {
  const { mark, ending, before, header, first, between, idFirst, equals, tail, last, after, endsWithNewline } = made;
  const names = idFirst
    ? ['aws_access_key_id', 'aws_secret_access_key']
    : ['aws_secret_access_key', 'aws_access_key_id'];
  const lines = (all: readonly string[]) => all.map((line) => asBytes(line) + ending).join('');
  const rest = `${tail}${ending}${lines([...last, ...after])}`;
  return [
    `${mark}${lines([...before, header, ...first])}${names[0]}${equals}`,
    `${tail}${ending}${lines(between)}${names[1]}${equals}`,
    endsWithNewline ? rest : rest.slice(0, -ending.length),
  ];
}

test('every byte but the two values stays where it is, whatever the file looks like', () => {
  fc.assert(
    fc.property(file, (made) => {
      const [a, b, c] = piecesOf(made);
      const filled = ({ id, secret }: { id: string; secret: string }) =>
        made.idFirst ? a + id + b + secret + c : a + secret + b + id + c;
      const result = edit(filled(OLD)) ?? '';
      expect(result.startsWith(filled(NEW))).toBe(true);
      const { ending } = made;
      const added = result.slice(filled(NEW).length);
      expect(added.replace(/^(\r?\n){0,2}/, '')).toBe(profile('build-previous').replaceAll('\n', ending));
      // Told apart from what was there before, and as if the old state were the new one: back and forth changes nothing more.
      const back = withIncomingKey(
        { kind: 'credentials', path: '/aws/file', text: result },
        { profile: 'build', outgoing: pair(NEW), incoming: pair(OLD) },
      );
      expect(back).toBe(filled(OLD) + added.replace(OLD.id, NEW.id).replace(OLD.secret, NEW.secret));
    }),
    { numRuns: 2_000 },
  );
});

describe("AWS's own reader", () => {
  let home: string;
  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'keyturn-ini-'));
  });
  afterAll(() => rm(home, { recursive: true, force: true }));

  test('finds both keys in every file that was edited', async () => {
    let runs = 0;
    await fc.assert(
      fc.asyncProperty(file, async (made) => {
        // Neither of these is a name of a section for everybody.
        fc.pre(made.header !== '[ build ]' && !made.before.concat(made.after).some((line) => /^\[build/.test(line)));
        const [a, b, c] = piecesOf(made);
        const text = edit(made.idFirst ? a + OLD.id + b + OLD.secret + c : a + OLD.secret + b + OLD.id + c) ?? '';
        runs += 1;
        const filepath = join(home, `credentials-${runs}`);
        await writeFile(filepath, Buffer.from(text, 'latin1'));
        const read = (name: string) =>
          fromIni({ profile: name, filepath, configFilepath: join(home, 'none'), ignoreCache: true })();
        expect(await read('build')).toMatchObject({ accessKeyId: NEW.id, secretAccessKey: NEW.secret });
        expect(await read('build-previous')).toMatchObject({ accessKeyId: OLD.id, secretAccessKey: OLD.secret });
      }),
      { numRuns: 150 },
    );
  });
});
