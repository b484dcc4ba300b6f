import type { HistoryEvent } from '../../../lambda/domain/events.ts';
import { fromIso } from '../../../lambda/domain/time.ts';
import { runAt } from '../../../local/demo/calendar.ts';
import { cast, LAST_DAY } from '../../../local/demo/cast.ts';
import { collect, type Delivery } from '../../../local/demo/deliveries.ts';
import type { Story } from '../../../local/demo/story.ts';
import { deadLetters } from '../../../local/demo/written-texts.ts';
import type { Intercept } from '../../../local/recorder.ts';
import { runAndTell } from '../../../local/runtime/daily-run.ts';
import { awsError } from '../../../local/wire.ts';

interface Run {
  readonly events: readonly HistoryEvent[];
  readonly arrived: readonly Delivery[];
  /** What this run added to the dead-letter queue. */
  readonly letters: readonly string[];
}

/** AWS refuses something: that is told, and never passes for "nothing to do". The runs come after the story's last day. */
export function troubleSuite(story: () => Story): void {
  async function run(day: number, fate?: Intercept): Promise<Run> {
    const { emulator, runtime, recorder, history, mailboxes, deployment } = story().stage;
    const before = (await deadLetters(story().stage)).length;
    const since = runAt(day);
    recorder.intercept(fate);
    try {
      await runAndTell({ runtime, clock: emulator.clock }, new Date(since));
    } finally {
      recorder.intercept(undefined);
    }
    const events: HistoryEvent[] = [];
    for await (const event of history.query({ by: { kind: 'account', account: deployment.settings.hub }, since })) {
      if (fromIso(event.time) >= since) events.push(event);
    }
    const letters = (await deadLetters(story().stage)).slice(before).map(({ body }) => body);
    return { events, arrived: await collect(mailboxes, since), letters };
  }
  const finishedIn = ({ events }: Run) => events.find((event) => event.type === 'sweep-finished')?.details;

  // Fails when a sweep that read nothing ends like one that found nothing to do, or when its message is lost.
  test('an account that cannot be read: the operators are told, the message ends in the dead-letter queue', async () => {
    const denied = await run(LAST_DAY + 1, (call) =>
      call.service === 'iam' ? awsError(call, 'AccessDenied', 403) : 'pass',
    );
    const failures = denied.events.filter(({ type }) => type === 'sweep-failed');
    expect(failures).toHaveLength(3);
    expect(finishedIn(denied)).toBeUndefined();
    expect(denied.letters).toEqual([expect.stringContaining('"runId":"run-')]);
    expect(denied.arrived.filter(({ to }) => to === 'operators').map(({ text }) => text)).toContainEqual(
      expect.stringMatching(/iam:\w+/),
    );
    const next = await run(LAST_DAY + 2);
    expect(finishedIn(next)).toMatchObject({ users: cast.length, failures: [] });
  });

  // Fails when one user's refusal ends the sweep, or when that user passes for one without keys.
  test('a user that cannot be read is named, and costs nobody else anything', async () => {
    // A new key makes sure that this user is read.
    await story().people.createKey('former-contractor', 'late');
    const denied = await run(LAST_DAY + 3, (call) =>
      call.action === 'ListAccessKeys' && call.params.UserName === 'former-contractor'
        ? awsError(call, 'AccessDenied', 403)
        : 'pass',
    );
    expect(finishedIn(denied)).toMatchObject({
      users: cast.length,
      failures: [{ userName: 'former-contractor', error: expect.stringContaining('iam:ListAccessKeys') }],
    });
    expect(denied.letters).toEqual([]);
  });

  // Fails when a deleted user's record stays open, or is closed again in every run.
  test('a user that is gone is closed, once', async () => {
    await story().people.deleteUser('former-contractor');
    const goneIn = ({ events }: Run) =>
      events.filter(({ type }) => type === 'user-gone').map(({ userName }) => userName);
    expect(goneIn(await run(LAST_DAY + 4))).toEqual(['former-contractor']);
    expect(goneIn(await run(LAST_DAY + 5))).toEqual([]);
  });
}
