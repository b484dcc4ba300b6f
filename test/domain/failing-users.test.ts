import { FailingUsers } from '../../lambda/domain/failing-users.ts';
import { parseUserName } from '../../lambda/domain/ids.ts';

const failing = (...users: readonly string[]) => ({
  failed: users.length,
  failures: users.map((name) => ({ userName: parseUserName(name), error: 'IAM is down.' })),
});

function countOf(...parts: readonly Parameters<FailingUsers['add']>[0][]): number {
  const users = new FailingUsers();
  for (const part of parts) users.add(part);
  return users.count;
}

test('who failed in an early part counts although the last part met no failure', () => {
  expect(countOf(failing('ada'), failing())).toBe(1);
});

test('who fails in every part, or in two steps of one, is one user', () => {
  expect(countOf(failing('ada', 'bob'), failing('bob'), failing('bob', 'cy'))).toBe(3);
  expect(countOf(failing('ada', 'ada'))).toBe(1);
});

test('more than the hundred that a part names are at least as many as it counts', () => {
  const named = failing(...Array.from({ length: 100 }, (_, n) => `user-${n}`));
  expect(countOf({ ...named, failed: 250 }, { ...named, failed: 240 }, failing())).toBe(250);
});
