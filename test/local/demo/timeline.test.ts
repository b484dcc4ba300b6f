import picocolors from 'picocolors';
import { parseAccountId } from '../../../lambda/domain/ids.ts';
import { runAt } from '../../../local/demo/calendar.ts';
import { KeyLives } from '../../../local/demo/key-lives.ts';
import { timeline } from '../../../local/demo/report/timeline.ts';
import type { ObservedUser } from '../../../local/demo/snapshot.ts';
import { key, NEW, OLD, snapshot, user } from './evidence.ts';

const page = { width: 80, paint: picocolors.createColors(false) };
const held = new Set([OLD]);

/** The keys as seen on these days, one look a day. */
function livesFrom(looks: readonly (readonly [day: number, seen: ObservedUser])[]) {
  const lives = new KeyLives(parseAccountId('111122223333'));
  for (const [day, seen] of looks) lives.follow({ ...snapshot(seen), at: runAt(day) + 5_000 }, held);
  return lives.all;
}

const rotation = livesFrom([
  [0, user([key(OLD, 0)])],
  [10, user([key(OLD, 0), key(NEW, 10)])],
  [20, user([key(OLD, 0, 'Inactive'), key(NEW, 10)])],
  [30, user([key(NEW, 10)])],
]);

test('what IAM shows from day to day becomes the life of each key', () => {
  expect(rotation).toMatchObject([
    { keyId: OLD, createdDay: 0, rotatedDay: 10, disabledDay: 20, deletedDay: 30, replacedBy: NEW, madeBy: 'owner' },
    { keyId: NEW, createdDay: 10, rotatedDay: null, disabledDay: null, deletedDay: null, madeBy: 'keyturn' },
  ]);
});

test('a key that its owner makes beside another replaces nothing', () => {
  const [first, second] = livesFrom([
    [0, user([key(NEW, 0)])],
    [3, user([key(NEW, 0), key(OLD, 3)])],
  ]);
  expect(first).toMatchObject({ rotatedDay: null, replacedBy: null });
  expect(second).toMatchObject({ createdDay: 3, madeBy: 'owner' });
});

test('each key is a line with its signs in their columns, and the exact days beside it', () => {
  const users = [{ userName: 'build-bot', situation: 'a story', keys: rotation }];
  const lines = timeline(users, { lastDay: 39, warned: new Map([[OLD, [6]]]) }, page).split('\n');
  expect(lines.slice(2, 5)).toEqual([
    '  build-bot  a story',
    '  …00001      0 ○━━━━━w━━━R━━━━━━━━━D┄┄┄┄┄┄┄┄┄✕           10/20/30     …00002',
    '  …00002     10           ●━━━━━━━━━━━━━━━━━━━━━━━━━━━━▶  –/–/–',
  ]);
});

test('no line is wider than the screen', () => {
  const users = [{ userName: 'build-bot', situation: '', keys: rotation }];
  const lines = timeline(users, { lastDay: 125, warned: new Map() }, page).split('\n');
  for (const line of lines.filter((each) => each.includes('…'))) expect(line.length).toBeLessThanOrEqual(80);
});
