import type { HistoryEvent } from '../../lambda/domain/events.ts';
import { parseRunId } from '../../lambda/domain/ids.ts';
import type { ReportModel } from '../../lambda/domain/report/model.ts';
import { ACCOUNT, keyId, OTHER_ACCOUNT } from '../support/builders.ts';
import { control, inventory, october, octoberUntil, run, type Told, toldOfAccount } from './support.ts';

const day = (n: number, month = '10') => `2026-${month}-${String(n).padStart(2, '0')}`;
/** What the daily runs of these days of October record, with an inventory of both accounts on each of `listedOn`. */
function lived(first: number, last: number, listedOn: readonly number[]): Told {
  const days = Array.from({ length: last - first + 1 }, (_, n) => first + n);
  return [...days.map((n) => run(day(n))), ...listedOn.map((n) => listed(day(n)))];
}
const key = { key: 1, created: '2026-08-10' };
const listed = (time: string): readonly HistoryEvent[] => [
  inventory(`${time}T06:01`, [key]),
  inventory(`${time}T06:01`, [{ ...key, key: 2, user: 'web' }], { account: OTHER_ACCOUNT }),
];
/** Daily runs from 20 September on, with an inventory every eighth day: 20, 28; 6, 14, 22, 30 October. */
const september: Told = [
  ...Array.from({ length: 11 }, (_, n) => run(day(20 + n, '09'))),
  ...[20, 28].map((n) => listed(day(n, '09'))),
];
const whole: Told = [...september, ...lived(1, 31, [6, 14, 22, 30])];
const verdicts = (model: ReportModel) =>
  Object.fromEntries(model.controls.map(({ id, verdict }) => [id, verdict] as const));
const unknowns = (model: ReportModel, id: string) =>
  control(model, id).unknown.map(({ subject, why }) => `${subject}: ${why}`);

test('a month that was looked at every day is decided', () => {
  const model = october(...whole);
  expect(verdicts(model)).toEqual({
    age: 'pass',
    'one-active-key': 'pass',
    frequency: 'pass',
    notice: 'pass',
    exemptions: 'pass',
    coverage: 'pass',
    unused: 'not-assessed',
  });
  expect(model.basis).toMatchObject({ daysWithoutRun: [], notKnown: [], unreadUsers: [] });
});

