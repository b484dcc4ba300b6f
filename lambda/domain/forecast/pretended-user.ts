import { disableAtFrom } from '../deadlines.ts';
import type { KeyFacts, LastUse } from '../facts.ts';
import { type AccessKeyId, type OwnerId, parseAccessKeyId, parseEventId } from '../ids.ts';
import type { Exemption } from '../owners.ts';
import type { Policy } from '../policy.ts';
import type { Step } from '../step.ts';
import { DAY, type Instant, MINUTE } from '../time.ts';
import type { Hold, Retirement, Tracking } from '../tracking.ts';
import * as changes from '../tracking-changes.ts';

/** One user of a forecast: everything its future rests on, as long as nobody interferes. Equal ones have equal futures. */
export interface PretendedUser {
  readonly keys: readonly KeyFacts[];
  readonly tracking: Tracking;
  /** Those that are about this user, as if they were about everybody: see ofEverybody. */
  readonly exemptions: readonly Exemption[];
  /** Keyturn has made it a secret. */
  readonly hasSecret: boolean;
  /** Who is told; absent: not known. */
  readonly owner?: OwnerId | 'operators';
}

/** A run makes its keys moments after the time that it goes by; so so many days later it comes moments too early for them. */
const AFTER_RUN = MINUTE;

/** Every notice is taken to be delivered, so it does not matter which. */
const ANNOUNCEMENT = parseEventId('00000000000000000F0RECAST0');

/** The user after these steps were taken at `now`: IAM and the journal as the sweep would leave them. Pure. */
export const afterSteps = (user: PretendedUser, steps: readonly Step[], now: Instant, policy: Policy): PretendedUser =>
  steps.reduce((before, step) => afterStep(before, step, now, policy), user);

function afterStep(user: PretendedUser, step: Step, now: Instant, policy: Policy): PretendedUser {
  const { tracking } = user;
  const tracked = (changed: Tracking): PretendedUser => ({ ...user, tracking: changed });
  switch (step.kind) {
    case 'none':
    case 'replace-user':
    case 'snooze':
    case 'refuse':
      return user;
    case 'warn':
      return tracked(changes.withWarning(tracking, step.keyId, step.thresholdDays));
    case 'rotate':
      return rotated(user, step, now, policy);
    case 'start-retirement': {
      const { keyId, reason: why, successorKeyId, disableAt, deleteAt, after } = step;
      const successor = successorKeyId === undefined ? {} : { successorKeyId };
      const promise = { announcement: ANNOUNCEMENT, promisedAt: disableAt ?? deleteAt };
      const before = after && tracking.retirements[keyId];
      const retirement = before
        ? changes.announcedAgain(before, now, promise)
        : { keyId, why, ...successor, startedAt: now, ...promise };
      return tracked(changes.withRetirement(tracking, retirement));
    }
    case 'cancel-retirement':
      return tracked(changes.withoutRetirement(tracking, step.keyId));
    case 'disable':
      return disabled(withStatus(user, step.keyId, 'Inactive'), step.keyId, now, step.deleteAt);
    case 'record-disabled':
      return disabled(user, step.keyId, step.at, step.deleteAt, step.by);
    case 'delete':
    case 'record-deleted':
      return {
        ...user,
        keys: user.keys.filter(({ keyId }) => keyId !== step.keyId),
        tracking: changes.withoutKey(tracking, step.keyId),
      };
    case 'record-reactivated':
      return activeAgain(user, step.keyId, { startedAt: now, promisedAt: step.disableAt });
    case 'restore':
      return activeAgain(withStatus(user, step.keyId, 'Active'), step.keyId, { promisedAt: step.until });
    case 'record-restored':
      return activeAgain(user, step.keyId, { promisedAt: step.until });
    case 'wait':
      return step.isNew ? tracked(waiting(tracking, step)) : user;
    case 'recover':
      return tracked(changes.withoutRotation(tracking));
    case 'block':
      return tracked(changes.withBlocked(tracking, step.reason));
    case 'unblock':
      return tracked(changes.withBlocked(tracking, undefined));
    case 'tell-exemption-ending':
      return tracked({ ...tracking, exemptionTold: step.exemptionId });
    case 'tell-exemption-ended': {
      const { exemptionTold: _, ...rest } = tracking;
      return tracked(rest);
    }
    case 'record-adopted':
      return noted(user, step.keyId, (retirement) => ({ ...retirement, adopted: step.use }));
    case 'remind-still-used':
      if (step.held) return tracked(changes.withHold(tracking, step.keyId, told(step.disableAt)));
      return noted(user, step.keyId, (retirement) => reminded(retirement, step.reminder));
    case 'remind-delete-coming':
      return noted(user, step.keyId, (retirement) => reminded(retirement, 'delete-coming'));
    default:
      return step satisfies never;
  }
}

