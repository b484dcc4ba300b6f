import { parseRunId, parseUserName } from '../../lambda/domain/ids.ts';
import { toIso } from '../../lambda/domain/time.ts';
import { UnavailableError } from '../../lambda/ports.ts';
import { aNotice, anEvent, aReading, aRecord } from '../support/builders.ts';
import type { Calls } from '../support/calls.ts';
import { SECRET_MARK } from '../support/fake-iam.ts';
import { FakeEstate } from './fake-estate.ts';
import { stories } from './kinds/all.ts';
import { livesOf } from './matrix.ts';
import { Watch } from './watch.ts';

const quoted = `${SECRET_MARK}AKIAFAKE000000000001`;
const userName = parseUserName(quoted);
const event = (estate: FakeEstate) => anEvent('user-unblocked', { userName, time: toIso(estate.clock.now()) });

type Plant = (estate: FakeEstate) => Promise<void> | void;
const places: Readonly<Record<string, Plant>> = {
  'a record of State': ({ ports }) =>
    ports.journal.commit({ before: undefined, after: aRecord({ userName, version: 1 }), events: [] }),
  'the cache': ({ ports, account }) => ports.state.remember(account, [aReading({ userName })]),
  history: (estate) => estate.ports.history.append([event(estate)]),
  'the outbox': (estate) => estate.ports.outbox.put('operators', [{ event: event(estate), since: estate.clock.now() }]),
  'a message on the queue': ({ ports, account, clock }) =>
    ports.queue.sendAll([{ runId: parseRunId(`run-${quoted}`), account, now: clock.now(), mode: 'enforce' }]),
  'a notice': ({ slack }) => slack.send(aNotice({ text: quoted })),
  // JSON would not show it.
  'the log': ({ log }) => log.error('it failed', { error: new Error('no', { cause: new Error(quoted) }) }),
};

// Would fail when the matrix no longer looked for secret access keys there: a leak would then survive every cell.
test.each(Object.entries(places))('a secret access key in %s is found, and told once', async (place, plant) => {
  const estate = new FakeEstate();
  await estate.addKey(await estate.hands().addUser('ada'), 400);
  const watch = new Watch(estate);
  await watch.look();
  await estate.sweepOn(0);
  await watch.look();
  expect(watch.problems).toEqual([]);
  await plant(estate);
  await watch.look();
  await watch.look();
  expect(watch.problems).toEqual([`there is a secret access key in ${place}`]);
});

const leaking: readonly (readonly [string, (estate: FakeEstate) => Calls, Parameters<Calls['failOn']>[0]])[] = [
  ['rotate, as asked for', (estate) => estate.iam().calls, 'iam.createKey'],
  ['restore', (estate) => estate.iam().calls, 'iam.enableKey'],
  ['dispatch to several accounts', ({ organization }) => organization.calls, 'organization.tree'],
];

// Would fail when a cell of requests, restores or dispatches were not searched.
test.each(leaking)(
  'a failure that quotes a secret access key is found in the kind: %s',
  async (name, callsOf, call) => {
    const story = stories.find(({ kind }) => kind.name === name);
    if (story === undefined) throw new Error(`there is no kind '${name}'`);
    const begin = () => {
      const estate = story.begin();
      callsOf(estate).failOn(call, { when: 'before', error: new UnavailableError(`Bad request: ${quoted}`), times: 9 });
      return estate;
    };
    await expect(livesOf(story.kind, begin).next()).rejects.toThrow('there is a secret access key in history');
  },
);
