import type { OwnerId } from '../lambda/domain/ids.ts';
import type { Owner } from '../lambda/domain/owners.ts';
import type { OwnersChange } from './owners-diff.ts';
import type { FilterPolicy, Subscription, TopicSubscriptions } from './subscriptions.ts';

export type SubscriptionStep =
  | { readonly kind: 'subscribe'; readonly email: string; readonly filter: FilterPolicy }
  | { readonly kind: 'change-filter'; readonly arn: string; readonly filter: FilterPolicy }
  | { readonly kind: 'unsubscribe'; readonly arn: string };

export interface SubscriptionPlan {
  /** In the order in which they are taken: what makes room comes first. */
  readonly steps: readonly SubscriptionStep[];
  readonly changes: readonly OwnersChange[];
  /** Addresses that wait to be confirmed, before any step. */
  readonly pending: readonly string[];
}

/** Most filter policies of one topic, as AWS sets out. */
export const MOST_FILTERS = 200;

interface Address {
  readonly email: string;
  readonly had: ReadonlySet<OwnerId>;
  readonly wanted: ReadonlySet<OwnerId>;
}

/**
 * What has to change so that each owner's e-mail gets its notices and no others. What people subscribed, or filter on,
 * beside that is left as it is: only owners that an address had are taken from it.
 */
export function planSubscriptions(
  before: readonly Owner[],
  after: readonly Owner[],
  { emails }: Pick<TopicSubscriptions, 'emails'>,
): SubscriptionPlan {
  const current = new Map(emails.map((subscription) => [keyOf(subscription.email), subscription]));
  const addresses = addressesOf(before, after);
  const changes = addresses.flatMap((address) => changeOf(address, current.get(keyOf(address.email))) ?? []);
  const order = ['unsubscribe', 'change-filter', 'subscribe'];
  return {
    steps: changes.map(({ step }) => step).toSorted((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind)),
    changes: changes.map(({ change }) => change),
    pending: addresses
      .filter(({ email, wanted }) => wanted.size > 0 && current.get(keyOf(email))?.kind === 'pending')
      .map(({ email }) => email),
  };
}

/** Whether any owner is, or was, reached by a subscription of its e-mail address. */
export const needsSubscriptions = (owners: readonly Owner[]): boolean => owners.some(isSubscribed);

/** An owner with a topic of its own hears there. */
const isSubscribed = ({ email, snsTopicArn }: Owner): boolean => email !== undefined && snsTopicArn === undefined;

/** One address is one subscription, whatever the letters' case, and however many owners have it. */
const keyOf = (email: string): string => email.toLowerCase();

function addressesOf(before: readonly Owner[], after: readonly Owner[]): readonly Address[] {
  const addresses = new Map<string, { email: string; had: Set<OwnerId>; wanted: Set<OwnerId> }>();
  const add = (owners: readonly Owner[], side: 'had' | 'wanted') => {
    for (const { id, email } of owners.filter(isSubscribed)) {
      if (email === undefined) continue;
      const address = addresses.get(keyOf(email)) ?? { email, had: new Set(), wanted: new Set() };
      address[side].add(id);
      addresses.set(keyOf(email), address);
    }
  };
  add(after, 'wanted');
  add(before, 'had');
  return [...addresses.values()];
}

function changeOf(
  { email, had, wanted }: Address,
  current: Subscription | undefined,
): { readonly step: SubscriptionStep; readonly change: OwnersChange } | undefined {
  const told = (kind: OwnersChange['kind'], what: string): OwnersChange => ({
    kind,
    text: `subscription of ${email}${what}`,
    onRecord: `subscription${what}`,
  });
  if (current === undefined) {
    if (wanted.size === 0) return undefined;
    const owner = [...wanted];
    return {
      step: { kind: 'subscribe', email, filter: { owner } },
      change: told('add', `: notices of ${owner.join(', ')}`),
    };
  }
  if (current.kind !== 'confirmed') return undefined;
  const { arn, filter } = current;
  const { owner: before = [] } = filter;
  const released = (entry: unknown) => [...had].some((id) => id === entry && !wanted.has(id));
  const kept = before.filter((entry) => !released(entry));
  const added = [...wanted].filter((id) => !kept.includes(id));
  if (added.length === 0 && kept.length === before.length) return undefined;
  const owner = [...kept, ...added];
  if (owner.length === 0) return { step: { kind: 'unsubscribe', arn }, change: told('remove', '') };
  const change = told('change', `: notices of ${inWords(before)} → ${inWords(owner)}`);
  return { step: { kind: 'change-filter', arn, filter: { ...filter, owner } }, change };
}

const inWords = (entries: readonly unknown[]): string =>
  entries.map((entry) => (typeof entry === 'string' ? entry : JSON.stringify(entry))).join(', ') || 'nobody';
