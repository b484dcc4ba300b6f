import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import { UlidIds } from '../../../lambda/adapters/ulid-ids.ts';
import { historyTable } from '../../../lambda/contracts/tables.ts';
import type { HistoryEvent } from '../../../lambda/domain/events.ts';
import { MINUTE } from '../../../lambda/domain/time.ts';
import { dateOf } from '../../../local/demo/calendar.ts';
import { LAST_DAY } from '../../../local/demo/cast.ts';
import { collect } from '../../../local/demo/deliveries.ts';
import type { Story } from '../../../local/demo/story.ts';
import { type DeadLetter, deadLetters } from '../../../local/demo/written-texts.ts';
import { tellAt } from '../../../local/runtime/daily-run.ts';
import { readDeployed } from '../../../local/runtime/deployed.ts';

/** What is malformed goes to the dead-letter queue with a clear error; what came with it is done all the same. */
export function badInputSuite(story: () => Story): void {
  const lettersFrom = async (source: string): Promise<readonly DeadLetter[]> =>
    (await deadLetters(story().stage)).filter(({ attributes }) => attributes.source === source);
  const eventsOfToday = async (): Promise<readonly HistoryEvent[]> => {
    const events: HistoryEvent[] = [];
    for await (const event of story().stage.history.query({ by: { kind: 'day', day: dateOf(LAST_DAY) } })) {
      events.push(event);
    }
    return events;
  };

  // Fails when dispatch begins a run of an event that it does not understand, or lets Lambda try it three times.
  test('a malformed schedule event', async () => {
    const { runtime } = story().stage;
    const started = async () => (await eventsOfToday()).filter(({ type }) => type === 'run-started').length;
    const before = await started();
    const { ok } = await runtime.invoke('Dispatch', { id: '', time: 'tomorrow', source: 'aws.events' });
    expect(ok).toBe(true);
    const [letter, ...more] = await lettersFrom('schedule');
    expect(more).toEqual([]);
    expect(letter?.attributes.error).toMatch(/cannot be understood: .*\bid\b.*\btime\b/);
    expect(letter?.body).toContain('tomorrow');
    expect(await started()).toBe(before);
  });

  // Fails when deliver goes by a time that is none, or when what called it is lost without a letter.
  test('a malformed event for the function that tells', async () => {
    const { ok } = await story().stage.runtime.invoke('Deliver', { id: 'x', time: 'now' });
    expect(ok).toBe(true);
    const [letter, ...more] = await lettersFrom('outbox');
    expect(more).toEqual([]);
    expect(letter?.attributes.error).toMatch(/cannot be understood: .*\btime\b/);
  });

  // Fails when one bad message fails its batch, comes back for ever, or is dropped without its reason.
  test('malformed queue messages beside a good one', async () => {
    const { emulator, runtime } = story().stage;
    const sqs = new SQSClient(emulator.client());
    const QueueUrl = await sweepQueueUrl(story());
    const good = { ...lastSweepMessage(story()), runId: 'run-by-hand' };
    const bodies = ['this is not JSON', JSON.stringify({ ...good, account: '12' }), JSON.stringify(good), '{}'];
    for (const MessageBody of bodies) await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody }));
    await runtime.drain();
    const letters = await lettersFrom('sweeps');
    expect(letters.map(({ body }) => body).toSorted()).toEqual([bodies[0], bodies[1], bodies[3]].toSorted());
    const errorOf = (body?: string) => letters.find((letter) => letter.body === body)?.attributes.error;
    expect(errorOf(bodies[0])).toMatch(/is not JSON/);
    expect(errorOf(bodies[1])).toMatch(/account: '12' is not an AWS account ID/);
    expect(errorOf(bodies[3])).toMatch(/runId: /);
    const swept = (await eventsOfToday()).filter(
      ({ runId, type }) => runId === 'run-by-hand' && type === 'sweep-finished',
    );
    expect(swept).toHaveLength(1);
  });

  // Fails when a record that can't be read stops the stream, or takes a neighbour's notice with it.
  test('malformed stream records beside a good one', async () => {
    const { emulator, runtime, deployment, history, mailboxes } = story().stage;
    const table = DynamoDBDocumentClient.from(new DynamoDBClient(emulator.client()));
    const now = emulator.clock.now();
    const { partitionKey, sortKey, audience } = historyTable;
    const put = (Item: Record<string, unknown>) =>
      table.send(new PutCommand({ TableName: deployment.tables.history, Item }));
    const sample = story().history.find(
      (event) => event.type === 'key-disabled' && event.userName === 'billing-export',
    );
    if (sample === undefined) throw new Error('billing-export had no key disabled');
    await put({ [partitionKey]: 'x/y', [sortKey]: 'malformed-1', [audience]: 'owner', type: 'no-such-type' });
    const good = { ...sample, id: new UlidIds().event(now.getTime()), time: now.toISOString() };
    await history.append([good]);
    await put({ [partitionKey]: 'x/y', [sortKey]: 'malformed-2', [audience]: 'operators', type: 'key-deleted' });
    await runtime.drain();
    const letters = await lettersFrom('history');
    expect(letters).toHaveLength(2);
    for (const { attributes } of letters) expect(attributes.error).toMatch(/cannot be read: /);
    expect(letters.map(({ body }) => /malformed-\d/.exec(body)?.[0]).toSorted()).toEqual([
      'malformed-1',
      'malformed-2',
    ]);
    await tellAt({ runtime, clock: emulator.clock }, new Date(now.getTime() + 15 * MINUTE));
    const arrived = await collect(mailboxes, now.getTime());
    expect(
      arrived.filter(({ text }) => text.includes(String(good.keyId))).map(({ channel, to }) => [channel, to]),
    ).toEqual([
      ['slack', 'payments'],
      ['sns', 'payments'],
    ]);
  });
}

/** What dispatch has put on the queue for the last run. */
function lastSweepMessage({ stage }: Story): Record<string, unknown> {
  const bodies = stage.recorder
    .calls()
    .filter(({ action, principalArn }) => action.startsWith('SendMessage') && principalArn?.includes('Dispatch'))
    .flatMap(({ params }) => (Array.isArray(params.Entries) ? params.Entries : [params]))
    .map(({ MessageBody }) => String(MessageBody))
    .filter((body) => body.includes('"run-'));
  return JSON.parse(bodies.at(-1) ?? '');
}

/** As the deployed functions know it, at the local AWS. */
async function sweepQueueUrl({ stage }: Story): Promise<string> {
  const { functions } = await readDeployed(stage.emulator.client());
  const url = functions.flatMap(({ environment }) => environment.SWEEP_QUEUE_URL ?? [])[0];
  if (url === undefined) throw new Error('No function knows the sweep queue.');
  return new URL(new URL(url).pathname, stage.emulator.url).href;
}
