import type { HistoryEvent } from '../../lambda/domain/events.ts';
import type { Estate } from './estate.ts';
import type { Observation } from './observation.ts';

/**
 * What an act puts on record when nothing disturbs it, in order: event types with the codes that tell them apart
 * (`key-disabled never-used keyturn`), by user name; `victim` stands for each of the estate's victims and `the account` for
 * events without a user; `account-2/ada` is a user of the second account. Who is not named has nothing put on record.
 */
export type Produced = Readonly<Record<string, readonly string[]>>;

/** Comes with every act, and counts only in kinds that name it. */
const isCompany = ({ type }: HistoryEvent): boolean => /^(sweep|run|notice|inventory)-/.test(type);

/** Where what came on record between the two looks is not what the kind of step says it is. Empty: nowhere. */
export function mislabelled(
  before: Observation,
  after: Observation,
  { accounts, victims }: Pick<Estate, 'accounts' | 'victims'>,
  produces: Produced,
): readonly string[] {
  const known = new Set(before.history.map(({ id }) => id));
  const named = new Set(Object.values(produces).flat());
  const came = new Map<string, string[]>();
  for (const event of after.history) {
    const line = lineOf(event);
    if (known.has(event.id) || (isCompany(event) && !named.has(line))) continue;
    const at = accounts.indexOf(event.account);
    const subject = `${at > 0 ? `account-${at + 1}/` : ''}${event.userName ?? 'the account'}`;
    came.set(subject, [...(came.get(subject) ?? []), line]);
  }
  const { victim = [], ...others } = produces;
  const wanted: Produced = { ...Object.fromEntries(victims.map((name) => [name, victim])), ...others };
  return [...new Set([...Object.keys(wanted), ...came.keys()])].flatMap((subject) => {
    const [says, did] = [wanted[subject] ?? [], came.get(subject) ?? []].map((lines) => lines.join(', '));
    return says === did ? [] : [`${subject}: it says that it produces [${says}], and on record came [${did}]`];
  });
}

function lineOf({ type, mode, details }: HistoryEvent): string {
  const { why, reason, by, step, channel, alone }: Readonly<Record<string, unknown>> = { ...details };
  // A code says which kind of it this is; a sentence is for people.
  const codes = [why, step, reason, by, channel].filter((text) => typeof text === 'string' && /^[a-z-]+$/.test(text));
  const steps = 'steps' in details ? Object.entries(details.steps).flat() : [];
  return [...(mode === 'observe' ? ['observed'] : []), type, ...codes, ...steps, ...(alone ? ['alone'] : [])].join(' ');
}
