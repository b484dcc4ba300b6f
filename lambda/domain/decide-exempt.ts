import { deleteAt, deleteAtFrom, disableAt, disableAtFrom } from './deadlines.ts';
import { isActive, keyOf } from './decide-retirement.ts';
import type { KeyFacts } from './facts.ts';
import type { AccessKeyId } from './ids.ts';
import type { Exemption } from './owners.ts';
import type { Rules } from './situation.ts';
import type { Step } from './step.ts';
import { DAY, type Instant } from './time.ts';
import type { Retirement, Tracking } from './tracking.ts';
import { wait } from './waits.ts';

const EXEMPTION_ENDING_DAYS = 14;

/** What is done about a user while an exemption holds. `settled`: keys that this sweep has something to record of. */
export function exempt(rules: Rules, exemption: Exemption, settled: ReadonlySet<AccessKeyId>): Step[] {
  const { id, expiresAt } = exemption;
  const none: Step = { kind: 'none', reason: 'exempt', until: expiresAt };
  const ending = rules.now >= expiresAt - EXEMPTION_ENDING_DAYS * DAY && rules.tracking.exemptionTold !== id;
  const retiring = retiringKeys(rules).filter(({ key }) => !settled.has(key.keyId));
  const held = retiring.flatMap((one) => heldBy(rules, exemption, one));
  if (!ending) return [...held, none];
  const dates = retiring.map((one) => afterwards(rules, exemption, one));
  return [...held, none, { kind: 'tell-exemption-ending', exemptionId: id, expiresAt, retiring: dates }];
}

/** Somebody was told that the exemption ends, and now none holds. */
export const exemptionEnded = ({ exemptionTold }: Tracking): Step[] =>
  exemptionTold === undefined ? [] : [{ kind: 'tell-exemption-ended', exemptionId: exemptionTold }];

interface Retiring {
  readonly key: KeyFacts;
  readonly retirement: Retirement;
}

const retiringKeys = ({ user, tracking }: Rules): readonly Retiring[] =>
  Object.values(tracking.retirements).flatMap((retirement) => {
    const key = keyOf(user, retirement.keyId);
    return key === undefined ? [] : [{ key, retirement }];
  });

const nextStep = (key: KeyFacts): 'disable' | 'delete' => (isActive(key) ? 'disable' : 'delete');

/** The date that was announced passes while the exemption holds: once it has ended, the key is given another one first. */
function heldBy(rules: Rules, { expiresAt }: Exemption, { key, retirement: { promisedAt } }: Retiring): Step[] {
  return rules.now < promisedAt ? [] : [wait(rules, key.keyId, nextStep(key), 'exempt', expiresAt)];
}

/** The earliest date of the key's next step, if nobody renews the exemption. */
function afterwards({ policy }: Rules, { expiresAt }: Exemption, { key, retirement }: Retiring) {
  const step = nextStep(key);
  const due = step === 'disable' ? disableAt(key, retirement, policy) : deleteAt(key, retirement, policy);
  const { keyId } = key;
  if (retirement.promisedAt >= expiresAt) return { keyId, step, at: due };
  const from: Instant = Math.max(due, expiresAt);
  return { keyId, step, at: step === 'disable' ? disableAtFrom(key, from, policy) : deleteAtFrom(key, from, policy) };
}
