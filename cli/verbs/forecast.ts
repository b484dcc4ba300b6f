import { readFile } from 'node:fs/promises';
import { LastUseUnknownError } from '../../lambda/domain/forecast/futures.ts';
import type { PretendedUser } from '../../lambda/domain/forecast/pretended-user.ts';
import type { AccountId } from '../../lambda/domain/ids.ts';
import { parseUserName } from '../../lambda/domain/ids.ts';
import { DAY, type Instant, MINUTE, toIso } from '../../lambda/domain/time.ts';
import { ownerFor } from '../../lambda/domain/user-match.ts';
import { CommandError, UsageError } from '../errors.ts';
import { type ForecastReport, type ForecastSource, policyForecast } from '../forecast/forecast-report.ts';
import { liveMembers } from '../forecast/live-members.ts';
import type { AccountMembers, Telling } from '../forecast/members.ts';
import { Outlook } from '../forecast/outlook.ts';
import { type NamedPolicy, policyNamed } from '../forecast/policy-choice.ts';
import { forecastFiles, SAMPLE_FROM, sampleFile } from '../forecast/sources.ts';
import { assumptions, uncertainties } from '../forecast/wording.ts';
import { accountToRead } from '../member-account.ts';
import { readOwnersFile } from '../owners-file.ts';
import type { Session } from '../session.ts';
import type { UnreadUser } from '../unread.ts';

export interface ForecastOptions {
  readonly days: number;
  /** A day; default: today. */
  readonly from?: Instant;
  /** Minutes after midnight, UTC, at which runs happen. */
  readonly runAt: number;
  readonly policy?: string;
  readonly compare?: readonly string[];
  readonly ignoreColumn?: readonly string[];
  /** CSV as for `owners import`. */
  readonly owners?: string;
}

export interface Forecast {
  readonly report: ForecastReport;
  readonly outlooks: readonly Outlook[];
  readonly start: Instant;
  readonly unread: readonly UnreadUser[];
}

/** Forecasts what credential reports tell of; without any, the sample. Needs no AWS. */
export async function forecastReports(
  files: readonly string[],
  options: ForecastOptions,
  now: Instant,
): Promise<Forecast> {
  const isSample = files.length === 0;
  if (isSample && options.from !== undefined) {
    throw new UsageError(`The sample report is of one day: --from goes with reports of your own.`);
  }
  const start = isSample ? SAMPLE_FROM : firstRun(options, now);
  const policies = await chosenPolicies(options);
  const ownerOf = options.owners === undefined ? undefined : await ownersOf(options.owners);
  const source: ForecastSource = isSample ? { kind: 'sample' } : { kind: 'files', files };
  const request = {
    files: isSample ? [sampleFile()] : files,
    start,
    ignoredColumns: new Set(options.ignoreColumn),
    ...(ownerOf && { ownerOf }),
  };
  const made = () => policies.map((policy) => new Outlook(policy, start, options.days, policies.length));
  const { outlooks, accounts } = await forecastFiles(request, made);
  return told({
    source,
    start,
    outlooks,
    accounts,
    options,
    hasOwners: ownerOf !== undefined,
    replicas: 0,
    unread: [],
  });
}

/** Forecasts the account whose IAM is read, by the same reading as `plan`. */
export async function forecastLive(
  session: Session,
  options: ForecastOptions & { readonly account?: AccountId },
): Promise<Forecast> {
  const account = accountToRead(session, options.account);
  const { settings } = session.deployment;
  const start = firstRun(options, session.clock.now());
  const policies = await chosenPolicies({ policy: 'deployed', ...options }, settings.policy);
  const attempt = async (checks: (outlook: Outlook, user: PretendedUser) => void) => {
    const made = policies.map((policy) => new Outlook(policy, start, options.days, policies.length));
    const found = await liveMembers(session, account, settings.policy, (user) => {
      for (const outlook of made) checks(outlook, user);
    });
    for (const outlook of made) outlook.add(found.members);
    return { outlooks: made, ...found };
  };
  const { outlooks, members, unread } = await attempt((outlook, user) => outlook.trial(user)).catch(
    (error: unknown) => {
      // Rare: only a deferral by a cap leads to the question.
      if (error instanceof LastUseUnknownError) return attempt((_, user) => refuseUnread(user));
      throw error;
    },
  );
  const replicas = settings.secrets.replicaRegions.length;
  const source = { kind: 'live', account } as const;
  return told({ source, start, outlooks, accounts: [members], options, hasOwners: true, replicas, unread });
}

