import { statusAt } from '../../../cli/verbs/status-at.ts';
import { DAY } from '../../../lambda/domain/time.ts';
import type { Story } from '../../../local/demo/story.ts';

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

const neverAsked = new Proxy({} as never, {
  get() {
    throw new Error('the past is told without asking IAM');
  },
});
