/** What is looked at after a sweep, and when a story is over. Each throws a Violation. */
import { audienceOf, type HistoryEvent, requestIn } from '../../../lambda/domain/events.ts';
import { fromIso, type Instant, MINUTE } from '../../../lambda/domain/time.ts';
import { ACCOUNT } from '../../support/builders.ts';
import { SECRET_MARK } from '../../support/fake-iam.ts';
import type { Mutation } from './mutations.ts';
import type { Simulation } from './simulation.ts';
import { must } from './violation.ts';
import type { Worked } from './workers.ts';

/** A report that cannot be had costs calls; an answered request stays on the list for a day; and what was written although nobody heard of it is written. Nothing is lost. */
const harmless: ReadonlySet<string> = new Set([
  'iam.credentialReport',
  'owners.deleteRequest',
  'journal.commit fails after',
]);

/** No failure looks like "nothing to do". */
export function failuresAreTold({ process, ended }: Worked): void {
  if (ended.kind !== 'returned' || ended.value.kind === 'no-access') return;
  const [struck] = process.struck.filter(
    ({ call, trouble }) => !harmless.has(call) && !harmless.has(`${call} ${trouble}`),
  );
  const { failed } = ended.value.tally;
  must(
    struck === undefined || failed > 0,
    () => `${struck?.call} ${struck?.trouble}, and the sweep says that nothing failed`,
  );
}

/** Whoever wrote an intent may live so long; until then nobody else takes up what it began. */
const TAKEN_UP_AFTER = 16 * MINUTE;

/** After a sweep without trouble no key is left whose secret nobody has. */
export function madeKeysAreStored(simulation: Simulation, { process, knowledge, startedAt, ended }: Worked): void {
  const { account } = simulation;
  if (ended.kind !== 'returned' || ended.value.kind !== 'finished' || process.struck.length > 0) return;
  if (knowledge.mode === 'observe' || ended.value.tally.failed > 0) return;
  for (const userName of account.names) {
    for (const { keyId, status } of account.keysOf(userName)) {
      const madeAt = account.madeByKeyturn.get(keyId);
      if (madeAt === undefined || status !== 'Active' || madeAt > Math.min(knowledge.now, startedAt) - TAKEN_UP_AFTER)
        continue;
      // A user who was deleted and made anew while its key was rotated: nothing tells the new one's key from its own.
      if (Math.abs((account.recreatedAt.get(userName) ?? 0) - madeAt) < TAKEN_UP_AFTER) continue;
      must(
        account.stored.has(keyId),
        () => `${keyId} of ${userName} is Active, nobody has its secret, and a sweep has left it there`,
      );
    }
  }
}

/** Every change of IAM before `until` has its outcome in history, unless people have changed the user since. */
export function outcomesAreOnRecord({ account, mutations }: Simulation, until: Instant): void {
  const events = account.ledger.events();
  for (const mutation of mutations) {
    const { userName, keyId, at } = mutation;
    if (at >= until || (account.touchedAt.get(userName) ?? 0) >= at - 5 * MINUTE) continue;
    const since = events.filter((event) => event.userName === userName && fromIso(event.time) >= at - MINUTE);
    must(
      since.some((event) => tellsOf(mutation, event)),
      () => `${mutation.kind} of ${keyId} (${userName}, run ${mutation.runId}) has no outcome in history`,
    );
  }
}

function tellsOf({ kind, keyId }: Mutation, event: HistoryEvent): boolean {
  if (event.keyId !== keyId) return false;
  switch (kind) {
    case 'create':
      return event.type === 'key-published' || event.type === 'orphan-removed';
    case 'disable':
      return event.type === 'key-disabled';
    case 'enable':
      return event.type === 'key-restored';
    case 'delete':
      return event.type === 'key-deleted' || event.type === 'orphan-removed';
    default:
      return kind satisfies never;
  }
}

/** Whatever was asked for was answered, once, and is off the list; but for what still waits for a place. */
export async function requestsAreAnswered({ account }: Simulation): Promise<void> {
  const answers: ReadonlySet<string> = new Set([
    'request-refused',
    'key-published',
    'key-replaced',
    'key-restored',
    'key-snoozed',
  ]);
  const left = new Set((await account.owners.requests(ACCOUNT)).map(({ id }) => id));
  const events = account.ledger.events();
  for (const { details, userName } of account.ledger.eventsOf('request-made')) {
    const about = events.filter((event) => requestIn(event.details) === details.requestId);
    const times = about.filter(({ type }) => answers.has(type)).length;
    const stopped = about.some(({ type }) => type === 'key-disabled');
    must(times <= 1, () => `what was asked about ${userName} was answered ${times} times`);
    must(
      times === 1 || stopped || left.has(details.requestId) || isUserGone(events, userName),
      () => `the request to ${details.request} of ${userName} is off the list without an answer`,
    );
    must(
      !left.has(details.requestId) || details.request === 'rotate',
      () => `the request to ${details.request} of ${userName} is still on the list`,
    );
  }
}

/** Then also what was under way for it is over. */
const isUserGone = (events: readonly HistoryEvent[], userName: string | undefined): boolean =>
  events.some((event) => event.userName === userName && (event.type === 'user-gone' || event.type === 'user-replaced'));

/** What is put into State, the outbox and the queue: it may be overwritten or taken out again before anybody looks. */
const writes: ReadonlySet<string> = new Set([
  'journal.commit',
  'state.remember',
  'state.markFullSweep',
  'outbox.put',
  'outbox.keep',
  'queue.sendAll',
]);

/** A secret access key is in no event, notice or log line, and was never written to a record, the outbox or a queue. */
export function secretsAreNowhere({ account, post, log }: Simulation): void {
  const places = {
    history: account.ledger.events(),
    notices: [...post.sns.sent, ...post.slack.sent, ...post.operators.sent],
    'a record, the outbox or a queue': account.calls.log.filter(({ name }) => writes.has(name)),
  };
  for (const [place, content] of Object.entries(places)) {
    must(!JSON.stringify(content).includes(SECRET_MARK), () => `there is a secret access key in ${place}`);
  }
  must(!log.text().includes(SECRET_MARK), () => 'there is a secret access key in the log');
}

/** Everything that concerns somebody was told; once, unless the telling itself was disturbed. */
export function everythingIsTold({ account, post, story }: Simulation): void {
  must(post.isEmpty, () => 'something is not told yet although everybody is reachable');
  const delivered = account.ledger.eventsOf('notice-delivered');
  const told = new Map<string, number>();
  for (const { details } of delivered) {
    for (const id of details.about) {
      told.set(id, (told.get(id) ?? 0) + 1);
      const way = `${id} ${details.channel} ${details.to}`;
      told.set(way, (told.get(way) ?? 0) + 1);
    }
  }
  const disturbed = story.happenings.some(
    (one) => one.kind === 'trouble' && (one.at.call.startsWith('history.') || one.at.call.startsWith('channel.')),
  );
  for (const event of account.ledger.events()) {
    if (audienceOf(event) === 'nobody') continue;
    must(
      told.has(event.id),
      () => `nobody was told of ${event.type} of ${event.keyId ?? event.userName ?? 'the account'}`,
    );
  }
  for (const [way, times] of told) {
    must(times === 1 || disturbed || !way.includes(' '), () => `${way} was told ${times} times`);
  }
}
