/**
 * Makes one function's bundle: `node bundle.ts HANDLER OUTFILE [BUILT_IN]`. A process of its own, because CDK waits for
 * bundles without giving way, and esbuild's plugins don't work like that. BUILT_IN is JSON of texts that are put in place of
 * the environment variables of their names.
 */
import { readdir, readFile } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import { build, type Plugin } from 'esbuild';

const EVENT_STREAMS = '@smithy/core/event-streams';

/**
 * What the SDKs load only when they need it, and a function never does: ways to find credentials on a laptop, a
 * container or an instance (a function is handed its own), and event streams, which no service here speaks.
 */
const neverLoaded = [
  '@aws-sdk/credential-provider-http',
  '@aws-sdk/credential-provider-ini',
  '@aws-sdk/credential-provider-process',
  '@aws-sdk/credential-provider-sso',
  '@aws-sdk/credential-provider-web-identity',
  '@smithy/credential-provider-imds',
  EVENT_STREAMS,
];

/** S3's client asks at its start how to read event streams, which only an operation needs that nobody here calls. */
const noEventStreams: Plugin = {
  name: 'no-event-streams',
  setup({ onResolve, onLoad }) {
    const namespace = 'no-event-streams';
    onResolve({ filter: new RegExp(`^${EVENT_STREAMS}$`) }, ({ kind, path }) =>
      kind === 'import-statement' ? { path, namespace } : null,
    );
    onLoad({ filter: /./, namespace }, () => ({
      contents:
        'export const resolveEventStreamSerdeConfig = (config) => config; export const eventStreamSerdeProvider = undefined;',
      loader: 'js',
    }));
  },
};

/**
 * SHA-1, SHA-256 and MD5 in JavaScript, for a Node.js without its own: the SDK takes them only where `node:crypto` has none, which
 * Lambda's has.
 */
const nativeHashesOnly: Plugin = {
  name: 'native-hashes-only',
  setup({ onLoad }) {
    onLoad(
      { filter: /[\\/](@smithy[\\/]core|@aws-sdk[\\/]checksums)[\\/].*[\\/](Sha1|Sha256|Md5)Js\.js$/ },
      ({ path }) => ({
        contents: `export const ${basename(path, '.js')} = undefined;`,
        loader: 'js',
      }),
    );
  },
};

/**
 * DynamoDB's client keeps the endpoints that it has discovered, which is one at the most, in a cache for thousands. A plain
 * map does.
 */
const smallEndpointCache: Plugin = {
  name: 'small-endpoint-cache',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]mnemonist[\\/]lru-cache\.js$/ }, () => ({
      contents: 'export default class extends Map { constructor() { super(); } peek(key) { return this.get(key); } }',
      loader: 'js',
    }));
  },
};

/** The SDK's clients read their version from their package.json; nothing else of it need come along. */
const versionsOnly: Plugin = {
  name: 'versions-only',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]@aws-sdk[\\/][^\\/]+[\\/]package\.json$/ }, async ({ path }) => {
      const { version }: { version: unknown } = JSON.parse(await readFile(path, 'utf8'));
      return { contents: JSON.stringify({ version }), loader: 'json' };
    });
  },
};

const lambda = join(import.meta.dirname, '..', 'lambda');

/**
 * The SDK has a class for every error of every service, and brings all of them along. One that no adapter names stays
 * out: it arrives as the service's general error, under the code that AWS sent and with its message.
 */
const namedErrorsOnly: Plugin = {
  name: 'named-errors-only',
  async setup({ onLoad }) {
    const adapters = join(lambda, 'adapters');
    const sources = (await readdir(adapters)).filter((file) => file.endsWith(extname(import.meta.filename)));
    const code = (await Promise.all(sources.map((file) => readFile(join(adapters, file), 'utf8')))).join();
    const words = new Set(code.match(/\w+/g));
    const isNamed = (error: string) => words.has(error) || words.has(error.replace(/Exception$/, ''));
    onLoad(
      { filter: /[\\/]@aws-sdk[\\/]client-[^\\/]+[\\/]dist-es[\\/]schemas[\\/]schemas_\d+\.js$/ },
      async ({ path }) => {
        const text = await readFile(path, 'utf8');
        const registration = /^n\d+_registry\.registerError\((\w+)\$, \w+\);$/gm;
        const named = text.replace(registration, (line, error: string) => (isNamed(error) ? line : ''));
        return { contents: withPlainKeys(named), loader: 'js' };
      },
    );
  },
};

/**
 * The same with `{ "http": … }` for `{ [_h]: … }`, where `_h` is a constant text: what has computed keys counts as having an
 * effect, and with one such operation a client's every other would come along.
 */
function withPlainKeys(schemas: string): string {
  const texts = new Map([...schemas.matchAll(/^const (_\w+) = ("[^"]*");$/gm)].map(([, name, text]) => [name, text]));
  return schemas.replace(/\[(_\w+)\]:/g, (key, name: string) => (texts.has(name) ? `${texts.get(name)}:` : key));
}

const [handler = '', outfile = '', builtIn = '{}'] = process.argv.slice(2);
await build({
  // TypeScript in the repository, JavaScript in the published package.
  entryPoints: [join(lambda, 'handlers', `${handler}${extname(import.meta.filename)}`)],
  outfile,
  bundle: true,
  platform: 'node',
  target: 'node24',
  format: 'cjs',
  // The SDKs' ES modules shake down to half of what their CommonJS does, and load in half the time.
  mainFields: ['module', 'main'],
  // Names too: an error is known by its `name`, which every class sets itself.
  minify: true,
  define: Object.fromEntries(
    Object.entries(JSON.parse(builtIn)).map(([name, text]) => [`process.env.${name}`, JSON.stringify(text)]),
  ),
  // The SDK that was tested is the one that runs, whatever the runtime holds.
  external: neverLoaded,
  plugins: [versionsOnly, namedErrorsOnly, nativeHashesOnly, noEventStreams, smallEndpointCache],
  logLevel: 'warning',
});
