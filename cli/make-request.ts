/** What rotate, restore and snooze have in common: they put a request that the next sweep carries out, and touch no key. */
import { randomUUID } from 'node:crypto';
import type { EventDetails, Mode } from '../lambda/domain/events.ts';
import type { AccessKeyId, AccountId, RequestId, RunId, UserName } from '../lambda/domain/ids.ts';
import type { Request, Wish } from '../lambda/domain/requests.ts';
import { type IsoTime, toIso } from '../lambda/domain/time.ts';
import { runIdOf } from '../lambda/workflows/dispatch.ts';
import { accountStanding } from './account-standing.ts';
import { CommandError } from './errors.ts';
import { follow, type Progress } from './follow-request.ts';
import { eventByCaller, type Subject } from './record.ts';
import { type RequestFlags, whoIsMeant } from './request-subject.ts';
import type { Session } from './session.ts';
import type { Answer } from './waiting-answer.ts';

export interface RequestOptions extends RequestFlags {
  readonly reason: string;
  /** Follow it until it is answered. */
  readonly wait?: boolean;
}

/** What was asked for, and what became of it as far as somebody waited for it. */
export interface RequestReport {
  readonly requestId: RequestId;
  readonly request: Wish['kind'];
  readonly account: AccountId;
  readonly userName: UserName;
  readonly keyId?: AccessKeyId;
  readonly reason: string;
  readonly requestedBy: string;
  readonly requestedAt: IsoTime;
  /** The run that was started for it. */
  readonly runId: RunId;
  readonly answer?: Answer;
}

/**
 * Asks for it, in this order: history, so that nothing is ever done that nobody is on record for; the list; a run for the
 * account alone. Throws CommandError that says how far it came.
 */
export async function makeRequest(
  session: Session,
  wish: Wish,
  options: RequestOptions,
  progress: Progress,
): Promise<RequestReport> {
  const { account, userName, subject: who } = await whoIsMeant(session, options);
  const mode = await refuseUnlessEnforced(session, account);
  const subject = { ...who, mode };
  const now = session.clock.now();
  const { reason } = options;
  const request: Request = {
    ...{ id: session.ids.request(now), account, userName, reason, requestedBy: session.callerArn, requestedAt: now },
    ...wish,
  };
  await putOnRecord(session, request, subject);
  await putOnList(session, request, subject);
  const runId = await startRun(session, request);
  const report = {
    requestId: request.id,
    request: wish.kind,
    account,
    userName,
    ...(wish.keyId === undefined ? {} : { keyId: wish.keyId }),
    reason,
    requestedBy: request.requestedBy,
    requestedAt: toIso(now),
    runId,
  };
  return options.wait ? { ...report, answer: await follow(session, request, runId, progress) } : report;
}

/** A sentence when it was not done, for the command's exit code. */
export function requestComplaint({ answer }: RequestReport): string | undefined {
  if (answer === undefined || answer.state === 'done') return undefined;
  return answer.state === 'waiting' && !answer.stillWorks ? undefined : answer.what;
}

/** Refuses what is certain to be refused, else answers with the account's mode. What only the sweep can know it decides. */
async function refuseUnlessEnforced(session: Session, account: AccountId): Promise<Mode> {
  const { mode, swept, note } = await accountStanding(session, account);
  if (swept === 'no') throw new CommandError(`Nothing was asked for. ${note ?? 'No sweep touches this account.'}`);
  const byUnit = (session.deployment.settings.enforceIn?.organizationalUnits.length ?? 0) > 0;
  if (mode === 'enforce' || byUnit) return mode;
  throw new CommandError(
    `Nothing was asked for: account ${account} is observed only, so Keyturn changes no key in it. ` +
      "Its keys are changed once the settings say 'enforce' for it.",
  );
}

async function putOnRecord(session: Session, request: Request, subject: Subject): Promise<void> {
  const { id: requestId, kind, reason } = request;
  const details: EventDetails['request-made'] = {
    requestId,
    request: kind,
    reason,
    ...(kind === 'rotate' && request.disableOldNow ? { disableOldNow: true } : {}),
    ...(kind === 'restore' ? { hours: request.hours } : {}),
    ...(kind === 'snooze' ? { days: request.days } : {}),
  };
  try {
    await session.history.append([eventByCaller(session, 'request-made', details, subject)]);
  } catch (cause) {
    throw new CommandError('Nothing was asked for: history could not be written.', { cause });
  }
}

async function putOnList(session: Session, request: Request, subject: Subject): Promise<void> {
  try {
    await session.owners.putRequest(request);
  } catch (cause) {
    await takeBack(session, request, subject, cause);
    const what = 'Nothing was asked for: the request could not be put on the list, and history says so.';
    throw new CommandError(what, { cause });
  }
}

/** History told of a request that may not have been put on the list: make sure that it is not, and say so there. */
async function takeBack(session: Session, request: Request, subject: Subject, cause: unknown): Promise<void> {
  const { id: requestId, kind } = request;
  try {
    await session.owners.deleteRequest(request);
    const details = { requestId, request: kind, why: 'It was never put on the list.' };
    await session.history.append([eventByCaller(session, 'request-refused', details, subject)]);
  } catch {
    throw new CommandError(
      `Request ${requestId} is in history, but whether it is on the list is unknown: the next sweep may carry it out. ` +
        `Look with 'keyturn history --user ${request.userName}' before you ask again.`,
      { cause },
    );
  }
}

async function startRun(session: Session, { id, account }: Request): Promise<RunId> {
  const event = { id: randomUUID(), time: toIso(session.clock.now()), accounts: [account] };
  try {
    await session.startRun(event);
  } catch (cause) {
    throw new CommandError(
      `Request ${id} is on record and on the list, but no run could be started for it: the next scheduled run ` +
        'answers it.',
      { cause },
    );
  }
  return runIdOf(event);
}
