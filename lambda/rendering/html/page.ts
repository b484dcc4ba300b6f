import { createHash } from 'node:crypto';
import { escapeHtml } from '../../domain/escape.ts';
import { count, spansInWords } from '../../domain/report/control-words.ts';
import type { ReportModel } from '../../domain/report/model.ts';
import { minuteOf } from '../columns.ts';
import { chartLines } from './charts.ts';
import { controlLines } from './controls.ts';
import { script } from './script.ts';
import { style } from './style.ts';
import { shownTables, tableLines } from './tables.ts';

const MOST_NAMES = 50;

/** The browser itself refuses whatever is not in this page. */
const security = [
  "default-src 'none'",
  "style-src 'unsafe-inline'",
  'img-src data:',
  `script-src 'sha256-${createHash('sha256').update(script).digest('base64')}'`,
].join('; ');

/** The report as one HTML document that needs nothing but itself, line by line. */
export function* htmlLines(model: ReportModel): Generator<string> {
  const title = `Access keys: evidence for ${periodInWords(model)}`;
  yield '<!doctype html><html lang="en"><head><meta charset="utf-8">';
  yield `<meta http-equiv="Content-Security-Policy" content="${escapeHtml(security)}">`;
  yield '<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">';
  yield `<title>${escapeHtml(title)}</title><link rel="icon" href="data:,"><style>${style}</style></head><body>`;
  const tables = shownTables(model);
  yield `<header><h1>${escapeHtml(title)}</h1>`;
  yield `<p class="lead">Written by Keyturn on ${minuteOf(model.writtenAt)} from its append-only history. All times are UTC.</p>`;
  const sections = [
    { id: 'summary', title: 'Controls' },
    { id: 'pictures', title: 'In pictures' },
    ...tables,
    { id: 'basis', title: 'What this rests on' },
  ];
  const links = sections.map(({ id, title: name }) => `<li><a href="#${id}">${escapeHtml(name)}</a></li>`);
  yield `<nav aria-label="Sections"><ul>${links.join('')}</ul></nav></header><main>`;
  yield* figureLines(model);
  yield '<section aria-labelledby="summary"><h2 id="summary">Controls</h2>';
  yield* controlLines(model.controls);
  yield '</section><section aria-labelledby="pictures"><h2 id="pictures">In pictures</h2>';
  yield* chartLines(model);
  yield '</section>';
  for (const table of tables) yield* tableLines(table);
  yield* basisLines(model);
  yield '</main><footer><p>Keyturn rotates access keys of IAM users, and writes down what it does.</p></footer>';
  yield `<script>${script}</script></body></html>`;
}

function* figureLines({ figures, basis }: ReportModel): Generator<string> {
  const shown: readonly (readonly [string, number])[] = [
    ['Accounts expected', figures.accounts],
    ['Users with keys', figures.users],
    ['Keys at the end', figures.keys],
    ['Active keys', figures.activeKeys],
    ['Rotated', figures.rotated],
    ['Disabled', figures.disabled],
    ['Deleted', figures.deleted],
    ['Notices delivered', figures.noticesDelivered],
    ['Notices refused', figures.noticesFailed],
    ...(figures.observed === 0 ? [] : [['Observed only', figures.observed] as const]),
  ];
  yield `<dl class="figures">${shown.map(([name, value]) => `<div><dt>${name}</dt><dd>${value}</dd></div>`).join('')}</dl>`;
  if (figures.rootKeysSeen.length > 0) {
    yield `<p><strong>The root user has an Active access key in:</strong> ${figures.rootKeysSeen.join(', ')}.</p>`;
  }
  const notKnown = notKnownInWords(basis);
  if (notKnown.length > 0) {
    yield `<p class="doubt"><strong>Part of this period is not known:</strong> ${notKnown.join('; ')}. No control passes that would rest on it.</p>`;
  }
}

