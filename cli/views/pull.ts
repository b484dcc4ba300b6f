import { paragraphs } from '../caption.ts';
import { minuteOf } from '../dates.ts';
import type { Holder } from '../pull/holders.ts';
import type { Screen } from '../screen.ts';
import { printable } from '../table.ts';
import type { PullReport } from '../verbs/pull.ts';

/** What has become of the profile, and where else the old key is to be looked for. Shows no secret. */
export function pullView(report: PullReport, screen: Screen): string {
  const { old, profile, file } = report;
  if (old === undefined) {
    const where = `profile '${profile}' of ${printable(file)}`;
    return `You already have it: ${where} holds ${keyOf(report, screen)}. Nothing was changed.`;
  }
  return paragraphs(
    `${outcomeOf(report, old, screen)}\n${keptOf(report, old)}`,
    holdersOf(old, screen),
    `${elsewhere}\n${stopOf(report)}`,
  );
}

type Old = NonNullable<PullReport['old']>;

const keyOf = ({ keyId, userName, account }: PullReport, { paint }: Screen): string =>
  `key ${paint.bold(keyId)}, the current one of user ${userName} in account ${account}`;

function outcomeOf(report: PullReport, { keyId: oldKeyId }: Old, screen: Screen): string {
  const where = `profile '${report.profile}' of ${printable(report.file)}`;
  return report.outcome === 'dry run'
    ? `Dry run, nothing was changed. In ${where} would be\n${keyOf(report, screen)}, instead of ${oldKeyId}. AWS accepts it.`
    : `In ${where} is now\n${keyOf(report, screen)}. AWS accepts it.`;
}

const keptOf = ({ outcome }: PullReport, { keyId, keptAs }: Old): string =>
  `The old key ${keyId} ${outcome === 'dry run' ? 'would be' : 'is'} kept as profile '${keptAs}'.`;

function holdersOf({ keyId, holders }: Old, { paint }: Screen): string {
  const certain = holders.filter((holder) => holder.certain);
  const possible = holders.filter((holder) => !holder.certain);
  const list = (each: readonly Holder[]) => each.map(({ what }) => `  ${printable(what)}`);
  return [
    ...(certain.length === 0
      ? [`Nothing else was found on this computer that holds ${keyId}.`]
      : [paint.yellow(`Still holding ${keyId}:`), ...list(certain)]),
    ...(possible.length === 0 ? [] : ['It may also be in what these run:', ...list(possible)]),
  ].join('\n');
}

const elsewhere = `Not to be seen from here: variables of CI pipelines, Docker and Kubernetes secrets,
Terraform variables, other computers.`;

function stopOf({ storedAt }: PullReport): string {
  const since = storedAt === undefined ? '' : `; it was replaced on ${minuteOf(storedAt)} UTC`;
  return `When the old key stops working stands in your notice${since}.`;
}
