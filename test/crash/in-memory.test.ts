import { stories } from './kinds/all.ts';
import { livesOf } from './matrix.ts';
import { Report, told } from './report.ts';

const MINUTES = 60_000;
const whole = new Report();
const struck = new Set<string>();
const struckInParts = new Set<string>();

describe('the crash matrix: every kind of step, every call, every fault', () => {
  test.each(stories.map((story) => [story.kind.name, story] as const))(
    '%s',
    async (_, { kind, begin }) => {
      const report = new Report();
      for await (const cell of livesOf(kind, begin)) {
        struck.add(cell.call.name);
        if (cell.kind === 'a sweep in parts') struckInParts.add(cell.call.name);
        report.add(cell);
        whole.add(cell);
      }
      expect(report.lost.map(told).slice(0, 5)).toEqual([]);
      expect(report.cells).toBeGreaterThan(40);
    },
    15 * MINUTES,
  );

  // Would fail if a story came to nothing: the calls come from the log of an undisturbed life, not from this list.
  test('strikes each call that changes something or that a change rests on', () => {
    for (const name of [
      'openAccount',
      'iam.users',
      'iam.user',
      'iam.keys',
      'iam.lastUse',
      'iam.credentialReport',
      'iam.createKey',
      'iam.disableKey',
      'iam.deleteKey',
      'iam.enableKey',
      'iam.keysWith',
      'secrets.ensure',
      'secrets.versions',
      'secrets.store',
      'secrets.publish',
      'prover.prove',
      'journal.commit',
      'state.load',
      'state.remember',
      'state.forget',
      'state.markFullSweep',
      'state.takeLease',
      'state.releaseLease',
      'history.append',
      'history.query',
      'outbox.put',
      'outbox.readers',
      'outbox.waiting',
      'outbox.keep',
      'outbox.remove',
      'outbox.close',
      'outbox.takeLease',
      'outbox.releaseLease',
      'owners.exemptions',
      'owners.requests',
      'owners.deleteRequest',
      'owners.assignments',
      'owners.owner',
      'queue.sendAll',
      'organization.tree',
      'slack.send',
      'sns.send',
      'operators.send',
    ]) {
      expect(struck).toContain(name);
    }
    expect(struckInParts).toContain('queue.sendAll');
    expect(whole.cells).toBeGreaterThan(5_000);
  });
});