describe('what nobody looked at does not pass', () => {
  test('runs on the first three days alone: the other days are named, and no key is vouched for', () => {
    const model = october(...september, ...lived(1, 3, []));
    expect(verdicts(model)).toMatchObject({
      age: 'unknown',
      'one-active-key': 'unknown',
      frequency: 'unknown',
      coverage: 'fail',
    });
    expect(control(model, 'coverage')).toMatchObject({ against: 28 });
    expect(control(model, 'coverage').finding).toContain('No run began on 28 days: from 2026-10-04 to 2026-10-31.');
    expect(control(model, 'coverage').exceptions[0]).toEqual({ subject: '2026-10-04', why: 'no run began' });
    expect(model.basis.daysWithoutRun).toHaveLength(28);
    expect(unknowns(model, 'age')).toEqual([
      `${ACCOUNT}: its keys are not known from 2026-10-06 to 2026-10-31`,
      `${OTHER_ACCOUNT}: its keys are not known from 2026-10-06 to 2026-10-31`,
    ]);
    expect(control(model, 'age').finding).toContain(`Not known: account ${ACCOUNT} from 2026-10-06 to 2026-10-31`);
  });

  test('no run at all: whom the last one expected is still expected', () => {
    const model = october(...september);
    expect(model.figures.accounts).toBe(2);
    expect(verdicts(model)).toMatchObject({
      age: 'unknown',
      'one-active-key': 'unknown',
      frequency: 'unknown',
      notice: 'unknown',
      exemptions: 'unknown',
      coverage: 'fail',
    });
    expect(unknowns(model, 'frequency')[0]).toBe('runs: none began in the period');
    expect(control(model, 'coverage').finding).toContain(`Not swept at all: ${ACCOUNT}, ${OTHER_ACCOUNT}.`);
    expect(control(model, 'coverage').exceptions).toContainEqual({ subject: ACCOUNT, why: 'not swept in the period' });
  });

  test('every sweep of one account failed: an old inventory proves nothing of its keys', () => {
    const mute = Array.from({ length: 25 }, (_, n) => run(day(n + 7), [ACCOUNT]));
    const model = october(
      ...september,
      ...lived(1, 6, [6]),
      ...mute,
      [14, 22, 30].flatMap((n) => listed(day(n)).slice(0, 1)),
    );
    expect(verdicts(model)).toMatchObject({ age: 'unknown', frequency: 'unknown', coverage: 'fail' });
    expect(unknowns(model, 'age')).toEqual([`${OTHER_ACCOUNT}: its keys are not known from 2026-10-14 to 2026-10-31`]);
    expect(control(model, 'coverage')).toMatchObject({ against: 25 });
  });

  test('a hole in the midst counts against what is asked of every day, not of the end', () => {
    const model = october(...september, ...lived(1, 31, [6, 22, 30]));
    expect(verdicts(model)).toMatchObject({ age: 'unknown', 'one-active-key': 'unknown', frequency: 'pass' });
    expect(unknowns(model, 'age')[0]).toBe(`${ACCOUNT}: its keys are not known from 2026-10-14 to 2026-10-22`);
  });

  test.each([
    ['2026-10-23T18:00', 'pass'],
    ['2026-10-23T11:59', 'unknown'],
  ])('the last inventory of %s: %s', (time, verdict) => {
    const last = [inventory(time, [key]), inventory(time, [], { account: OTHER_ACCOUNT })];
    expect(control(october(...september, ...lived(1, 31, [6, 14, 22]), last), 'frequency').verdict).toBe(verdict);
  });

  describe('a user that an inventory could not read', () => {
    const unreadOn = (n: number): HistoryEvent => {
      const event = inventory(`${day(n)}T06:02`, [key]);
      return { ...event, details: { ...event.details, unread: ['web'] } } as never;
    };
    const listings = (days: readonly number[], unread: readonly number[]) =>
      october(
        ...september,
        ...lived(1, 31, []),
        ...days.map((n) => listed(day(n))),
        ...unread.flatMap((n) => [unreadOn(n), ...listed(day(n)).slice(1)]),
      );

    test('is not known, at the end either', () => {
      const model = listings([6, 14, 22], [30]);
      expect(verdicts(model)).toMatchObject({ age: 'unknown', frequency: 'unknown' });
      expect(unknowns(model, 'age')).toEqual([
        `${ACCOUNT}/web: inventories could not read this user from 2026-10-30 to 2026-10-31`,
      ]);
    });

    test('is known again from the next that could', () => {
      const model = listings([6, 30], [14, 22]);
      expect(verdicts(model)).toMatchObject({ age: 'unknown', 'one-active-key': 'unknown', frequency: 'pass' });
      expect(model.basis.unreadUsers).toEqual([
        { account: ACCOUNT, userName: 'web', from: '2026-10-14T06:02:00.000Z', to: '2026-10-30T06:01:00.000Z' },
      ]);
    });
  });

  test('what fails is not made better by what is not known', () => {
    const old = inventory('2026-10-02', [{ key: 3, created: '2026-01-01', user: 'old' }]);
    expect(control(october(...september, ...lived(1, 3, []), old), 'age').verdict).toBe('fail');
  });

  test('without any account to look at nothing is decided', () => {
    const nobody = (time: string) =>
      toldOfAccount(
        time,
        'run-started',
        { expectedAccounts: [], requested: undefined },
        { runId: parseRunId(`run-${time}`) },
      );
    const model = october(Array.from({ length: 31 }, (_, n) => nobody(day(n + 1))));
    expect(verdicts(model)).toMatchObject({ age: 'unknown', coverage: 'unknown' });
    expect(unknowns(model, 'age')).toContain('accounts: no run expected any');
  });
});

