import { parseUserName, type UserName } from '../../../lambda/domain/ids.ts';
import type { Estate } from '../estate.ts';
import { type Kind, sweepKind } from '../kind.ts';

/** Users with one key of that age, and beside them one whose key is young: nobody's trouble is to be theirs. */
export async function victims(estate: Estate, ageDays: number): Promise<readonly UserName[]> {
  const hands = estate.hands();
  const names: UserName[] = [];
  await estate.addKey(await hands.addUser('young'), 1);
  for (const name of ['ada', 'bob', 'cyd', 'dan', 'eve', 'fay'].slice(0, estate.victims)) {
    const userName = await hands.addUser(name);
    await estate.addKey(userName, ageDays);
    names.push(userName);
  }
  return names;
}

/** The way of a key that goes as it should. */
const rotateNew: Kind = sweepKind('rotate, first secret', 0, async (estate) => {
  await victims(estate, 400);
});

const disable: Kind = sweepKind('disable', 10, async (estate) => {
  await victims(estate, 400);
  await estate.sweepOn(0);
});

const remove: Kind = sweepKind('delete', 20, async (estate) => {
  await victims(estate, 400);
  for (const day of [0, 10]) await estate.sweepOn(day);
});

const rotateAgain: Kind = sweepKind('rotate, secret exists', 91, async (estate) => {
  await victims(estate, 400);
  for (const day of [0, 10, 20]) await estate.sweepOn(day);
  // By then the bystander's own key would be due.
  await estate.hands().deleteUser(parseUserName('young'));
});

const freedSlot: Kind = sweepKind('delete, then rotate into the slot', 10, async (estate) => {
  for (const userName of await victims(estate, 400)) {
    await estate.hands().deactivate(userName, await estate.addKey(userName, 200));
  }
  await estate.sweepOn(0);
});

const idleGate: Kind = sweepKind('disable, once idle', 10, async (estate) => {
  const { policy } = estate.settings;
  const disable = { onlyWhenIdleDays: 3, maxHoldDays: 30 };
  estate.settings = { ...estate.settings, policy: { ...policy, disable } };
  await victims(estate, 400);
  await estate.sweepOn(0);
});

const unused: Kind = sweepKind('disable, never used', 10, async (estate) => {
  estate.settings = { ...estate.settings, policy: { ...estate.settings.policy, neverUsed: 'retire' } };
  for (const userName of await victims(estate, 400)) await estate.addKey(userName, 5);
  await estate.sweepOn(0);
});

const observing: Kind = sweepKind('observe', 10, async (estate) => {
  estate.settings = { ...estate.settings, mode: 'observe' };
  await victims(estate, 400);
  await estate.sweepOn(0);
});

const asItIs = async () => undefined;

/** One key's whole way, with a day after each step for what went wrong in it. */
export const oneLife: readonly Kind[] = [rotateNew, sweepKind('disable', 11, asItIs), sweepKind('delete', 22, asItIs)];

export const lifecycle: readonly Kind[] = [
  rotateNew,
  rotateAgain,
  freedSlot,
  disable,
  idleGate,
  unused,
  remove,
  observing,
];
