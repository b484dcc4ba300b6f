import { fromIso } from '../../../lambda/domain/time.ts';
import { type Evidence, type Invariant, isAskedToStop, type KeyChange, keyChanges, lastAbout } from './evidence.ts';

/** Nothing is disabled or deleted before a notice about it has arrived somewhere, and its receipt is on record. */
export const nobodyIsSurprised: Invariant = (evidence) =>
  keyChanges(evidence)
    .filter(({ kind, user, key }) => {
      if (kind === 'disabled') return !isAskedToStop(evidence.history, user, key.keyId);
      return kind === 'deleted';
    })
    .flatMap((change) => {
      const { key, user, kind } = change;
      const what = `Key ${key.keyId} of user ${user.userName} was ${kind}`;
      return [
        ...(hasReceipt(evidence, change) ? [] : [`${what} without a receipt for a notice about it.`]),
        ...(hasArrived(evidence, change) ? [] : [`${what}, and no notice about it had arrived anywhere.`]),
      ];
    });

/** What announced this change to whoever is concerned. */
function hasReceipt({ history, runAt }: Evidence, { key }: KeyChange): boolean {
  const earlier = history.filter((event) => fromIso(event.time) < runAt);
  const announcement = lastAbout(
    earlier,
    key.keyId,
    'key-replaced',
    'retirement-started',
    'key-reactivated',
    'key-disabled',
    'key-restored',
    'key-snoozed',
  );
  if (announcement === undefined) return false;
  return earlier.some(({ type, details }) => type === 'notice-delivered' && details.about.includes(announcement.id));
}

const hasArrived = ({ deliveries, runAt }: Evidence, { key }: KeyChange): boolean =>
  deliveries.some(({ at, text }) => at < runAt && text.includes(key.keyId));
