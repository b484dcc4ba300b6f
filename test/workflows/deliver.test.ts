import { ACCOUNT, anAssignment, OTHER_ACCOUNT, OTHER_RUN, RUN } from '../support/builders.ts';
import { about, bob, ci, cron, deployment, ids, payments, search, stray } from './support/deliver-story.ts';

describe('one message per owner and channel', () => {
  test('an owner with several keys gets one message in Slack and one by SNS, another owner their own', async () => {
    const { tell, slack, sns, operators } = await deployment();
    const mine = [about(ci, 'key-replaced'), about(cron, 'key-replaced'), about(ci, 'key-deleted')];
    const theirs = about(bob, 'key-disabled');
    await tell([...mine, theirs]);
    expect(slack.sent.map(({ to }) => to)).toEqual([payments]);
    expect(sns.sent.map(({ to }) => to)).toEqual([payments, search]);
    expect(operators.sent).toEqual([]);
    for (const { text } of [slack.sent[0], sns.sent[0]].flatMap((notice) => notice ?? [])) {
      for (const { keyId } of mine) expect(text).toContain(keyId);
      expect(text).not.toContain(theirs.keyId);
    }
  });

  test('attributes name the owner, the account and the type, or say that there are several', async () => {
    const { tell, owners, sns, operators } = await deployment();
    await owners.putAssignment(anAssignment({ account: OTHER_ACCOUNT, match: { kind: 'account' } }));
    await tell([
      about(ci, 'key-replaced'),
      about(ci, 'key-deleted', { account: OTHER_ACCOUNT }),
      about(bob, 'key-disabled'),
      about(undefined, 'root-key-seen'),
    ]);
    expect(sns.sent.map(({ attributes }) => attributes)).toEqual([
      { owner: 'payments', account: 'several', type: 'several' },
      { owner: 'search', account: ACCOUNT, type: 'key-disabled' },
    ]);
    expect(operators.sent.map(({ attributes }) => attributes)).toEqual([
      { owner: 'operators', account: ACCOUNT, type: 'root-key-seen' },
    ]);
  });

  test('the log says which runs and accounts a message was about', async () => {
    const { tell, owners, log } = await deployment();
    await owners.putAssignment(anAssignment({ account: OTHER_ACCOUNT, match: { kind: 'account' } }));
    await tell([about(bob, 'key-disabled')]);
    await tell([
      about(bob, 'key-disabled', { runId: RUN }),
      about(ci, 'key-replaced', { account: OTHER_ACCOUNT, runId: OTHER_RUN }),
      about(ci, 'key-deleted', { runId: RUN }),
    ]);
    const subjects = log.lines
      .filter(({ message }) => message === 'notice sent')
      .map(({ details: { runId, account, to } }) => ({ runId, account, to }));
    expect(subjects[0]).toEqual({ runId: RUN, account: ACCOUNT, to: 'search' });
    expect(subjects).toContainEqual({
      runId: `${RUN}, ${OTHER_RUN}`,
      account: `${ACCOUNT}, ${OTHER_ACCOUNT}`,
      to: 'payments',
    });
  });

  test('only Slack gets blocks', async () => {
    const { tell, slack, sns } = await deployment();
    await tell([about(ci, 'key-replaced')]);
    expect(slack.sent[0]?.blocks.length).toBeGreaterThan(2);
    expect(sns.sent[0]?.blocks).toEqual([]);
  });

  test('what is for nobody is told to nobody', async () => {
    const { tell, calls } = await deployment();
    await tell([about(ci, 'rotation-intended'), about(undefined, 'run-started'), about(ci, 'notice-delivered')]);
    expect(calls.log.filter(({ name }) => name.startsWith('channel.'))).toEqual([]);
  });

  test('the path of the user decides when a rule about paths does', async () => {
    const { tell, owners, sns } = await deployment();
    await owners.putAssignment(anAssignment({ match: { kind: 'path', pattern: '/search/*' }, ownerId: search.id }));
    await tell([about(stray, 'key-replaced', { userPath: '/search/indexers/' })]);
    expect(sns.sent.map(({ to }) => to)).toEqual([search]);
  });

  test('more than Slack can take goes there in several messages, each with its own receipts, and by SNS in one', async () => {
    const { tell, slack, sns, ledger } = await deployment();
    const events = Array.from({ length: 100 }, () => about(ci, 'key-replaced'));
    await tell(events);
    expect(sns.sent).toHaveLength(1);
    expect(slack.sent.length).toBeGreaterThan(1);
    const receipts = ledger.eventsOf('notice-delivered').filter(({ details }) => details.channel === 'slack');
    expect(receipts).toHaveLength(slack.sent.length);
    expect(receipts.flatMap(({ details }) => details.about).toSorted()).toEqual(ids(...events));
  });
});

describe('operators', () => {
  test('get their own news in one message, and in observe mode what owners would have been told', async () => {
    const { tell, operators, sns, slack } = await deployment();
    await tell([
      about(undefined, 'sweep-failed'),
      about(ci, 'rotation-failed'),
      about(bob, 'key-replaced', { mode: 'observe' }),
    ]);
    expect(operators.sent).toHaveLength(1);
    expect(operators.sent[0]?.to).toBe('operators');
    expect(operators.sent[0]?.text).toMatch(/Account not swept.*Rotation failed.*Would be replaced/s);
    expect([...sns.sent, ...slack.sent]).toEqual([]);
  });

  test('get what has no owner, and are told so', async () => {
    const { tell, operators, ledger } = await deployment();
    const event = about(stray, 'key-replaced');
    await tell([event]);
    expect(operators.sent[0]?.subject).toMatch(/^\[Keyturn\] No owner: /);
    expect(operators.sent[0]?.text).toContain('Users without an owner.');
    expect(ledger.eventsOf('notice-delivered').map(({ details }) => details)).toEqual([
      { about: [event.id], channel: 'operators-topic', to: 'operators' },
    ]);
  });

  test('get what is assigned to an owner of whom there is no record', async () => {
    const { tell, owners, operators } = await deployment();
    await owners.deleteOwner(search.id);
    await tell([about(bob, 'key-replaced')]);
    expect(operators.sent[0]?.text).toContain('belongs to the owner search, who is not in the owners');
  });

  test('get what is for an owner without any channel', async () => {
    const { tell, owners, operators } = await deployment();
    const { email: _, ...unreachable } = search;
    await owners.putOwner(unreachable);
    await tell([about(bob, 'key-replaced')]);
    expect(operators.sent[0]?.text).toContain('who could not be told: no e-mail address');
  });
});
