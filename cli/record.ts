import type { EventDetails, EventHead, EventType, HistoryEvent } from '../lambda/domain/events.ts';
import type { Exemption } from '../lambda/domain/owners.ts';
import { toIso } from '../lambda/domain/time.ts';
import { isOf } from '../lambda/domain/user-match.ts';
import { type IamUser, UnavailableError, UserGoneError } from '../lambda/ports.ts';
import { modeIn } from './event-mode.ts';
import type { Session } from './session.ts';

type CliEvent = Extract<
  EventType,
  'request-made' | 'request-refused' | 'exemption-granted' | 'exemption-revoked' | 'owners-imported'
>;
/** Whom an event is about, and in which mode it is told; default: the deployment's. */
export type Subject = Partial<Pick<EventHead, 'account' | 'userName' | 'userId' | 'userPath' | 'keyId' | 'mode'>>;

/** An event, not yet written, that tells what a person did with the CLI; its actor is the caller's ARN. */
export function eventByCaller<T extends CliEvent>(
  session: Session,
  type: T,
  details: EventDetails[T],
  subject: Subject = {},
): HistoryEvent {
  const { settings } = session.deployment;
  const { rotateAfterDays, disableAfterDays, deleteAfterDays } = settings.policy;
  const now = session.clock.now();
  return {
    id: session.ids.event(now),
    time: toIso(now),
    type,
    account: settings.hub,
    mode: settings.mode,
    ...subject,
    actor: session.callerArn,
    policy: { rotateAfterDays, disableAfterDays, deleteAfterDays },
    details,
    // The compiler does not see that `type` and `details` come from the same T.
  } as HistoryEvent;
}

/** The user that an exemption names, where it names one and IAM may be asked; `gone`: there certainly is none. */
export async function exemptUser(
  session: Session,
  { account, match }: Pick<Exemption, 'account' | 'match'>,
): Promise<IamUser | 'gone' | undefined> {
  if (match.kind !== 'user' || account !== session.member.account) return undefined;
  try {
    return await session.member.iam.user(match.userName);
  } catch (error) {
    if (error instanceof UserGoneError) return 'gone';
    // Exempting takes no right to read IAM; without it the notice goes by the user's name alone.
    if (error instanceof UnavailableError) return undefined;
    throw error;
  }
}

/** Whom an event about the exemption is about. */
export async function subjectOf(
  session: Session,
  exemption: Exemption,
  user: IamUser | 'gone' | undefined,
): Promise<Subject> {
  const { account, match } = exemption;
  // Who bears the name now may be another one than it is for.
  const isKnown = user !== undefined && user !== 'gone' && isOf(exemption, user);
  return {
    mode: await modeIn(session, account),
    account: account === '*' ? session.deployment.settings.hub : account,
    ...(match.kind === 'user' ? { userName: match.userName } : {}),
    // IAM does not mind how a name is written, history does: the user's events lie under the name that IAM has.
    ...(isKnown ? { userName: user.userName, userId: user.userId, userPath: user.path } : {}),
  };
}
