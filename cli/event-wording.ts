/** Every type of event in words, as a timeline tells it: what happened to the user or key that stands beside it. */
import type { EventDetails, EventType, HistoryEvent, SweepTally } from '../lambda/domain/events.ts';
import type { RequestId } from '../lambda/domain/ids.ts';
import { count, dayOf, minuteOf } from './dates.ts';
import { by, cancelInWords, retirementInWords, waitInWords } from './wording.ts';

type Words = { readonly [T in EventType]: (details: EventDetails[T]) => string };

const asAsked = (requestId: RequestId | undefined): string => (requestId === undefined ? '' : ', as asked for');

const words: Words = {
  'run-started': ({ part, expectedAccounts, enforcingAccounts, skippedAccounts }) =>
    [
      `run started for ${count(expectedAccounts.length, 'account')}`,
      ...(enforcingAccounts.length === 0 ? [] : [`${enforcingAccounts.length} of them enforcing`]),
      ...(skippedAccounts.length === 0 ? [] : [`${skippedAccounts.length} skipped`]),
      ...(part.of === 1 ? [] : [`part ${part.number} of ${part.of}`]),
    ].join(', '),
  'sweep-finished': (tally) => `sweep finished: ${tallyInWords(tally)}`,
  'sweep-continued': (tally) =>
    `part ${tally.part} of the sweep is over, part ${tally.part + 1} goes on: ${tallyInWords(tally)}`,
  'run-failed': ({ error }) => `run could not begin: ${error}`,
  'sweep-failed': ({ reason, error }) => (reason === 'no-access' ? `no access: ${error}` : `sweep failed: ${error}`),
  'root-key-seen': ({ activeKeys }) => `the root user has ${count(activeKeys, 'Active access key')}`,
  'inventory-taken': ({ part, users, unread }) =>
    [
      `inventory: ${count(
        users.reduce((sum, { keys }) => sum + keys.length, 0),
        'key',
      )} of ${count(users.length, 'user')} with keys`,
      ...(unread.length === 0 ? [] : [`${count(unread.length, 'user')} could not be read`]),
      ...(part.of === 1 ? [] : [`part ${part.number} of ${part.of}`]),
    ].join(', '),
  'rotation-upcoming': ({ rotateAt, thresholdDays }) =>
    `warning of ${count(thresholdDays, 'day')}: will be replaced on ${dayOf(rotateAt)}`,
  'rotation-intended': () => 'rotation begun',
  'rotation-failed': ({ stage, error }) => `rotation failed at ${stage}: ${error}`,
  'rotation-abandoned': ({ why }) => `rotation given up: ${why}`,
  'orphan-removed': () => 'deleted: made by a rotation that was cut short, never stored',
  'key-published': ({ replaces, secretName }) => `created by Keyturn, in secret ${secretName}; replaces ${replaces}`,
  'key-replaced': ({ incomingKeyId, disableAt, deleteAt, requestId }) =>
    `replaced by ${incomingKeyId}${asAsked(requestId)}; disabled from ${dayOf(disableAt)}, deleted from ${dayOf(deleteAt)}`,
  'key-adopted': ({ replaces, lastUse, outgoingLastUse }) =>
    [
      `in use since ${dayOf(lastUse.at)} (${lastUse.service} in ${lastUse.region}); replaces ${replaces}`,
      ...(outgoingLastUse ? [`which was last used ${dayOf(outgoingLastUse.at)}`] : []),
    ].join(', '),
  'key-still-used': ({ lastUse, successorKeyId, disableAt }) =>
    `still used, last ${dayOf(lastUse.at)} (${lastUse.service} in ${lastUse.region}), although ${successorKeyId} replaces it; disabled from ${dayOf(disableAt)}`,
  'request-made': ({ request, reason, hours, days, disableOldNow }) =>
    `${[
      `asked to ${request}`,
      ...(hours === undefined ? [] : [`for ${count(hours, 'hour')}`]),
      ...(days === undefined ? [] : [`for ${count(days, 'day')}`]),
      ...(disableOldNow ? ['and to disable the old key at once'] : []),
    ].join(' ')}: ${reason}`,
  'request-refused': ({ request, why }) => `request to ${request} refused: ${why}`,
  'restore-intended': () => 'restoring begun',
  'restore-failed': ({ error }) => `restoring failed: ${error}`,
  'key-restored': ({ until }) => `works again, as asked for; disabled again from ${dayOf(until)}`,
  'key-snoozed': ({ step, until }) => `${step} put off until ${dayOf(until)}, as asked for`,
  'retirement-started': ({ why, successorKeyId, disableAt, deleteAt, after }) =>
    [
      `on its way out${after ? ' again, after its exemption' : ''}: ${retirementInWords[why]}`,
      ...(successorKeyId ? [`use ${successorKeyId} instead`] : []),
      ...(disableAt ? [`disabled from ${dayOf(disableAt)}`] : []),
      `deleted from ${dayOf(deleteAt)}`,
    ].join('; '),
  'retirement-cancelled': ({ why }) => `stays after all: ${cancelInWords(why)}`,
  'disable-intended': () => 'disabling begun',
  'disable-failed': ({ error }) => `disabling failed: ${error}`,
  'key-disabled': ({ by: who, why, deleteAt, requestId }) =>
    `disabled by ${by(who)}${asAsked(requestId)}: ${retirementInWords[why]}; deleted from ${dayOf(deleteAt)}`,
  'deletion-upcoming': ({ deleteAt }) => `reminder: will be deleted on ${dayOf(deleteAt)}`,
  'delete-intended': () => 'deletion begun',
  'delete-failed': ({ error }) => `deletion failed: ${error}`,
  'key-deleted': ({ by: who, why }) => `deleted by ${by(who)}${why ? `: ${retirementInWords[why]}` : ''}`,
  'key-reactivated': ({ disableAt }) => `made Active again by somebody; disabled again from ${dayOf(disableAt)}`,
  'step-waiting': ({ step, reason, until, lastUse, heldUntil }) =>
    [
      `${step} waits ${waitInWords[reason]}`,
      ...(lastUse ? [`last used ${dayOf(lastUse.at)}: ${lastUse.service} in ${lastUse.region}`] : []),
      ...(until ? [`not before ${dayOf(until)}`] : []),
      ...(heldUntil ? [`at the latest ${dayOf(heldUntil)}`] : []),
    ].join('; '),
  'user-blocked': ({ keys }) => `blocked: ${keys} keys, where IAM allows two`,
  'user-unblocked': () => 'no longer blocked',
  'user-gone': () => 'user no longer exists',
  'user-replaced': ({ formerUserId }) => `user was deleted and made again (formerly ${formerUserId})`,
  'exemption-ending': ({ expiresAt }) => `exemption ends ${minuteOf(expiresAt)}`,
  'exemption-ended': () => 'exemption has ended',
  'exemption-granted': ({ match, reason, approver, expiresAt }) =>
    `exemption of ${match} until ${minuteOf(expiresAt)}, approved by ${approver}: ${reason}`,
  'exemption-revoked': ({ match, reason }) => `exemption of ${match} revoked: ${reason}`,
  'owners-imported': ({ owners, assignments, changes }) =>
    `owners imported (${count(owners, 'owner')}, ${count(assignments, 'assignment')}): ${changes.join('; ')}`,
  'notice-delivered': ({ about, channel, to }) => `${to} told by ${channel} (${count(about.length, 'event')})`,
  'notice-failed': ({ channel, to, error }) => `${to} could not be told by ${channel}: ${error}`,
};

/** Every type there is, alphabetically. */
export const eventTypes: readonly EventType[] = typedKeys(words).toSorted();

export const eventInWords = (event: HistoryEvent): string => tell(event);

const tell = <T extends EventType>(event: HistoryEvent<T>): string => words[event.type](event.details);

function typedKeys<K extends string>(record: { readonly [Key in K]: unknown }): K[] {
  return Object.keys(record) as K[];
}

function tallyInWords(tally: SweepTally): string {
  const { users, keys, steps, failed, failures, unreadRequests = 0, reportMissing } = tally;
  const taken = Object.entries(steps).map(([kind, number]) => `${number} ${kind}`);
  const named = failures.map(({ userName, error }) => `${userName}: ${error}`).join('; ');
  return [
    `${count(users, 'user')}, ${count(keys, 'key')}`,
    taken.length === 0 ? 'nothing to do' : taken.join(', '),
    ...(failed === 0 ? [] : [`${count(failed, 'failure')} (${named})`]),
    ...(unreadRequests === 0 ? [] : [`${count(unreadRequests, 'request')} could not be read`]),
    ...(reportMissing === undefined ? [] : [`no credential report (${reportMissing})`]),
  ].join('; ');
}
