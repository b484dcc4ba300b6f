import { UnavailableError } from '../../lambda/ports.ts';
import { leaks } from '../../local/demo/invariants/secrets-stay-secret.ts';
import type { CallName } from '../support/calls.ts';
import { useEndpoint } from '../support/endpoint.ts';
import { stubbed } from '../support/stubbed.ts';
import { type CanaryEstate, lived } from './support/canary-estate.ts';
import { CANARY, faults } from './support/canary-faults.ts';

const aws = stubbed();
useEndpoint(() => aws.stub().url);

/** Calls that fail after the secret was made, with nothing wrong about the adapters. */
const failingCalls: readonly CallName[] = [
  'secrets.store',
  'prover.prove',
  'secrets.publish',
  'journal.commit',
  'history.append',
  'iam.disableKey',
  'iam.deleteKey',
];

const leaked = async (estate: CanaryEstate) => leaks([CANARY], await estate.everything());
const logged = ({ written }: CanaryEstate) => written.filter(({ where }) => where.startsWith('a line of the log'));

// Fails when an adapter keeps AWS's words or the SDK's error where they quote a secret, when a workflow puts a key, an
// answer or an error whole into an event, a log line, a record or a notice, or when the wrapper gets a string form.
describe('no secret access key is left anywhere when', () => {
  test('all goes well, for a whole life of a key', async () => {
    const estate = await lived(aws, async (days) => {
      for (const day of [0, 5, 10, 20]) await days.live(day);
    });
    expect(await leaked(estate)).toEqual([]);
    expect(estate.story.ledger.eventsOf('key-deleted')).toHaveLength(2);
  });

  test.each(faults)(
    '%s',
    async (_what, fault) => {
      const estate = await lived(aws, async (days) => {
        await days.live(0, fault);
        await days.live(1, fault);
        await days.live(2);
      });
      expect(await leaked(estate)).toEqual([]);
      expect(estate.story.ledger.eventsOf('rotation-failed').length).toBeGreaterThan(0);
      // The sweep without the fault repaired it: recovery was searched too.
      expect(estate.story.ledger.eventsOf('key-published')).toHaveLength(2);
    },
    30_000,
  );

  test.each(failingCalls.flatMap((name) => (['before', 'after'] as const).map((when) => [name, when] as const)))(
    '%s fails %s its effect',
    async (name, when) => {
      const estate = await lived(aws, async (days) => {
        days.story.calls.failOn(name, { when, error: new UnavailableError('AWS is down.'), times: 3 });
        for (const day of [0, 1, 2, 12, 13, 23, 24]) await days.live(day);
      });
      expect(await leaked(estate)).toEqual([]);
    },
  );
});

describe('the search', () => {
  test('looks at logs and metrics, and at calls that hold the key', async () => {
    const estate = await lived(aws, (days) => days.live(0, faults[3]?.[1]));
    const texts = logged(estate).map(({ text }) => text);
    expect(texts).toContainEqual(expect.stringContaining('"RotationsFailed":2'));
    expect(texts).toContainEqual(expect.stringContaining('notice sent'));
    await estate.everything();
    expect(estate.written.map(({ text }) => text)).toContainEqual(expect.stringContaining("name: 'iam.createKey'"));
  });

  test('finds a secret that an adapter passes on in its words', async () => {
    const estate = await lived(aws, async (days) => {
      const error = new UnavailableError(`Bad value: ${CANARY}somebody`);
      days.story.calls.failOn('secrets.store', { when: 'before', error });
      await days.live(0);
    });
    expect(new Set(await leaked(estate))).toEqual(
      new Set([
        'A secret is in history.',
        'A secret is in the outcome of a sweep.',
        'A secret is in the arguments of a call.',
        'A secret is in the outbox.',
        'A secret is in notices by operators-topic.',
      ]),
    );
  });
});
