import type { UserName } from '../../../lambda/domain/ids.ts';
import type { Estate } from '../estate.ts';
import type { Fault } from '../fault.ts';
import { type Kind, sweepKind } from '../kind.ts';
import { isCurrent } from '../observation.ts';
import type { Produced } from '../produced.ts';
import { DELETED, DISABLED, ROTATED } from './lifecycle.ts';
import { keysOf, victims } from './victims.ts';

interface Death {
  readonly day: number;
  readonly fault: Fault;
  readonly at: string;
  /** Swept undisturbed before. */
  readonly before?: readonly number[];
  /** What people do between the death and the recovery. */
  readonly meanwhile?: (estate: Estate, users: readonly UserName[]) => Promise<void>;
}

/** A sweep of that day after the one on the day before ended at the first call of that name. */
function afterDeath(name: string, { day, fault, at, before = [], meanwhile }: Death, produces: Produced): Kind {
  return sweepKind(name, { day, produces }, async (estate) => {
    const users = await victims(estate, 400);
    for (const one of before) await estate.sweepOn(one);
    const end = await estate.sweepOn(day - 1, estate.line({ at, fault }));
    if (end !== 'died') throw new Error(`'${name}' is about a process that died at ${at}, and it lived`);
    await meanwhile?.(estate, users);
  });
}

async function deleteOutgoing(estate: Estate, users: readonly UserName[]): Promise<void> {
  for (const userName of users) {
    const { own } = await keysOf(estate, userName);
    for (const { keyId } of own) await estate.hands().deleteKey(userName, keyId);
  }
}

async function makeIncomingInactive(estate: Estate, users: readonly UserName[]): Promise<void> {
  for (const userName of users) {
    const { made } = await keysOf(estate, userName);
    for (const { keyId } of made) await estate.hands().deactivate(userName, keyId);
  }
}

async function mustBePublished(estate: Estate, users: readonly UserName[]): Promise<void> {
  const seen = await Promise.all(users.map((userName) => keysOf(estate, userName)));
  const isOne = seen.some(({ user, made }) => made.some(({ keyId }) => isCurrent(user, keyId)));
  if (!isOne) throw new Error('nothing was published before the process died');
}

const createDied = { day: 1, fault: 'dies before', at: 'iam.createKey' } as const;
const proofDied = { day: 1, fault: 'dies before', at: 'prover.prove' } as const;

const PUBLISHED = ['key-published', 'key-replaced'];
const ABANDONED = 'rotation-abandoned';
const DISABLED_ALREADY = 'key-disabled rotated keyturn';

/**
 * Recovery itself, each way it can go. Where the victims have different things on record, the process died over the first
 * of them and had begun nothing, or less, for the other.
 */
export const recovery: readonly Kind[] = [
  afterDeath('recover: stored, so publish', proofDied, { victim: PUBLISHED }),
  afterDeath(
    'recover: not stored, so delete and rotate',
    { day: 1, fault: 'dies after', at: 'iam.createKey' },
    { ada: ['delete-intended', 'orphan-removed', ...ROTATED], bob: [ABANDONED, ...ROTATED] },
  ),
  afterDeath('recover: no key came, so rotate', createDied, { victim: [ABANDONED, ...ROTATED] }),
  afterDeath(
    'recover: published, so record',
    { day: 1, fault: 'dies after', at: 'secrets.publish', meanwhile: mustBePublished },
    { victim: PUBLISHED },
  ),
  afterDeath(
    'recover: stored, its owner deleted the outgoing key',
    { ...proofDied, meanwhile: deleteOutgoing },
    { victim: ['key-published alone'] },
  ),
  afterDeath(
    'recover: stored, somebody made it Inactive',
    { ...proofDied, meanwhile: makeIncomingInactive },
    { victim: [ABANDONED, 'retirement-started blocks-slot', 'step-waiting rotate slot-busy'] },
  ),
  afterDeath(
    'recover: the key that came is used, so it stays',
    {
      ...createDied,
      meanwhile: async (estate, users) => {
        for (const userName of users) await estate.hands().useKey(await estate.addKey(userName, 0));
      },
    },
    { victim: [ABANDONED, 'retirement-started replaced-by-hand'] },
  ),
  afterDeath(
    'recover: disabled, so record',
    { day: 11, fault: 'dies after', at: 'iam.disableKey', before: [0] },
    { ada: [DISABLED_ALREADY], bob: DISABLED },
  ),
  afterDeath(
    'recover: not disabled, so disable',
    { day: 11, fault: 'dies before', at: 'iam.disableKey', before: [0] },
    { victim: DISABLED },
  ),
  afterDeath(
    'recover: deleted, so record',
    { day: 21, fault: 'dies after', at: 'iam.deleteKey', before: [0, 10] },
    { ada: ['key-deleted rotated keyturn'], bob: DELETED },
  ),
];
