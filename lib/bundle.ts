/**
 * Makes one function's bundle: `node bundle.ts HANDLER OUTFILE`. A process of its own, because CDK waits for bundles
 * without giving way, and esbuild's plugins don't work like that.
 */
import { readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { build, type Plugin } from 'esbuild';

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
  '@smithy/core/event-streams',
];

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

const [handler = '', outfile = ''] = process.argv.slice(2);
await build({
  // TypeScript in the repository, JavaScript in the published package.
  entryPoints: [join(import.meta.dirname, '..', 'lambda', 'handlers', `${handler}${extname(import.meta.filename)}`)],
  outfile,
  bundle: true,
  platform: 'node',
  target: 'node24',
  format: 'cjs',
  // The SDKs' ES modules shake down to half of what their CommonJS does, and load in half the time.
  mainFields: ['module', 'main'],
  // Names too: an error is known by its `name`, which every class sets itself.
  minify: true,
  // The SDK that was tested is the one that runs, whatever the runtime holds.
  external: neverLoaded,
  plugins: [versionsOnly],
  logLevel: 'warning',
});
