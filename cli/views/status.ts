import type { Formatter } from 'picocolors/types.js';
import { fromIso } from '../../lambda/domain/time.ts';
import { caption, paragraphs } from '../caption.ts';
import { count, dayOf } from '../dates.ts';
import type { KeyState } from '../key-state.ts';
import type { Screen } from '../screen.ts';
import { type Column, table } from '../table.ts';
import type { KeyStatusRow, StatusReport } from '../verbs/status.ts';
import { waitInWords } from '../wording.ts';
import { adviceView } from './advice.ts';
import { handoversView } from './handovers.ts';
import { unreadInWords } from './unread.ts';

/** Every key as a table; on a narrow screen the keys of a user stand under its name and owner. */
export function statusView(report: StatusReport, screen: Screen): string {
  const ownerOf = ({ owner }: KeyStatusRow) => owner ?? 'nobody';
  const user: Column<KeyStatusRow> = { title: 'USER', text: ({ userName }) => userName };
  const owner: Column<KeyStatusRow> = { title: 'OWNER', text: ownerOf };
  const account: Column<KeyStatusRow> = { title: 'ACCOUNT', text: (row) => row.account };
  const columns = keyColumns(report, screen);
  const narrow = { columns, heading: (row: KeyStatusRow) => `${row.userName} (owner: ${ownerOf(row)})` };
  const keys = report.keys.length;
  return paragraphs(
    caption(report, screen),
    keys === 0 ? undefined : table([account, user, ...columns, owner], report.keys, screen, narrow),
    handoversView(report.keys, screen),
    unreadInWords(report.unread, screen),
    adviceView(report.advice, screen),
    `${count(keys, 'key')} of ${count(new Set(report.keys.map(({ userName }) => userName)).size, 'user')}.`,
  );
}

function keyColumns({ at }: StatusReport, screen: Screen): readonly Column<KeyStatusRow>[] {
  const now = fromIso(at);
  const colours = coloursOf(screen);
  return [
    { title: 'KEY', text: ({ keyId }) => keyId },
    { title: 'STATUS', text: ({ status }) => status },
    { title: 'AGE', text: ({ ageDays }) => `${ageDays} d` },
    { title: 'STATE', text: stateInWords, colour: ({ state }) => colours[state] },
    { title: 'NEXT', text: (row) => nextInWords(row, now), wraps: true },
  ];
}

function stateInWords({ state, exemptUntil }: KeyStatusRow): string {
  if (exemptUntil !== undefined) return `exempt until ${dayOf(exemptUntil)}`;
  return state === 'would-be-gone' ? 'would be gone' : state;
}

function nextInWords({ next }: KeyStatusRow, now: number): string {
  if (next === undefined) return '-';
  const { step, at, waits } = next;
  if (waits !== undefined) {
    return `${step} waits ${waitInWords[waits]}${fromIso(at) > now ? ` (${dayOf(at)})` : ''}`;
  }
  return fromIso(at) <= now ? `${step} at the next sweep` : `${step} ${dayOf(at)}`;
}

function coloursOf({ paint }: Screen): Readonly<Record<KeyState, Formatter | undefined>> {
  return {
    current: paint.green,
    warned: paint.yellow,
    due: paint.yellow,
    rotating: paint.yellow,
    retiring: paint.cyan,
    inactive: paint.dim,
    exempt: paint.magenta,
    blocked: paint.red,
    'would-be-gone': paint.dim,
  };
}
