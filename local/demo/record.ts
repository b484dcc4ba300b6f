import type { HistoryEvent } from '../../lambda/domain/events.ts';
import { fromIso } from '../../lambda/domain/time.ts';
import { dayOf } from './calendar.ts';
import type { Delivery } from './deliveries.ts';
import type { KeyLife } from './key-lives.ts';
import type { Story } from './story.ts';

/** What `--json FILE` writes. Days are simulated ones, counted from 0; null: it did not happen. */
export interface DemoRecord {
  readonly keys: readonly Pick<
    KeyLife,
    'account' | 'user' | 'keyId' | 'createdDay' | 'rotatedDay' | 'disabledDay' | 'deletedDay' | 'replacedBy'
  >[];
  readonly notices: readonly {
    readonly day: number;
    readonly owner: string;
    readonly channel: string;
    readonly type: string;
  }[];
  /** Breaches of what must always be true. */
  readonly violations: readonly string[];
}

export const recordOf = (story: Story): DemoRecord => ({
  keys: story.keys.map(({ account, user, keyId, createdDay, rotatedDay, disabledDay, deletedDay, replacedBy }) => ({
    account,
    user,
    keyId,
    createdDay,
    rotatedDay,
    disabledDay,
    deletedDay,
    replacedBy,
  })),
  notices: story.deliveries.map((delivery) => ({
    day: dayOf(delivery.at),
    owner: delivery.to,
    channel: delivery.channel,
    type: typeOf(delivery, story.history),
  })),
  violations: story.violations.map(({ day, what }) => `day ${day}: ${what}`),
});

/** An SNS message says what it is about; a Slack message is known by the receipts for it. */
function typeOf({ message, channel, to, at, text }: Delivery, history: readonly HistoryEvent[]): string {
  if (message.kind === 'mail') return message.mail.attributes.type ?? 'unknown';
  const told = history.flatMap((event) =>
    event.type === 'notice-delivered' &&
    event.details.channel === channel &&
    event.details.to === to &&
    dayOf(fromIso(event.time)) === dayOf(at)
      ? event.details.about
      : [],
  );
  const about = history.filter(({ id, keyId }) => told.includes(id) && text.includes(keyId ?? ''));
  const [first, ...others] = new Set(about.map(({ type }) => type));
  if (first === undefined) return 'unknown';
  return others.length === 0 ? first : 'several';
}