/** Has every last use read. */
function refuseUnread({ keys }: PretendedUser): void {
  const unread = keys.filter(({ lastUse }) => lastUse.kind === 'unread');
  if (unread.length > 0) throw new LastUseUnknownError(unread.map(({ keyId }) => keyId));
}

interface Told {
  readonly source: ForecastSource;
  readonly start: Instant;
  readonly outlooks: readonly Outlook[];
  readonly accounts: readonly AccountMembers[];
  readonly options: ForecastOptions;
  readonly hasOwners: boolean;
  readonly replicas: number;
  readonly unread: readonly UnreadUser[];
}

function told({ source, start, outlooks, accounts, options, hasOwners, replicas, unread }: Told): Forecast {
  const sum = (figure: 'users' | 'keys' | 'usersWithoutKeys') =>
    accounts.reduce((total, account) => total + account[figure], 0);
  const runAt = toIso(start).slice(11, 16);
  const policies = outlooks.map(({ named }) => named.policy);
  const report: ForecastReport = {
    source,
    from: toIso(start),
    to: toIso(start + (options.days - 1) * DAY),
    runs: options.days,
    accounts: accounts.length,
    users: sum('users'),
    keys: sum('keys'),
    usersWithoutKeys: sum('usersWithoutKeys'),
    rootKeys: accounts
      .filter(({ rootKeys }) => rootKeys > 0)
      .map(({ account, rootKeys }) => ({ account, activeKeys: rootKeys })),
    assumed: assumptions(source, policies, { runAt, hasOwners }),
    uncertain: uncertainties(source, start, newestOf(accounts)),
    policies: outlooks.map((outlook) => policyForecast(outlook, start, replicas)),
  };
  return { report, outlooks, start, unread };
}

/** The latest date that anything tells of. */
function newestOf(accounts: readonly AccountMembers[]): Instant | undefined {
  const dates = accounts.flatMap(({ newest }) => newest ?? []);
  return dates.reduce<Instant | undefined>((latest, date) => Math.max(latest ?? date, date), undefined);
}

/** The first run that is still ahead, or that of the day that was named. */
function firstRun({ from, runAt }: ForecastOptions, now: Instant): Instant {
  if (from !== undefined) return from + runAt * MINUTE;
  const today = Math.floor(now / DAY) * DAY + runAt * MINUTE;
  return today >= now ? today : today + DAY;
}

async function chosenPolicies(
  { policy, compare = [] }: Pick<ForecastOptions, 'policy' | 'compare'>,
  deployed?: NamedPolicy['policy'],
): Promise<readonly NamedPolicy[]> {
  const names = policy === undefined ? compare : [policy, ...compare];
  return Promise.all([...new Set(names.length === 0 ? ['default'] : names)].map((name) => policyNamed(name, deployed)));
}

/** Who is told about a user, by a file as for `owners import`. */
async function ownersOf(file: string): Promise<NonNullable<Telling['ownerOf']>> {
  const bytes = await readFile(file).catch(() => {
    throw new UsageError(`Cannot read '${file}': is there such a file?`);
  });
  const { assignments, mistakes } = readOwnersFile(bytes);
  if (mistakes.length > 0) {
    const lines = mistakes.map(({ line, column, problem }) => `line ${line}${column ? `, ${column}` : ''}: ${problem}`);
    throw new CommandError(`${file} cannot be gone by; 'keyturn owners import --help' tells its format.`, {
      mistakes: lines,
    });
  }
  return (account, userName, path) =>
    ownerFor(assignments, { account, userName: parseUserName(userName), path }) ?? 'operators';
}
