import { GenerateCredentialReportCommand, GetCredentialReportCommand, type IAMClient } from '@aws-sdk/client-iam';
import { CsvError, parse } from 'csv-parse/sync';
import * as z from 'zod';
import { UnavailableError } from '../ports.ts';
import { asUnavailable, hasCode, isThrottling } from './aws-errors.ts';
import { complete } from './iam-answers.ts';
import type { Pause } from './pause.ts';

const ROOT = '<root_account>';

export interface ReportPolling {
  readonly pause: Pause;
  /** Milliseconds between two looks. */
  readonly poll: number;
  /** Milliseconds of waiting in all. */
  readonly bound: number;
}

/**
 * How many Active access keys the root user has by the account's credential report; undefined when none is ready within
 * the bound, or AWS makes none now. `client` should make single attempts: this polls anyway.
 */
export async function activeRootKeys(client: IAMClient, polling: ReportPolling): Promise<number | undefined> {
  const looks = Math.max(1, Math.ceil(polling.bound / polling.poll));
  for (let look = 0; look < looks; look += 1) {
    if (look > 0) await polling.pause(polling.poll);
    const found = await report(client);
    if (found === 'none to be had') return undefined;
    if (found !== 'not yet') return rootKeysIn(found);
  }
  return undefined;
}

async function report(client: IAMClient): Promise<Uint8Array | 'not yet' | 'none to be had'> {
  try {
    const { State } = await client.send(new GenerateCredentialReportCommand({}));
    if (State !== 'COMPLETE') return 'not yet';
  } catch (error) {
    // "No more capacity to launch new report generation tasks": asking again soon does not help.
    if (hasCode(error, 'LimitExceeded')) return 'none to be had';
    if (isThrottling(error)) return 'not yet';
    throw asUnavailable('iam:GenerateCredentialReport', error);
  }
  const action = 'iam:GetCredentialReport';
  try {
    const { Content } = await client.send(new GetCredentialReportCommand({}));
    return complete(action, 'Content', Content);
  } catch (error) {
    if (error instanceof UnavailableError) throw error;
    if (isThrottling(error) || hasCode(error, ...notReady)) return 'not yet';
    throw asUnavailable(action, error);
  }
}

// The SDK's names for ReportNotPresent, ReportExpired and ReportInProgress.
const notReady = ['CredentialReportNotPresent', 'CredentialReportExpired', 'CredentialReportNotReady'];

// A root user's flag is true or false; the other two are what the report writes where nothing applies.
const flag = z.enum(['true', 'false', 'N/A', 'not_supported']).transform((text) => text === 'true');
const rootRow = z.object({ user: z.literal(ROOT), access_key_1_active: flag, access_key_2_active: flag });
const anyRow = z.object({ user: z.string() });

function rootKeysIn(content: Uint8Array): number {
  const root = rowsOf(content).find((row) => anyRow.safeParse(row).data?.user === ROOT);
  if (root === undefined) throw unreadable(`it has no row ${ROOT}`);
  const parsed = rootRow.safeParse(root);
  if (!parsed.success) {
    const columns = parsed.error.issues.map((issue) => issue.path.join('.'));
    throw unreadable(`the row ${ROOT} has no usable ${columns.join(' and ')}`);
  }
  return Number(parsed.data.access_key_1_active) + Number(parsed.data.access_key_2_active);
}

function rowsOf(content: Uint8Array): readonly unknown[] {
  try {
    // Only the root user's row is read; another one that does not fit its header must not hide it.
    return parse(Buffer.from(content), { columns: true, relax_column_count: true });
  } catch (error) {
    if (error instanceof CsvError) throw unreadable(error.message);
    throw error;
  }
}

const unreadable = (why: string): UnavailableError =>
  new UnavailableError(`The credential report of the account cannot be read: ${why}.`);
