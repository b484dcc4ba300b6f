import { openPlace, type Place } from '../../bench/sweep/place.ts';
import { population } from '../../bench/sweep/population.ts';
import { START } from '../../bench/sweep/start.ts';
import { steadyDay } from '../../bench/sweep/steady.ts';
import { parseAccountId } from '../../lambda/domain/ids.ts';
import { DAY } from '../../lambda/domain/time.ts';

const quietly = (): void => undefined;
const [USERS, DUE] = [60, 3];
const [KEYTURN, PER_USER, STEADY] = ['111111111111', '222222222222', '333333333333'].map(parseAccountId) as [
  ReturnType<typeof parseAccountId>,
  ReturnType<typeof parseAccountId>,
  ReturnType<typeof parseAccountId>,
];

describe('the sweeps that are measured, small', () => {
  let place: Place;
  beforeAll(async () => {
    place = await openPlace(quietly);
  }, 600_000);
  afterAll(() => place?.stop());

  test('cold reads everybody, warm the due alone; the bounds hold at any size', async () => {
    await place.emulator.addUsers(KEYTURN, population(START, { users: USERS, perDay: DUE, dueOn: [1] }));
    const cold = await place.sweep('keyturn', KEYTURN, START);
    const warm = await place.sweep('keyturn', KEYTURN, START + DAY);
    expect(cold.calls.actions['iam:ListAccessKeys']).toBeGreaterThanOrEqual(USERS);
    expect(warm.calls.actions).toMatchObject({ 'iam:ListAccessKeys': DUE, 'iam:CreateAccessKey': DUE });
    expect(warm.calls.services.iam).toBeLessThanOrEqual(4 + 3 * DUE);
    expect(warm.calls.all).toBeLessThanOrEqual(12 + 10 * DUE);
    expect(warm.peakRssBytes).toBeGreaterThan(50 * 1024 ** 2);
  }, 60_000);

  test('per user everybody is read, and the same are rotated', async () => {
    await place.emulator.addUsers(PER_USER, population(START, { users: USERS, perDay: DUE, dueOn: [0] }));
    const { calls } = await place.sweep({ perUser: 8 }, PER_USER, START);
    expect(calls.actions).toMatchObject({
      'iam:ListUsers': 1,
      'iam:ListAccessKeys': USERS,
      'iam:GetAccessKeyLastUsed': USERS,
      'iam:ListUserTags': USERS,
      'iam:CreateAccessKey': DUE,
    });
  }, 60_000);

  test('the day with everything has everything', async () => {
    // It throws unless exactly as many keys are warned of, rotated, disabled and deleted.
    const { steps } = await steadyDay(place, STEADY, { users: USERS * 2, perDay: DUE }, quietly);
    expect(steps).toMatchObject({ 'rotation-upcoming': 2 * DUE, 'key-deleted': DUE });
  }, 600_000);
});
