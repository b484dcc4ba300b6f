import { median, target, times } from '../../bench/benchmark.ts';
import { billOf, prices } from '../../bench/fleet/bill.ts';
import { noUsage } from '../../bench/fleet/model.ts';
import { benchmarkNames, benchOptions } from '../../bench/options.ts';
import { printed } from '../../bench/print.ts';
import { mixOfUsers, NOW } from '../../bench/rules-mix.ts';
import { decide } from '../../lambda/domain/decide.ts';
import { presets } from '../../lambda/domain/policy.ts';
import { pageOf } from '../../local/demo/report/paint.ts';

test('a target is met at its bound, and missed beyond it', () => {
  expect(target('calls', 10, { atMost: 10 }).met).toBe(true);
  expect(target('calls', 11, { atMost: 10 }).met).toBe(false);
  expect(target('ratio', 20, { atLeast: 20 }, times)).toMatchObject({ met: true, wanted: 'at least 20 ×' });
  expect(target('ratio', 19.99, { atLeast: 20 }, times).met).toBe(false);
});

test('figures are aligned, and a missed target says so', () => {
  const grid = {
    head: ['Sweep', 'Calls'],
    rows: [
      ['cold', '5,000'],
      ['warm', '9'],
    ],
  };
  const targets = [target('calls', 9, { atMost: 4 })];
  const lines = printed('Sweep', { tables: [grid], targets, notes: [], figures: {} }, pageOf({})).split('\n');
  expect(lines).toContain('  cold   5,000');
  expect(lines).toContain('  warm       9');
  expect(lines.find((line) => line.includes('MISSED'))).toMatch(/calls\s+at most 4\s+9$/);
});

test('the bill of a month', () => {
  const usage = { ...noUsage(), writeUnits: 1e6, readUnits: 1e6 };
  const fed = { invocations: 1e6, billedMs: 2e9, runMs: 0, longestMs: 0 };
  const { gbSeconds, monthly } = billOf({ ...fed, usage, memoryMb: 512, accounts: 0 });
  expect(gbSeconds).toBe(1e6);
  expect(monthly).toBeCloseTo(30 * (1e6 * prices.gbSecond + 0.2 + 0.625 + 0.125), 6);
});

test('the median', () => {
  expect(median([3, 1, 2])).toBe(2);
  expect(median([4, 1, 2, 3])).toBe(2.5);
});

test('without names everything is measured; assumptions can be given', () => {
  expect(benchOptions([]).names).toEqual(benchmarkNames);
  expect(benchOptions(['rules', 'fleet', '--iam-latency-ms', '120'])).toMatchObject({
    names: ['rules', 'fleet'],
    options: { iamLatencyMs: 120, iamRate: 20 },
  });
});

test('of the users that the rules are measured with most have nothing to do, and some have everything', () => {
  const kinds = mixOfUsers(1_000).map((situation) => {
    const decision = decide(situation, presets.default, NOW);
    if (decision.kind !== 'steps') throw new Error('nothing should have to be looked up');
    return decision.steps.map(({ kind }) => kind).filter((kind) => kind !== 'none');
  });
  const number = (kind: string) => kinds.filter((each) => each.some((one) => one === kind)).length;
  expect(kinds.filter((each) => each.length === 0).length).toBeGreaterThan(900);
  expect([number('warn'), number('rotate'), number('disable'), number('delete')]).toEqual([22, 11, 11, 11]);
});
