import type { EventType } from '../../lambda/domain/events.ts';
import { ConflictError, type Journal, NotCreatedError, UnavailableError } from '../../lambda/ports.ts';
import type { CallName } from '../support/calls.ts';
import { SweepStory } from './support/sweep-story.ts';

type Commit = Parameters<Journal['commit']>[0];

/** Another worker changes the user's record just before this one would write that event. */
function overtakeAt(story: SweepStory, type: EventType): void {
  story.calls.failOn('journal.commit', {
    when: 'before',
    error: new ConflictError('The record was changed meanwhile.'),
    where: (commit) => (commit as Commit).events.some((event) => event.type === type),
  });
}

interface Case {
  readonly what: string;
  readonly day: number;
  readonly call: CallName;
  readonly error: Error;
  readonly event: EventType;
}

const unavailable = new UnavailableError('AWS did not answer.');
const cases: readonly Case[] = [
  { what: 'makes room', day: 0, call: 'secrets.ensure', error: unavailable, event: 'rotation-failed' },
  {
    what: 'certainly makes no key',
    day: 0,
    call: 'iam.createKey',
    error: new NotCreatedError('Denied.'),
    event: 'rotation-failed',
  },
  { what: 'may have made a key', day: 0, call: 'iam.createKey', error: unavailable, event: 'rotation-failed' },
  { what: 'disables', day: 10, call: 'iam.disableKey', error: unavailable, event: 'disable-failed' },
  { what: 'deletes', day: 20, call: 'iam.deleteKey', error: unavailable, event: 'delete-failed' },
];

describe('a call that fails while another worker changes the record', () => {
  // Fails when a conflict over the failure's event hides the failure: the sweep would end as if nothing had been to do.
  test.each(cases)('is told by the sweep that $what', async ({ day, call, error, event }) => {
    const story = new SweepStory();
    const { userName } = story.userWithKey('build-bot', 400);
    if (day > 0) await story.liveThrough(0, day - 1);
    story.calls.failOn(call, { when: 'before', error });
    overtakeAt(story, event);
    const { failed, failures } = await story.sweepOn(day);
    expect(failed).toBe(1);
    expect(failures).toEqual([{ userName, error: expect.stringContaining(error.message) }]);
    expect(story.ledger.eventsOf(event)).toEqual([]);
  });

  test('is told by the sweep that deletes an orphan', async () => {
    const story = new SweepStory();
    story.userWithKey('build-bot', 400);
    story.calls.failOn('iam.createKey', { when: 'after', error: unavailable });
    await story.sweepOn(0);
    story.calls.failOn('iam.deleteKey', { when: 'before', error: unavailable });
    overtakeAt(story, 'delete-failed');
    const { failed } = await story.sweepOn(1);
    expect(failed).toBe(1);
  });
});
