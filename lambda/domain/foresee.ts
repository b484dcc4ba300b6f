import { decide } from './decide.ts';
import type { KeyFacts } from './facts.ts';
import type { Policy } from './policy.ts';
import type { Situation } from './situation.ts';
import type { Step } from './step.ts';
import type { Instant } from './time.ts';
import type { Tracking } from './tracking.ts';

/**
 * What would be decided if whatever has to be looked up were as it was when it was last heard of. It costs no call. It says
 * in which order users are worth looking at, and whose step is beyond the cap in any case; no key is touched on it.
 */
export function foresee(situation: Situation, policy: Policy, now: Instant, clock: Instant): readonly Step[] {
  const { tracking } = situation;
  const user = { ...situation.user, keys: situation.user.keys.map((key) => asLastHeard(key, tracking, now)) };
  const decision = decide({ ...situation, user, delivered: asRecorded(tracking) }, policy, now, clock);
  return decision.kind === 'steps' ? decision.steps : [];
}

/** A key of which nobody knows is taken for used: just now if it is held for that, and otherwise long ago. */
function asLastHeard(key: KeyFacts, { waiting }: Tracking, now: Instant): KeyFacts {
  if (key.lastUse.kind !== 'unread') return key;
  const at = waiting[key.keyId]?.reason === 'in-use' ? now : key.createdAt;
  return { ...key, lastUse: key.reportedUse ?? { kind: 'used', at, service: 'unknown', region: 'unknown' } };
}

/** Whoever could not be told when somebody last looked is not told yet. */
const asRecorded = ({ retirements, waiting }: Tracking): Situation['delivered'] =>
  new Map(
    Object.values(retirements).flatMap(({ keyId, announcement, hold }) => {
      const delivered = waiting[keyId]?.reason !== 'notice-undelivered';
      const reminder = hold?.announcement;
      return [announcement, ...(reminder === undefined ? [] : [reminder])].map((id) => [id, delivered] as const);
    }),
  );
