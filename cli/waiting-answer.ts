import type { HistoryEvent } from '../lambda/domain/events.ts';
import { REQUEST_LIFE, type Request } from '../lambda/domain/requests.ts';
import { DAY } from '../lambda/domain/time.ts';
import { printable } from './table.ts';

/** What became of a request. `waiting`: its sweep is over, and something has to happen first; `unknown`: nothing was heard in time. */
export interface Answer {
  readonly state: 'done' | 'refused' | 'waiting' | 'failed' | 'unknown';
  /** In words. */
  readonly what: string;
  /** The key was to stop at once and has not: whatever it waits for, somebody has to act. */
  readonly stillWorks?: true;
}

/** What was seen of a request that is not carried out yet. */
export interface Seen {
  /** There is no room for a new key. */
  readonly waits?: HistoryEvent<'step-waiting'>;
  /** There is a new key, and the old one goes on. */
  readonly replaced?: HistoryEvent<'key-replaced'>;
}

/** The sweep is over, and the request waits. Where a key was to stop at once that is no good news: it still works. */
export function waitingAnswer(request: Request, seen: Seen): Answer {
  if (request.kind === 'rotate' && request.disableOldNow) {
    return { state: 'waiting', stillWorks: true, what: stillWorks(request, seen) };
  }
  const behind = seen.waits?.details.behind;
  const why =
    behind === undefined
      ? "'keyturn plan' and the user's history say what it waits for"
      : `${behind} takes the place of the new key, and it waits until that is deleted, ${REQUEST_LIFE / DAY} days at most`;
  return { state: 'waiting', what: `The sweep is over, and the request waits on the list: ${why}.` };
}

function stillWorks({ userName, keyId }: Request, { waits, replaced }: Seen): string {
  const key = keyId ?? waits?.keyId ?? replaced?.keyId;
  const name = printable(userName);
  const that = key ?? 'The old key';
  const command = (verb: string, id: string, rest = '') =>
    `'aws iam ${verb} --user-name ${name} --access-key-id ${id}${rest}'`;
  const stop = `stop it by hand: ${command('update-access-key', key ?? 'KEY', ' --status Inactive')}`;
  if (replaced !== undefined) {
    return `${that} still works, although it has been replaced: the next sweep disables it. If that is too late, ${stop}.`;
  }
  const fails = 'Whatever uses it fails from then on';
  const behind = waits?.details.behind;
  if (behind === undefined) {
    const why = "'keyturn plan' and the user's history say what it waits for";
    return `${that} still works: the sweep is over, and the request waits on the list (${why}). If it has to stop right now, ${stop}. ${fails}.`;
  }
  return [
    `${that} still works: IAM allows two keys, and ${behind} takes the place of the new one.`,
    `If nobody needs ${behind}, delete it and run this command again: ${command('delete-access-key', behind)}.`,
    `If ${that} has to stop right now, ${stop}. ${fails}; without an Active key the user gets none from Keyturn.`,
    "What to do then is under 'Emergency' in docs/requests.md.",
  ].join(' ');
}
