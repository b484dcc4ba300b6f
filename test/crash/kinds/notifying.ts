import { audienceOf, type HistoryEvent } from '../../../lambda/domain/events.ts';
import { parseOwnerId, parseUserName } from '../../../lambda/domain/ids.ts';
import { DAY } from '../../../lambda/domain/time.ts';
import { UnavailableError } from '../../../lambda/ports.ts';
import { notify } from '../../../lambda/workflows/notify.ts';
import { anAssignment, anOwner } from '../../support/builders.ts';
import type { FakeChannel } from '../../support/fake-channel.ts';
import type { FakeEstate } from '../fake-estate.ts';
import type { Kind } from '../kind.ts';
import { type Ending, endOf, type Line } from '../line.ts';
import type { Observation } from '../observation.ts';

const payments = anOwner({ slackChannel: '#payments' });
const search = anOwner({ id: parseOwnerId('search'), name: 'Search', email: 'search@example.com' });

/** What the stream would bring once more. */
const left = new WeakMap<FakeEstate, readonly HistoryEvent[]>();

/** The stream brings these events, and a tick tells what waits: two functions, struck as one. */
async function bring(estate: FakeEstate, events: readonly HistoryEvent[], line?: Line): Promise<Ending> {
  left.set(estate, events);
  const world = estate.tellingWorld(line);
  const told = notify(world, events).then(async (again) => {
    left.set(estate, again);
    const logged = estate.log.lines.length;
    const untold = await estate.tick(world);
    // Counted by NoticesFailed, too; one owner's channel always refuses.
    const refused = estate.log.lines
      .slice(logged)
      .filter(({ message, details }) => message === 'channel refused a notice' && details.to !== search.id);
    return [...again, ...untold, ...refused];
  });
  return line === undefined ? endOf(told) : line.endOf(told);
}

/**
 * Ada's owner has Slack and e-mail; Bob's has an e-mail address that takes nothing, so operators are told in its place;
 * nobody owns Cyd; and the root user has a key.
 */
export const notifying: Kind<FakeEstate> = {
  name: 'notify and deliver over several channels',
  produces: {
    ada: ['notice-delivered slack', 'notice-delivered sns'],
    bob: ['notice-failed sns', 'notice-delivered operators-topic'],
    cyd: ['notice-delivered operators-topic'],
    'the account': ['notice-delivered operators-topic'],
  },
  async prepare(estate) {
    estate.tellsPeople = false;
    estate.iam().activeRootKeys = 1;
    const { owners, sns } = estate;
    for (const owner of [payments, search]) await owners.putOwner(owner);
    for (const [name, owner] of [
      ['ada', payments],
      ['bob', search],
      ['cyd', undefined],
    ] as const) {
      const userName = parseUserName(name);
      await estate.addKey(await estate.hands().addUser(name), 400);
      if (owner) await owners.putAssignment(anAssignment({ match: { kind: 'user', userName }, ownerId: owner.id }));
    }
    const error = new UnavailableError('the mailbox is full');
    const where = (notice: unknown) => JSON.stringify(notice).includes(search.name);
    sns.calls.failOn('channel.sns', { when: 'before', error, times: Number.POSITIVE_INFINITY, where });
    await estate.sweepOn(0);
  },
  act: async (estate, line) => bring(estate, await estate.untold(), line),
  again: (estate) => bring(estate, left.get(estate) ?? []),
  async later(estate) {
    await estate.goTo(estate.clock.now() + DAY);
    return bring(estate, left.get(estate) ?? []);
  },
  isLoud: (end) => end === 'died' || 'threw' in end || (Array.isArray(end.answered) && end.answered.length > 0),
  outcome(seen, estate) {
    const subjects = new Set(seen.history.map(({ account, userName }) => `${account}/${userName}`));
    return Object.fromEntries(
      [...subjects].map((subject) => [subject.replace(estate.account, 'account-1'), linesOf(seen, estate, subject)]),
    );
  },
};

/** Who has been told what, and what waits; over which channels may differ. */
function linesOf({ history }: Observation, estate: FakeEstate, subject: string): readonly string[] {
  const own = history.filter(({ account, userName }) => `${account}/${userName}` === subject);
  const receipts = own.filter((event) => event.type === 'notice-delivered');
  const told = new Set(receipts.flatMap(({ details }) => details.about));
  const due = own.filter((event) => audienceOf(event) !== 'nobody');
  const unfounded = receipts.filter((receipt) => !due.some((event) => wasSent(estate, receipt, event)));
  return [
    ...due.map(({ id, type, keyId }) => `${type} ${keyId} told: ${told.has(id)}`).sort(),
    `receipts of what was never sent: ${unfounded.length}`,
    ...waitingFor(estate, due),
  ];
}

/** For whom these events still wait: nobody, but the owner whom nothing reaches. */
const waitingFor = ({ outbox }: FakeEstate, due: readonly HistoryEvent[]): readonly string[] =>
  [payments.id, search.id, 'operators' as const].map((reader) => {
    const waiting = outbox.peek(reader).filter(({ event }) => due.some(({ id }) => id === event.id));
    return `waiting for ${reader}: ${waiting.length}`;
  });

function wasSent(estate: FakeEstate, receipt: HistoryEvent<'notice-delivered'>, event: HistoryEvent): boolean {
  const { channel, to, about } = receipt.details;
  const channels: readonly FakeChannel[] = [estate.sns, estate.slack, estate.operators];
  const sent = channels.find(({ name }) => name === channel)?.sent ?? [];
  const toReader = sent.filter((notice) => (notice.to === 'operators' ? notice.to : notice.to.id) === to);
  return about.includes(event.id) && toReader.some(({ text }) => text.includes(event.keyId ?? 'root user'));
}
