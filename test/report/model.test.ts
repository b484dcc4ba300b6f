import { parseUserName } from '../../lambda/domain/ids.ts';
import { ACCOUNT, at, eventId, keyId, OTHER_ACCOUNT } from '../support/builders.ts';
import { control, exemptionOf, inventory, october, receiptOf, run, type Told, told, toldOfAccount } from './support.ts';

/** Both accounts, expected since September, with inventories that are never more than eight days old. */
const listed = (...keys: Parameters<typeof inventory>[1]) => [
  ...run('2026-09-25'),
  ...['2026-09-25', '2026-10-03', '2026-10-11', '2026-10-19', '2026-10-25'].flatMap((time) => [
    inventory(`${time}T06:01`, keys),
    inventory(`${time}T06:01`, [], { account: OTHER_ACCOUNT }),
  ]),
];

describe('every key in scope', () => {
  test('a key that nothing ever happened to is known from the inventory, with age, state and deadline', () => {
    const { keys, basis } = october(run('2026-10-25'), listed({ key: 1, created: '2026-09-01' }));
    expect(keys).toEqual([
      {
        account: ACCOUNT,
        userName: 'ci-deploy',
        keyId: keyId(1),
        status: 'Active',
        state: 'current',
        createdAt: '2026-09-01T06:00:00.000Z',
        createdFrom: 'inventory',
        ageDays: 60,
        nextStep: 'rotate',
        deadline: '2026-11-30T06:00:00.000Z',
        daysOverLimit: 0,
      },
    ]);
    expect(basis).toMatchObject({ inventoried: 2, withoutInventory: [], keysOfUnknownAge: 0 });
  });

  test('accounts without an inventory are named, and then nothing is said to pass', () => {
    const model = october(run('2026-10-25'), inventory('2026-10-25', [{ key: 1, created: '2026-09-01' }]));
    expect(model.basis.withoutInventory).toEqual([OTHER_ACCOUNT]);
    expect(control(model, 'age').verdict).toBe('unknown');
  });

  test('an inventory comes in parts; a key is gone only when all of them are there and none lists it', () => {
    const first = inventory('2026-09-20', [
      { key: 1, created: '2026-09-01' },
      { key: 2, created: '2026-09-01', user: 'web' },
    ]);
    const part = (number: number, keys: Parameters<typeof inventory>[1]) => {
      const event = inventory('2026-10-10', keys);
      return { ...event, details: { ...event.details, part: { number, of: 2 } } } as never;
    };
    const one = part(1, [{ key: 1, created: '2026-09-01' }]);
    expect(october(first, one).keys).toHaveLength(2);
    expect(
      october(first, one, part(2, [{ key: 3, created: '2026-10-02', user: 'new' }]))
        .keys.map((row) => row.keyId)
        .toSorted(),
    ).toEqual([keyId(1), keyId(3)]);
  });

  test('of a user that could not be read nothing is said to be gone', () => {
    const first = inventory('2026-09-20', [{ key: 1, created: '2026-09-01' }]);
    const later = inventory('2026-10-10', []);
    const unread = { ...later, details: { ...later.details, unread: ['ci-deploy'] } } as never;
    expect(october(first, later).keys).toEqual([]);
    expect(october(first, unread).keys).toHaveLength(1);
  });

  test('what happens after the end is none of its business', () => {
    const { keys, basis } = october(
      listed({ key: 1, created: '2026-09-01' }),
      told('2026-11-01T00:00', 'key-deleted', 1),
    );
    expect(keys).toHaveLength(1);
    expect(basis.eventsInPeriod).toBe(8);
  });
});

