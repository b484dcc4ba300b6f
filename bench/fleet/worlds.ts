import type { Settings } from '../../lambda/contracts/settings.ts';
import type { Log } from '../../lambda/ports.ts';
import type { SweepWorld } from '../../lambda/workflows/sweep-part.ts';
import { FakeIds } from '../../test/support/fake-ids.ts';
import type { PerUserWorld } from '../per-user.ts';
import type { AccountData } from './account-data.ts';
import type { CallModel } from './model.ts';
import { simulatedIam } from './simulated-iam.ts';
import {
  simulatedHistory,
  simulatedJournal,
  simulatedOwners,
  simulatedProver,
  simulatedSecrets,
  simulatedState,
} from './simulated-tables.ts';

/** What both sweeps need of the world: one simulated account. */
export function worldOf(data: AccountData, model: CallModel, settings: Settings): SweepWorld & PerUserWorld {
  const iam = simulatedIam(data, model);
  const member = {
    iam,
    secrets: simulatedSecrets(data, model),
    prover: simulatedProver(model),
    region: 'us-east-1',
    userTags: iam.userTags,
  };
  return {
    openAccount: async () => {
      await model.sts();
      return member;
    },
    state: simulatedState(data, model),
    journal: simulatedJournal(data, model),
    history: simulatedHistory(data, model),
    owners: simulatedOwners(model),
    queue: {
      sendAll: () =>
        Promise.reject(new Error('No sweep of the simulated fleet takes so long that it goes on in a second part.')),
      postpone: () => Promise.reject(new Error('No two sweeps of the simulated fleet meet at one account.')),
    },
    ids: new FakeIds(),
    clock: { now: model.now },
    log: silent,
    settings,
  };
}

const silent: Log = { info: () => undefined, warn: () => undefined, error: () => undefined };
