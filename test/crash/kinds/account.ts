import { parseUserName } from '../../../lambda/domain/ids.ts';
import { anExemption } from '../../support/builders.ts';
import { onDay } from '../estate.ts';
import type { FakeEstate } from '../fake-estate.ts';
import { type Kind, sweepKind } from '../kind.ts';
import { ROTATED } from './lifecycle.ts';
import { victims } from './victims.ts';

type FakeKind = Kind<FakeEstate>;

const firstSweep: FakeKind = sweepKind(
  'first sweep, nothing due',
  { day: 0, produces: { 'the account': ['inventory-taken', 'root-key-seen'] } },
  async (estate) => {
    for (const name of ['gil', 'hal', 'ivy']) await estate.addKey(await estate.hands().addUser(name), 30);
    await estate.hands().addUser('without-keys');
    estate.iam().activeRootKeys = 1;
  },
);

const noReport: FakeKind = sweepKind(
  'full sweep, no report to be had',
  { day: 1, produces: { victim: ROTATED } },
  async (estate) => {
    await victims(estate, 89);
    await estate.sweepOn(0);
    estate.iam().activeRootKeys = undefined;
  },
);

const gone: FakeKind = sweepKind('user gone', { day: 1, produces: { victim: ['user-gone'] } }, async (estate) => {
  const users = await victims(estate, 400);
  await estate.sweepOn(0);
  for (const userName of users) await estate.hands().deleteUser(userName);
});

const emptied: FakeKind = sweepKind(
  'last keys deleted by hand, and a user gone with a young one',
  { day: 1, produces: { victim: ['key-deleted somebody'], young: ['user-gone'] } },
  async (estate) => {
    const users = await victims(estate, 5);
    await estate.sweepOn(0);
    for (const userName of users) {
      for (const { keyId } of await estate.iam().keys(userName)) await estate.hands().deleteKey(userName, keyId);
    }
    await estate.hands().deleteUser(parseUserName('young'));
  },
);

const replaced: FakeKind = sweepKind(
  'user replaced',
  { day: 1, produces: { victim: ['user-replaced'] } },
  async (estate) => {
    const users = await victims(estate, 400);
    await estate.sweepOn(0);
    for (const userName of users) {
      estate.iam().recreateUser(userName);
      await estate.addKey(userName, 0);
    }
  },
);

const replacedAndDue: FakeKind = sweepKind(
  'user replaced amid a rotation',
  { day: 1, produces: { victim: ['user-replaced', ...ROTATED] } },
  async (estate) => {
    const users = await victims(estate, 400);
    await estate.sweepOn(0, estate.line({ at: 'prover.prove', fault: 'dies before' }));
    for (const userName of users) {
      estate.iam().recreateUser(userName);
      await estate.addKey(userName, 400);
    }
  },
);

const BOOKS = {
  warned: ['rotation-upcoming'],
  'both-due': ['retirement-started both-due', 'step-waiting rotate slot-busy'],
  'by-hand': ['retirement-started replaced-by-hand'],
  crowded: ['user-blocked too-many-keys'],
  reactivated: ['key-reactivated'],
  'successor-gone': ['retirement-cancelled successor-gone', 'retirement-started inactive-only'],
  'deleted-by-owner': ['key-deleted rotated somebody'],
  exempt: ['exemption-ending'],
  'room-needed': ['retirement-started blocks-slot'],
};

/** Whatever is done by writing it down: one user for each such step. */
const books: FakeKind = sweepKind(
  'warn, retire, cancel, block and other bookkeeping',
  { day: 11, produces: BOOKS },
  async (estate) => {
    const hands = estate.hands();
    const user = async (name: string, ...ages: readonly number[]) => {
      const userName = await hands.addUser(name);
      for (const age of ages) await estate.addKey(userName, age);
      return userName;
    };
    await user('warned', 65);
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
  },
);

/** More than are worked on at a time. */
const DUE = ['gil', 'hal', 'ivy', 'jon', 'kit', 'leo', 'mia', 'ned', 'oda'];
const PARTS = {
  'the account': ['sweep-continued', 'inventory-taken', 'sweep-continued rotate 4', 'sweep-continued rotate 4'],
  ...Object.fromEntries(DUE.map((name) => [name, ROTATED])),
};

/** The first part ends amid the reading, the next two amid the rotations, before all are planned; the fourth does the rest. */
const inParts: FakeKind = sweepKind('a sweep in parts', { day: 0, produces: PARTS }, async (estate) => {
  for (const name of DUE) await estate.addKey(await estate.hands().addUser(name), 400);
  for (const name of ['una', 'val', 'wes', 'xen']) await estate.addKey(await estate.hands().addUser(name), 1);
  estate.callTakes = 1_000;
  estate.timeToLive = 20_000;
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
