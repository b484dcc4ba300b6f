/** Checks of the organisation: whether it is the one that is set, and has every unit and account that the settings name. */
import type { Deployment } from '../../lambda/contracts/deployment.ts';
import {
  type OrganizationScope,
  type OrganizationTree,
  selectInOrganization,
} from '../../lambda/domain/account-selection.ts';
import { fromIso } from '../../lambda/domain/time.ts';
import { AccessDeniedError, UnavailableError } from '../../lambda/ports.ts';
import { count } from '../dates.ts';
import type { Estate } from '../estate.ts';
import { explain } from '../explain.ts';
import { lastRuns, readRun } from '../run-record.ts';
import type { Session } from '../session.ts';
import { type Finding, fail, look, ok, unknown } from './finding.ts';

const CHECK = 'organisation';
const IDS = 'every unit and account that the settings name';

interface Checking {
  readonly deployment: Deployment;
  readonly history: Session['history'];
  readonly estate: Estate;
}

/** Nothing where the settings are not about one. */
export async function organizationCheck(checking: Checking): Promise<readonly Finding[]> {
  const { organizationId, settings } = checking.deployment;
  const { accounts: scope } = settings;
  if (scope.kind !== 'organization' && organizationId === undefined) return [];
  return look(CHECK, async () => {
    const belongs = await membership(checking);
    if (belongs.verdict === 'fail' || scope.kind !== 'organization') return [belongs];
    return [await namedFinding(checking, scope, belongs)];
  });
}

/** Every account may ask which organisation it is in. */
async function membership({ deployment: { organizationId, settings }, estate }: Checking): Promise<Finding> {
  const found = await seen(() => estate.organizationId());
  if (found instanceof UnavailableError) {
    return unknown(CHECK, `which one this account is in could not be seen: ${explain(found).sentence}`);
  }
  if (found === undefined) {
    const what = `account ${settings.hub} is in no organisation, and the settings are about one`;
    return fail(CHECK, what, "deploy to an account of it, or set 'accounts' and access.organizationId without one");
  }
  if (organizationId === undefined || organizationId === found) return ok(CHECK, `this account is in ${found}`);
  const what = `this account is in ${found}, but access.organizationId is ${organizationId}: no member role lets the worker in`;
  return fail(CHECK, what, 'correct it, and deploy the hub and every member stack again');
}

/** Judges as the beginning of a run does, on what can be seen from here. */
async function namedFinding(checking: Checking, scope: OrganizationScope, belongs: Finding): Promise<Finding> {
  const view = await treeSeen(checking, scope);
  if (view.kind === 'refused') return fail(CHECK, view.why, 'see docs/organization.md, section 1');
  if (view.kind === 'tree') {
    const selection = selectInOrganization(checking.deployment.settings, scope, view.tree);
    if (selection.kind === 'mistakes') {
      const what = `no account is swept: ${selection.mistakes.join('; ')}`;
      return fail(CHECK, what, 'correct the settings and deploy again');
    }
    const { expected, skipped } = selection;
    const swept = `${count(expected.length, 'account')} to sweep, ${skipped.length} left out`;
    const what = `${belongs.what}; ${IDS} is there, ${swept}`;
    if (view.but === undefined) return { ...belongs, what };
    const run = await provingRun(checking);
    return run === undefined ? unknown(CHECK, `${what}; ${view.but}`, beginOne(checking)) : ok(CHECK, what);
  }
  const run = await provingRun(checking);
  if (run !== undefined) return { ...belongs, what: `${belongs.what}; ${IDS} was there when ${run} began` };
  const what = `whether ${IDS} is there could not be seen: ${view.why}`;
  return unknown(CHECK, belongs.verdict === 'ok' ? `${belongs.what}; ${what}` : what, beginOne(checking));
}

type View =
  /** `but`: that a run can list it too is not proven by that. */
  | { readonly kind: 'tree'; readonly tree: OrganizationTree; readonly but?: string }
  /** A run would be refused as well. */
  | { readonly kind: 'refused'; readonly why: string }
  | { readonly kind: 'unseen'; readonly why: string };

async function treeSeen({ estate }: Checking, { readerRoleArn }: OrganizationScope): Promise<View> {
  if (readerRoleArn === undefined) {
    const own = await seen(() => estate.organizationTree());
    return own instanceof UnavailableError ? { kind: 'unseen', why: whyNot(own) } : { kind: 'tree', tree: own };
  }
  const asReader = await seen(() => estate.organizationTree(readerRoleArn));
  if (!(asReader instanceof UnavailableError)) return { kind: 'tree', tree: asReader };
  if (!(asReader instanceof AccessDeniedError)) return { kind: 'unseen', why: whyNot(asReader) };
  if (!asReader.message.includes('sts:AssumeRole')) {
    return { kind: 'refused', why: `role ${readerRoleArn} may not list the organisation: ${asReader.message}` };
  }
  // AWS does not tell a role that is not there from one that lets somebody else in.
  const but = `role ${readerRoleArn}, which lists it for a run, does not let you in (it need not, but the same is said of a role that is not there)`;
  const own = await seen(() => estate.organizationTree());
  return own instanceof UnavailableError ? { kind: 'unseen', why: but } : { kind: 'tree', tree: own, but };
}

/** Organizations names who lacks a right; it does not when the whole account may not list. */
function whyNot(error: UnavailableError): string {
  const { sentence } = explain(error);
  if (!(error instanceof AccessDeniedError) || /is not authorized to perform/.test(error.message)) return sentence;
  return 'AWS lets only the management account and delegated administrators list it (docs/organization.md, section 1)';
}

/** What is not seen for want of a right or an answer is an error to tell of, not to end with. */
async function seen<T>(see: () => Promise<T>): Promise<T | UnavailableError> {
  try {
    return await see();
  } catch (error) {
    if (error instanceof UnavailableError) return error;
    throw error;
  }
}

/** A run that began whole under the settings that are deployed has listed the organisation and found every ID. */
async function provingRun({ deployment, history, estate }: Checking): Promise<string | undefined> {
  const [last] = (await lastRuns(history, deployment.settings.hub, 1, 'scheduled')).runs;
  const run = last === undefined ? undefined : await readRun(history, last);
  const stack = await seen(() => estate.stack(deployment.stack));
  if (run?.begun !== 'whole' || stack instanceof UnavailableError || stack?.changedAt === undefined) return undefined;
  return fromIso(run.at) > fromIso(stack.changedAt) ? run.runId : undefined;
}

const beginOne = ({ deployment }: Checking): string =>
  `begin a run as 'Dispatch failing' in docs/runbook.md says, with function ${deployment.functions.dispatch}; it shows`;
