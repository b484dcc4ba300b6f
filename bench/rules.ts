import { decide } from '../lambda/domain/decide.ts';
import { presets } from '../lambda/domain/policy.ts';
import { count, median, type Result, type Say, target } from './benchmark.ts';
import { mixOfUsers, NOW } from './rules-mix.ts';

const USERS = 50_000;
const ROUNDS = 15;
const WARM_UP = 5;
const LEAST_PER_SECOND = 500_000;

/** How many users one core decides about in a second: `decide` alone, on everything it rests on. */
export async function rules(_: unknown, say: Say): Promise<Result> {
  const situations = mixOfUsers(USERS);
  const perSecond: number[] = [];
  const kinds = new Map<string, number>();
  for (let round = -WARM_UP; round < ROUNDS; round += 1) {
    say(round < 0 ? 'warming up' : `round ${round + 1} of ${ROUNDS}`);
    // Processor time, so that what else this machine does is not counted.
    const started = process.cpuUsage();
    let steps = 0;
    for (const situation of situations) {
      const decision = decide(situation, presets.default, NOW);
      if (decision.kind === 'steps') steps += decision.steps.length;
    }
    const { user, system } = process.cpuUsage(started);
    const ms = (user + system) / 1000;
    // Also keeps the loop from being optimised away.
    if (steps < USERS / 2) throw new Error('The mix of users is not what it should be.');
    if (round >= 0) perSecond.push((USERS / ms) * 1000);
  }
  for (const situation of situations) {
    const decision = decide(situation, presets.default, NOW);
    const names = decision.kind === 'steps' ? decision.steps.map((step) => step.kind) : ['look-up'];
    for (const name of names) kinds.set(name, (kinds.get(name) ?? 0) + 1);
  }
  const typical = median(perSecond);
  const share = (name: string) => `${(((kinds.get(name) ?? 0) / USERS) * 100).toFixed(1)} %`;
  return {
    tables: [
      {
        head: ['Rules', 'Users a second', 'Slowest round', 'Fastest round'],
        rows: [['decide()', count(typical), count(Math.min(...perSecond)), count(Math.max(...perSecond))]],
      },
    ],
    targets: [target('users decided a second on one core', typical, { atLeast: LEAST_PER_SECOND })],
    notes: [
      `Median of ${ROUNDS} rounds over ${count(USERS)} users, of whom nothing is due for most. Steps among what was decided: ` +
        `${[...kinds.keys()].map((name) => `${name} ${share(name)}`).join(', ')}.`,
    ],
    figures: { usersPerSecond: typical, rounds: perSecond, steps: Object.fromEntries(kinds) },
  };
}
