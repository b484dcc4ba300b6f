import pLimit from 'p-limit';
import type { KeyFacts, LastUse } from '../lambda/domain/facts.ts';
import type { AccessKeyId, UserName } from '../lambda/domain/ids.ts';
import { ownersUse } from '../lambda/domain/own-proof.ts';
import { type Instant, type IsoTime, toIso } from '../lambda/domain/time.ts';
import type { Tracking } from '../lambda/domain/tracking.ts';
import { linkToWay, type WayOut, waysOutFor } from '../lambda/domain/ways-out.ts';
import { KeyGoneError, UnavailableError } from '../lambda/ports.ts';
import { count } from './dates.ts';
import type { ReadOnlyIam } from './session.ts';

/** What an Active key was last used for, and what is likely to take its place, the likeliest first. */
export interface KeyAdvice {
  readonly userName: UserName;
  readonly keyId: AccessKeyId;
  readonly lastUse:
    | { readonly kind: 'used'; readonly at: IsoTime; readonly service: string; readonly region: string }
    | { readonly kind: 'never' }
    | { readonly kind: 'unread'; readonly cause: string };
  readonly ways: readonly AdvisedWay[];
}

/** `guide` is the path of a document and the section in it. */
export type AdvisedWay = Pick<WayOut, 'id' | 'name' | 'why'> & { readonly guide: string };

/** As many calls at once as a sweep makes. */
const AT_ONCE = 8;

/** A key to be advised on, and what is tracked of its user. */
export interface AdvisedKey {
  readonly userName: UserName;
  readonly key: KeyFacts;
  readonly tracking: Tracking;
}

/**
 * Asks IAM when and for what each of the keys was last used by its owner: a call for each. Keys that went meanwhile are
 * left out.
 */
export async function adviceOn(
  iam: ReadOnlyIam,
  keys: readonly AdvisedKey[],
  now: Instant,
): Promise<readonly KeyAdvice[]> {
  const limit = pLimit(AT_ONCE);
  const found = await Promise.all(keys.map((key) => limit(() => advised(iam, key, now))));
  return found.flatMap((advice) => advice ?? []);
}

async function advised(
  iam: ReadOnlyIam,
  { userName, key, tracking }: AdvisedKey,
  now: Instant,
): Promise<KeyAdvice | undefined> {
  const { keyId } = key;
  const about = (lastUse: KeyAdvice['lastUse'], known: LastUse): KeyAdvice => {
    const ways = waysOutFor(known, now).map(
      (way): AdvisedWay => ({ id: way.id, name: way.name, why: way.why, guide: linkToWay(way) }),
    );
    return { userName, keyId, lastUse, ways };
  };
  try {
    const lastUse = ownersUse(await iam.lastUse(keyId), key, tracking);
    if (lastUse.kind === 'used') return about({ ...lastUse, at: toIso(lastUse.at) }, lastUse);
    if (lastUse.kind === 'never') return about(lastUse, lastUse);
    return about({ ...lastUse, cause: 'AWS did not say' }, lastUse);
  } catch (error) {
    if (error instanceof KeyGoneError) return undefined;
    if (!(error instanceof UnavailableError)) throw error;
    return about({ kind: 'unread', cause: error.message }, { kind: 'unread' });
  }
}

/** The closing complaint when the last use of some keys could not be read. */
export function adviceComplaint(advice: readonly KeyAdvice[] = []): string | undefined {
  const unread = advice.filter(({ lastUse }) => lastUse.kind === 'unread').length;
  return unread === 0 ? undefined : `The last use of ${count(unread, 'key')} could not be read: see the output.`;
}
