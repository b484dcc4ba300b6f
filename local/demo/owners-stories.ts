/** Two owners with the same key: one does what the notices say, the other does not. */
import type { EventType } from '../../lambda/domain/events.ts';
import { fromIso } from '../../lambda/domain/time.ts';
import { dayOf } from './calendar.ts';
import type { Story } from './story.ts';

export interface OwnersStory {
  readonly userName: string;
  readonly owner: string;
  readonly title: string;
  /** Every notice about the user, in their order, in `enforce` mode. */
  readonly told: readonly (readonly [day: number, type: EventType])[];
}

export const ownersStories: readonly OwnersStory[] = [
  {
    userName: 'build-bot',
    owner: 'web',
    title: 'The owner who reads what arrives',
    told: [
      [76, 'rotation-upcoming'],
      [87, 'rotation-upcoming'],
      [90, 'key-replaced'],
      [91, 'key-adopted'],
      [100, 'key-disabled'],
      [107, 'deletion-upcoming'],
      [110, 'key-deleted'],
    ],
  },
  {
    userName: 'mobile-backend',
    owner: 'mobile',
    title: 'The owner who does not',
    told: [
      [76, 'rotation-upcoming'],
      [87, 'rotation-upcoming'],
      [90, 'key-replaced'],
      [95, 'key-still-used'],
      [99, 'key-still-used'],
      [100, 'key-disabled'],
      [101, 'key-restored'],
      [103, 'key-adopted'],
      [104, 'key-disabled'],
      [111, 'deletion-upcoming'],
      [114, 'key-deleted'],
    ],
  },
];

/** What the owner of a user was told of it, and when a channel took it. */
export function toldAbout(
  { history }: Story,
  userName: string,
): readonly { readonly day: number; readonly type: EventType }[] {
  const events = new Map(history.filter((event) => event.userName === userName).map((event) => [event.id, event]));
  return [...events.values()].flatMap((receipt) =>
    receipt.type === 'notice-delivered'
      ? receipt.details.about.flatMap((id) => {
          const event = events.get(id);
          return event === undefined ? [] : [{ day: dayOf(fromIso(receipt.time)), type: event.type }];
        })
      : [],
  );
}

/** Where an owner's story went another way than it should have, up to that day. */
export function storyErrors(story: Story, lastDay: number): string[] {
  return ownersStories.flatMap(({ userName, owner, told }) => {
    const inWords = (notices: readonly (readonly [number, EventType])[]) =>
      notices.map(([day, type]) => `${type} on day ${day}`).join(', ') || 'nothing';
    const expected = inWords(told.filter(([day]) => day <= lastDay));
    const found = inWords(toldAbout(story, userName).map(({ day, type }) => [day, type] as const));
    return found === expected
      ? []
      : [`Owner ${owner} was to be told of ${userName}: ${expected}; and was told: ${found}.`];
  });
}