/** What nobody looked at, in numbers; the controls name it. */
function notKnownInWords({ daysWithoutRun, notKnown, withoutInventory, unreadUsers }: ReportModel['basis']) {
  const accounts = new Set([...withoutInventory, ...notKnown.map(({ account }) => account)]).size;
  const users = new Set(unreadUsers.map(({ account, userName }) => `${account}/${userName}`)).size;
  return [
    ...(daysWithoutRun.length === 0 ? [] : [`no run began on ${count(daysWithoutRun.length, 'day')}`]),
    ...(accounts === 0 ? [] : [`the keys of ${count(accounts, 'account')} are not known all the time`]),
    ...(users === 0 ? [] : [`${count(users, 'user')} could not be read all the time`]),
  ];
}

function* basisLines({ basis, period }: ReportModel): Generator<string> {
  const facts = [
    `${basis.eventsInPeriod} events of the period were read${basis.firstEvent === undefined ? '' : `, the first is ${basis.firstEvent}, the last ${basis.lastEvent}`}. Each statement above names the event that it rests on; <code>keyturn history</code> shows it.`,
    ...(basis.head === undefined
      ? ['Nothing was sealed yet when this was written, so nothing proves that history is as it was.']
      : [
          `History was sealed up to seal ${basis.head.number} (of ${minuteOf(basis.head.sealedAt)}) when this was written: <code>keyturn history --verify --anchor ${basis.head.number}:${basis.head.hash}</code> proves that nothing up to there was changed since.`,
        ]),
    `History was read from ${minuteOf(basis.readFrom)} on, so that what was there on ${minuteOf(period.from)} is known.`,
    `Keys that nothing ever happened to are known from inventories: each account's keys are listed in history every seven days. ${count(basis.inventoried, 'account')} ${basis.inventoried === 1 ? 'has' : 'have'} one${basis.oldestInventory === undefined ? '' : `; the oldest is of ${minuteOf(basis.oldestInventory)}`}. What an owner did with a key since then shows when Keyturn next reads that user.`,
    ...(basis.scopeFrom === undefined
      ? []
      : [`The first run began on ${minuteOf(basis.scopeFrom)}; what was before is not judged.`]),
    ...listFact('No run began', spansInWords(basis.daysWithoutRun)),
    ...listFact('Without an inventory, so that only keys with events are known:', basis.withoutInventory),
    ...listFact(
      'Expected, and yet the last inventory of their keys was too old:',
      basis.notKnown.map(({ account, from, to }) => `${account} from ${minuteOf(from)} to ${minuteOf(to)}`),
    ),
    ...listFact(
      'Users whom inventories could not read:',
      basis.unreadUsers.map(
        ({ account, userName, from, to }) =>
          `${escapeHtml(`${account}/${userName}`)} from ${minuteOf(from)} to ${minuteOf(to)}`,
      ),
    ),
    ...(basis.keysOfUnknownAge === 0
      ? []
      : [`When ${basis.keysOfUnknownAge} keys were created is not on record; they count as young as history allows.`]),
    'In accounts that only observe, nothing that Keyturn would have done counts as done.',
    'The manifest beside the files of a monthly report holds the SHA-256 of each.',
  ];
  yield '<section aria-labelledby="basis"><h2 id="basis">What this rests on</h2><ul>';
  for (const fact of facts) yield `<li>${fact}</li>`;
  yield '</ul></section>';
}

function listFact(what: string, names: readonly string[]): readonly string[] {
  if (names.length === 0) return [];
  const more = names.length - MOST_NAMES;
  return [`${what} ${names.slice(0, MOST_NAMES).join(', ')}${more > 0 ? ` and ${more} more` : ''}.`];
}

/** `October 2026`, or `2026-10-05 to 2026-11-02`. */
function periodInWords({ period: { from, to } }: ReportModel): string {
  const [first, next] = [new Date(from), new Date(to)];
  const isMonth =
    Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1) === next.getTime() && first.getUTCDate() === 1;
  if (isMonth) return new Intl.DateTimeFormat('en', { month: 'long', year: 'numeric', timeZone: 'UTC' }).format(first);
  return `${from.slice(0, 10)} to ${new Date(next.getTime() - 1).toISOString().slice(0, 10)}`;
}
