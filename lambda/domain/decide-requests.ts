import { deleteAt, deleteAtFrom, disableAt } from './deadlines.ts';
import { answerRestore, answerSnooze } from './decide-put-off.ts';
import { isActive, keyOf } from './decide-retirement.ts';
import type { KeyFacts } from './facts.ts';
import type { AccessKeyId, RequestId } from './ids.ts';
import { REQUEST_LIFE, type Request } from './requests.ts';
import type { Rules } from './situation.ts';
import type { Step } from './step.ts';
import { DAY, type Instant, toIso } from './time.ts';
import type { Retirement } from './tracking.ts';
import { wait } from './waits.ts';

const MAX_KEYS = 2;

/** What is done about the requests of a user. */
export interface Answers {
  readonly steps: readonly Step[];
  /** Keys about which nothing more is to be decided in this sweep. */
  readonly settled: ReadonlySet<AccessKeyId>;
  /** A rotation for which there is no room yet. */
  readonly waiting?: WaitingRotation;
}

interface WaitingRotation {
  readonly key: KeyFacts;
  readonly request: { readonly id: RequestId; readonly disableOldNow: boolean };
  readonly wait: Step;
}

type RotateRequest = Extract<Request, { kind: 'rotate' }>;

/**
 * Carries out or refuses what people asked for, oldest first; one step for a key and sweep. What follows from an answer is
 * decided once it is on record. `settled`: keys that this sweep has something to record of.
 */
export function answerRequests(
  rules: Rules,
  requests: readonly Request[],
  settledBefore: ReadonlySet<AccessKeyId>,
): Answers {
  const settled = new Set(settledBefore);
  const steps: Step[] = rules.observing ? [] : stopNow(rules, settled);
  let waiting: WaitingRotation | undefined;
  for (const request of requests) {
    const answer = rules.observing ? refuse(request, OBSERVED) : answerTo(rules, request, settled);
    if (answer === undefined) continue;
    if ('wait' in answer) {
      // A key that shall stop at once comes first; of the same wish, whoever asked last waits for the answer.
      if (answer.request.disableOldNow || !waiting?.request.disableOldNow) waiting = answer;
      continue;
    }
    steps.push(answer);
    if (answer.kind !== 'refuse' && 'keyId' in answer && answer.keyId !== undefined) settled.add(answer.keyId);
  }
  return { steps, settled, ...(waiting === undefined ? {} : { waiting }) };
}

const OBSERVED = 'This account is observed only: Keyturn changes nothing in it.';

/** Keys that shall stop at once and were replaced: no deadline, window or notice holds them; their user keeps a key. */
function stopNow(rules: Rules, settled: Set<AccessKeyId>): Step[] {
  if (rules.user.keys.length > MAX_KEYS) return [];
  return Object.values(rules.tracking.retirements).flatMap((retirement): Step[] => {
    const { keyId, disableNow } = retirement;
    const key = keyOf(rules.user, keyId);
    if (disableNow === undefined || key === undefined || settled.has(keyId)) return [];
    if (!isActive(key) || !hasSuccessor(rules, retirement)) return [];
    settled.add(keyId);
    return [disableAtOnce(rules, key, retirement, disableNow)];
  });
}

function answerTo(
  rules: Rules,
  request: Request,
  settled: ReadonlySet<AccessKeyId>,
): Step | WaitingRotation | undefined {
  const { user, tracking, now } = rules;
  // It is being carried out in this very sweep.
  if (Object.values(tracking.retirements).some(({ disableNow }) => disableNow === request.id)) return undefined;
  if (now >= request.requestedAt + REQUEST_LIFE) {
    const days = REQUEST_LIFE / DAY;
    return refuse(
      request,
      `It could not be carried out within ${days} days and has lapsed: ask again if it still matters.`,
    );
  }
  if (user.keys.length > MAX_KEYS) {
    const keys = `The user has ${user.keys.length} access keys where IAM allows ${MAX_KEYS}`;
    return refuse(request, `${keys}: nothing is touched until somebody deletes one.`);
  }
  if (request.keyId !== undefined && settled.has(request.keyId)) return undefined;
  switch (request.kind) {
    case 'rotate':
      return answerRotate(rules, request, settled);
    case 'restore':
      return answerRestore(rules, request);
    case 'snooze':
      return answerSnooze(rules, request);
    default:
      return request satisfies never;
  }
}

