import pLimit from 'p-limit';
import type { Owner } from '../lambda/domain/owners.ts';
import { count } from './dates.ts';
import { CommandError } from './errors.ts';
import type { OwnersAndAssignments } from './owners-diff.ts';
import { MOST_FILTERS, needsSubscriptions, planSubscriptions, type SubscriptionPlan } from './plan-subscriptions.ts';
import type { Session } from './session.ts';
import { NoRoomError } from './subscriptions.ts';

const AT_ONCE = 3;
const nothing: SubscriptionPlan = { steps: [], changes: [], pending: [] };

/**
 * What becomes of the subscriptions of owners' e-mail addresses when owners go from `before` to `after`. With SES nothing:
 * it needs none. Throws a CommandError when there is not room for all.
 */
export async function subscriptionPlan(
  { deployment, subscriptions }: Pick<Session, 'deployment' | 'subscriptions'>,
  before: readonly Owner[],
  after: readonly Owner[],
): Promise<SubscriptionPlan> {
  if (deployment.emailBy === 'ses' || !needsSubscriptions([...before, ...after])) return nothing;
  const current = await (await subscriptions()).list();
  const plan = planSubscriptions(before, after, current);
  const more = plan.steps.filter(({ kind }) => kind === 'subscribe').length;
  const fewer = plan.steps.filter(({ kind }) => kind === 'unsubscribe').length;
  const room = Math.max(0, MOST_FILTERS - current.filters + fewer);
  if (more <= room) return plan;
  throw new CommandError(
    `The notices topic takes at most ${MOST_FILTERS} subscriptions with a filter and has ${current.filters}: of ` +
      `${count(more, 'new subscription')} ${room} fit, so nothing was imported. ${wayOut}`,
  );
}

const wayOut =
  'Have SES send the e-mail, which knows no such limit (notices.email in keyturn.config.ts), or give owners a Slack ' +
  'channel, a webhook or a topic of their own.';

/** Takes the steps. Each can be taken again: what was done is not planned a second time. */
export async function applySubscriptions(session: Session, { steps }: SubscriptionPlan): Promise<void> {
  if (steps.length === 0) return;
  const subscriptions = await session.subscriptions();
  let subscribed = 0;
  const take = async (step: SubscriptionPlan['steps'][number]) => {
    if (step.kind === 'unsubscribe') await subscriptions.unsubscribe(step.arn);
    if (step.kind === 'change-filter') await subscriptions.changeFilter(step.arn, step.filter);
    if (step.kind !== 'subscribe') return;
    await subscriptions.subscribe(step.email, step.filter);
    subscribed += 1;
  };
  const limit = pLimit(AT_ONCE);
  try {
    for (const kind of ['unsubscribe', 'change-filter', 'subscribe'] as const) {
      await limit.map(
        steps.filter((step) => step.kind === kind),
        take,
      );
    }
  } catch (cause) {
    if (!(cause instanceof NoRoomError)) throw cause;
    const all = steps.filter(({ kind }) => kind === 'subscribe').length;
    throw new CommandError(
      `The notices topic takes no more subscriptions with a filter: of ${count(all, 'new subscription')} ` +
        `${subscribed} fitted, and the owners were not imported. ${wayOut}`,
      { cause },
    );
  }
}

/** The owners as they are after the import. */
export function ownersAfter(
  before: OwnersAndAssignments,
  put: OwnersAndAssignments,
  remove: OwnersAndAssignments,
): readonly Owner[] {
  const owners = new Map([...before.owners, ...put.owners].map((owner) => [owner.id, owner]));
  for (const { id } of remove.owners) owners.delete(id);
  return [...owners.values()];
}
