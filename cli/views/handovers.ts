import type { UseOnRecord } from '../../lambda/domain/events.ts';
import { minuteOf } from '../dates.ts';
import type { Handover } from '../handover.ts';
import type { Screen } from '../screen.ts';
import { printable } from '../table.ts';
import type { KeyStatusRow } from '../verbs/status.ts';

/** Of each key that has a successor: whether that is in use, and whether the key itself still is. */
export function handoversView(rows: readonly KeyStatusRow[], { paint }: Screen): string | undefined {
  const lines = rows.flatMap(({ keyId, userName, handover }) =>
    handover === undefined ? [] : [`  ${keyId} of ${userName}: ${inWords(handover, paint)}`],
  );
  return lines.length === 0 ? undefined : [paint.bold('Keys that have a successor:'), ...lines].join('\n');
}

function inWords(handover: Handover, paint: Screen['paint']): string {
  const successor = `its successor ${handover.successorKeyId} ${adoptionInWords(handover, paint)}`;
  const own = ownUseInWords(handover, paint);
  return own === undefined ? successor : `${successor}; ${own}`;
}

function adoptionInWords({ adopted, successorUse }: Handover, paint: Screen['paint']): string {
  if (adopted === undefined) return 'may or may not be in use';
  if (!adopted) return paint.yellow('is not in use yet');
  return paint.green(`is in use${successorUse === undefined ? '' : ` (${useInWords(successorUse)})`}`);
}

function ownUseInWords({ stillUsed, lastUse }: Handover, paint: Screen['paint']): string | undefined {
  if (stillUsed === undefined) return undefined;
  if (!stillUsed || lastUse === undefined) return 'it has not been used since';
  return paint.yellow(`it is still used (${useInWords(lastUse)})`);
}

const useInWords = ({ at, service, region }: UseOnRecord): string =>
  `${minuteOf(at)} UTC: ${printable(service)} in ${printable(region)}`;