function answerRotate(
  rules: Rules,
  request: RotateRequest,
  settled: ReadonlySet<AccessKeyId>,
): Step | WaitingRotation | undefined {
  const { user, tracking, policy, now } = rules;
  const key = meantKey(rules, request);
  if ('kind' in key) return key;
  const { keyId, createdAt } = key;
  if (settled.has(keyId)) return undefined;
  const retirement = tracking.retirements[keyId];
  if (retirement !== undefined && hasSuccessor(rules, retirement)) {
    if (request.disableOldNow) return disableAtOnce(rules, key, retirement, request.id);
    const stops = day(disableAt(key, retirement, policy));
    const replaced = `${keyId} has been replaced by ${retirement.successorKeyId} already and stops on ${stops}`;
    return refuse(request, `${replaced}: to stop it at once, ask with --disable-old-now.`, keyId);
  }
  const asked = { id: request.id, disableOldNow: request.disableOldNow };
  if (user.keys.length < MAX_KEYS) return { kind: 'rotate', reason: 'requested', keyId, createdAt, request: asked };
  const other = user.keys.find((one) => one.keyId !== keyId);
  const wayOut = other && tracking.retirements[other.keyId];
  const until = other && wayOut && deleteAt(other, wayOut, policy);
  const later = until !== undefined && until > now ? until : undefined;
  const waits = wait(rules, keyId, 'rotate', 'slot-busy', later);
  const isNew = waits.isNew || tracking.waiting[keyId]?.requestId !== request.id;
  const behind = other === undefined ? {} : { behind: other.keyId };
  return { key, request: asked, wait: { ...waits, isNew, requestId: request.id, ...behind } };
}

/** The key that the request is about, or why that is none. */
function meantKey({ user, tracking }: Rules, request: RotateRequest): KeyFacts | Extract<Step, { kind: 'refuse' }> {
  if (request.keyId !== undefined) {
    const key = keyOf(user, request.keyId);
    if (key === undefined) return refuse(request, `The user has no access key ${request.keyId}.`);
    if (isActive(key)) return key;
    return refuse(request, `${key.keyId} is ${key.status}: only an Active key is replaced.`);
  }
  const active = user.keys.filter(isActive);
  // In a leak it matters which of them stops.
  const meant = request.disableOldNow
    ? active
    : active.filter(({ keyId }) => tracking.retirements[keyId] === undefined);
  const [key, other] = meant;
  if (key !== undefined && other === undefined) return key;
  if (other !== undefined) {
    const ids = meant.map(({ keyId }) => keyId).join(' and ');
    return refuse(request, `The user has two Active keys, ${ids}: say which one is meant with --key.`);
  }
  const why = active.length > 0 ? 'no Active key that is not on its way out already' : 'no Active key';
  return refuse(request, `The user has ${why}: there is nothing to replace.`);
}

/** Its owner has another key to go on with, and that one stays. */
function hasSuccessor({ user, tracking }: Rules, { successorKeyId }: Retirement): boolean {
  const successor = successorKeyId === undefined ? undefined : keyOf(user, successorKeyId);
  return successor !== undefined && isActive(successor) && tracking.retirements[successor.keyId] === undefined;
}

const disableAtOnce = ({ policy, now }: Rules, key: KeyFacts, { why }: Retirement, requestId: RequestId): Step => ({
  kind: 'disable',
  keyId: key.keyId,
  reason: why,
  createdAt: key.createdAt,
  deleteAt: deleteAtFrom(key, now, policy),
  requestId,
});

/** The steps of the key rules, with the rotation that somebody waits for: as soon as there is room it is done. */
export function withWaiting({ user }: Rules, { waiting }: Answers, steps: readonly Step[]): readonly Step[] {
  if (waiting === undefined) return steps;
  const { keyId, createdAt } = waiting.key;
  const { request } = waiting;
  const isMeant = (step: Step): boolean => 'keyId' in step && step.keyId === keyId;
  if (steps.some((step) => step.kind === 'rotate' && isMeant(step))) {
    return steps.map((step) => (step.kind === 'rotate' && isMeant(step) ? { ...step, request } : step));
  }
  const others = steps.filter((step) => !(isMeant(step) && ['none', 'wait', 'start-retirement'].includes(step.kind)));
  if (user.keys.length === MAX_KEYS && steps.some(({ kind }) => kind === 'delete')) {
    return [...others, { kind: 'rotate', reason: 'slot-freed', keyId, createdAt, request }];
  }
  const rest = steps.filter((step) => !(isMeant(step) && (step.kind === 'none' || isSameWait(step))));
  if (rest.some((step) => isMeant(step) && step.kind !== 'warn')) return steps;
  return [...rest, waiting.wait];
}

/** The key is due as well, and waits for the same room. */
const isSameWait = (step: Step): boolean =>
  step.kind === 'wait' && step.step === 'rotate' && step.reason === 'slot-busy';

const refuse = (request: Request, why: string, keyId = request.keyId): Extract<Step, { kind: 'refuse' }> => ({
  kind: 'refuse',
  requestId: request.id,
  request: request.kind,
  ...(keyId === undefined ? {} : { keyId }),
  why,
});

const day = (at: Instant): string => toIso(at).slice(0, 10);
