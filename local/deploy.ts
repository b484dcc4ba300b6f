import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { z } from 'zod';
import { run, tail } from './child-process.ts';
import { defaultAccount, defaultRegion, type Emulator } from './emulator.ts';
import type { OnProgress } from './progress.ts';
import { projectRoot } from './project-root.ts';

export interface Deployment {
  readonly emulator: Pick<Emulator, 'url' | 'credentials'>;
  /** How the CDK app is run, as in cdk.json: `node bin/keyturn.ts`. */
  readonly app: string;
  /** Where the app is run; the project's folder unless told. */
  readonly cwd?: string;
  /** Where the synthesised templates and bundles go. */
  readonly outputDir: string;
  readonly account?: string;
  readonly region?: string;
  readonly context?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly onProgress?: OnProgress;
}

/** Outputs by stack name, then by output name. */
export type StackOutputs = Readonly<Record<string, Readonly<Record<string, string>>>>;

const stackOutputs = z.record(z.string(), z.record(z.string(), z.string()));

/** Deploys a CDK app with the real `cdk bootstrap` and `cdk deploy`; rejects with the end of their output. */
export async function deployApp(deployment: Deployment): Promise<{ outputs: StackOutputs }> {
  const { emulator, app, outputDir, account = defaultAccount, region = defaultRegion } = deployment;
  const onProgress = deployment.onProgress ?? (() => {});
  const cwd = deployment.cwd ?? projectRoot;
  const context = Object.entries(deployment.context ?? {}).flatMap(([name, value]) => [
    '--context',
    `${name}=${value}`,
  ]);
  const scratch = await mkdtemp(join(tmpdir(), 'keyturn-deploy-'));
  const outputsFile = join(scratch, 'outputs.json');
  try {
    // cdk remembers which access key is which account there; the local AWS's keys are none of its home folder's business.
    const home = { CDK_HOME: join(scratch, 'cdk-home') };
    const env = { ...(await environment(emulator, account, region)), ...home, ...deployment.env };
    onProgress('cdk bootstrap, cdk synth');
    await Promise.all([
      // From an empty folder: bootstrapping a named environment needs no app, and must not run the one in cdk.json.
      cdk(['bootstrap', `aws://${account}/${region}`], { cwd: scratch, env }),
      cdk(['synth', '--quiet', '--app', app, '--output', outputDir, ...context], { cwd, env }),
    ]);
    onProgress('cdk deploy');
    const deploy = ['deploy', '--all', '--app', outputDir, '--outputs-file', outputsFile];
    // No change sets: there is nobody to review them, and each is several calls.
    const quickly = ['--require-approval', 'never', '--method=direct', '--asset-parallelism', '--progress', 'events'];
    await cdk([...deploy, ...quickly], { cwd, env, onProgress });
    // Written only if there is an output.
    const written = await readFile(outputsFile, 'utf8').catch(() => '{}');
    return { outputs: stackOutputs.parse(JSON.parse(written)) };
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** Removes what was deployed from `outputDir`, with the real `cdk destroy`; rejects with the end of its output. */
export async function destroyApp(deployment: Deployment): Promise<void> {
  const { emulator, outputDir, account = defaultAccount, region = defaultRegion } = deployment;
  const scratch = await mkdtemp(join(tmpdir(), 'keyturn-destroy-'));
  try {
    const home = { CDK_HOME: join(scratch, 'cdk-home') };
    const env = { ...(await environment(emulator, account, region)), ...home, ...deployment.env };
    await cdk(['destroy', '--all', '--force', '--app', outputDir], { cwd: deployment.cwd ?? projectRoot, env });
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

async function environment(
  emulator: Deployment['emulator'],
  account: string,
  region: string,
): Promise<NodeJS.ProcessEnv> {
  const credentials = await emulator.credentials(account);
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('AWS_'));
  return {
    ...Object.fromEntries(inherited),
    // `node` in an app command is the project's own, Lambda's version.
    PATH: [join(projectRoot, 'node_modules', '.bin'), process.env.PATH].join(delimiter),
    AWS_ENDPOINT_URL: emulator.url,
    AWS_REGION: region,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_SESSION_TOKEN: credentials.sessionToken,
    // Nothing of this machine's own AWS settings may reach in.
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    AWS_EC2_METADATA_DISABLED: 'true',
    CDK_DISABLE_CLI_TELEMETRY: 'true',
  };
}

interface CdkOptions {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly onProgress?: OnProgress;
}

async function cdk(args: readonly string[], { cwd, env, onProgress }: CdkOptions): Promise<void> {
  const stackDone = (line: string) => {
    const [, stack] = /^\s*✅\s+(\S+)/u.exec(line) ?? [];
    if (stack !== undefined) onProgress?.(`deployed ${stack}`);
  };
  const common = ['--no-color', '--no-notices', '--no-version-reporting', '--ci'];
  const script = join(projectRoot, 'node_modules', 'aws-cdk', 'bin', 'cdk');
  const { code, output } = await run(process.execPath, [script, ...args, ...common], { cwd, env, onLine: stackDone });
  if (code !== 0)
    throw new Error(`cdk ${args[0]} failed with exit code ${code}. The end of its output:\n${tail(output)}`);
}
