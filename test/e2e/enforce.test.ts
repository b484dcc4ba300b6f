import { cast } from '../../local/demo/cast.ts';
import { disappointments } from '../../local/demo/expectations.ts';
import type { KeyLife } from '../../local/demo/key-lives.ts';
import { recordOf } from '../../local/demo/record.ts';
import type { Story } from '../../local/demo/story.ts';
import { badInputSuite } from './suites/bad-input.suite.ts';
import { ownerAccessSuite } from './suites/owner-access.suite.ts';
import { pastSuite } from './suites/past.suite.ts';
import { permissionsSuite } from './suites/permissions.suite.ts';
import { troubleSuite } from './suites/trouble.suite.ts';
import { deployedRoles } from './support/deployed-roles.ts';
import { LIFETIME_MS, livedThrough } from './support/lived.ts';

let story: Story;
beforeAll(async () => {
  story = await livedThrough('enforce');
}, LIFETIME_MS);
afterAll(() => story?.stage.stop());

function daysOf(userName: string, name = 'only'): Pick<KeyLife, 'rotatedDay' | 'disabledDay' | 'deletedDay'> {
  const { keyId } = story.people.key(userName, name);
  const life = story.keys.find((key) => key.keyId === keyId);
  if (life === undefined) throw new Error(`IAM never showed key '${name}' of ${userName}.`);
  const { rotatedDay, disabledDay, deletedDay } = life;
  return { rotatedDay, disabledDay, deletedDay };
}

const keysOf = (userName: string) => story.keys.filter(({ user }) => user === userName);

describe('125 days in enforce mode', () => {
  test('what must always be true was true after every day', () => {
    expect(story.violations).toEqual([]);
  });

  test('the key of day 0 is rotated on 90, disabled on 100, deleted on 110', () => {
    expect(daysOf('build-bot')).toEqual({ rotatedDay: 90, disabledDay: 100, deletedDay: 110 });
  });

  test('the key 400 days old is rotated on 0, disabled on 10, deleted on 20', () => {
    expect(daysOf('billing-export')).toEqual({ rotatedDay: 0, disabledDay: 10, deletedDay: 20 });
  });

  test('of two old Active keys the one in use is not the one that retires first', () => {
    expect(daysOf('reporting', 'idle')).toEqual({ rotatedDay: null, disabledDay: 10, deletedDay: 20 });
    expect(daysOf('reporting', 'in use')).toEqual({ rotatedDay: 20, disabledDay: 30, deletedDay: 40 });
  });

  test('an Inactive key in the way is deleted after its gap, and the rotation follows the same day', () => {
    expect(daysOf('deploy-agent', 'inactive').deletedDay).toBe(10);
    expect(daysOf('deploy-agent', 'active')).toEqual({ rotatedDay: 10, disabledDay: 20, deletedDay: 30 });
  });

  test('the user with only an Inactive key gets no new one', () => {
    expect(keysOf('former-contractor')).toHaveLength(1);
    expect(daysOf('former-contractor', 'inactive').deletedDay).toBe(10);
  });

  test('the exempt user is untouched until its exemption ends on day 45', () => {
    expect(daysOf('warehouse-sync')).toEqual({ rotatedDay: 45, disabledDay: 55, deletedDay: 65 });
  });

  test('a reactivated key is given one more gap and disabled again', () => {
    expect(daysOf('nightly-report')).toEqual({ rotatedDay: 0, disabledDay: 10, deletedDay: 33 });
    const { keyId } = story.people.key('nightly-report', 'only');
    expect(story.keys.find((key) => key.keyId === keyId)?.statuses).toEqual([
      { day: -400, status: 'Active' },
      { day: 10, status: 'Inactive' },
      { day: 12, status: 'Active' },
      { day: 23, status: 'Inactive' },
    ]);
  });

  test('the re-created user inherits nothing: its key lives by its own age', () => {
    expect(daysOf('ci-runner', 'hand-made')).toEqual({ rotatedDay: 96, disabledDay: 106, deletedDay: 116 });
    expect(new Set(keysOf('ci-runner').map(({ userId }) => userId)).size).toBe(2);
  });

  test('a key replaced by hand retires, and Keyturn makes none for it', () => {
    expect(daysOf('data-science')).toEqual({ rotatedDay: null, disabledDay: 20, deletedDay: 30 });
  });

  test('a name with every character that IAM allows is no obstacle', () => {
    const name = 'Sphinx.of-black_quartz+judge=my,vow@0123456789';
    expect(daysOf(name)).toEqual({ rotatedDay: 30, disabledDay: 40, deletedDay: 50 });
  });

  test('of a user without owner the operators are told', () => {
    const { keyId } = story.people.key('legacy-import', 'only');
    const told = story.deliveries.filter(({ text }) => text.includes(keyId)).map(({ to }) => to);
    expect(told.length).toBeGreaterThan(2);
    expect(new Set(told)).toEqual(new Set(['operators']));
  });

  test('the demo itself is content too, and its record has the agreed shape', () => {
    expect(disappointments(story, 125)).toEqual([]);
    const { keys, notices, violations } = recordOf(story);
    expect(violations).toEqual([]);
    const key = keys.find(({ keyId }) => keyId === story.people.key('build-bot', 'only').keyId);
    expect(key).toEqual({
      account: '123456789012',
      user: 'build-bot',
      keyId: expect.stringMatching(/^AKIA/),
      createdDay: 0,
      rotatedDay: 90,
      disabledDay: 100,
      deletedDay: 110,
      replacedBy: expect.stringMatching(/^AKIA/),
    });
    expect(notices).toContainEqual({ day: 76, owner: 'web', channel: 'slack', type: 'rotation-upcoming' });
    expect(notices).toContainEqual({ day: 90, owner: 'web', channel: 'slack', type: 'key-replaced' });
    // That day its exemption ended, too.
    expect(notices).toContainEqual({ day: 45, owner: 'data', channel: 'sns', type: 'several' });
    expect(notices.map(({ type }) => type)).not.toContain('unknown');
  });

  test('the command line tells it from history', async () => {
    const { exitCode, stdout } = await story.keyturn('history', '--user', 'build-bot', '--json');
    expect(exitCode).toBe(0);
    const types = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).type as string);
    expect(types.filter((type: string) => type.startsWith('key-'))).toEqual([
      'key-published',
      'key-replaced',
      'key-adopted',
      'key-disabled',
      'key-deleted',
    ]);
  });
});

test.each(['status', 'plan'])('keyturn %s answers about every user there is', async (verb) => {
  const { exitCode, stdout } = await story.keyturn(verb, '--json', ...(verb === 'plan' ? ['--all'] : []));
  expect(exitCode).toBe(0);
  const withKeys = story.snapshot.users.filter(({ keys }) => keys.length > 0);
  for (const { userName } of withKeys) expect(stdout).toContain(userName);
});

ownerAccessSuite(() => story);
// What it breaks on purpose stays in the dead-letter queue, where nobody looks any more.
pastSuite(() => story);
describe('bad input', () => badInputSuite(() => story));
describe('trouble with AWS', () => troubleSuite(() => story));
// Last: judges all calls, also those that bad input led to.
permissionsSuite(
  async () => {
    const { emulator, recorder, deployment } = story.stage;
    const names = {
      userPaths: new Map(cast.map(({ userName, path }) => [userName, path])),
      userOfKey: new Map(story.keys.map(({ keyId, user }) => [keyId, user])),
    };
    return { calls: recorder.calls(), roles: await deployedRoles(emulator), names, deployment };
  },
  {
    atLeast: 100,
    acknowledged: {},
  },
);