describe('what is in scope', () => {
  test('a key is not judged for the days before the first run, so that an exemption of that day excepts it', () => {
    const covers = { account: '*', match: { kind: 'user', userName: 'old' } } as never;
    const exempt = toldOfAccount('2026-10-10T05:50', 'exemption-granted', {
      covers,
      expiresAt: '2027-01-01T00:00:00.000Z',
    });
    const old = ['10', '18', '26'].map((n) =>
      inventory(`2026-10-${n}T06:02`, [key, { key: 3, created: '2026-01-01', user: 'old' }]),
    );
    const model = october(...lived(10, 31, [10, 18, 26]), exempt, old);
    expect(control(model, 'age')).toMatchObject({ verdict: 'excepted', against: 1, excepted: 1 });
    expect(control(model, 'frequency')).toMatchObject({ verdict: 'excepted', against: 1, excepted: 1 });
    expect(model.keys[0]).toMatchObject({ daysOverLimit: 22 });
  });

  test('days before the very first run are not, and that is said', () => {
    const model = october(...lived(10, 31, [10, 18, 26]));
    expect(verdicts(model)).toMatchObject({ age: 'pass', frequency: 'pass', coverage: 'pass' });
    expect(model.basis.scopeFrom).toBe('2026-10-10T06:00:00.000Z');
    expect(control(model, 'coverage').finding).toContain('Before the first run, on 2026-10-10, nothing is in scope.');
  });

  test('an account is from the first run that expects it, until one does not', () => {
    const alone = (n: number) => run(day(n), [ACCOUNT], [ACCOUNT]);
    const days = (first: number, last: number) => Array.from({ length: last - first + 1 }, (_, n) => alone(first + n));
    const own = (n: number) => listed(day(n)).slice(0, 1);
    const joins = october(...days(1, 9), own(1), own(9), own(17), own(25), ...lived(10, 31, []), [
      inventory('2026-10-10T07:00', [], { account: OTHER_ACCOUNT }),
      inventory('2026-10-18T07:00', [], { account: OTHER_ACCOUNT }),
      inventory('2026-10-26T07:00', [], { account: OTHER_ACCOUNT }),
    ]);
    expect(verdicts(joins)).toMatchObject({ age: 'pass', coverage: 'pass' });
    const leaves = october(...lived(1, 9, [1, 9]), ...days(10, 31), own(17), own(25));
    expect(verdicts(leaves)).toMatchObject({ age: 'pass', coverage: 'pass' });
    // The run that is the first not to expect it, on the 10th, comes a day after its inventory is too old.
    const late = october(...lived(1, 10, [1]), ...days(11, 31), own(9), own(17), own(25));
    expect(unknowns(late, 'age')).toEqual([`${OTHER_ACCOUNT}: its keys are not known from 2026-10-09 to 2026-10-11`]);
  });

  test('a day whose run is still to come is not missing, one whose run is overdue is', () => {
    expect(octoberUntil('2026-10-15T05:00', ...september, ...lived(1, 14, [6, 14])).basis.daysWithoutRun).toEqual([]);
    expect(octoberUntil('2026-10-15T09:00', ...september, ...lived(1, 14, [6, 14])).basis.daysWithoutRun).toEqual([
      '2026-10-15',
    ]);
  });

  test('the last day counts when it is over, however late in the day its run was due', () => {
    const late = (n: number) => run(`${day(n)}T23:30`);
    const nights = Array.from({ length: 30 }, (_, n) => late(n + 1));
    expect(october(...nights).basis.daysWithoutRun).toEqual(['2026-10-31']);
    expect(october(...nights, late(31)).basis.daysWithoutRun).toEqual([]);
  });

  test('an account that no run of the period expects is not of it', () => {
    const alone = Array.from({ length: 31 }, (_, n) => run(day(n + 1), [ACCOUNT], [ACCOUNT]));
    const model = october(...september, ...alone);
    expect(model.figures.accounts).toBe(1);
    expect(control(model, 'coverage')).toMatchObject({ verdict: 'pass', exceptions: [] });
  });

  test('a schedule that leaves days out says so with each run', () => {
    const weekdays = Array.from({ length: 31 }, (_, n) => n + 1).filter(
      (n) => ![0, 6].includes(new Date(day(n)).getUTCDay()),
    );
    const scheduled = (nextWithinHours: number) =>
      weekdays.flatMap((n) =>
        run(day(n)).map((event) =>
          event.type === 'run-started' ? { ...event, details: { ...event.details, nextWithinHours } } : event,
        ),
      );
    // Friday the 9th, Monday the 19th: the first run after seven days.
    const listings = [1, 9, 19, 27].flatMap((n) => listed(day(n)));
    expect(verdicts(october(scheduled(72), listings))).toMatchObject({ coverage: 'pass', age: 'pass' });
    expect(control(october(scheduled(24), listings), 'coverage')).toMatchObject({ verdict: 'fail', against: 9 });
    const withoutMonday = scheduled(72).filter(({ time }) => !time.startsWith('2026-10-12'));
    expect(october(withoutMonday, listings).basis.daysWithoutRun).toEqual(['2026-10-12']);
  });

  test('a run that somebody asked for over one account is no day’s run', () => {
    const asked = toldOfAccount(
      '2026-10-05T12:00',
      'run-started',
      { expectedAccounts: [ACCOUNT], requested: true },
      { runId: parseRunId('run-asked') },
    );
    const model = october(...september, ...lived(1, 4, []), asked, ...lived(6, 31, [6, 14, 22, 30]));
    expect(model.basis.daysWithoutRun).toEqual(['2026-10-05']);
  });
});

test('a key of unknown age that was gone by the end is not vouched for either', () => {
  const found = toldOfAccount(
    '2026-10-08',
    'key-disabled',
    { by: 'somebody' },
    { userName: 'web' as never, keyId: keyId(9) },
  );
  const model = october(...whole, [found]);
  expect(control(model, 'age').verdict).toBe('unknown');
});
