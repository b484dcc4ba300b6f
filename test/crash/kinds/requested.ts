import { type AccessKeyId, parseUserName, type UserName } from '../../../lambda/domain/ids.ts';
import type { Wish } from '../../../lambda/domain/requests.ts';
import { accountEvent } from '../../../lambda/workflows/account-event.ts';
import { madeDetails, RUN } from '../../support/builders.ts';
import type { Estate } from '../estate.ts';
import { type Kind, sweepKind } from '../kind.ts';
import type { Produced } from '../produced.ts';
import { DISABLED, ROTATED } from './lifecycle.ts';
import { victims } from './victims.ts';

/** What the command line does: it goes on record, and onto the list. */
async function ask({ ports, ids, clock, settings, account }: Estate, userName: UserName, wish: Wish): Promise<void> {
  const id = ids.request(clock.now());
  const details = madeDetails({ id, reason: 'because', ...wish });
  const made = accountEvent({ ids, clock, settings }, { account, runId: RUN }, 'request-made', details);
  const keyId = wish.keyId === undefined ? {} : { keyId: wish.keyId };
  await ports.history.append([{ ...made, actor: 'arn:aws:iam::111122223333:user/ada', userName, ...keyId }]);
  const head = { id, account, userName, reason: 'because', requestedBy: made.actor, requestedAt: clock.now() };
  await ports.owners.putRequest({ ...head, ...wish });
}

/** In the end nothing is left on the list. */
function requestedKind(
  name: string,
  on: { readonly day: number; readonly produces: Produced },
  prepare: (estate: Estate) => Promise<void>,
): Kind {
  const kind = sweepKind(name, on, prepare);
  return {
    ...kind,
    async later(estate) {
      const end = await kind.later(estate);
      const left = await estate.ports.owners.requests(estate.account);
      return left.length === 0 ? end : { threw: new Error(`${left.length} requests are still on the list`) };
    },
  };
}

/** Each victim's first key, as people made it. */
async function askForEach(estate: Estate, users: readonly UserName[], wishOf: (keyId: AccessKeyId) => Wish) {
  const { users: seen } = await estate.observe();
  for (const userName of users) {
    const keys = seen.find((user) => user.userName === userName)?.keys ?? [];
    const key = keys.find(({ keyId }) => estate.labels.has(keyId));
    if (key !== undefined) await ask(estate, userName, wishOf(key.keyId));
  }
}

/** Victims whose key was replaced on day 0, and who lived through these days. */
async function replaced(estate: Estate, ...days: readonly number[]): Promise<readonly UserName[]> {
  const users = await victims(estate, 400);
  for (const day of [0, ...days]) await estate.sweepOn(day);
  return users;
}

/** What people ask for. */
export const requested: readonly Kind[] = [
  requestedKind('rotate, as asked for', { day: 0, produces: { victim: ROTATED } }, async (estate) => {
    await askForEach(estate, await victims(estate, 5), () => ({ kind: 'rotate', disableOldNow: false }));
  }),
  requestedKind(
    'rotate, and stop the old key at once',
    { day: 0, produces: { victim: [...ROTATED, ...DISABLED] } },
    async (estate) => {
      await askForEach(estate, await victims(estate, 5), () => ({ kind: 'rotate', disableOldNow: true }));
    },
  ),
  requestedKind('stop a replaced key at once', { day: 3, produces: { victim: DISABLED } }, async (estate) => {
    await askForEach(estate, await replaced(estate), (keyId) => ({ kind: 'rotate', keyId, disableOldNow: true }));
  }),
  requestedKind('restore', { day: 13, produces: { victim: ['restore-intended', 'key-restored'] } }, async (estate) => {
    await askForEach(estate, await replaced(estate, 10), (keyId) => ({ kind: 'restore', keyId, hours: 96 }));
  }),
  requestedKind('disable again after a restore', { day: 15, produces: { victim: DISABLED } }, async (estate) => {
    await askForEach(estate, await replaced(estate, 10), (keyId) => ({ kind: 'restore', keyId, hours: 24 }));
    await estate.sweepOn(13);
  }),
  requestedKind('snooze', { day: 5, produces: { victim: ['key-snoozed disable'] } }, async (estate) => {
    await askForEach(estate, await replaced(estate), (keyId) => ({ kind: 'snooze', keyId, days: 7 }));
  }),
  requestedKind(
    'refuse, also for users that do not exist',
    { day: 1, produces: { young: ['request-refused'], nobody: ['request-refused'] } },
    async (estate) => {
      await askForEach(estate, await victims(estate, 5), (keyId) => ({ kind: 'snooze', keyId, days: 7 }));
      await ask(estate, parseUserName('nobody'), { kind: 'rotate', disableOldNow: false });
      await estate.sweepOn(0);
      await ask(estate, parseUserName('nobody'), { kind: 'rotate', disableOldNow: false });
      await askForEach(estate, [parseUserName('young')], (keyId) => ({ kind: 'restore', keyId, hours: 1 }));
    },
  ),
];