/** The key has a successor, which its owner installs at once; the old one is not used any more. */
function rotated(
  user: PretendedUser,
  { keyId, createdAt }: Extract<Step, { kind: 'rotate' }>,
  now: Instant,
  policy: Policy,
): PretendedUser {
  const created = now + AFTER_RUN;
  const used: LastUse = { kind: 'used', at: created, service: 'assumed', region: 'assumed' };
  const successor: KeyFacts = {
    keyId: pretendedKeyId(created, user.keys),
    status: 'Active',
    createdAt: created,
    lastUse: used,
    reportedUse: used,
  };
  const retirement: Retirement = {
    keyId,
    why: 'rotated',
    successorKeyId: successor.keyId,
    startedAt: now,
    announcement: ANNOUNCEMENT,
    promisedAt: disableAtFrom({ createdAt }, now, policy),
  };
  return {
    ...user,
    keys: [...user.keys, successor],
    tracking: changes.withRetirement(user.tracking, retirement),
    hasSecret: true,
  };
}

/** A forecast decides about nobody in particular, so an exemption that it is given has to be about everybody. */
export const ofEverybody = ({ userId: _, ...exemption }: Exemption): Exemption => ({
  ...exemption,
  account: '*',
  match: { kind: 'account' },
});

/** A key of that age that has no ID of its own. Users whose keys are equally old are to be equal. */
export function pretendedKeyId(createdAt: Instant, others: readonly KeyFacts[]): AccessKeyId {
  const name = `FORECAST${String(Math.round(createdAt / (DAY / 24 / 60))).padStart(11, '0')}`;
  return parseAccessKeyId(others.some(({ keyId }) => keyId === `${name}A`) ? `${name}B` : `${name}A`);
}

const withStatus = (user: PretendedUser, keyId: AccessKeyId, status: KeyFacts['status']): PretendedUser => ({
  ...user,
  keys: user.keys.map((key) => (key.keyId === keyId ? { ...key, status } : key)),
});

/** A retirement that is tracked; a step about another one leaves the user as it is. */
function withRetirementOf(
  user: PretendedUser,
  keyId: AccessKeyId,
  change: (retirement: Retirement, tracking: Tracking) => Tracking,
): PretendedUser {
  const retirement = user.tracking.retirements[keyId];
  return retirement === undefined ? user : { ...user, tracking: change(retirement, user.tracking) };
}

function disabled(
  user: PretendedUser,
  keyId: AccessKeyId,
  disabledAt: Instant,
  promisedAt: Instant,
  by: 'keyturn' | 'somebody' = 'keyturn',
): PretendedUser {
  return withRetirementOf(user, keyId, (retirement, tracking) => {
    const {
      intent: _,
      disableNow: __,
      disabledBy: ___,
      restoredUntil: ____,
      putOffFrom: _____,
      hold: ______,
      ...rest
    } = retirement;
    const hand = by === 'somebody' ? { disabledBy: by } : {};
    return changes.withRetirement(tracking, { ...rest, ...hand, disabledAt, promisedAt, announcement: ANNOUNCEMENT });
  });
}

const told = (until: Instant): Hold => ({ until, announcement: ANNOUNCEMENT });

function waiting(tracking: Tracking, { keyId, step, reason, heldUntil }: Extract<Step, { kind: 'wait' }>): Tracking {
  const waits = changes.withWait(tracking, keyId, { step, reason });
  return heldUntil === undefined ? waits : changes.withHold(waits, keyId, { until: heldUntil });
}

const activeAgain = (user: PretendedUser, keyId: AccessKeyId, dates: Partial<Retirement>) =>
  withRetirementOf(user, keyId, ({ disabledAt: _, intent: __, hold: ___, ...rest }, tracking) =>
    changes.withRetirement(tracking, { ...rest, ...dates, announcement: ANNOUNCEMENT }),
  );

const noted = (user: PretendedUser, keyId: AccessKeyId, change: (retirement: Retirement) => Retirement) =>
  withRetirementOf(user, keyId, (retirement, tracking) => changes.withNoted(tracking, change(retirement)));

const reminded = (retirement: Retirement, reminder: NonNullable<Retirement['reminded']>[number]): Retirement => ({
  ...retirement,
  reminded: [...(retirement.reminded ?? []), reminder],
});
