import { parseUserName } from '../../../lambda/domain/ids.ts';
import { type Estate, onDay } from '../estate.ts';
import { type Kind, sweepKind } from '../kind.ts';
import { keysOf, victims } from './victims.ts';

/** What each step of a key's way puts on record. */
export const ROTATED = ['rotation-intended', 'key-published', 'key-replaced'];
export const DISABLED = ['disable-intended', 'key-disabled rotated keyturn'];
export const DELETED = ['delete-intended', 'key-deleted rotated keyturn'];

/** The way of a key that goes as it should. */
const rotateNew: Kind = sweepKind('rotate, first secret', { day: 0, produces: { victim: ROTATED } }, async (estate) => {
  await victims(estate, 400);
});

const disable: Kind = sweepKind('disable', { day: 10, produces: { victim: DISABLED } }, async (estate) => {
  await victims(estate, 400);
  await estate.sweepOn(0);
});

const remove: Kind = sweepKind('delete', { day: 20, produces: { victim: DELETED } }, async (estate) => {
  await victims(estate, 400);
  for (const day of [0, 10]) await estate.sweepOn(day);
});

const rotateAgain: Kind = sweepKind(
  'rotate, secret exists',
  { day: 91, produces: { victim: ROTATED } },
  async (estate) => {
    await victims(estate, 400);
    for (const day of [0, 10, 20]) await estate.sweepOn(day);
    // By then the bystander's own key would be due.
    await estate.hands().deleteUser(parseUserName('young'));
    await estate.sweepOn(21);
  },
);

const freedSlot: Kind = sweepKind(
  'delete, then rotate into the slot',
  { day: 10, produces: { victim: ['delete-intended', 'key-deleted blocks-slot keyturn', ...ROTATED] } },
  async (estate) => {
    for (const userName of await victims(estate, 400)) {
      await estate.hands().deactivate(userName, await estate.addKey(userName, 200));
    }
    await estate.sweepOn(0);
  },
);

/** Held while it is in use, and disabled when it has been left alone for so long. */
const idleGate: Kind = sweepKind('disable, once idle', { day: 12, produces: { victim: DISABLED } }, async (estate) => {
  const { policy } = estate.settings;
  const disable = { onlyWhenIdleDays: 3, maxHoldDays: 30 };
  estate.settings = { ...estate.settings, policy: { ...policy, disable } };
  const users = await victims(estate, 400);
  await estate.sweepOn(0);
  await estate.goTo(onDay(9));
  for (const userName of users) {
    const { own } = await keysOf(estate, userName);
    for (const { keyId } of own) await estate.hands().useKey(keyId);
  }
  for (const day of [10, 11]) await estate.sweepOn(day);
});

/** Its owner is left without a key: nobody ever used it. */
async function neverUsed(estate: Estate, ...days: readonly number[]): Promise<void> {
  estate.settings = { ...estate.settings, policy: { ...estate.settings.policy, neverUsed: 'retire' } };
  await victims(estate, 400);
  for (const day of [0, ...days]) await estate.sweepOn(day);
}

const disableUnused: Kind = sweepKind(
  'disable, never used',
  { day: 10, produces: { victim: ['disable-intended', 'key-disabled never-used keyturn'] } },
  (estate) => neverUsed(estate),
);

const removeUnused: Kind = sweepKind(
  'delete, never used',
  { day: 20, produces: { victim: ['delete-intended', 'key-deleted never-used keyturn'] } },
  (estate) => neverUsed(estate, 10),
);

const observing: Kind = sweepKind(
  'observe',
  { day: 10, produces: { victim: ['observed key-disabled rotated keyturn'] } },
  async (estate) => {
    estate.settings = { ...estate.settings, mode: 'observe' };
    await victims(estate, 400);
    await estate.sweepOn(0);
  },
);

const asItIs = async () => undefined;

/** One key's whole way, with a day after each step for what went wrong in it. */
export const oneLife: readonly Kind[] = [
  rotateNew,
  sweepKind('disable', { day: 11, produces: { victim: DISABLED } }, asItIs),
  sweepKind('delete', { day: 22, produces: { victim: DELETED } }, asItIs),
];

export const lifecycle: readonly Kind[] = [
  rotateNew,
  rotateAgain,
  freedSlot,
  disable,
  idleGate,
  disableUnused,
  remove,
  removeUnused,
  observing,
];
