import { someSettings } from '../support/builders.ts';
import { onDay, SweepStory } from '../workflows/support/sweep-story.ts';
import { FakeCli } from './fake-cli.ts';

/** A command line over what a story left behind. */
export class PastCli extends FakeCli {
  override readonly ledger: SweepStory['ledger'];
  override readonly iam: SweepStory['iam'];
  override readonly owners: SweepStory['owners'];

  constructor(story: SweepStory) {
    super();
    this.ledger = story.ledger;
    this.iam = story.iam;
    this.owners = story.owners;
    this.settings = someSettings({ mode: 'enforce' });
    this.clock.set(story.clock.now());
  }
}

/** One user whose key was created on day 0, and one whose key was 400 days old then; swept daily up to that day. */
export async function lived(to: number) {
  const story = new SweepStory();
  story.settings = someSettings({ mode: 'enforce' });
  const young = story.userWithKey('young', 0);
  const old = story.userWithKey('old', 400);
  for (let day = 0; day <= to; day += 1) await story.sweepOn(day);
  return { story, cli: new PastCli(story), young, old };
}

/** A minute after the run of that day. */
export const dateOf = (day: number): string => new Date(onDay(day) + 60_000).toISOString();

/** What is printed as one line: tables break sentences. */
export const inOneLine = (text: string): string => text.replaceAll(/\s+/g, ' ');
