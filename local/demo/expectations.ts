import type { EventType } from '../../lambda/domain/events.ts';
import { fromIso } from '../../lambda/domain/time.ts';
import { dayOf } from './calendar.ts';
import { type CastKey, type CastMember, cast, type ExpectedDays } from './cast.ts';
import type { KeyLife } from './key-lives.ts';
import { storyErrors } from './owners-stories.ts';
import type { Story } from './story.ts';
import { wouldBeLives } from './would-be-days.ts';

/** What the story was to come to, and did not: one sentence each. `lastDay`: how far it was lived through. */
export function disappointments(story: Story, lastDay: number): readonly string[] {
  const enforced = story.stage.mode === 'enforce';
  const lives = enforced ? story.keys : wouldBeLives(story.keys, story.history);
  return [
    ...cast.flatMap((member) => member.keys.flatMap((key) => wrongDays(story, member, key, lives, lastDay))),
    ...successorsMade(story, lastDay),
    ...warnings(story, lastDay),
    ...(enforced ? [...fetching(story, lastDay), ...storyErrors(story, lastDay)] : unchanged(story)),
    ...inheritance(story, lastDay),
    ...noOwner(story),
  ];
}

function wrongDays(
  { people, stage }: Story,
  { userName }: CastMember,
  key: CastKey,
  lives: readonly KeyLife[],
  lastDay: number,
): string[] {
  if (key.createdDay > lastDay) return [];
  const { keyId } = people.key(userName, key.name);
  const life = lives.find((each) => each.keyId === keyId);
  if (life === undefined) return [`Key '${key.name}' of ${userName} was never seen in IAM.`];
  const {
    rotated,
    disabled = key.deactivatedDay,
    deleted,
  }: ExpectedDays = stage.mode === 'observe' ? (key.observed ?? key.expected) : key.expected;
  // An administrator's deletion happens in either mode.
  const gone = deleted ?? key.expected.deleted;
  const compare = (what: string, found: number | null, due: number | undefined): string[] => {
    const expected = due === undefined || due > lastDay ? null : due;
    if (found === expected) return [];
    return [`Key '${key.name}' of ${userName} was to be ${what} ${inWords(expected)}, and was ${inWords(found)}.`];
  };
  return [
    ...compare('rotated', life.rotatedDay, rotated),
    ...compare('disabled', life.disabledDay, disabled),
    ...compare('deleted', life.deletedDay, gone),
  ];
}

const inWords = (day: number | null): string => (day === null ? 'not at all' : `on day ${day}`);

/** Successors that Keyturn makes by day 125; of a shorter story nothing is said. */
function successorsMade({ keys, stage }: Story, lastDay: number): string[] {
  if (stage.mode === 'enforce' && lastDay !== 125) return [];
  return cast.flatMap(({ userName, successors }) => {
    const made = keys.filter((key) => key.user === userName && key.madeBy === 'keyturn').length;
    const expected = stage.mode === 'observe' ? 0 : successors;
    return made === expected ? [] : [`Keyturn was to make ${expected} keys for ${userName}, and made ${made}.`];
  });
}

/** 14 and 3 days before it is due, its owner hears of the rotation. */
function warnings(story: Story, lastDay: number): string[] {
  const { keyId } = story.people.key('build-bot', 'only');
  const days = story.history
    .filter((event) => event.type === 'rotation-upcoming' && event.keyId === keyId)
    .map(({ time }) => dayOf(fromIso(time)));
  const expected = [76, 87].filter((day) => day <= lastDay);
  if (days.join() === expected.join()) return [];
  return [
    `build-bot's owner was to be warned on days ${expected.join(', ')}, and was on ${days.join(', ') || 'none'}.`,
  ];
}

function fetching({ people, keys }: Story, lastDay: number): string[] {
  if (lastDay < 90) return [];
  const old = keys.find(({ keyId }) => keyId === people.key('build-bot', 'only').keyId);
  const fetched = old?.replacedBy != null && people.held.get(old.replacedBy);
  return fetched ? [] : ["build-bot's owner could not fetch its new key with the old one."];
}

function unchanged({ keys, snapshot }: Story): string[] {
  const secrets = [...snapshot.secrets.keys()].filter((name) => name.startsWith('keyturn/'));
  return [
    ...keys.filter(({ madeBy }) => madeBy === 'keyturn').map(({ keyId }) => `Key ${keyId} was made in observe mode.`),
    ...secrets.map((name) => `Secret ${name} was made in observe mode.`),
  ];
}

/** A user of the same name is somebody else: history says so, and its key starts from its own creation. */
function inheritance({ history }: Story, lastDay: number): string[] {
  const noticed = eventDays(history, 'user-replaced', 'ci-runner');
  const expected = lastDay < 6 ? '' : '6';
  return noticed.join() === expected
    ? []
    : [`The new ci-runner was to be noticed on day 6, and was on ${noticed.join() || 'none'}.`];
}

function noOwner({ deliveries, people }: Story): string[] {
  const { keyId } = people.key('legacy-import', 'only');
  const told = deliveries.filter(({ text }) => text.includes(keyId));
  if (told.length > 0 && told.every(({ to }) => to === 'operators')) return [];
  return ['The operators, and nobody else, were to be told of legacy-import, which has no owner.'];
}

const eventDays = (history: Story['history'], type: EventType, userName: string): readonly number[] =>
  history.filter((event) => event.type === type && event.userName === userName).map(({ time }) => dayOf(fromIso(time)));
