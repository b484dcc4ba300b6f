import pLimit from 'p-limit';
import type { Assignment, Owner } from '../../lambda/domain/owners.ts';
import { count } from '../dates.ts';
import { CommandError } from '../errors.ts';
import { diffOwners, type OwnersAndAssignments, type OwnersChange, type OwnersDiff } from '../owners-diff.ts';
import { readOwnersFile } from '../owners-file.ts';
import type { SubscriptionPlan } from '../plan-subscriptions.ts';
import { eventByCaller } from '../record.ts';
import type { Session } from '../session.ts';
import { applySubscriptions, ownersAfter, subscriptionPlan } from '../subscribe-owners.ts';

export interface ImportOptions {
  /** Name of the file, for messages. */
  readonly file: string;
  readonly bytes: Uint8Array;
  /** Tell the changes, make none. */
  readonly dryRun?: boolean;
  /** Remove what the file does not mention. */
  readonly prune?: boolean;
}

export interface ImportReport {
  readonly file: string;
  readonly dryRun: boolean;
  readonly owners: number;
  readonly assignments: number;
  /** Of owners, assignments, and subscriptions of e-mail addresses. */
  readonly changes: readonly Pick<OwnersChange, 'kind' | 'text'>[];
  readonly unchanged: number;
  /** E-mail addresses that hear nothing before somebody follows the link in AWS's mail to them. */
  readonly unconfirmed: readonly string[];
}

/** A table's item has room for 400 KB: long imports are told in several events. */
const CHANGES_PER_EVENT = 500;
const CONCURRENT_WRITES = 10;

/** Brings the owners' table to what the file says; with a mistake anywhere in the file, changes nothing. */
export async function ownersImport(session: Session, options: ImportOptions): Promise<ImportReport> {
  const { file, bytes, dryRun = false, prune = false } = options;
  const read = readOwnersFile(bytes);
  if (read.mistakes.length > 0) {
    const mistakes = read.mistakes.map(
      ({ line, column, problem }) => `line ${line}${column === undefined ? '' : `, column ${column}`}: ${problem}`,
    );
    throw new CommandError(`${file} has ${count(mistakes.length, 'mistake')}; nothing was imported:`, { mistakes });
  }
  if (prune && read.owners.length === 0) {
    throw new CommandError(`${file} names no owner: --prune would remove them all, so nothing was imported.`);
  }
  const before = await stored(session);
  const diff = diffOwners(before, read, prune);
  const plan = await subscriptionPlan(session, before.owners, ownersAfter(before, diff.put, diff.remove));
  const changes = [...diff.changes, ...plan.changes];
  const unconfirmed = [...plan.pending];
  if (!dryRun && changes.length > 0) {
    await record(session, read, changes);
    await apply(session, plan, diff);
    unconfirmed.push(...plan.steps.flatMap((step) => (step.kind === 'subscribe' ? step.email : [])));
  }
  const counts = { owners: read.owners.length, assignments: read.assignments.length, unchanged: diff.unchanged };
  return { file, dryRun, ...counts, changes: changes.map(({ kind, text }) => ({ kind, text })), unconfirmed };
}

async function stored({ owners }: Session): Promise<OwnersAndAssignments> {
  const [people, rules]: [Owner[], Assignment[]] = [[], []];
  for await (const owner of owners.owners()) people.push(owner);
  for await (const assignment of owners.allAssignments()) rules.push(assignment);
  return { owners: people, assignments: rules };
}

/** In history first: should the import stop part-way, running it again does, and records, the rest. */
async function record(session: Session, read: OwnersAndAssignments, changes: readonly OwnersChange[]): Promise<void> {
  const texts = changes.map(({ kind, onRecord }) => `${kind} ${onRecord}`);
  for (let from = 0; from < texts.length; from += CHANGES_PER_EVENT) {
    const details = {
      owners: read.owners.length,
      assignments: read.assignments.length,
      changes: texts.slice(from, from + CHANGES_PER_EVENT),
    };
    await session.history.append([eventByCaller(session, 'owners-imported', details)]);
  }
}

/**
 * In this order no assignment ever names an owner that is not there, wherever it stops. Subscriptions come before the
 * table: what is to be taken from an address is known from the owners that the table holds until then.
 */
async function apply(session: Session, plan: SubscriptionPlan, { put, remove }: OwnersDiff): Promise<void> {
  const { owners } = session;
  const limit = pLimit(CONCURRENT_WRITES);
  try {
    await applySubscriptions(session, plan);
    await limit.map(put.owners, (owner) => owners.putOwner(owner));
    await limit.map(put.assignments, (assignment) => owners.putAssignment(assignment));
    await limit.map(remove.assignments, (assignment) => owners.deleteAssignment(assignment));
    await limit.map(remove.owners, ({ id }) => owners.deleteOwner(id));
  } catch (cause) {
    if (cause instanceof CommandError) throw cause;
    throw new CommandError('The import stopped part-way: run the same command again, it does the rest.', { cause });
  }
}
