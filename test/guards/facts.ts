import type { Guard } from './guard.ts';

const workflows = 'lambda/workflows';
const domain = 'lambda/domain';
const matrix = 'test/crash/in-memory.test.ts';

/** What keeps decisions on facts: read, whole, fresh and of this user; and failures where they belong. */
export const facts: readonly Guard[] = [
  {
    name: 'unknown is not zero: no figure says so of users who could not be read',
    file: `${domain}/sweep-figures.ts`,
    guard: 'return isWhole ? figures :',
    without: 'return plan.users.length >= 0 ? figures :',
    tests: ['test/domain/sweep-figures.test.ts', 'test/workflows/figures.test.ts'],
  },
  {
    name: 'unknown is not zero: what could not be done after a recovery is overdue',
    file: `${domain}/sweep-figures.ts`,
    guard: "return taken.has(step.kind) && !failed.has('rotate') ?",
    without: 'return taken.has(step.kind) ?',
    tests: ['test/domain/sweep-figures.test.ts', 'test/workflows/figures.test.ts'],
  },
  {
    name: 'unknown is not absent: a user that cannot be read is not passed over',
    file: `${workflows}/user-reader.ts`,
    guard: "return { kind: 'unreadable', userName, cause: messageOf(error) };",
    without: 'return void messageOf(error);',
    tests: ['test/workflows/journal.test.ts'],
  },
  {
    name: 'unknown is not absent: who is not listed is asked for by name',
    file: `${workflows}/take-inventory.ts`,
    guard: 'const asked = await reader.askFor(missing);',
    without: 'const asked: Awaited<ReturnType<UserReader["askFor"]>> = { found: [], gone: missing, isPartial: false };',
    tests: ['test/workflows', 'test/crash/gates.test.ts'],
  },
  {
    name: 'unknown is not absent: a list of users that breaks off is no list',
    file: `${workflows}/take-inventory.ts`,
    guard: 'for await (const user of world.iam.users()) users.push(user);',
    without: 'try { for await (const user of world.iam.users()) users.push(user); } catch {}',
    tests: ['test/workflows/journal.test.ts'],
  },
  {
    name: 'what is about to be changed is read afresh',
    file: `${workflows}/sweep-user.ts`,
    guard: 'plan.reading.readAt <= FRESH_FOR || tellsOnly(plan.steps)) return plan;',
    without: 'plan.reading.readAt <= Number.MAX_VALUE || tellsOnly(plan.steps)) return plan;',
    tests: ['test/workflows', 'test/crash/gates.test.ts'],
  },
  {
    name: 'a new user of an old name inherits nothing',
    file: `${domain}/decide.ts`,
    guard: 'const tracking = situation.formerUserId === undefined ? situation.tracking : blankTracking;',
    without: 'const tracking = situation.tracking ?? blankTracking;',
    tests: ['test/domain'],
  },
  {
    name: 'a user without a key in common is asked for before it is taken for the same',
    file: `${workflows}/plan-account.ts`,
    guard: 'keys.some(({ keyId }) => ids.has(keyId)) ? user : await iam.user(user.userName)',
    without: 'ids.size >= 0 ? user : await iam.user(user.userName)',
    tests: ['test/workflows/fresh-reading.test.ts'],
  },
  {
    name: 'one user’s failure spares the others',
    file: `${workflows}/plan-account.ts`,
    guard: `{ ...context, ...(lost && { lost }) }, reading, record);
    } catch (error) {
      return unknownUser(reading.userName, messageOf(error));`,
    without: `{ ...context, ...(lost && { lost }) }, reading, record);
    } catch (error) {
      throw error;`,
    tests: [matrix],
    only: ' disable$',
  },
  {
    name: 'a full sweep that goes on reads again whose row has changed',
    file: `${workflows}/take-inventory.ts`,
    guard: 'row === undefined || fingerprint === fingerprintOf(row);',
    without: 'row === undefined || fingerprint !== fingerprintOf(row) || true;',
    tests: ['test/workflows/continuation.test.ts'],
  },
  {
    name: 'a full sweep that was interrupted days ago is begun anew',
    file: `${workflows}/take-inventory.ts`,
    guard: 'begun - (fullSweep?.startedAt ?? 0) <= GOES_ON_FOR;',
    without: 'begun - (fullSweep?.startedAt ?? 0) > -GOES_ON_FOR;',
    tests: ['test/workflows/continuation.test.ts'],
  },
  {
    name: 'whom a full sweep could not read is read by the next sweep',
    file: `${workflows}/user-reader.ts`,
    guard: "if (cached !== undefined && cached.fingerprint !== '') await this.#add({ ...cached, fingerprint: '' });",
    without: 'void cached;',
    tests: ['test/workflows/inventory.test.ts'],
  },
];
