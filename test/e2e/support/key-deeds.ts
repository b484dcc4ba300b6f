import type { Chapter, KeyStory } from '../../../cli/verbs/explain.ts';
import { fromIso } from '../../../lambda/domain/time.ts';
import { dayOf } from '../../../local/demo/calendar.ts';
import type { KeyLife } from '../../../local/demo/key-lives.ts';

/** What happened to a key: it was created, replaced, made Active or Inactive, or is gone. */
export interface Deed {
  readonly what: string;
  /** Simulated day. */
  readonly day: number;
}

export interface ToldDeed extends Deed {
  readonly byKeyturn: boolean;
}

/** By what IAM showed. */
export function livedDeeds({ createdDay, rotatedDay, deletedDay, statuses }: KeyLife): readonly Deed[] {
  return [
    { what: 'created', day: createdDay },
    ...(rotatedDay === null ? [] : [{ what: 'replaced', day: rotatedDay }]),
    ...statuses.slice(1).map(({ day, status }) => ({ what: status, day })),
    ...(deletedDay === null ? [] : [{ what: 'gone', day: deletedDay }]),
  ].toSorted((a, b) => a.day - b.day);
}

/** By what is told of it. */
export const toldDeeds = ({ chapters }: KeyStory): readonly ToldDeed[] =>
  chapters.flatMap((chapter) => {
    const what = deedIn(chapter);
    return what === undefined ? [] : [{ what, day: dayOf(fromIso(chapter.at)), byKeyturn: isByKeyturn(chapter) }];
  });

function deedIn(chapter: Chapter): string | undefined {
  switch (chapter.kind) {
    case 'created':
      return 'created';
    case 'found':
      return chapter.status;
    case 'event':
      return deeds[chapter.event.type];
    default:
      return undefined;
  }
}

const deeds: Readonly<Record<string, string>> = {
  'key-published': 'created',
  'key-replaced': 'replaced',
  'key-disabled': 'Inactive',
  'key-restored': 'Active',
  'key-reactivated': 'Active',
  'key-deleted': 'gone',
  'user-gone': 'gone',
  'user-replaced': 'gone',
};

/** The date of a creation is AWS's own, whoever made the key. */
function isByKeyturn(chapter: Chapter): boolean {
  if (chapter.kind !== 'event') return chapter.kind === 'created';
  const { type, details } = chapter.event;
  const bySomebody = 'by' in details && details.by === 'somebody';
  return !bySomebody && type !== 'key-reactivated' && type !== 'user-gone' && type !== 'user-replaced';
}
