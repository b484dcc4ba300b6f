import type { HistoryEvent } from '../../lambda/domain/events.ts';
import { paragraphs } from '../caption.ts';
import { count, minuteOf } from '../dates.ts';
import { eventInWords } from '../event-wording.ts';
import type { Screen } from '../screen.ts';
import { type Column, printable, table } from '../table.ts';
import type { Chapter, KeyStory } from '../verbs/explain.ts';

interface Line {
  readonly when: string;
  readonly what: string;
}

/** A key's story, a sentence for each thing that happened, with the ID of the event that says so. */
export function explainView({ keyId, account, userName, chapters }: KeyStory, screen: Screen): string {
  const { paint } = screen;
  const lines = chapters.flatMap((chapter): Line[] => [
    { when: minuteOf(chapter.event.time), what: sentence(chapter.event) },
    ...chapter.receipts.map((receipt) => ({ when: '', what: `- ${told(receipt)} [${receipt.id}]` })),
  ]);
  const columns: readonly Column<Line>[] = [
    { title: 'WHEN (UTC)', text: ({ when }) => when },
    { title: 'WHAT', text: ({ what }) => what, wraps: true },
  ];
  return paragraphs(
    `Key ${paint.bold(keyId)} of user ${paint.bold(printable(userName))}, account ${account}`,
    beginning(chapters),
    table(columns, lines, screen),
    `${count(chapters.length, 'thing')} happened; the ID of the event stands behind each.`,
  );
}

/** What is known of the time before the first event. */
function beginning([first]: readonly Chapter[]): string | undefined {
  if (first === undefined || first.event.type === 'key-published') return undefined;
  return 'It is older than its first event: Keyturn did not make it.';
}

function sentence(event: HistoryEvent): string {
  const words = eventInWords(event);
  const pretended = event.mode === 'observe' && event.actor === 'keyturn' ? '(observed only) ' : '';
  const { rotateAfterDays, disableAfterDays, deleteAfterDays } = event.policy;
  const policy = acts.has(event.type) ? `, policy ${rotateAfterDays}/${disableAfterDays}/${deleteAfterDays}` : '';
  const actor = event.actor === 'keyturn' ? '' : `, by ${event.actor}`;
  const run = event.runId === undefined ? '' : `, ${event.runId}`;
  return `${pretended}${words[0]?.toUpperCase() ?? ''}${words.slice(1)}${actor}${policy}${run} [${event.id}]`;
}

/** What was done under a policy. */
const acts = new Set<HistoryEvent['type']>([
  'rotation-upcoming',
  'key-published',
  'key-replaced',
  'retirement-started',
  'key-disabled',
  'key-deleted',
]);

function told({ type, time, details }: Chapter['receipts'][number]): string {
  const { to, channel } = details;
  if (type === 'notice-delivered') return `${to} was told by ${channel} on ${minuteOf(time)}`;
  return `${to} could not be told by ${channel} on ${minuteOf(time)}`;
}
