/** What is true of every story. `share`: which part of all runs it gets. */
import type * as fc from 'fast-check';
import { secretNameOf } from '../../lambda/domain/secret-name.ts';
import { ACCOUNT } from '../support/builders.ts';
import { anyStory } from './support/any-story.ts';
import {
  everythingIsTold,
  failuresAreTold,
  madeKeysAreStored,
  outcomesAreOnRecord,
  requestsAreAnswered,
  secretsAreNowhere,
} from './support/checks.ts';
import { linesIn } from './support/passive.ts';
import { everythingEnds, nothingIsRepeated, quietDaysOf } from './support/quiet.ts';
import { Simulation } from './support/simulation.ts';
import type { Story } from './support/story.ts';
import { must } from './support/violation.ts';

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
    // Observing, Keyturn leaves even its own unfinished work as it is.
    simulation.settings = { ...simulation.settings, mode: 'enforce' };
    await simulation.liveQuietly(1);
    const lastRun = simulation.account.clock.now();
    await simulation.liveQuietly(1);
    outcomesAreOnRecord(simulation, lastRun);
    await requestsAreAnswered(simulation);
    secretsAreNowhere(simulation);
    everythingIsTold(simulation);
  },
};

export const inTheEnd: Property = {
  name: 'left alone again, every due key is dealt with, and nobody is told anything twice',
  share: 0.2,
  stories: anyStory({ mostDays: 25, mostHappenings: 10 }),
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

export const observingChangesNothing: Property = {
  name: 'observe changes nothing, whatever happens meanwhile',
  share: 0.1,
  stories: anyStory({ mostDays: 60, mostHappenings: 10 }).map((story) => ({
    ...story,
    mode: 'observe',
    happenings: story.happenings.filter((one) => !('deed' in one) || one.deed.what !== 'mode'),
  })),
  async holds(story) {
    const simulation = new Simulation(story);
    simulation.onWorked.push(failuresAreTold);
    await simulation.live();
    must(simulation.mutations.length === 0, () => 'IAM was changed in observe mode');
    for (const userName of simulation.account.names) {
      const secret = secretNameOf(ACCOUNT, userName);
      must(
        simulation.account.secrets.readerOf(secret) === undefined,
        () => `there is a secret ${secret} in observe mode`,
      );
    }
  },
};

export const observingForetells: Property = {
  name: 'what observe says would be done is what enforce does, while nobody does anything',
  share: 0.1,
  stories: anyStory({ mostDays: 60, mostHappenings: 0 }).map((story) => ({ ...story, lagSeconds: 0 })),
  async holds(story) {
    const foretold = await linesIn('observe', story);
    const done = await linesIn('enforce', story);
    const at = foretold.findIndex((line, n) => line !== done[n]);
    const differs = at >= 0 ? at : foretold.length < done.length ? foretold.length : -1;
    must(
      differs < 0,
      () => `observe says '${foretold[differs] ?? 'nothing'}', and enforce does '${done[differs] ?? 'nothing'}'`,
    );
  },
};

/** Every property; their shares are 1 together. */
export const properties: readonly Property[] = [alwaysTrue, inTheEnd, observingChangesNothing, observingForetells];
