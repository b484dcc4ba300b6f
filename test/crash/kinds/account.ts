import { parseUserName } from '../../../lambda/domain/ids.ts';
import { anExemption } from '../../support/builders.ts';
import { onDay } from '../estate.ts';
import type { FakeEstate } from '../fake-estate.ts';
import { type Kind, sweepKind } from '../kind.ts';
import { victims } from './lifecycle.ts';

type FakeKind = Kind<FakeEstate>;

const firstSweep: FakeKind = sweepKind('first sweep, nothing due', 0, async (estate) => {
  for (const name of ['gil', 'hal', 'ivy']) await estate.addKey(await estate.hands().addUser(name), 30);
  await estate.hands().addUser('without-keys');
  estate.iam().activeRootKeys = 1;
});

const noReport: FakeKind = sweepKind('full sweep, no report to be had', 1, async (estate) => {
  await victims(estate, 89);
  await estate.sweepOn(0);
  estate.iam().activeRootKeys = undefined;
});

const gone: FakeKind = sweepKind('user gone', 1, async (estate) => {
  const users = await victims(estate, 400);
  await estate.sweepOn(0);
  for (const userName of users) await estate.hands().deleteUser(userName);
});

const emptied: FakeKind = sweepKind(
  'last keys deleted by hand, and a user gone with a young one',
  1,
  async (estate) => {
    const users = await victims(estate, 5);
    await estate.sweepOn(0);
    for (const userName of users) {
      for (const { keyId } of await estate.iam().keys(userName)) await estate.hands().deleteKey(userName, keyId);
    }
    await estate.hands().deleteUser(parseUserName('young'));
  },
);

const replaced: FakeKind = sweepKind('user replaced', 1, async (estate) => {
  const users = await victims(estate, 400);
  await estate.sweepOn(0);
  for (const userName of users) {
    estate.iam().recreateUser(userName);
    await estate.addKey(userName, 0);
  }
});

const replacedAndDue: FakeKind = sweepKind('user replaced amid a rotation', 1, async (estate) => {
  const users = await victims(estate, 400);
  await estate.sweepOn(0, estate.line({ at: 'prover.prove', fault: 'dies before' }));
  for (const userName of users) {
    estate.iam().recreateUser(userName);
    await estate.addKey(userName, 400);
  }
});

/** Whatever is done by writing it down: one user for each such step. */
const books: FakeKind = sweepKind('warn, retire, cancel, block and other bookkeeping', 11, async (estate) => {
  const hands = estate.hands();
  const user = async (name: string, ...ages: readonly number[]) => {
    const userName = await hands.addUser(name);
    for (const age of ages) await estate.addKey(userName, age);
    return userName;
  };
  await user('warned', 66);
  await user('both-due', 79.5, 79.2);
  await user('by-hand', 79.5, 5);
  const crowded = await user('crowded', 30, 20);
  const back = await user('reactivated', 400);
  const alone = await user('successor-gone', 400);
  const early = await user('deleted-by-owner', 400);
  await user('exempt', 400);
  await user('room-needed', 69.5, 60).then(async (userName) => {
    const [, second] = await estate.iam().keys(userName);
    if (second !== undefined) await hands.deactivate(userName, second.keyId);
  });
  const expiresAt = onDay(25);
  await estate.owners.putExemption(
    anExemption({ match: { kind: 'user', userName: parseUserName('exempt') }, expiresAt }),
  );
  for (const day of [0, 10]) await estate.sweepOn(day);
  estate.labels.set(estate.iam().exceedQuota(crowded), 'by-hand-third');
  // The report tells of two keys only; this makes the row change.
  const [first] = await estate.iam().keys(crowded);
  if (first !== undefined) await hands.deactivate(crowded, first.keyId);
  for (const { keyId } of await estate.iam().keys(back)) await hands.reactivate(back, keyId);
  for (const { keyId } of await estate.iam().keys(alone)) {
    if (!estate.labels.has(keyId)) await hands.deleteKey(alone, keyId);
  }
  for (const { keyId } of await estate.iam().keys(early)) {
    if (estate.labels.has(keyId)) await hands.deleteKey(early, keyId);
  }
});

/** The first part ends amid the reading, the second amid the rotations, the third does the rest. */
const inParts: FakeKind = sweepKind('a sweep in parts', 0, async (estate) => {
  for (const name of ['gil', 'hal', 'ivy', 'jon', 'kit']) await estate.addKey(await estate.hands().addUser(name), 400);
  await estate.addKey(await estate.hands().addUser('young'), 1);
  estate.callTakes = 1_000;
  estate.timeToLive = 16_000;
});

/** What a sweep does beside a key's usual way. */
export const account: readonly FakeKind[] = [
  firstSweep,
  noReport,
  gone,
  emptied,
  replaced,
  replacedAndDue,
  books,
  inParts,
];
