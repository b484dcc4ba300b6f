import { parseAccountId } from '../lambda/domain/ids.ts';
import { DAY, fromIso } from '../lambda/domain/time.ts';
import { openPlace } from './sweep/place.ts';
import { population } from './sweep/population.ts';
const N = 5000, D = 55, B=Number(process.argv[2]);
const place = await openPlace(()=>{});
try {
const a = Array.from({length:B},(_,n)=>parseAccountId(String(111111111100+n)));
const start = fromIso('2026-03-02T06:17:00Z');
for (const x of a) await place.emulator.addUsers(x, population(start, {users:N, perDay:D, dueOn:[0,2]}));
for (const [day, opts] of [[0,'--max-semi-space-size=25 --max-old-space-size=460'],[2,'--max-semi-space-size=25 --max-old-space-size=460']] as const) {
  process.env.BENCH_OPTS = opts;
  const {wallMs,cpuMs,peakRssBytes,calls} = await place.sweep('keyturn', a, start+day*DAY);
  console.log(day, opts, wallMs|0, cpuMs|0, (peakRssBytes/2**20)|0, calls.all, calls.services);
}
} finally { await place.stop(); }
