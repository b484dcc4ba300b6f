import { GenerateCredentialReportCommand, type IAMClient } from '@aws-sdk/client-iam';
import { csvParseRows } from 'd3-dsv';
import * as z from 'zod/mini';
import { userName } from '../contracts/identifiers.ts';
import type { CredentialReport, ReportedKey, ReportedUser } from '../domain/inventory.ts';
import { type Clock, UnavailableError } from '../ports.ts';
import { asUnavailable, hasCode, isPassing, isThrottling } from './aws-errors.ts';
import type { Pause } from './pause.ts';
import { reportContent } from './report-content.ts';
import { type LastUseColumns, reportedLastUse } from './report-last-use.ts';

const ROOT = '<root_account>';

export interface ReportPolling {
  readonly pause: Pause;
  readonly clock: Clock;
  /** Milliseconds between two looks. */
  readonly poll: number;
  /** Milliseconds of waiting in all; after them no look is begun. */
  readonly bound: number;
}

/**
 * The account's credential report; undefined when none is ready within the bound, or AWS makes none now. `client` should
 * make single attempts: this polls anyway. Throws UnavailableError when the report is not one, or the last look that the
 * bound allowed failed.
 */
export async function credentialReport(
  client: IAMClient,
  { pause, clock, poll, bound }: ReportPolling,
): Promise<CredentialReport | undefined> {
  const looks = Math.max(1, Math.ceil(bound / poll));
  const end = clock.now() + bound;
  let failure: UnavailableError | undefined;
  for (let look = 0; look < looks; look += 1) {
    if (look > 0) {
      // What nobody answers takes its time, too.
      if (clock.now() + poll >= end) break;
      await pause(poll);
    }
    const seen = await report(client);
    if (seen === 'none to be had') return undefined;
    if (typeof seen === 'object' && 'content' in seen) return read(seen.content);
    failure = seen === 'not yet' ? undefined : seen.failure;
  }
  if (failure !== undefined) throw failure;
  return undefined;
}

/** `failure`: one that may be over by the next look. */
type Seen = { readonly content: Uint8Array } | 'not yet' | { readonly failure: UnavailableError } | 'none to be had';

async function report(client: IAMClient): Promise<Seen> {
  try {
    const { State } = await client.send(new GenerateCredentialReportCommand({}));
    if (State !== 'COMPLETE') return 'not yet';
  } catch (error) {
    // "No more capacity to launch new report generation tasks": asking again soon does not help.
    if (hasCode(error, 'LimitExceeded')) return 'none to be had';
    return notSeen('iam:GenerateCredentialReport', error);
  }
  try {
    return { content: await reportContent(client) };
  } catch (error) {
    if (error instanceof UnavailableError) throw error;
    return hasCode(error, ...notReady) ? 'not yet' : notSeen('iam:GetCredentialReport', error);
  }
}

/** Throws what asking again does not change. */
function notSeen(action: string, error: unknown): Seen {
  if (isThrottling(error)) return 'not yet';
  const failure = asUnavailable(action, error);
  if (isPassing(error)) return { failure };
  throw failure;
}

// The SDK's names for ReportNotPresent, ReportExpired and ReportInProgress.
const notReady = ['CredentialReportNotPresent', 'CredentialReportExpired', 'CredentialReportNotReady'];

// A root user's flag is true or false; the other two are what the report writes where nothing applies.
const flag = z.pipe(
  z.enum(['true', 'false', 'N/A', 'not_supported']),
  z.transform((text) => text === 'true'),
);
const noTime = new Set(['N/A', 'not_supported', 'no_information']);
const isTime = (text: string): boolean => !Number.isNaN(Date.parse(text));
const time = z.pipe(
  z.string().check(z.refine((text) => isTime(text) || noTime.has(text), 'is not a time')),
  z.transform((text) => (isTime(text) ? Date.parse(text) : undefined)),
);
const certainTime = z.pipe(
  z.string().check(z.refine(isTime, 'is not a time')),
  z.transform((text) => Date.parse(text)),
);
const rootRow = z.object({ user: z.literal(ROOT), access_key_1_active: flag, access_key_2_active: flag });
const anyRow = z.object({ user: z.string() });
// When keys were used words notices and decides nothing: whatever is in those columns, the row can be read.
const anyText = z.optional(z.string());
const userRow = z.object({
  user: userName,
  arn: z.string().check(z.startsWith('arn:')),
  user_creation_time: certainTime,
  access_key_1_active: flag,
  access_key_1_last_rotated: time,
  access_key_1_last_used_date: anyText,
  access_key_1_last_used_region: anyText,
  access_key_1_last_used_service: anyText,
  access_key_2_active: flag,
  access_key_2_last_rotated: time,
  access_key_2_last_used_date: anyText,
  access_key_2_last_used_region: anyText,
  access_key_2_last_used_service: anyText,
});

