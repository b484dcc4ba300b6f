/** Who is in the demo: IAM users as old accounts have them, and what becomes of their keys. */

/** What is to become of a key in `enforce` mode; a day that is left out: it does not happen within the 125 days. */
export interface ExpectedDays {
  readonly rotated?: number;
  readonly disabled?: number;
  readonly deleted?: number;
}

export interface CastKey {
  /** Tells a user's keys apart; `hand-made` keys come later, from their owner. */
  readonly name: string;
  /** Simulated day on which it was created. */
  readonly createdDay: number;
  /** Day on which somebody made it Inactive by hand. */
  readonly deactivatedDay?: number;
  /** Day on which it was last used before the demo begins; left out: never. */
  readonly lastUsedDay?: number;
  readonly expected: ExpectedDays;
  /** What `observe` mode says would have happened, where that differs. */
  readonly observed?: ExpectedDays;
}

export interface CastMember {
  readonly userName: string;
  readonly path: string;
  /** What is special about this user, in a few words. */
  readonly situation: string;
  readonly keys: readonly CastKey[];
  /** How many of the keys that Keyturn makes for this user within the 125 days. */
  readonly successors: number;
}

/** The last day of the story; its first is 0. */
export const LAST_DAY = 125;

const gone = { rotated: 0, disabled: 10, deleted: 20 };

export const cast: readonly CastMember[] = [
  {
    userName: 'build-bot',
    path: '/web/',
    situation: 'a key created on day 0, whose owner does what the notices say',
    keys: [{ name: 'only', createdDay: 0, lastUsedDay: 0, expected: { rotated: 90, disabled: 100, deleted: 110 } }],
    successors: 1,
  },
  {
    userName: 'mobile-backend',
    path: '/mobile/',
    situation: 'a key created on day 0, whose owner ignores every notice',
    keys: [
      {
        name: 'only',
        createdDay: 0,
        lastUsedDay: 0,
        expected: { rotated: 90, disabled: 100, deleted: 114 },
        observed: { rotated: 90, disabled: 100, deleted: 110 },
      },
    ],
    successors: 1,
  },
  {
    userName: 'billing-export',
    path: '/payments/',
    situation: 'a key 400 days old on day 0',
    keys: [{ name: 'only', createdDay: -400, lastUsedDay: -1, expected: gone }],
    successors: 2,
  },
  {
    userName: 'reporting',
    path: '/data/',
    situation: 'two Active keys, both old; the older one is in use',
    keys: [
      { name: 'in use', createdDay: -300, lastUsedDay: -1, expected: { rotated: 20, disabled: 30, deleted: 40 } },
      { name: 'idle', createdDay: -250, lastUsedDay: -90, expected: { disabled: 10, deleted: 20 } },
    ],
    successors: 2,
  },
  {
    userName: 'deploy-agent',
    path: '/platform/',
    situation: 'an Active old key, and one made Inactive by hand in its way',
    keys: [
      { name: 'active', createdDay: -200, lastUsedDay: -2, expected: { rotated: 10, disabled: 20, deleted: 30 } },
      { name: 'inactive', createdDay: -150, deactivatedDay: -30, expected: { deleted: 10 } },
    ],
    successors: 2,
  },
  {
    userName: 'former-contractor',
    path: '/platform/',
    situation: 'only an Inactive key: never gets a new one',
    keys: [{ name: 'inactive', createdDay: -300, deactivatedDay: -60, expected: { deleted: 10 } }],
    successors: 0,
  },
  {
    userName: 'warehouse-sync',
    path: '/data/',
    situation: 'exempt until day 45',
    keys: [{ name: 'only', createdDay: -200, lastUsedDay: -1, expected: { rotated: 45, disabled: 55, deleted: 65 } }],
    successors: 1,
  },
  {
    userName: 'nightly-report',
    path: '/web/',
    situation: 'a key 400 days old, whose owner is not ready when it is disabled',
    keys: [
      {
        name: 'only',
        createdDay: -400,
        lastUsedDay: -1,
        expected: { rotated: 0, disabled: 10, deleted: 33 },
        observed: gone,
      },
    ],
    successors: 2,
  },
  {
    userName: 'ci-runner',
    path: '/platform/',
    situation: 'deleted on day 5 and created again under the same name',
    keys: [
      // Gone with its user on day 5, and by no doing of Keyturn's.
      {
        name: 'of the former user',
        createdDay: -400,
        lastUsedDay: -1,
        expected: { rotated: 0, deleted: 5 },
        observed: { rotated: 0 },
      },
      { name: 'hand-made', createdDay: 5, expected: { rotated: 96, disabled: 106, deleted: 116 } },
    ],
    successors: 2,
  },
  {
    userName: 'legacy-import',
    path: '/',
    situation: 'has no owner: the operators are told',
    keys: [{ name: 'only', createdDay: -150, lastUsedDay: -20, expected: gone }],
    successors: 2,
  },
  {
    userName: 'data-science',
    path: '/data/',
    situation: 'its owner makes a new key by hand on day 7, before the old one is due',
    keys: [
      { name: 'only', createdDay: -80, lastUsedDay: -1, expected: { disabled: 20, deleted: 30 } },
      { name: 'hand-made', createdDay: 7, expected: { rotated: 98, disabled: 108, deleted: 118 } },
    ],
    successors: 1,
  },
  {
    // A pangram: every letter, every digit, and each of the other characters that IAM allows in a name.
    userName: 'Sphinx.of-black_quartz+judge=my,vow@0123456789',
    path: '/',
    situation: 'a name with every character that IAM allows',
    keys: [{ name: 'only', createdDay: -60, lastUsedDay: -1, expected: { rotated: 30, disabled: 40, deleted: 50 } }],
    successors: 2,
  },
];
