import pLimit from 'p-limit';
import { adoptionOf, useSinceSuccessor } from '../lambda/domain/adoption.ts';
import type { Mode, UseOnRecord } from '../lambda/domain/events.ts';
import type { KeyFacts, Use } from '../lambda/domain/facts.ts';
import type { AccessKeyId } from '../lambda/domain/ids.ts';
import { ownersUse } from '../lambda/domain/own-proof.ts';
import type { KnownUserPlan } from '../lambda/domain/plan.ts';
import { lastKnownUse } from '../lambda/domain/reported-use.ts';
import { toIso } from '../lambda/domain/time.ts';
import type { Retirement, Tracking } from '../lambda/domain/tracking.ts';
import { KeyGoneError, UnavailableError } from '../lambda/ports.ts';
import type { ReadOnlyIam } from './session.ts';

/** How far the owner of a key on its way out has come with its successor. What is absent is not known. */
export interface Handover {
  readonly successorKeyId: AccessKeyId;
  /** The successor is in use. */
  readonly adopted?: boolean;
  /** Where it is: the use that told so. */
  readonly successorUse?: UseOnRecord;
  /** The key itself, while it is Active, was used since its successor came. */
  readonly stillUsed?: boolean;
  readonly lastUse?: UseOnRecord;
}

/** As many calls at once as a sweep makes. */
const AT_ONCE = 8;

/**
 * The handover of every key that has a successor. Asks IAM for the last use of those keys, and of each successor that
 * is not known to be in use. In `observe` there is none: the successors are pretended.
 */
export async function handoversIn(
  iam: Pick<ReadOnlyIam, 'lastUse'>,
  plans: readonly KnownUserPlan[],
  mode: Mode,
): Promise<ReadonlyMap<AccessKeyId, Handover>> {
  if (mode === 'observe') return new Map();
  const limit = pLimit(AT_ONCE);
  const found = plans.flatMap(({ user, tracking }) => {
    const withUse = (key: KeyFacts | undefined) => key && limit(() => read(iam, key, tracking));
    return Object.values(tracking.retirements).flatMap((retirement) => {
      const { keyId, successorKeyId } = retirement;
      const key = user.keys.find((one) => one.keyId === keyId);
      if (key === undefined || successorKeyId === undefined) return [];
      const successor = user.keys.find((one) => one.keyId === successorKeyId);
      const isActive = key.status === 'Active';
      return [
        Promise.all([
          isActive ? withUse(key) : key,
          retirement.adopted === undefined ? withUse(successor) : successor,
        ]).then(([outgoing = key, incoming]) => handoverOf(retirement, successorKeyId, outgoing, incoming)),
      ];
    });
  });
  return new Map(await Promise.all(found));
}

/** The key with its last use, unless that is known or cannot be had. */
async function read(iam: Pick<ReadOnlyIam, 'lastUse'>, key: KeyFacts, tracking: Tracking): Promise<KeyFacts> {
  if (lastKnownUse(key) !== undefined) return key;
  try {
    return { ...key, lastUse: ownersUse(await iam.lastUse(key.keyId), key, tracking) };
  } catch (error) {
    // It belongs to the picture, and is not the picture: nobody shall miss the rest for it.
    if (error instanceof UnavailableError || error instanceof KeyGoneError) return key;
    throw error;
  }
}

function handoverOf(
  retirement: Retirement,
  successorKeyId: AccessKeyId,
  outgoing: KeyFacts,
  incoming: KeyFacts | undefined,
): readonly [AccessKeyId, Handover] {
  const adoption = adoptionOf(retirement, incoming);
  const known = outgoing.status === 'Active' ? lastKnownUse(outgoing) : undefined;
  return [
    retirement.keyId,
    {
      successorKeyId,
      ...(adoption && { adopted: adoption.kind === 'adopted' }),
      ...(adoption?.kind === 'adopted' && { successorUse: onRecord(adoption.use) }),
      ...(known && { stillUsed: typeof useSinceSuccessor(retirement, outgoing, adoption) === 'object' }),
      ...(known?.kind === 'used' && { lastUse: onRecord(known) }),
    },
  ];
}

const onRecord = ({ at, service, region }: Use): UseOnRecord => ({ at: toIso(at), service, region });
