import type { HistoryEvent } from '../../lambda/domain/events.ts';
import { paragraphs } from '../caption.ts';
import { count, dayOf, minuteOf } from '../dates.ts';
import { eventInWords } from '../event-wording.ts';
import type { Screen } from '../screen.ts';
import { type Column, printable, table } from '../table.ts';
import type { Chapter, KeyStory } from '../verbs/explain.ts';
import { inMode } from './history.ts';

interface Line {
  readonly when: string;
  readonly what: string;
}

type Told = Extract<Chapter, { readonly kind: 'event' }>;

/** A key's story, a sentence for each thing that happened, with the ID of the event that says so. */
export function explainView(story: KeyStory, screen: Screen): string {
  const { keyId, account, userName, chapters } = story;
  const { paint } = screen;
  const lines = chapters.flatMap((chapter): Line[] => [
    { when: minuteOf(chapter.at), what: sentence(chapter, story) },
    ...(chapter.kind === 'event' ? chapter.receipts : []).map((receipt) => ({
      when: '',
      what: `- ${told(receipt)} [${receipt.id}]`,
    })),
  ]);
  const columns: readonly Column<Line>[] = [
    { title: 'WHEN (UTC)', text: ({ when }) => when },
    { title: 'WHAT', text: ({ what }) => what, wraps: true },
  ];
  return paragraphs(
    `Key ${paint.bold(keyId)} of user ${paint.bold(printable(userName))}, account ${account}`,
    table(columns, lines, screen),
    ending(story),
    `${count(chapters.length, 'thing')} happened; the ID of the event stands behind each.`,
  );
}

function sentence(chapter: Chapter, { keyId }: KeyStory): string {
  switch (chapter.kind) {
    case 'created': {
      const { by, eventId } = chapter;
      const how =
        by === 'inventory-taken'
          ? 'AWS told the date when the key was first listed'
          : 'its first warning tells the date';
      return `Created, not by Keyturn; ${how} [${eventId}]`;
    }
    case 'found': {
      // What nobody recorded was done by hand, some time before.
      const byHand = chapter.status === 'gone' ? 'somebody deleted it' : 'somebody made it so';
      return `Found ${chapter.status} by the inventory of ${minuteOf(chapter.at)}: ${byHand} [${chapter.eventId}]`;
    }
    case 'renamed':
      return `Its user is called ${chapter.userName} by the inventory of ${minuteOf(chapter.at)} [${chapter.eventId}]`;
    case 'event':
      return eventSentence(chapter, keyId);
    default:
      return chapter satisfies never;
  }
}

function eventSentence({ event }: Told, keyId: KeyStory['keyId']): string {
  const words = inWords(event, keyId);
  const { rotateAfterDays, disableAfterDays, deleteAfterDays } = event.policy;
  const policy = acts.has(event.type) ? `, policy ${rotateAfterDays}/${disableAfterDays}/${deleteAfterDays}` : '';
  const run = event.runId === undefined ? '' : `, ${event.runId}`;
  return `${inMode(event)}${words[0]?.toUpperCase() ?? ''}${words.slice(1)}${byWhom(event, words)}${policy}${run} [${event.id}]`;
}

/** The event of another key says whose it is. */
function inWords(event: HistoryEvent, keyId: KeyStory['keyId']): string {
  const words = eventInWords(event);
  return event.type === 'key-adopted' && event.keyId !== keyId ? `its successor ${event.keyId}: ${words}` : words;
}

function byWhom({ actor, type }: HistoryEvent, words: string): string {
  if (actor !== 'keyturn') return `, by ${actor}`;
  return acts.has(type) && !/ by (Keyturn|somebody)/.test(words) ? ', by Keyturn' : '';
}

/** What was done under a policy. */
const acts = new Set<HistoryEvent['type']>([
  'rotation-upcoming',
  'key-published',
  'key-replaced',
  'retirement-started',
  'key-disabled',
  'key-deleted',
  'key-restored',
  'key-snoozed',
  'orphan-removed',
]);

function told({ type, time, details }: Told['receipts'][number]): string {
  const { to, channel } = details;
  const who = to === 'operators' ? 'the operators' : `owner ${to}`;
  if (type === 'notice-delivered')
    return `${who} ${to === 'operators' ? 'were' : 'was'} told by ${channel} on ${minuteOf(time)}`;
  return `${who} could not be told by ${channel} on ${minuteOf(time)}: ${details.error}`;
}

/** How the story ends, so far. */
function ending({ at, standing }: KeyStory): string {
  if (standing === undefined) return 'Nothing on record proves that there ever was such a key.';
  const { status, since, ageDays, state, next, exemptUntil } = standing;
  const age = ageDays === undefined ? 'when it was created is not on record' : `${count(ageDays, 'day')} old`;
  if (status === 'gone') return `It has been gone since ${minuteOf(since)}, ${age}.`;
  const where = exemptUntil === undefined ? state : `exempt until ${dayOf(exemptUntil)}`;
  const then = next === undefined ? '' : `; ${next.step} ${dayOf(next.at)}`;
  return `By ${minuteOf(at)} it is ${status}, ${age}, ${where}${then}.`;
}
