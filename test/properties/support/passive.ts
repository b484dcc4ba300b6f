/** A story in which nobody does anything, told by what history says happened to each key on which day. */
import type { EventType, HistoryEvent } from '../../../lambda/domain/events.ts';
import type { AccessKeyId } from '../../../lambda/domain/ids.ts';
import { DAY, fromIso } from '../../../lambda/domain/time.ts';
import { onDay } from './calendar.ts';
import { Simulation } from './simulation.ts';
import type { Story } from './story.ts';

/** What only a mode that acts has to write down. */
const ofActing: ReadonlySet<EventType> = new Set([
  'rotation-intended',
  'disable-intended',
  'delete-intended',
  'key-adopted',
]);

/** The lines of that mode. New keys are named by their order: those that were only pretended have other IDs. */
export async function linesIn(mode: Story['mode'], story: Story): Promise<readonly string[]> {
  const simulation = new Simulation({ ...story, mode });
  simulation.callTime = 0;
  // As observe mode assumes: whoever is given a new key installs it.
  simulation.onMade.push((keyId) => simulation.account.iam.useKey(keyId));
  await simulation.live();
  const names = new Map<AccessKeyId, string>();
  const nameOf = (keyId: AccessKeyId | undefined): string => {
    if (keyId === undefined) return 'the user';
    const name = names.get(keyId) ?? `key ${names.size}`;
    names.set(keyId, name);
    return name;
  };
  const first = new Set(simulation.account.names.flatMap((userName) => simulation.account.firstKeysOf(userName)));
  for (const keyId of first) nameOf(keyId);
  const happened = simulation.account.ledger
    .events()
    .filter(isAboutAUser)
    .filter(({ type }) => !ofActing.has(type))
    // Of a key that was only pretended nobody is reminded.
    .filter(({ type, keyId }) => type !== 'deletion-upcoming' || (keyId !== undefined && first.has(keyId)));
  return inOrder(happened).map((event) => {
    const day = Math.floor((fromIso(event.time) - onDay(0, story.runHour)) / DAY);
    const why = 'why' in event.details ? event.details.why : 'reason' in event.details ? event.details.reason : '';
    return `day ${day}: ${event.type} ${why} of ${event.userName}, ${nameOf(event.keyId)}`;
  });
}

const isAboutAUser = ({ userName, type }: HistoryEvent): boolean =>
  userName !== undefined && !type.startsWith('notice-');

/** Users are swept side by side, so their order within a day is nobody's decision. */
const inOrder = (events: readonly HistoryEvent[]): readonly HistoryEvent[] =>
  events.toSorted(
    (a, b) =>
      a.time.slice(0, 10).localeCompare(b.time.slice(0, 10)) ||
      (a.userName ?? '').localeCompare(b.userName ?? '') ||
      a.id.localeCompare(b.id),
  );
