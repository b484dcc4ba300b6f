import { explainKey } from '../../../cli/verbs/explain.ts';
import type { ReconcileReport } from '../../../cli/verbs/reconcile.ts';
import { statusAt } from '../../../cli/verbs/status-at.ts';
import type { AccessKeyId } from '../../../lambda/domain/ids.ts';
import { DAY } from '../../../lambda/domain/time.ts';
import type { Story } from '../../../local/demo/story.ts';
import { livedDeeds, type ToldDeed, toldDeeds } from '../support/key-deeds.ts';

/** Keys that people make by hand are known from the next weekly inventory on, if nothing happens to them before. */
const INVENTORY = 7 * DAY;

/** What history says of a past day is what IAM had then; and history itself is as it was written. */
export function pastSuite(story: () => Story): void {
  describe('any day in the past, from history alone', () => {
    test('every key is as IAM had it after that day’s run', async () => {
      const { history, deployment } = story().stage;
      const session = { history, deployment, member: { account: deployment.settings.hub, iam: neverAsked } };
      for (const { at, users } of story().afterRuns) {
        const { keys } = await statusAt(session, { at });
        const known = new Map(keys.map(({ keyId, status }) => [keyId, status]));
        const real = users.flatMap((user) => user.keys);
        const wanted = real.filter(({ keyId, createdAt }) => known.has(keyId) || createdAt < at - INVENTORY);
        const byId = (a: readonly [string, string], b: readonly [string, string]) => (a[0] < b[0] ? -1 : 1);
        expect({ at: new Date(at), keys: [...known].toSorted(byId) }).toEqual({
          at: new Date(at),
          keys: wanted.map(({ keyId, status }) => [keyId, status] as const).toSorted(byId),
        });
      }
    });

    test('the command line tells one such day, and the story of a key', async () => {
      const { keyId } = story().people.key('mobile-backend', 'only');
      const past = await story().keyturn('status', '--at', '2027-04-15', '--json');
      expect(JSON.parse(past.stdout).keys).toContainEqual(expect.objectContaining({ keyId, status: 'Inactive' }));
      const told = await story().keyturn('explain', '--key', keyId);
      expect(told.stdout).toMatch(/Works again, as asked for/);
      expect(told.stdout).toMatch(/mobile was told by slack/);
    });

    test('every account on record is the one that there is', async () => {
      const { stdout } = await story().keyturn('status', '--at', '2027-04-15', '--all-accounts', '--json');
      const one = JSON.parse((await story().keyturn('status', '--at', '2027-04-15', '--json')).stdout);
      expect(JSON.parse(stdout)).toEqual({ at: '2027-04-15T00:00:00.000Z', accounts: [one] });
    });
  });

  describe('the story of a key, from history alone', () => {
    const explain = async (keyId: AccessKeyId) => {
      const { history, deployment, emulator } = story().stage;
      return explainKey({ history, deployment, clock: { now: () => emulator.clock.now().getTime() } }, { key: keyId });
    };

    test('tells of every key what IAM showed, in that order and on that day', async () => {
      expect(story().keys.length).toBeGreaterThan(20);
      for (const life of story().keys) {
        const { keyId, user } = life;
        const [told, lived] = [toldDeeds(await explain(keyId)), livedDeeds(life)];
        const whats = (deeds: readonly { readonly what: string }[]) => deeds.map(({ what }) => what);
        expect({ user, keyId, deeds: whats(told) }).toEqual({ user, keyId, deeds: whats(lived) });
        const late = told.filter((deed, at) => !isInTime(deed, lived[at]?.day ?? Number.NaN));
        expect({ user, keyId, late }).toEqual({ user, keyId, late: [] });
      }
    });

    test('tells of an exemption to the key that it kept, and to no other', async () => {
      const exempt = story().people.key('warehouse-sync', 'only').keyId;
      const told: AccessKeyId[] = [];
      for (const { keyId } of story().keys) {
        const { chapters } = await explain(keyId);
        const types = chapters.map((chapter) => (chapter.kind === 'event' ? chapter.event.type : chapter.kind));
        if (types.includes('exemption-granted')) told.push(keyId);
      }
      expect(told).toEqual([exempt]);
    });
  });

  describe('keyturn reconcile', () => {
    // The local AWS has no CloudTrail: the comparison with IAM comes all the same, and the command says what is missing.
    const reconciled = async (): Promise<ReconcileReport> => {
      const { exitCode, stdout, output } = await story().stage.keyturn.run('reconcile', '--json');
      expect(exitCode).toBe(1);
      expect(output).not.toContain('doctype');
      return JSON.parse(stdout);
    };

    test('finds nothing to complain of in what the demo left behind', async () => {
      const { differences, notYet, unread, keys, trailMissing } = await reconciled();
      expect({ differences, notYet, unread }).toEqual({ differences: [], notYet: [], unread: [] });
      expect(keys).toBe(story().snapshot.users.flatMap((user) => user.keys).length);
      expect(trailMissing?.why).toBe('failed');
    });

    test('names the one key that somebody changed since', async () => {
      const user = story().snapshot.users.find(({ userName }) => userName === 'nightly-report');
      const active = user?.keys.find(({ status }) => status === 'Active');
      if (user === undefined || active === undefined) throw new Error('nightly-report has an Active key');
      const { keyId } = active;
      await story().people.setStatus(user.userName, keyId, 'Inactive');
      try {
        const { differences } = await reconciled();
        expect(differences).toEqual([expect.objectContaining({ keyId, inHistory: 'Active', inIam: 'Inactive' })]);
      } finally {
        await story().people.setStatus(user.userName, keyId, 'Active');
      }
    });
  });

  describe('the record itself', () => {
    test('is sealed: nothing in it was altered, removed or added', async () => {
      const { exitCode, stdout } = await story().keyturn('history', '--verify', '--json');
      expect(exitCode).toBe(0);
      const { findings, events, awaitingSeal } = JSON.parse(stdout);
      expect(findings).toEqual([]);
      expect(events).toBeGreaterThan(400);
      expect(awaitingSeal).toBeLessThan(50);
    });
  });
}

/** What Keyturn did is told for the day; what people did, for the day on which it was found. */
const isInTime = ({ byKeyturn, day }: ToldDeed, livedOn: number): boolean =>
  byKeyturn ? day === livedOn : day >= livedOn && day <= Math.max(livedOn, 0) + INVENTORY / DAY + 1;

const neverAsked = new Proxy({} as never, {
  get() {
    throw new Error('the past is told without asking IAM');
  },
});
