import { minuteOf } from '../dates.ts';
import type { KeyAdvice } from '../key-advice.ts';
import type { Screen } from '../screen.ts';
import { printable } from '../table.ts';

/** Of each Active key its last use, and the likely ways to do without it. */
export function adviceView(advice: readonly KeyAdvice[] | undefined, { paint }: Screen): string | undefined {
  if (advice === undefined) return undefined;
  if (advice.length === 0) return 'No key is Active, so there is none to replace.';
  const title = paint.bold('What may take the place of these keys (a guess, by what each was last used for):');
  return [title, ...advice.map((one) => keyLines(one, paint))].join('\n\n');
}

function keyLines({ keyId, userName, lastUse, ways }: KeyAdvice, paint: Screen['paint']): string {
  const lines = ways.map(
    ({ name, why, guide }, at) =>
      `  ${at === 0 ? 'likely' : 'or'}: ${paint.bold(name)}. ${why}\n    ${paint.dim(guide)}`,
  );
  return [`${keyId} of ${userName}: ${useInWords(lastUse)}`, ...lines].join('\n');
}

function useInWords(lastUse: KeyAdvice['lastUse']): string {
  switch (lastUse.kind) {
    case 'used':
      return `last used ${minuteOf(lastUse.at)} UTC for ${printable(lastUse.service)} in ${printable(lastUse.region)}`;
    case 'never':
      return 'never used';
    case 'unread':
      return `last use unknown: ${printable(lastUse.cause)}`;
    default:
      return lastUse satisfies never;
  }
}
