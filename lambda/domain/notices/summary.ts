import type { Phrase } from './phrase.ts';
import type { WordedItem } from './worded-item.ts';
import type { Voice } from './wording/wording.ts';

/** `3 keys need you by 12 Mar 2026; 17 keys are for your information.` Nothing to sum up: undefined. */
export function summaryOf(items: readonly WordedItem[], voice: Voice): Phrase | undefined {
  const { words } = voice;
  const bySubject = [...Map.groupBy(items, subjectOf).values()];
  if (items.length < 2 || bySubject.length < 2) return undefined;
  const now = bySubject.filter((some) => some.some(isNow));
  const later = bySubject.filter((some) => !some.some(isNow) && some.some(({ wording }) => wording.act === true));
  const others = bySubject.filter((some) => !some.some(({ wording }) => wording.act === true));
  if (now.length + later.length === 0) {
    return [...words('summary.info-only', { things: things(others, voice) }), '.'];
  }
  const parts: Phrase[] = [
    ...(now.length === 0 ? [] : [nowPart(now, voice)]),
    ...(later.length === 0 ? [] : [laterPart(later, voice)]),
    ...(others.length === 0 ? [] : [otherPart(others, voice)]),
  ];
  return parts.flatMap((part, at): Phrase => [...part, at === parts.length - 1 ? '.' : '; ']);
}

type Subjects = readonly (readonly WordedItem[])[];

const isNow = ({ wording }: WordedItem): boolean => wording.act === true && wording.deadline === undefined;

/** A key told of twice counts once. */
const subjectOf = ({ event }: WordedItem): string => `${event.account}/${event.userName ?? ''}/${event.keyId ?? ''}`;

function nowPart(subjects: Subjects, voice: Voice): Phrase {
  const values = { things: things(subjects, voice) };
  return subjects.length === 1 ? voice.words('summary.now.one', values) : voice.words('summary.now.many', values);
}

function laterPart(subjects: Subjects, voice: Voice): Phrase {
  const due = subjects.flatMap((some) => some.flatMap(({ wording }) => (wording.act && wording.deadline) || []));
  const days = new Set(due.map(voice.day));
  const values = { things: things(subjects, voice), day: voice.day(due.toSorted()[0] ?? '') };
  if (days.size > 1) return voice.words('summary.from', values);
  return subjects.length === 1 ? voice.words('summary.by.one', values) : voice.words('summary.by.many', values);
}

function otherPart(subjects: Subjects, voice: Voice): Phrase {
  const values = { things: things(subjects, voice) };
  return subjects.length === 1 ? voice.words('summary.info.one', values) : voice.words('summary.info.many', values);
}

/** `1 key`, `3 users`; where it is about different things, or accounts: `3 matters`. */
function things(subjects: Subjects, { words }: Voice): Phrase {
  const count = subjects.length;
  const events = subjects.flatMap((some) => some.slice(0, 1).map(({ event }) => event));
  if (events.every(({ keyId }) => keyId !== undefined)) {
    return count === 1 ? words('units.key') : words('units.keys', { count });
  }
  if (events.every(({ keyId, userName }) => keyId === undefined && userName !== undefined)) {
    return count === 1 ? words('units.user') : words('units.users', { count });
  }
  return count === 1 ? words('units.matter') : words('units.matters', { count });
}
