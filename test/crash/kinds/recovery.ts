import type { UserName } from '../../../lambda/domain/ids.ts';
import type { Estate } from '../estate.ts';
import type { Fault } from '../fault.ts';
import { type Kind, sweepKind } from '../kind.ts';
import { victims } from './lifecycle.ts';

/** A sweep of that day after the one on the day before ended at the first call of that name. */
function afterDeath(
  name: string,
  day: number,
  { fault, at }: { readonly fault: Fault; readonly at: string },
  {
    before = [],
    meanwhile,
  }: { before?: readonly number[]; meanwhile?: (estate: Estate, users: readonly UserName[]) => Promise<void> } = {},
): Kind {
  return sweepKind(name, day, async (estate) => {
    const users = await victims(estate, 400);
    for (const one of before) await estate.sweepOn(one);
    const end = await estate.sweepOn(day - 1, estate.line({ at, fault }));
    if (end !== 'died') throw new Error(`'${name}' is about a process that died at ${at}, and it lived`);
    await meanwhile?.(estate, users);
  });
}

/** Keys of the user that people did not make. */
async function madeKeys(estate: Estate, userName: UserName) {
  const { users } = await estate.observe();
  const keys = users.find((user) => user.userName === userName)?.keys ?? [];
  return keys.filter(({ keyId }) => !estate.labels.has(keyId));
}

const beforeProof = { fault: 'dies before', at: 'prover.prove' } as const;
const afterCreate = { fault: 'dies after', at: 'iam.createKey' } as const;
const beforeCreate = { fault: 'dies before', at: 'iam.createKey' } as const;

/** Recovery itself, each way it can go. */
export const recovery: readonly Kind[] = [
  afterDeath('recover: stored, so publish', 1, beforeProof),
  afterDeath('recover: not stored, so delete and rotate', 1, afterCreate),
  afterDeath('recover: no key came, so rotate', 1, beforeCreate),
  afterDeath('recover: published, so record', 1, { fault: 'dies after', at: 'secrets.publish' }),
  afterDeath('recover: stored, its owner deleted the outgoing key', 1, beforeProof, {
    meanwhile: async (estate, [userName]) => {
      const outgoing = [...estate.labels.keys()][0];
      if (userName !== undefined && outgoing !== undefined) await estate.hands().deleteKey(userName, outgoing);
    },
  }),
  afterDeath('recover: stored, somebody made it Inactive', 1, beforeProof, {
    meanwhile: async (estate, users) => {
      for (const userName of users) {
        for (const { keyId } of await madeKeys(estate, userName)) await estate.hands().deactivate(userName, keyId);
      }
    },
  }),
  afterDeath('recover: the key that came is used, so it stays', 1, beforeCreate, {
    meanwhile: async (estate, users) => {
      for (const userName of users) await estate.hands().useKey(await estate.addKey(userName, 0));
    },
  }),
  afterDeath('recover: disabled, so record', 11, { fault: 'dies after', at: 'iam.disableKey' }, { before: [0] }),
  afterDeath('recover: not disabled, so disable', 11, { fault: 'dies before', at: 'iam.disableKey' }, { before: [0] }),
  afterDeath('recover: deleted, so record', 21, { fault: 'dies after', at: 'iam.deleteKey' }, { before: [0, 10] }),
];
