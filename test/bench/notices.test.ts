import { type Endpoints, slackPace, startEndpoints } from '../../bench/notices/endpoints.ts';
import { arrived } from '../../bench/notices/notices.ts';
import { channelOf, outgoingKeysOf, ownersOf, rotations } from '../../bench/notices/owners.ts';
import { signatureOf } from '../../lambda/adapters/webhook-signature.ts';
import { historyEventSchema } from '../../lambda/contracts/history-event.ts';
import { fromIso } from '../../lambda/domain/time.ts';
import { FakeIds } from '../support/fake-ids.ts';

const estate = { owners: 20, keysOfEach: 3, channels: 4 };

describe('the estate', () => {
  test('every key is told of by one event, which history would take', () => {
    const events = rotations(estate, new FakeIds(), fromIso('2026-06-01T06:00:00.000Z'));
    for (const event of events) expect(historyEventSchema.parse(event)).toEqual(event);
    expect(events.map(({ keyId }) => keyId).toSorted()).toEqual([...outgoingKeysOf(estate)].toSorted());
  });

  test('half of the owners share the Slack channels evenly, the others have a direct message each', () => {
    const owners = ownersOf(estate);
    const channels = owners.flatMap(({ slackChannel }) => slackChannel ?? []);
    expect(channels).toHaveLength(10);
    expect(new Set(channels)).toEqual(new Set([0, 2, 4, 6].map((owner) => channelOf(owner, estate))));
    expect(new Set(owners.flatMap(({ slackUser }) => slackUser ?? [])).size).toBe(10);
  });
});

describe("Slack's pace", () => {
  const paced = (busy: readonly string[] = []) => {
    const traffic = { refused: 0, impatient: 0 };
    return { traffic, pace: slackPace(traffic, new Set(busy)) };
  };

  test('a message a second in each channel', () => {
    const { pace, traffic } = paced();
    expect(pace('#a', 0)).toBeUndefined();
    expect(pace('#b', 0)).toBeUndefined();
    expect(pace('#a', 949)).toEqual({ retryAfter: 1 });
    expect(pace('#a', 2_000)).toBeUndefined();
    expect(traffic).toEqual({ refused: 1, impatient: 0 });
  });

  test('who does not wait as long as told is found out', () => {
    const { pace, traffic } = paced(['#a']);
    expect(pace('#a', 0)).toEqual({ retryAfter: 2 });
    expect(pace('#a', 1_000)).toEqual({ retryAfter: 1 });
    expect(traffic).toEqual({ refused: 2, impatient: 1 });
    expect(pace('#a', 2_000)).toBeUndefined();
  });

  test('a busy channel is found so again after five messages', () => {
    const { pace, traffic } = paced(['#a']);
    const refused = Array.from({ length: 12 }, (_, at) => (pace('#a', at * 3_000) === undefined ? [] : at)).flat();
    expect(refused).toEqual([0, 6]);
    expect(traffic).toEqual({ refused: 2, impatient: 0 });
  });
});

describe('the endpoints', () => {
  let endpoints: Endpoints;
  beforeEach(async () => {
    endpoints = await startEndpoints(new Set());
  });
  afterEach(() => endpoints.stop());
  const post = (url: string, body: string, headers = {}) => fetch(url, { method: 'POST', body, headers });

  test('Slack takes a message, refuses the next one at once, and what is none', async () => {
    const url = endpoints.slackWebhook('#a');
    const body = JSON.stringify({ text: 'news', blocks: [{ type: 'divider' }] });
    expect((await post(url, body)).status).toBe(200);
    const again = await post(url, body);
    expect([again.status, again.headers.get('retry-after')]).toEqual([429, '1']);
    expect((await post(url, '{}')).status).toBe(400);
    expect(endpoints.slack).toMatchObject({ taken: [body], refused: 1, impatient: 0, malformed: 1 });
  });

  test('a webhook takes only what is signed', async () => {
    const { url, key } = endpoints.webhook('payments');
    const body = JSON.stringify({ owner: 'payments', text: 'news', events: [{}] });
    const signed = { 'keyturn-timestamp': '1', 'keyturn-signature': signatureOf(key, '1', body) };
    expect((await post(url, body)).status).toBe(400);
    expect((await post(url, body, signed)).status).toBe(204);
    expect(endpoints.webhooks).toMatchObject({ taken: ['news'], malformed: 1 });
  });
});

test('a key that is lost, and one that is told twice, are found; one that a message names twice is told once', () => {
  const [a = '', b = '', c = ''] = outgoingKeysOf({ owners: 1, keysOfEach: 3, channels: 1 });
  expect(arrived([`${a} ${a} ${b}`, b], [a, b, c])).toEqual({ messages: 2, lost: 1, twice: 1 });
});
