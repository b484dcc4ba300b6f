import { parseAccountId } from '../../../lambda/domain/ids.ts';
import { toIso } from '../../../lambda/domain/time.ts';
import { dispatch } from '../../../lambda/workflows/dispatch.ts';
import { ACCOUNT, OTHER_ACCOUNT } from '../../support/builders.ts';
import { onDay } from '../estate.ts';
import { FakeEstate } from '../fake-estate.ts';
import type { Kind } from '../kind.ts';
import { type Ending, endOf, type Line } from '../line.ts';
import { outcomeOf } from '../outcome.ts';
import { ROTATED } from './lifecycle.ts';

const ACCOUNTS = [ACCOUNT, OTHER_ACCOUNT, parseAccountId('777788889999')] as const;

/** An organisation of several accounts, each with a user whose key is due. */
export const organization = (): FakeEstate => new FakeEstate(ACCOUNTS);

/** Begins the run of that day; what comes onto the queue is worked off undisturbed. */
async function run(estate: FakeEstate, day: number, line?: Line): Promise<Ending> {
  await estate.goTo(onDay(day) + 4_000);
  const { clock, ids, log, settings } = estate;
  const world = { ...(line?.through(estate.ports) ?? estate.ports), clock, ids, log, settings };
  const event = { id: `0000000${day}-fa4e-fa4e-fa4e-000000000000`, time: toIso(onDay(day)) };
  const begun = dispatch(world, event);
  const end = await (line === undefined ? endOf(begun) : line.endOf(begun));
  estate.collect();
  const swept = await estate.workOff();
  return end !== 'died' && 'answered' in end && (swept === 'died' || 'threw' in swept) ? swept : end;
}

export const dispatching: Kind<FakeEstate> = {
  name: 'dispatch to several accounts',
  produces: { 'the account': ['run-started'], ada: ROTATED, 'account-2/ada': ROTATED, 'account-3/ada': ROTATED },
  async prepare(estate) {
    const accounts = { kind: 'organization', excludedOrganizationalUnits: [], excludedAccounts: [] } as const;
    estate.settings = { ...estate.settings, accounts };
    for (const account of ACCOUNTS) {
      estate.organization.addAccount(account);
      await estate.addKey(await estate.hands(account).addUser('ada'), 400, account);
    }
  },
  act: (estate, line) => run(estate, 0, line),
  again: (estate) => run(estate, 0),
  later: (estate) => run(estate, 1),
  isLoud: (end) => end === 'died' || 'threw' in end,
  outcome(seen, estate) {
    const started = seen.history.flatMap((event) => (event.type === 'run-started' ? [event.details] : []));
    const expected = [...new Set(started.flatMap(({ expectedAccounts }) => expectedAccounts))].sort();
    return { ...outcomeOf(seen, estate), 'the run': [`expects ${expected.join(', ')}`] };
  },
};
