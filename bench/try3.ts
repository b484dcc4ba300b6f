import { parseAccountId } from '../lambda/domain/ids.ts';
import { DAY, fromIso } from '../lambda/domain/time.ts';
import { openPlace } from './sweep/place.ts';
import { population } from './sweep/population.ts';

const N = 5000,
  D = 55;
const place = await openPlace(() => {});
try {
  const a = parseAccountId('111111111111');
  const start = fromIso('2026-03-02T06:17:00Z');
  await place.emulator.addUsers(a, population(start, { users: N, perDay: D, dueOn: [0, 2, 4] }));
  for (const [day, opts] of [
    [0, ''],
    [1, ''],
    [2, ''],
    [3, ''],
    [4, '--cpu-prof --cpu-prof-dir=/tmp/cp'],
  ] as const) {
    process.env.BENCH_OPTS = opts;
    const { wallMs, cpuMs, peakRssBytes, calls } = await place.sweep('keyturn', a, start + day * DAY);
    console.log(day, opts, wallMs | 0, cpuMs | 0, (peakRssBytes / 2 ** 20) | 0, calls.all, calls.services);
  }
} finally {
  await place.stop();
}
