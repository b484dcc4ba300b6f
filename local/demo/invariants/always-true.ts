/** The "always true" list of DESIGN section 4, as checked after every run. */
import { announcedKeysCanBeFetched } from './announced-keys-can-be-fetched.ts';
import { changesAreOnRecord } from './changes-are-on-record.ts';
import type { Evidence, Invariant } from './evidence.ts';
import { exemptUsersAreLeftAlone } from './exempt-users-are-left-alone.ts';
import { historyIsTrue } from './history-is-true.ts';
import { madeKeysAreStored } from './made-keys-are-stored.ts';
import { nobodyIsLeftOut } from './nobody-is-left-out.ts';
import { nobodyIsSurprised } from './nobody-is-surprised.ts';
import { nothingBeforeItsDeadline } from './nothing-before-its-deadline.ts';
import { observingChangesNothing } from './observing-changes-nothing.ts';
import { onlyTheWorkerTouchesKeys } from './only-the-worker-touches-keys.ts';
import { ownersKeepAKey } from './owners-keep-a-key.ts';
import { receiptsAreTrue } from './receipts-are-true.ts';

export const OBSERVING_CHANGES_NOTHING = 'observing changes nothing';

/** Each with what it promises. Leaked secrets are looked for apart, as they may be in places that no run writes to. */
export const alwaysTrue: ReadonlyMap<string, Invariant> = new Map([
  ['every user keeps an Active key that its owner holds or can fetch', ownersKeepAKey],
  ['an Active key made by Keyturn is in its secret', madeKeysAreStored],
  ['a key that is announced can be fetched', announcedKeysCanBeFetched],
  ['nothing is disabled or deleted before its deadline', nothingBeforeItsDeadline],
  ['nothing is disabled or deleted before a notice arrived', nobodyIsSurprised],
  ['every change in IAM has its intent and outcome in history', changesAreOnRecord],
  ['history and IAM tell the same', historyIsTrue],
  ['a receipt is a notice that arrived', receiptsAreTrue],
  ['every run reaches every user; no failure passes for "nothing to do"', nobodyIsLeftOut],
  ['exempt users are left alone', exemptUsersAreLeftAlone],
  ['only the member role touches keys, and it reads no secret', onlyTheWorkerTouchesKeys],
  [OBSERVING_CHANGES_NOTHING, observingChangesNothing],
]);

export const SECRETS_STAY_SECRET = 'no secret is in a log, table, queue, notice, call or template';

/** A promise that was broken, and how. */
export interface Breach {
  readonly promise: string;
  readonly what: string;
}

/** Everything that is wrong after a run. */
export const breachesIn = (evidence: Evidence): readonly Breach[] =>
  [...alwaysTrue].flatMap(([promise, invariant]) => invariant(evidence).map((what) => ({ promise, what })));
