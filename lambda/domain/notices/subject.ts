import { readerOf } from './item.ts';
import { toPlain } from './phrase.ts';
import type { WordedItem } from './worded-item.ts';

/** Which of several messages this is, where one could not hold everything. */
export interface Part {
  readonly number: number;
  readonly of: number;
}

/** SNS wants fewer than 100 ASCII characters. */
const LONGEST = 99;

/** `[Keyturn] Switch to the new key by 12 Mar 2026: ci-bot and 2 more; 3 other changes (1 of 2)`. */
export function subjectLine(items: readonly WordedItem[], part?: Part): string {
  const [first] = items;
  if (first === undefined) throw new Error('a notice about nothing cannot be written');
  const same = items.filter(({ heading }) => heading === first.heading);
  const soonest = same.reduce((a, b) => ((b.wording.deadline ?? '') < (a.wording.deadline ?? '') ? b : a), first);
  const subjects = [...new Set(same.map(({ event }) => event.userName ?? `account ${event.account}`))];
  const others = items.length - same.length;
  const start = `[Keyturn] ${forWhom(items)}${toPlain(soonest.wording.subject ?? soonest.wording.heading)}: `;
  const end = [
    subjects.length > 1 ? ` and ${subjects.length - 1} more` : '',
    others > 0 ? `; ${others} other ${others === 1 ? 'change' : 'changes'}` : '',
    part === undefined ? '' : ` (${part.number} of ${part.of})`,
  ].join('');
  const name = clipped(subjects[0] ?? '', Math.max(LONGEST - start.length - end.length, 8));
  return printable(clipped(start + name, LONGEST - end.length) + end);
}

function forWhom(items: readonly WordedItem[]): string {
  const readers = new Map(items.map(({ insteadOf }) => [readerOf(insteadOf), insteadOf]));
  const [meant] = readers.values();
  if (readers.has('') || meant === undefined) return '';
  if (readers.size > 1) return 'Owners not told: ';
  switch (meant.kind) {
    case 'no-owner':
      return 'No owner: ';
    case 'unknown-owner':
      return `Unknown owner ${clipped(meant.ownerId, 20)}: `;
    case 'unreachable':
      return `For ${clipped(meant.owner.id, 20)}: `;
  }
}

const clipped = (text: string, longest: number): string =>
  text.length <= longest ? text : `${text.slice(0, longest - 3)}...`;

const printable = (text: string): string => text.replace(/[^ -~]/g, '?');