function read(content: Uint8Array): CredentialReport {
  const rows = rowsOf(content);
  const users = usersIn(rows);
  return { rootKeys: rootKeysIn(rows), ...(users && { users }) };
}

/** Undefined when a single row cannot be read: a shortened list is never taken for the whole. */
function usersIn(rows: readonly unknown[]): readonly ReportedUser[] | undefined {
  const users: ReportedUser[] = [];
  for (const row of rows) {
    if (anyRow.safeParse(row).data?.user === ROOT) continue;
    const parsed = userRow.safeParse(row);
    if (!parsed.success || !namesItself(parsed.data)) return undefined;
    const { user, arn, user_creation_time: createdAt, ...keys } = parsed.data;
    const first = reportedKey(keys.access_key_1_active, keys.access_key_1_last_rotated, {
      date: keys.access_key_1_last_used_date,
      region: keys.access_key_1_last_used_region,
      service: keys.access_key_1_last_used_service,
    });
    const second = reportedKey(keys.access_key_2_active, keys.access_key_2_last_rotated, {
      date: keys.access_key_2_last_used_date,
      region: keys.access_key_2_last_used_region,
      service: keys.access_key_2_last_used_service,
    });
    users.push({ userName: user, arn, createdAt, keys: [first, second] });
  }
  return users;
}

/** A name that was torn at its comma would leave the rest of its row in the wrong columns. */
const namesItself = ({ user, arn }: { readonly user: string; readonly arn: string }): boolean =>
  arn.endsWith(`/${user}`);

function reportedKey(active: boolean, lastRotated: number | undefined, columns: LastUseColumns): ReportedKey {
  // Without it there is no key, of which nothing can be told.
  if (lastRotated === undefined) return { active };
  const lastUse = reportedLastUse(columns);
  return { active, lastRotated, ...(lastUse && { lastUse }) };
}

function rootKeysIn(rows: readonly unknown[]): number {
  const root = rows.find((row) => anyRow.safeParse(row).data?.user === ROOT);
  if (root === undefined) throw unreadable(`it has no row ${ROOT}`);
  const parsed = rootRow.safeParse(root);
  if (!parsed.success) {
    const columns = parsed.error.issues.map((issue) => issue.path.join('.'));
    throw unreadable(`the row ${ROOT} has no usable ${columns.join(' and ')}`);
  }
  return Number(parsed.data.access_key_1_active) + Number(parsed.data.access_key_2_active);
}

/** The rows by column. One that does not fit its header must not hide the others; whoever reads it finds out. */
function rowsOf(content: Uint8Array): readonly Readonly<Record<string, string>>[] {
  const text = new TextDecoder().decode(content);
  // The parser would take whatever follows such a quote for one field, and users would look absent.
  if (text.split('"').length % 2 === 0) throw unreadable('a quote is never closed');
  const [header = [], ...rows] = csvParseRows(text);
  return rows.map((row) =>
    Object.fromEntries(mended(row, header).map((field, index) => [header[index] ?? `column ${index}`, field])),
  );
}

/**
 * A name may hold commas, and whoever writes the report may forget to quote it. Its fields, and those of the ARN, which
 * ends with the name, are put together again; `namesItself` checks that this was right.
 */
function mended(row: readonly string[], header: readonly string[]): readonly string[] {
  const [first, second, ...others] = header;
  if (row.length <= header.length || first !== 'user' || second !== 'arn') return row;
  const arnAt = row.findIndex((field) => field.startsWith('arn:'));
  const restAt = row.length - others.length;
  if (arnAt < 1 || arnAt >= restAt) return row;
  return [row.slice(0, arnAt).join(','), row.slice(arnAt, restAt).join(','), ...row.slice(restAt)];
}

const unreadable = (why: string): UnavailableError =>
  new UnavailableError(`The credential report of the account cannot be read: ${why}.`);
