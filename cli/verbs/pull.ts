import type { Pause } from '../../lambda/adapters/pause.ts';
import type { AccessKeyId, AccountId, UserName } from '../../lambda/domain/ids.ts';
import { DAY, toIso } from '../../lambda/domain/time.ts';
import type { Clock } from '../../lambda/ports.ts';
import { CommandEnded, CommandError } from '../errors.ts';
import { withIncomingKey } from '../pull/edit.ts';
import type { Files } from '../pull/files.ts';
import { type Holder, otherHolders } from '../pull/holders.ts';
import { type NewKey, newKey } from '../pull/new-key.ts';
import { type OutgoingKey, outgoingKey } from '../pull/outgoing-key.ts';
import type { OwnerAws } from '../pull/owner-aws.ts';
import { previousOf } from '../pull/profile.ts';
import { removeLeftOvers, replaceFile } from '../pull/replace-file.ts';
import { environmentWith, type RunCommand } from '../pull/run-command.ts';
import { type Place, readSharedFiles, textOf } from '../pull/shared-files.ts';
import type { Terminal } from '../terminal.ts';

/** What pull works with: the real things, or a test's. */
export interface PullTools {
  readonly place: Place;
  readonly files: Files;
  readonly aws: (where: { readonly region: string; readonly profile?: string }) => OwnerAws;
  readonly run: RunCommand;
  readonly pause: Pause;
  readonly clock: Clock;
  readonly terminal: Pick<Terminal, 'ask' | 'err'>;
}

export interface WhichKey {
  readonly profile?: string;
  readonly region?: string;
  /** Name or ARN of the secret, when it is not where it usually is. */
  readonly secret?: string;
}

export interface PullReport {
  readonly outcome: 'written' | 'already there' | 'dry run';
  readonly account: AccountId;
  readonly userName: UserName;
  readonly profile: string;
  readonly file: string;
  /** The key that is, or would be, in the profile. */
  readonly keyId: AccessKeyId;
  /** When it was put into its secret, and so when the key before it was replaced. */
  readonly storedAt?: string;
  /** Undefined when the profile already had the new key. */
  readonly old?: {
    readonly keyId: AccessKeyId;
    readonly keptAs: string;
    /** What else holds the old key. */
    readonly holders: readonly Holder[];
  };
}

/** Puts the user's new key into the profile that holds the old one. */
export async function pull(
  tools: PullTools,
  options: WhichKey & { readonly yes?: true; readonly dryRun?: true },
): Promise<PullReport> {
  const { outgoing, incoming } = await bothKeys(tools, options);
  const { home } = outgoing;
  if (home === undefined) {
    throw new CommandError(
      'The old key comes from the environment (AWS_ACCESS_KEY_ID), where it cannot be replaced: name the profile that holds ' +
        'it with --profile, or take the new key with --exec or --print.',
    );
  }
  const { profile, file } = home;
  await removeLeftOvers(tools.files, file.path, tools.clock.now());
  const { caller, keyId, storedAt } = incoming;
  const report = {
    account: caller.account,
    userName: caller.userName,
    profile,
    file: file.path,
    keyId,
    ...(storedAt && { storedAt: toIso(storedAt.getTime()) }),
  };
  if (keyId === outgoing.keyId) return { outcome: 'already there', ...report };
  const edit = (before: Buffer) =>
    edited({ ...file, text: textOf(file.path, before) }, { profile, outgoing, incoming });
  // What cannot be done is said before anybody is asked.
  edit(Buffer.from(file.text, 'latin1'));
  if (options.dryRun !== true) {
    if (options.yes !== true) await confirm(tools, report, outgoing);
    await replaceFile(tools.files, file.path, edit);
  }
  const shared = await readSharedFiles(tools.files, tools.place);
  const found = await otherHolders(outgoing.keyId, { ...tools, shared, profile });
  const holders = options.dryRun ? found.filter(({ what }) => what !== `profile '${profile}' in ${file.path}`) : found;
  return {
    outcome: options.dryRun ? 'dry run' : 'written',
    ...report,
    old: { keyId: outgoing.keyId, keptAs: previousOf(profile), holders },
  };
}

function edited(...args: Parameters<typeof withIncomingKey>): Buffer {
  const [file, { profile }] = args;
  const text = withIncomingKey(...args);
  if (text !== undefined) return Buffer.from(text, 'latin1');
  throw new CommandError(
    `Profile '${profile}' in ${file.path} has been changed meanwhile. Nothing was changed by keyturn: try again.`,
  );
}

async function confirm(
  { terminal }: PullTools,
  { profile, file, keyId, userName }: Pick<PullReport, 'profile' | 'file' | 'keyId' | 'userName'>,
  outgoing: OutgoingKey,
): Promise<void> {
  terminal.err(
    `Key ${keyId} of user ${userName} is to replace ${outgoing.keyId} in profile '${profile}' of ${file}; ` +
      `the old one is kept as profile '${previousOf(profile)}'.`,
  );
  const answer = await terminal.ask('Go ahead? (y/n)').catch(() => undefined);
  if (answer === undefined) {
    throw new CommandError('Nothing was changed: there is nobody to say yes. Where that is meant, add --yes.');
  }
  if (!/^y(es)?$/i.test(answer)) throw new CommandError('Nothing was changed, as you wish.');
}

/** Runs a command with the new key in its environment. Throws CommandEnded unless the command succeeded. */
export async function pullInto(tools: PullTools, options: WhichKey, line: string): Promise<void> {
  const { incoming } = await bothKeys(tools, options);
  const exitCode = await tools.run(line, environmentWith(tools.place.env, incoming));
  if (exitCode !== 0) throw new CommandEnded(exitCode);
  const { keyId, caller } = incoming;
  // Not on stdout: that belongs to the command.
  tools.terminal.err(
    `The command had key ${keyId} of user ${caller.userName} and succeeded; keyturn itself wrote nothing.`,
  );
}

/** After this long whoever asked by credential_process asks again, and so comes by a new key without a restart. */
const ASK_AGAIN_AFTER = DAY / 2;

/** The new key as credential_process wants it: the one text of keyturn's that holds a secret. */
export async function pullAsText(tools: PullTools, options: WhichKey): Promise<string> {
  const { incoming } = await bothKeys(tools, options);
  return JSON.stringify({
    Version: 1,
    AccessKeyId: incoming.keyId,
    SecretAccessKey: incoming.secret.reveal(),
    Expiration: toIso(tools.clock.now() + ASK_AGAIN_AFTER),
  });
}

async function bothKeys(tools: PullTools, options: WhichKey): Promise<{ outgoing: OutgoingKey; incoming: NewKey }> {
  const shared = await readSharedFiles(tools.files, tools.place);
  const outgoing = outgoingKey(shared, tools.place, options.profile);
  const region =
    options.region ?? /^arn:[\w-]+:secretsmanager:([\w-]+):/.exec(options.secret ?? '')?.[1] ?? outgoing.region;
  if (region === undefined) {
    throw new CommandError(
      "No AWS Region is set: name the one that Keyturn's notice about the new key names, with --region or AWS_REGION.",
    );
  }
  const profile = outgoing.home?.profile;
  const aws = tools.aws({ region, ...(profile === undefined ? {} : { profile }) });
  const asking = { aws, region, pause: tools.pause, ...(options.secret && { secretId: options.secret }) };
  return { outgoing, incoming: await newKey(asking, outgoing) };
}