describe('no Active key is older than 90 days', () => {
  // 90 days before the end of October are 2026-08-03.
  test.each([
    ['2026-08-03T00:00', 0, 'pass'],
    ['2026-08-02T23:59', 1, 'fail'],
    ['2026-07-24T00:00', 10, 'fail'],
    ['2026-01-01T00:00', 31, 'fail'],
  ])('a key of %s was so on %i days: %s', (created, days, verdict) => {
    const model = october(run('2026-10-25'), listed({ key: 1, created }));
    expect(control(model, 'age')).toMatchObject({ verdict, inScope: 1, against: days === 0 ? 0 : 1 });
    expect(model.keys[0]?.daysOverLimit).toBe(days);
  });

  test('until it was disabled, and that counts although it was deleted by the end', () => {
    const model = october(
      run('2026-09-20'),
      run('2026-10-25'),
      inventory('2026-09-20', [{ key: 1, created: '2026-07-01' }]),
      inventory('2026-09-20', [], { account: OTHER_ACCOUNT }),
      told('2026-09-29', 'key-replaced', 1, { incomingKeyId: keyId(2) }),
      told('2026-10-09', 'key-disabled', 1),
      told('2026-10-19', 'key-deleted', 1),
    );
    expect(model.keys).toEqual([]);
    expect(control(model, 'age')).toMatchObject({ verdict: 'fail', against: 1, inScope: 1 });
    expect(control(model, 'age').exceptions).toEqual([
      { subject: `${ACCOUNT}/ci-deploy/${keyId(1)}`, why: 'Active and older than 90 days on 9 days of the period' },
    ]);
  });

  test('under an exemption that held all the time it is excepted, and the exemption is named', () => {
    const covers = { account: ACCOUNT, match: { kind: 'name', pattern: 'ci-*' } } as const;
    const exempt = (granted: string) =>
      toldOfAccount(granted, 'exemption-granted', {
        exemptionId: exemptionOf(1),
        covers,
        expiresAt: '2027-01-01T00:00:00.000Z',
      });
    const old = [run('2026-10-25'), listed({ key: 1, created: '2026-01-01' })] as const;
    const whole = control(october(...old, exempt('2026-09-01')), 'age');
    expect(whole).toMatchObject({ verdict: 'excepted', against: 1, excepted: 1 });
    expect(whole.exceptions[0]?.exemptionId).toBe(exemptionOf(1));
    expect(control(october(...old, exempt('2026-10-05')), 'age')).toMatchObject({ verdict: 'fail', excepted: 0 });
  });

  test('between two exemptions it is not excepted, and the days without one are told', () => {
    const covers = { account: ACCOUNT, match: { kind: 'name', pattern: 'ci-*' } } as const;
    const exempt = (n: number, granted: string, expiresAt: string) =>
      toldOfAccount(granted, 'exemption-granted', { exemptionId: exemptionOf(n), covers, expiresAt });
    const old = [run('2026-10-25'), listed({ key: 1, created: '2026-01-01' })] as const;
    const first = exempt(1, '2026-09-01', '2026-10-04T00:00:00.000Z');
    const bare = control(october(...old, first, exempt(2, '2026-10-20T00:00', '2026-12-01T00:00:00.000Z')), 'age');
    expect(bare).toMatchObject({ verdict: 'fail', against: 1, excepted: 0 });
    expect(bare.exceptions[0]?.why).toBe(
      'Active and older than 90 days on 31 days of the period, 16 of them under no exemption',
    );
    const joined = control(october(...old, first, exempt(2, '2026-10-04T00:00', '2026-12-01T00:00:00.000Z')), 'age');
    expect(joined).toMatchObject({ verdict: 'excepted', against: 1, excepted: 1 });
    expect(joined.exceptions[0]?.exemptionId).toBe(exemptionOf(2));
  });

  test('a key of unknown age is as old as history knows it at least', () => {
    const model = october(run('2026-07-20'), told('2026-07-20', 'rotation-intended', 1), inventory('2026-10-25', []));
    // The inventory does not list it, so it was gone by then.
    expect(model.keys).toEqual([]);
    expect(control(model, 'age').against).toBe(1);
  });
});

