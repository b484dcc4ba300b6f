import type { HistoryEvent } from '../../lambda/domain/events.ts';
import { paragraphs } from '../caption.ts';
import { count, minuteOf } from '../dates.ts';
import { eventInWords } from '../event-wording.ts';
import type { Screen } from '../screen.ts';
import { type Column, printable, table } from '../table.ts';
import type { HistoryReport, HistorySubject } from '../verbs/history.ts';

/** What was found, read to its end. */
export interface FoundHistory extends Pick<HistoryReport, 'by' | 'order'> {
  readonly events: readonly HistoryEvent[];
  /** True when the limit left events out. */
  readonly more: boolean;
  /** Why nothing may have been found. */
  readonly hint?: string | undefined;
}

/** History as a timeline; on a narrow screen each event is told in one sentence. */
export function historyView({ by, order, events, more, hint }: FoundHistory, screen: Screen): string {
  const left = more ? '; there are more: raise --limit, or narrow with --since and --until' : '';
  return paragraphs(
    `History of ${subjectInWords(by)}, times in UTC`,
    events.length === 0 ? undefined : table(wide, events, screen, { columns: narrow }),
    `${count(events.length, 'event')}, ${order === 'oldest-first' ? 'oldest' : 'newest'} first${left}.`,
    hint === undefined ? undefined : printable(hint),
  );
}

function subjectInWords(by: HistorySubject): string {
  switch (by.kind) {
    case 'user':
      return `user ${by.userName} in account ${by.account}`;
    case 'key':
      return `key ${by.keyId}`;
    case 'account':
      return `account ${by.account}`;
    case 'account-alone':
      return `account ${by.account} as a whole`;
    case 'day':
      return `${by.day}`;
    case 'run':
      return `run ${by.runId}`;
    case 'owner':
      return `the users of owner ${by.ownerId}`;
    case 'everything':
      return 'all accounts';
    default:
      return by satisfies never;
  }
}

/** In `observe` what Keyturn tells of a key did not happen; what people and notices did, did. */
export function inMode(event: HistoryEvent): string {
  const receipt = event.type === 'notice-delivered' || event.type === 'notice-failed';
  const bySomebody = 'by' in event.details && event.details.by === 'somebody';
  const pretended = event.mode === 'observe' && event.actor === 'keyturn' && event.keyId !== undefined;
  return pretended && !receipt && !bySomebody ? '(observed only) ' : '';
}

const byHand = ({ actor }: HistoryEvent): string => (actor === 'keyturn' ? '' : ` (by ${actor})`);
const time: Column<HistoryEvent> = { title: 'TIME', text: (event) => minuteOf(event.time) };

const wide: readonly Column<HistoryEvent>[] = [
  time,
  { title: 'TYPE', text: ({ type }) => type },
  { title: 'ACCOUNT', text: ({ account }) => account },
  { title: 'USER', text: ({ userName }) => userName ?? '-' },
  { title: 'KEY', text: ({ keyId }) => keyId ?? '-' },
  { title: 'WHAT', text: (event) => inMode(event) + eventInWords(event) + byHand(event), wraps: true },
];

const narrow: readonly Column<HistoryEvent>[] = [
  time,
  {
    title: 'WHAT',
    text: (event) => {
      const subject = [event.userName, event.keyId].filter((part) => part !== undefined).join(' ');
      return `${inMode(event)}${subject === '' ? '' : `${subject}: `}${eventInWords(event)}${byHand(event)}`;
    },
    wraps: true,
  },
];
