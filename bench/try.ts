import { parseAccountId } from '../lambda/domain/ids.ts';
import { DAY, fromIso } from '../lambda/domain/time.ts';
import { openPlace } from './sweep/place.ts';
import { population } from './sweep/population.ts';
const N = Number(process.argv[2] ?? 500), D = Number(process.argv[3] ?? 10);
const place = await openPlace((l)=>console.error(l));
try {
const a = parseAccountId('111111111111'), b = parseAccountId('222222222222');
const start = fromIso('2026-03-02T06:17:00Z');
let t = performance.now();
await place.emulator.addUsers(a, population(start, {users:N, perDay:D, dueOn:[0,2]})); await place.emulator.addUsers(b, population(start, {users:N, perDay:D, dueOn:[2]}));
console.log('seeded', performance.now()-t);
for (const day of [0,1,2]) {
  console.log(day, JSON.stringify(await place.sweep('keyturn', a, start+day*DAY), null, 1));
}
console.log('per-user', JSON.stringify(await place.sweep('per-user', b, start+2*DAY), null, 1));
} finally { await place.stop(); }