describe('one Active key for each user', () => {
  test('two at the same time are told, with whether that was a rotation', () => {
    const model = october(
      run('2026-10-25'),
      inventory('2026-09-20', [
        { key: 1, created: '2026-09-01' },
        { key: 2, created: '2026-09-02' },
        { key: 3, created: '2026-09-01', user: 'web' },
      ]),
      inventory('2026-09-20', [], { account: OTHER_ACCOUNT }),
    );
    expect(control(model, 'one-active-key')).toMatchObject({ verdict: 'fail', inScope: 2, against: 1 });
    expect(control(model, 'one-active-key').exceptions).toEqual([
      { subject: `${ACCOUNT}/ci-deploy`, why: 'two Active keys, not of a rotation' },
    ]);
  });

  test('one after the other is not two', () => {
    const model = october(
      run('2026-10-25'),
      inventory('2026-09-20', [{ key: 1, created: '2026-09-01' }]),
      inventory('2026-09-20', [], { account: OTHER_ACCOUNT }),
      told('2026-10-05', 'key-deleted', 1, { by: 'somebody' }),
      inventory('2026-10-12', [{ key: 2, created: '2026-10-06' }]),
    );
    expect(control(model, 'one-active-key')).toMatchObject({ against: 0, inScope: 1 });
  });
});

