/** What is true of every story. `share`: which part of all runs it gets. */
import type * as fc from 'fast-check';
import { anyStory } from './support/any-story.ts';
import {
  everythingIsTold,
  failuresAreTold,
  madeKeysAreStored,
  outcomesAreOnRecord,
  secretsAreNowhere,
} from './support/checks.ts';
import { everythingEnds, nothingIsRepeated, quietDaysOf } from './support/quiet.ts';
import { Simulation } from './support/simulation.ts';
import type { Story } from './support/story.ts';

export interface Property {
  readonly name: string;
  readonly share: number;
  readonly stories: fc.Arbitrary<Story>;
  readonly holds: (story: Story) => Promise<void>;
}

export const alwaysTrue: Property = {
  name: 'whatever people, networks and processes do, what is always true is true',
  share: 0.6,
  stories: anyStory({ mostDays: 60, mostHappenings: 14 }),
  async holds(story) {
    const simulation = new Simulation(story);
    simulation.onWorked.push(failuresAreTold, (worked) => madeKeysAreStored(simulation, worked));
    await simulation.live();
    await simulation.liveQuietly(1);
    const lastRun = simulation.account.clock.now();
    await simulation.liveQuietly(1);
    outcomesAreOnRecord(simulation, lastRun);
    secretsAreNowhere(simulation);
    everythingIsTold(simulation);
  },
};

export const inTheEnd: Property = {
  name: 'left alone again, every due key is dealt with, and nobody is told anything twice',
  share: 0.2,
  stories: anyStory({ mostDays: 25, mostHappenings: 10 }).map((story) => ({
    ...story,
    days: Math.min(story.days, 25),
  })),
  async holds(story) {
    const simulation = new Simulation(story);
    await simulation.live();
    simulation.settings = { ...simulation.settings, mode: 'enforce' };
    await simulation.liveQuietly(1);
    const since = simulation.account.clock.now();
    await simulation.liveQuietly(quietDaysOf(simulation));
    everythingEnds(simulation);
    nothingIsRepeated(simulation, since);
  },
};
