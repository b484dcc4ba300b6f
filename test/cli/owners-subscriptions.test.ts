import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AccessDeniedError, UnavailableError } from '../../lambda/ports.ts';
import { CALLER, FakeCli } from './fake-cli.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'keyturn-import-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** Imports owners; each row: owner, e-mail, topic. Options come last. */
async function importing(cli: FakeCli, rows: readonly string[], ...options: readonly string[]) {
  const file = join(folder, 'owners.csv');
  await writeFile(
    file,
    ['owner,email,sns_topic,slack_channel,name', ...rows.map((row) => `${row},The team`)].join('\n'),
  );
  return await cli.run('owners', 'import', file, ...options);
}

const TOPIC = 'arn:aws:sns:eu-central-1:111122223333:own';

describe('importing owners', () => {
  test("subscribes each owner's e-mail to the notices topic, filtered on the owner, and says that it waits", async () => {
    const cli = new FakeCli();
    const { out } = await importing(cli, [
      'payments,pay@example.com,,',
      'search,,,#search',
      `chat,c@example.com,${TOPIC},`,
    ]);
    expect(cli.subscriptions.heard).toEqual({ 'pay@example.com': { owner: ['payments'] } });
    expect(out).toContain('+ subscription of pay@example.com: notices of payments');
    expect(out).toMatch(/To be confirmed by the link in AWS's mail.*: pay@example\.com\./);
    const [event] = cli.ledger.eventsOf('owners-imported');
    expect(event).toMatchObject({ actor: CALLER });
    expect(event?.details.changes).toContain('add subscription: notices of payments');
  });

  test('does so once, while it waits to be confirmed and after', async () => {
    const cli = new FakeCli();
    await importing(cli, ['payments,pay@example.com,,']);
    const waiting = await importing(cli, ['payments,pay@example.com,,']);
    expect(waiting.out).toMatch(/To be confirmed .*pay@example\.com.*0 changes made/s);
    cli.subscriptions.confirmAll();
    const confirmed = await importing(cli, ['payments,pay@example.com,,']);
    expect(confirmed.out).not.toContain('To be confirmed');
    expect(cli.subscriptions.stored).toHaveLength(1);
    expect(cli.ledger.events()).toHaveLength(1);
  });

  test('--dry-run says what would be subscribed, and subscribes nobody', async () => {
    const cli = new FakeCli();
    const { out } = await importing(cli, ['payments,pay@example.com,,'], '--dry-run');
    expect(out).toContain('+ subscription of pay@example.com: notices of payments');
    expect(cli.subscriptions.stored).toEqual([]);
  });

  test('with SES needs no subscription, and asks for none', async () => {
    const cli = new FakeCli();
    cli.emailBy = 'ses';
    const { out } = await importing(cli, ['payments,pay@example.com,,']);
    expect(out).not.toContain('subscription');
    expect(cli.subscriptions.lists).toBe(0);
  });

  test('without any e-mail address asks SNS nothing', async () => {
    const cli = new FakeCli();
    cli.subscriptions.refused = new AccessDeniedError('AWS denied sns:ListSubscriptionsByTopic.');
    expect((await importing(cli, ['search,,,#search'])).exitCode).toBe(0);
  });

  test('as JSON tells who has not confirmed', async () => {
    const cli = new FakeCli();
    const { out } = await importing(cli, ['payments,pay@example.com,,'], '--json');
    expect(JSON.parse(out)).toMatchObject({
      unconfirmed: ['pay@example.com'],
      changes: expect.arrayContaining([{ kind: 'add', text: 'subscription of pay@example.com: notices of payments' }]),
    });
  });
});

describe('an address', () => {
  test('of two owners is one subscription to both, however it is spelt', async () => {
    const cli = new FakeCli();
    await importing(cli, ['payments,boss@example.com,,', 'search,Boss@Example.com,,']);
    expect(cli.subscriptions.heard).toEqual({ 'boss@example.com': { owner: ['payments', 'search'] } });
  });

  test('that is subscribed for another owner already is filtered on both', async () => {
    const cli = new FakeCli();
    cli.subscriptions.add('boss@example.com', { owner: ['legacy', { prefix: 'x-' }], type: ['key-disabled'] });
    const { out } = await importing(cli, ['payments,boss@example.com,,']);
    expect(cli.subscriptions.heard).toEqual({
      'boss@example.com': { owner: ['legacy', { prefix: 'x-' }, 'payments'], type: ['key-disabled'] },
    });
    expect(out).toContain(
      '~ subscription of boss@example.com: notices of legacy, {"prefix":"x-"} → legacy, {"prefix":"x-"}, payments',
    );
  });

  test('that somebody subscribed to everything, or by another filter, is left alone', async () => {
    const cli = new FakeCli();
    cli.subscriptions.add('all@example.com', undefined);
    cli.subscriptions.add('some@example.com', { account: ['111122223333'] });
    const { out } = await importing(cli, ['payments,all@example.com,,', 'search,some@example.com,,']);
    expect(out).not.toContain('subscription');
    expect(cli.subscriptions.heard).toEqual({
      'all@example.com': undefined,
      'some@example.com': { account: ['111122223333'] },
    });
  });

  test('that goes over to another owner hears of that one alone', async () => {
    const cli = new FakeCli();
    await importing(cli, ['payments,team@example.com,,', 'search,s@example.com,,']);
    cli.subscriptions.confirmAll();
    await importing(cli, ['payments,new@example.com,,', 'search,team@example.com,,']);
    expect(cli.subscriptions.heard).toEqual({
      'team@example.com': { owner: ['search'] },
      'new@example.com': { owner: ['payments'] },
    });
  });

  test('that its owner has no more is unsubscribed', async () => {
    const cli = new FakeCli();
    await importing(cli, ['payments,old@example.com,,']);
    cli.subscriptions.confirmAll();
    const { out } = await importing(cli, ['payments,new@example.com,,']);
    expect(out).toContain('- subscription of old@example.com');
    expect(Object.keys(cli.subscriptions.heard)).toEqual(['new@example.com']);
  });

  test('of an owner that gets a topic of its own is unsubscribed', async () => {
    const cli = new FakeCli();
    await importing(cli, ['payments,pay@example.com,,']);
    cli.subscriptions.confirmAll();
    await importing(cli, [`payments,pay@example.com,${TOPIC},`]);
    expect(cli.subscriptions.heard).toEqual({});
  });
});

describe('removing an owner', () => {
  const rows = ['payments,pay@example.com,,', 'search,s@example.com,,'];

  test('with --prune unsubscribes its address, and only then', async () => {
    const cli = new FakeCli();
    await importing(cli, rows);
    cli.subscriptions.confirmAll();
    await importing(cli, rows.slice(1));
    expect(Object.keys(cli.subscriptions.heard)).toEqual(['pay@example.com', 's@example.com']);
    const { out } = await importing(cli, rows.slice(1), '--prune');
    expect(out).toContain('- subscription of pay@example.com');
    expect(Object.keys(cli.subscriptions.heard)).toEqual(['s@example.com']);
  });

  test('leaves an address that was never confirmed, which AWS forgets by itself', async () => {
    const cli = new FakeCli();
    await importing(cli, rows);
    const { exitCode, out } = await importing(cli, rows.slice(1), '--prune');
    expect(exitCode).toBe(0);
    expect(out).not.toContain('subscription of pay@example.com');
    expect(out).toMatch(/To be confirmed [^.]*: s@example\.com\./);
  });

  test('leaves an address its other owners', async () => {
    const cli = new FakeCli();
    await importing(cli, ['payments,boss@example.com,,', 'search,boss@example.com,,']);
    cli.subscriptions.confirmAll();
    await importing(cli, ['search,boss@example.com,,'], '--prune');
    expect(cli.subscriptions.heard).toEqual({ 'boss@example.com': { owner: ['search'] } });
  });
});

describe('a topic that takes no more filters', () => {
  const five = Array.from({ length: 5 }, (_, n) => `owner-${n},o${n}@example.com,,`);

  test.each([['a dry run'], ['an import']])('is known before anything is changed: %s', async (what) => {
    const cli = new FakeCli();
    cli.subscriptions.others = 197;
    const { exitCode, err } = await importing(cli, five, ...(what === 'a dry run' ? ['--dry-run'] : []));
    expect(exitCode).toBe(1);
    expect(err).toContain(
      'The notices topic takes at most 200 subscriptions with a filter and has 197: of 5 new subscriptions 3 fit, so nothing was imported.',
    );
    expect(err).toContain('notices.email in keyturn.config.ts');
    expect(cli.subscriptions.stored).toEqual([]);
    expect(cli.ledger.events()).toEqual([]);
    expect(await cli.json('owners', 'list')).toMatchObject({ owners: [] });
  });

  test('takes as many as fit exactly, counting those that go', async () => {
    const cli = new FakeCli();
    cli.subscriptions.others = 195;
    expect((await importing(cli, five)).exitCode).toBe(0);
    cli.subscriptions.confirmAll();
    expect((await importing(cli, ['other,x@example.com,,', ...five.slice(1)], '--prune')).exitCode).toBe(0);
    expect(cli.subscriptions.stored).toHaveLength(5);
  });

  test('because somebody was faster, is said with what to do', async () => {
    const cli = new FakeCli();
    cli.subscriptions.most = 3;
    const { exitCode, err } = await importing(cli, five);
    expect(exitCode).toBe(1);
    expect(err).toContain('of 5 new subscriptions 3 fitted, and the owners were not imported.');
    expect(err).toContain('notices.email in keyturn.config.ts');
  });
});

test('an import that stops in the middle is completed by running it again', async () => {
  const cli = new FakeCli();
  await importing(cli, ['payments,old@example.com,,']);
  cli.subscriptions.confirmAll();
  cli.owners.calls.failOn('owners.putOwner', {
    when: 'before',
    error: new UnavailableError('dynamodb:PutItem failed.'),
  });
  const { exitCode, err } = await importing(cli, ['payments,new@example.com,,']);
  expect(exitCode).toBe(1);
  expect(err).toContain('The import stopped part-way: run the same command again, it does the rest.');
  expect((await importing(cli, ['payments,new@example.com,,'])).exitCode).toBe(0);
  expect(Object.keys(cli.subscriptions.heard)).toEqual(['new@example.com']);
});

test('without the right to look at subscriptions nothing is imported', async () => {
  const cli = new FakeCli();
  cli.subscriptions.refused = new AccessDeniedError('AWS denied sns:ListSubscriptionsByTopic.');
  const { exitCode, err } = await importing(cli, ['payments,pay@example.com,,']);
  expect(exitCode).toBe(1);
  expect(err).toContain('AWS denied sns:ListSubscriptionsByTopic.');
  expect(cli.ledger.events()).toEqual([]);
});