describe('rotations and proof of notice', () => {
  const replaced = told('2026-10-02', 'key-replaced', 1, {
    incomingKeyId: keyId(2),
    disableAt: '2026-10-12T06:00:00.000Z',
  });
  const disabled = told('2026-10-12', 'key-disabled', 1);
  const proofOf = (...events: Told) => october(replaced, ...events).rotations[0]?.proof;

  test('a receipt that is older than the disabling proves it, with who was told, when and by which event', () => {
    const receipt = receiptOf(replaced, '2026-10-02T06:05');
    const { rotations } = october(replaced, receipt, disabled, told('2026-10-22', 'key-deleted', 1));
    expect(rotations).toEqual([
      {
        account: ACCOUNT,
        userName: 'ci-deploy',
        keyId: keyId(1),
        why: 'rotated',
        successorKeyId: keyId(2),
        begunAt: '2026-10-02T06:00:00.000Z',
        begunEvent: replaced.id,
        notices: [
          {
            about: 'key-replaced',
            event: replaced.id,
            at: '2026-10-02T06:00:00.000Z',
            receipts: [{ event: receipt.id, at: '2026-10-02T06:05:00.000Z', channel: 'slack', to: 'payments' }],
          },
          { about: 'key-disabled', event: disabled.id, at: '2026-10-12T06:00:00.000Z', receipts: [] },
        ],
        disabledAt: '2026-10-12T06:00:00.000Z',
        disabledEvent: disabled.id,
        disabledBy: 'keyturn',
        deletedAt: '2026-10-22T06:00:00.000Z',
        deletedEvent: expect.any(String),
        // The sample's disabling was asked for.
        proof: 'at-once',
      },
    ]);
  });

  const due = told('2026-10-12', 'key-disabled', 1, { requestId: undefined });

  test.each([
    ['one minute before', '2026-10-12T05:59', 'delivered'],
    ['at that very moment', '2026-10-12T06:00', 'delivered'],
    ['one minute after', '2026-10-12T06:01', 'none'],
  ])('a receipt %s', (_, time, proof) => {
    expect(proofOf(receiptOf(replaced, time), due)).toBe(proof);
  });

  test('a receipt of the disabling itself proves nothing', () => {
    expect(proofOf(due, receiptOf(due, '2026-10-12T06:00'))).toBe('none');
    expect(control(october(replaced, due, receiptOf(due, '2026-10-12T06:00')), 'notice')).toMatchObject({
      verdict: 'fail',
      inScope: 1,
      against: 1,
    });
  });

  test('operators who were told in the place of an owner count', () => {
    expect(proofOf(receiptOf(replaced, '2026-10-03', 'operators'), due)).toBe('delivered');
  });

  test('a disabling of whose beginning nothing is on record is not proved', () => {
    const model = october(
      inventory('2026-09-25', [{ key: 1, created: '2026-07-04' }]),
      due,
      receiptOf(due, '2026-10-12T06:00'),
    );
    expect(model.rotations[0]?.proof).toBe('none');
    expect(control(model, 'notice')).toMatchObject({ verdict: 'fail', inScope: 1, against: 1 });
  });

  test('a key that is disabled twice is judged twice, and the numbers agree', () => {
    const again = told('2026-10-20', 'key-disabled', 1, { requestId: undefined });
    const restored = told('2026-10-14', 'key-restored', 1, { until: '2026-10-20T06:00:00.000Z' });
    const model = october(replaced, due, restored, receiptOf(restored, '2026-10-14T07:00'), again);
    expect(model.figures.disabled).toBe(2);
    // Before the first nobody had been told; that the second was announced makes it no better.
    expect(control(model, 'notice')).toMatchObject({ verdict: 'fail', inScope: 2, against: 1 });
    expect(control(model, 'notice').finding).toMatch(/^2 disablings by Keyturn \(of 1 key: /);
  });

  test('what others disabled is not proved, and not held against Keyturn', () => {
    const others = told('2026-10-12', 'key-disabled', 1, { by: 'somebody', requestId: undefined });
    expect(proofOf(others)).toBe('not-keyturn');
    expect(control(october(run('2026-10-02'), replaced, others), 'notice')).toMatchObject({
      verdict: 'pass',
      inScope: 0,
    });
  });

  test('a key that is Active again at the end is not disabled', () => {
    expect(proofOf(due, told('2026-10-20', 'key-restored', 1, { until: '2026-11-03T00:00:00.000Z' }))).toBe(
      'not-disabled',
    );
  });

  test('a rotation that began before the month and ended in it is there, with the receipt of then', () => {
    const before = told('2026-09-25', 'key-replaced', 1, { incomingKeyId: keyId(2) });
    const { rotations, figures } = october(
      before,
      receiptOf(before, '2026-09-25T07:00'),
      told('2026-10-05', 'key-disabled', 1, { requestId: undefined }),
    );
    expect(rotations.map(({ proof }) => proof)).toEqual(['delivered']);
    expect(figures).toMatchObject({ rotated: 0, disabled: 1, noticesDelivered: 0 });
  });

  test('one that was over before is not', () => {
    const before = told('2026-08-25', 'key-replaced', 1, { incomingKeyId: keyId(2) });
    expect(
      october(before, told('2026-09-05', 'key-disabled', 1), told('2026-09-15', 'key-deleted', 1)).rotations,
    ).toEqual([]);
  });

  test('what is only observed is counted apart', () => {
    const observed = told('2026-10-02', 'key-replaced', 1, {}, { mode: 'observe' });
    const model = october(
      inventory('2026-10-01', [{ key: 1, created: '2026-01-01' }], { mode: 'observe' }),
      observed,
      told('2026-10-12', 'key-disabled', 1, {}, { mode: 'observe' }),
    );
    expect(model.figures).toMatchObject({ rotated: 0, disabled: 0, observed: 2 });
    expect(model.rotations).toEqual([]);
    expect(model.keys[0]).toMatchObject({ status: 'Active', state: 'due' });
  });
});

describe('late steps', () => {
  const dates = { disableAt: '2026-12-01T06:00:00.000Z', deleteAt: '2026-12-11T06:00:00.000Z' };
  const inDecember = { incomingKeyId: keyId(2), ...dates };
  const known = inventory('2026-07-20', [{ key: 1, created: '2026-07-10' }]);
  const listedOther = inventory('2026-10-01', [], { account: OTHER_ACCOUNT });
  // Due 90 days after 2026-07-10T06:00: on 2026-10-08T06:00.
  test.each([
    ['2026-10-10T05:59', []],
    ['2026-10-10T06:00', [2]],
    ['2026-10-15T06:00', [7]],
  ])('a rotation on %s', (time, late) => {
    const rotation = told(time, 'key-replaced', 1, { ...inDecember, requestId: undefined });
    expect(october(known, rotation).lateSteps.map(({ daysLate }) => daysLate)).toEqual(late);
  });

  const asked = (...events: Told) => october(known, ...events).lateSteps[0]?.cause;
  const rotation = told('2026-10-20', 'key-replaced', 1, { ...inDecember, requestId: undefined });

  test('the cause is what was on record: a wait, a failure, a missed account, an old find', () => {
    expect(asked(told('2026-10-08', 'step-waiting', 1, { step: 'rotate', reason: 'cap' }), rotation)).toMatch(
      /^the cap of steps per run was reached \(event 01/,
    );
    expect(asked(told('2026-10-08', 'rotation-failed', 1), rotation)).toMatch(
      /^it failed: Secrets Manager answered 500/,
    );
    expect(asked(toldOfAccount('2026-10-09', 'sweep-failed'), rotation)).toMatch(
      /^the account could not be swept on 2026-10-09: no access/,
    );
    expect(asked(rotation)).toBe('no cause is on record');
    const old = october(inventory('2026-10-19', [{ key: 1, created: '2026-01-01' }]), rotation);
    expect(old.lateSteps[0]?.cause).toBe('it was older than its limit when it was first seen');
  });

  test('what is still to be done is late as well; under an exemption it is excepted', () => {
    const { lateSteps } = october(known);
    expect(lateSteps).toMatchObject([{ step: 'rotate', dueAt: '2026-10-08T06:00:00.000Z', daysLate: 23 }]);
    expect(lateSteps[0]).not.toHaveProperty('doneAt');
    const covers = { account: '*', match: { kind: 'user', userName: 'ci-deploy' } } as never;
    const exempt = toldOfAccount('2026-10-01', 'exemption-granted', { covers, expiresAt: '2027-01-01T00:00:00.000Z' });
    const model = october(run('2026-10-25'), known, listedOther, exempt);
    expect(model.lateSteps).toMatchObject([{ step: 'rotate', daysLate: 23, exemptionId: expect.any(String) }]);
    expect(control(model, 'frequency')).toMatchObject({ against: 1, excepted: 1 });
  });

  test('what was exempt all the time from its date on is late with that cause, and excepted', () => {
    const covers = { account: ACCOUNT, match: { kind: 'user', userName: 'ci-deploy' } } as never;
    const exempt = (expiresAt: string) =>
      toldOfAccount('2026-09-01', 'exemption-granted', { exemptionId: exemptionOf(1), covers, expiresAt });
    // Due on 2026-10-08T06:00.
    const held = october(run('2026-10-25'), known, listedOther, exempt('2026-10-18T06:00:00.001Z'), rotation);
    expect(held.lateSteps).toMatchObject([
      { cause: `exempt until 2026-10-18 (exemption ${exemptionOf(1)})`, exemptionId: exemptionOf(1) },
    ]);
    expect(control(held, 'frequency')).toMatchObject({ against: 1, excepted: 1 });
    const over = october(known, exempt('2026-10-18T06:00:00.000Z'), rotation);
    expect(over.lateSteps[0]?.cause).toBe(
      `exempt until 2026-10-18 (exemption ${exemptionOf(1)}), and 2 days late without one: no cause is on record`,
    );
    expect(over.lateSteps[0]).not.toHaveProperty('exemptionId');
    expect(october(known, exempt('2026-10-08T06:00:00.000Z'), rotation).lateSteps[0]?.cause).toBe(
      'no cause is on record',
    );
    expect(control(over, 'frequency').verdict).toBe('fail');
  });

  test('a key that was exempt from the day it was found to the day it was rotated is excepted, however old it was', () => {
    const covers = { account: ACCOUNT, match: { kind: 'user', userName: 'ci-deploy' } } as never;
    const exempt = toldOfAccount('2026-09-04T05:00', 'exemption-granted', {
      exemptionId: exemptionOf(1),
      covers,
      expiresAt: '2026-10-20T00:00:00.000Z',
    });
    const found = (time: string) => inventory(time, [{ key: 1, created: '2026-02-01' }]);
    const model = october(found('2026-09-04'), exempt, rotation);
    expect(model.lateSteps).toMatchObject([{ exemptionId: exemptionOf(1), dueAt: '2026-05-02T06:00:00.000Z' }]);
    // Found a month before anybody exempted it, it is not.
    expect(october(found('2026-08-04'), exempt, rotation).lateSteps[0]).not.toHaveProperty('exemptionId');
  });

  test('nothing is late in an account that only observes, nor what somebody asked for', () => {
    expect(
      october(inventory('2026-07-20', [{ key: 1, created: '2026-01-10' }], { mode: 'observe' })).lateSteps,
    ).toEqual([]);
    expect(october(known, told('2026-10-20', 'key-replaced', 1, inDecember)).lateSteps).toEqual([]);
  });
});

describe('runs', () => {
  test('accounts that were expected and not swept are named, with the reason', () => {
    const model = october(
      run('2026-10-01'),
      run('2026-10-02', [ACCOUNT]),
      toldOfAccount(
        '2026-10-02',
        'sweep-failed',
        {},
        { account: OTHER_ACCOUNT, runId: run('2026-10-02')[0]?.runId as never },
      ),
      run('2026-10-03', []),
    );
    expect(model.runs.map(({ expected, swept, gaps }) => ({ expected, swept, gaps }))).toEqual([
      { expected: 2, swept: 2, gaps: [] },
      {
        expected: 2,
        swept: 1,
        gaps: [{ account: OTHER_ACCOUNT, outcome: 'no access: The member role cannot be assumed.' }],
      },
      {
        expected: 2,
        swept: 0,
        gaps: [
          { account: ACCOUNT, outcome: 'not heard of to the end' },
          { account: OTHER_ACCOUNT, outcome: 'not heard of to the end' },
        ],
      },
    ]);
    // And 28 days without a run.
    expect(control(model, 'coverage')).toMatchObject({ verdict: 'fail', inScope: 34, against: 31 });
  });

  test('a run that is started twice expects nobody twice', () => {
    const [started, ...rest] = run('2026-10-01');
    const model = october(
      [started, ...rest].filter((event) => event !== undefined),
      run('2026-10-01'),
    );
    expect(model.runs).toMatchObject([{ expected: 2, swept: 2, gapCount: 0, begun: 'whole' }]);
  });

  test('users that failed count over all parts of a sweep, each once, also when its end is told twice or not yet', () => {
    const day = '2026-10-01';
    const [started, finished] = run(day, [ACCOUNT]);
    if (started === undefined || finished === undefined) throw new Error('the run has no events');
    const part = (account: typeof ACCOUNT, ...users: readonly string[]) => {
      const failures = users.map((name) => ({ userName: parseUserName(name), error: 'IAM is down.' }));
      const head = { account, runId: started.runId as never };
      return toldOfAccount(day, 'sweep-continued', { failed: users.length, failures }, head);
    };
    const between = [started, part(ACCOUNT, 'ada', 'bob'), part(OTHER_ACCOUNT, 'cy')];
    expect(october(between).runs).toMatchObject([{ usersFailed: 3 }]);
    const [, again] = run(day, [ACCOUNT]);
    const ended = [...between, part(ACCOUNT, 'bob'), finished, again ?? finished].map((event, n) => ({
      ...event,
      id: eventId(at(event.time), 100_000 + n),
    }));
    expect(october(ended).runs).toMatchObject([{ swept: 1, usersFailed: 3 }]);
  });

  test('a run that could not begin is a gap; without any run nothing is known', () => {
    const failed = toldOfAccount('2026-10-01', 'run-failed');
    const model = october(failed);
    expect(model.runs).toMatchObject([{ begun: 'no', expected: 0, errors: ['Organizations throttled the listing.'] }]);
    expect(control(model, 'coverage').verdict).toBe('fail');
    expect(control(october(), 'coverage').verdict).toBe('unknown');
  });
});

test('exemptions that held in the month, with approver, reason, end, and the keys they cover', () => {
  const covers = { account: '*', match: { kind: 'name', pattern: 'lab-*' } } as never;
  const granted = toldOfAccount(
    '2026-09-10',
    'exemption-granted',
    { exemptionId: exemptionOf(1), match: 'users named lab-*', covers, expiresAt: '2026-12-01T00:00:00.000Z' },
    { actor: 'arn:aws:iam::111122223333:user/ada' },
  );
  const over = toldOfAccount('2026-08-10', 'exemption-granted', {
    exemptionId: exemptionOf(2),
    covers,
    expiresAt: '2026-10-01T00:00:00.000Z',
  });
  const revoked = toldOfAccount('2026-10-05', 'exemption-revoked', { exemptionId: exemptionOf(3) });
  const third = toldOfAccount('2026-09-01', 'exemption-granted', {
    exemptionId: exemptionOf(3),
    covers,
    expiresAt: '2027-08-01T00:00:00.000Z',
  });
  const { exemptions, keys } = october(
    granted,
    over,
    third,
    revoked,
    inventory('2026-10-25', [
      { key: 1, created: '2026-01-01', user: 'lab-1' },
      { key: 2, created: '2026-10-01' },
    ]),
  );
  expect(exemptions.map(({ id, heldAtEnd, keys: covered }) => ({ id, heldAtEnd, covered }))).toEqual([
    { id: exemptionOf(3), heldAtEnd: false, covered: 0 },
    { id: exemptionOf(1), heldAtEnd: true, covered: 1 },
  ]);
  expect(exemptions[1]).toMatchObject({
    approver: 'Ada',
    reason: 'Vendor freeze.',
    grantedBy: 'arn:aws:iam::111122223333:user/ada',
    expiresAt: '2026-12-01T00:00:00.000Z',
  });
  expect(keys.map(({ state }) => state).toSorted()).toEqual(['current', 'exempt']);
});

test('policies in force, by mode and days, with the accounts they held in', () => {
  const cis = { rotateAfterDays: 75, disableAfterDays: 82, deleteAfterDays: 89 };
  const { policies } = october(
    run('2026-10-01'),
    run('2026-10-02', []),
    toldOfAccount('2026-10-02', 'sweep-finished', {}, { policy: cis }),
  );
  expect(policies).toEqual([
    {
      policy: { rotateAfterDays: 90, disableAfterDays: 100, deleteAfterDays: 110 },
      mode: 'enforce',
      accounts: 2,
      firstSeen: '2026-10-01T06:00:00.000Z',
      lastSeen: '2026-10-01T06:00:00.000Z',
    },
    {
      policy: cis,
      mode: 'enforce',
      accounts: 1,
      firstSeen: '2026-10-02T06:00:00.000Z',
      lastSeen: '2026-10-02T06:00:00.000Z',
    },
  ]);
});

describe('series', () => {
  test('states are counted at the end of each day', () => {
    const { series } = october(
      inventory('2026-10-03', [{ key: 1, created: '2026-09-01' }]),
      told('2026-10-10', 'key-replaced', 1, { incomingKeyId: keyId(2) }),
    );
    expect(series.states).toHaveLength(31);
    expect(series.states[1]).toEqual({ at: '2026-10-03T00:00:00.000Z', keys: {} });
    expect(series.states[2]).toEqual({ at: '2026-10-04T00:00:00.000Z', keys: { current: 1 } });
    expect(series.states[9]).toEqual({ at: '2026-10-11T00:00:00.000Z', keys: { retiring: 1 } });
  });

  test('ages in tens of days, deadlines in weeks, adoption in days', () => {
    const { series } = october(
      told('2026-10-02', 'key-published', 2, { replaces: keyId(1) }, { userName: 'web' as never }),
      told(
        '2026-10-06',
        'key-adopted',
        2,
        { replaces: keyId(1), lastUse: { at: '2026-10-05T07:00:00.000Z', service: 's3', region: 'eu-central-1' } },
        { userName: 'web' as never },
      ),
      inventory('2026-10-25', [
        { key: 2, created: '2026-10-02', user: 'web' },
        { key: 3, created: '2026-07-20' },
        { key: 4, created: '2025-01-01', user: 'old' },
      ]),
    );
    expect(series.ages.filter(({ keys }) => keys > 0)).toEqual([
      { fromDays: 20, keys: 1 },
      { fromDays: 100, keys: 1 },
      { fromDays: 150, keys: 1 },
    ]);
    // Two are overdue; the third is due on 2026-12-31.
    expect(series.deadlines.filter(({ rotate }) => rotate > 0)).toEqual([
      { week: '2026-11-01T00:00:00.000Z', rotate: 2, disable: 0, delete: 0 },
      { week: '2026-12-27T00:00:00.000Z', rotate: 1, disable: 0, delete: 0 },
    ]);
    expect(series.adoption.filter(({ keys }) => keys > 0)).toEqual([{ days: '3–4', keys: 1 }]);
  });
});
