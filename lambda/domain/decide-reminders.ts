import { adoptionOf, useSinceSuccessor } from './adoption.ts';
import { deleteAt, disableAt } from './deadlines.ts';
import { isActive, keyOf } from './decide-retirement.ts';
import type { KeyFacts } from './facts.ts';
import type { AccessKeyId } from './ids.ts';
import type { Rules } from './situation.ts';
import type { Step, StepKind } from './step.ts';
import { DAY, type Instant } from './time.ts';
import type { Reminder, Retirement } from './tracking.ts';

/** Between two reminders there shall be a day at least: a shorter gap has only the last one. */
const HALF_WAY_FROM = 4 * DAY;
const DELETE_COMING = 3 * DAY;

/** Kinds of step that leave a key as it is. */
const harmless: ReadonlySet<StepKind> = new Set<StepKind>(['none', 'wait', 'warn']);
const acting: ReadonlySet<StepKind> = new Set<StepKind>(['rotate', 'disable', 'delete', 'restore']);
/** After these the retirement goes on. */
const disabling: ReadonlySet<StepKind> = new Set<StepKind>(['disable', 'record-disabled']);

/**
 * What owners of keys on their way out are told between two steps, and that a successor is in use. It comes after all
 * that is decided on otherwise, so that it neither delays nor replaces a step; it asks for nothing where keys are to be
 * changed.
 *
 * @param decided the steps that the other rules have come to.
 */
export function reminders(rules: Rules, decided: readonly Step[]): Step[] {
  if (rules.lookUps.any) return [];
  return Object.values(rules.tracking.retirements).flatMap((retirement): Step[] => {
    const key = keyOf(rules.user, retirement.keyId);
    const changes = decided.filter((step) => isAbout(step, retirement.keyId) && !harmless.has(step.kind));
    if (key === undefined || !changes.every(({ kind }) => disabling.has(kind))) return [];
    const adopted = recordAdopted(rules, key, retirement);
    if (changes.length > 0) return adopted;
    const mayAsk = !decided.some(({ kind }) => acting.has(kind));
    return [
      ...adopted,
      ...stillUsed(rules, key, retirement, mayAsk),
      ...lastDayComing(rules, retirement, decided),
      ...deleteComing(rules, key, retirement),
    ];
  });
}

const isAbout = (step: Step, keyId: AccessKeyId): boolean => 'keyId' in step && step.keyId === keyId;

function recordAdopted({ user, policy, observing }: Rules, key: KeyFacts, retirement: Retirement): Step[] {
  const { keyId, successorKeyId, adopted, disabledAt } = retirement;
  // What would have been done is no matter of who has installed what.
  if (observing || successorKeyId === undefined || adopted !== undefined) return [];
  const adoption = adoptionOf(retirement, keyOf(user, successorKeyId));
  if (adoption?.kind !== 'adopted') return [];
  const outgoingUse = useSinceSuccessor(retirement, key, adoption);
  return [
    {
      kind: 'record-adopted',
      keyId,
      successorKeyId,
      use: adoption.use,
      ...(typeof outgoingUse === 'object' ? { outgoingUse } : {}),
      disableAt: disabledAt ?? disableAt(key, retirement, policy),
    },
  ];
}

function stillUsed(rules: Rules, key: KeyFacts, retirement: Retirement, mayAsk: boolean): Step[] {
  const { user, policy, now, lookUps } = rules;
  const { keyId, successorKeyId, disabledAt, restoredUntil, disableNow } = retirement;
  if (successorKeyId === undefined || disabledAt !== undefined || !isActive(key)) return [];
  // Whoever asked for its last days, or for its end, knows the date.
  if (restoredUntil !== undefined || disableNow !== undefined) return [];
  const successor = keyOf(user, successorKeyId);
  // Nobody could have installed it, so everybody still uses the other.
  if (successor?.pretended || key.pretended) return [];
  const due = disableAt(key, retirement, policy);
  const reminder = stillUsedDue(retirement, due, now);
  if (reminder === undefined) return [];
  const adoption = adoptionOf(retirement, successor);
  const use = useSinceSuccessor(retirement, key, adoption);
  if (use === 'not known' && mayAsk) lookUps.lastUseOf.add(keyId);
  if (typeof use === 'string') return [];
  const adopted = adoption?.kind === 'adopted';
  return [{ kind: 'remind-still-used', keyId, successorKeyId, reminder, use, adopted, disableAt: due }];
}

/** From the deadline on it is too late: the key stops, or waits for a reason of its own. */
function stillUsedDue(
  { startedAt, reminded = [] }: Retirement,
  due: Instant,
  now: Instant,
): Exclude<Reminder, 'delete-coming'> | undefined {
  if (now >= due || reminded.includes('day-before')) return undefined;
  if (now >= due - DAY) return 'day-before';
  const gap = due - startedAt;
  if (gap < HALF_WAY_FROM || now < startedAt + gap / 2 || reminded.includes('half-way')) return undefined;
  return 'half-way';
}

/** A key that is held because it is used goes on its last day, used or not: nobody is cut off who was not told that day. */
function lastDayComing({ user, now }: Rules, retirement: Retirement, decided: readonly Step[]): Step[] {
  const { keyId, successorKeyId, hold } = retirement;
  const held = decided.find((step) => step.kind === 'wait' && step.keyId === keyId && step.heldUntil !== undefined);
  if (held?.kind !== 'wait' || successorKeyId === undefined) return [];
  const { heldUntil, lastUse } = held;
  if (heldUntil === undefined || lastUse === undefined || now < heldUntil - DAY) return [];
  if (hold?.announcement !== undefined && hold.until === heldUntil) return [];
  const adopted = adoptionOf(retirement, keyOf(user, successorKeyId))?.kind === 'adopted';
  const reminder = { reminder: 'day-before', use: lastUse, adopted, disableAt: heldUntil, held: true } as const;
  return [{ kind: 'remind-still-used', keyId, successorKeyId, ...reminder }];
}

function deleteComing({ policy, now }: Rules, key: KeyFacts, retirement: Retirement): Step[] {
  const { keyId, disabledAt, disabledBy, reminded = [] } = retirement;
  if (disabledAt === undefined || disabledBy !== undefined || key.pretended) return [];
  if (isActive(key) || reminded.includes('delete-coming')) return [];
  const due = deleteAt(key, retirement, policy);
  const ahead = Math.min(DELETE_COMING, (due - disabledAt) / 2);
  return now >= due - ahead && now < due ? [{ kind: 'remind-delete-coming', keyId, deleteAt: due }] : [];
}
