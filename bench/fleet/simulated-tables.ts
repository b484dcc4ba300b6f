import type { EventId } from '../../lambda/domain/ids.ts';
import { presets } from '../../lambda/domain/policy.ts';
import { secretVersionOf } from '../../lambda/domain/secret-name.ts';
import { toIso } from '../../lambda/domain/time.ts';
import { blankTracking } from '../../lambda/domain/tracking.ts';
import {
  ConflictError,
  type History,
  type Journal,
  type KeyProver,
  type Owners,
  type Secrets,
  type State,
  UnavailableError,
} from '../../lambda/ports.ts';
import type { AccountData } from './account-data.ts';
import type { CallModel } from './model.ts';

/** As in the adapter: between two tries of a new key. */
const PROOF_POLL = 1_500;
const PROOF_BOUND = 30_000;
/** What an item weighs: a cached reading, and what a strongly consistent read unit covers, in bytes. */
const ITEM = 430;
const READ_UNIT = 4_096;
const PAGE = 1024 ** 2;
const BATCH = 25;
/** An event is written to the table and to its four indexes. */
const WRITES_PER_EVENT = 5;
const IN_TRANSACTION = 2;

/** The State table as far as one account is concerned. */
export function simulatedState(data: AccountData, model: CallModel): State {
  const batches = async (items: number): Promise<void> => {
    for (let rest = items; rest > 0; rest -= BATCH) await model.dynamo({ write: Math.min(rest, BATCH) });
  };
  return {
    async load() {
      const bytes = (data.cache.size + data.records.size) * ITEM;
      for (let rest = bytes; rest >= 0; rest -= PAGE) {
        await model.dynamo({ read: Math.max(1, Math.min(rest, PAGE) / READ_UNIT) });
      }
      const { records, cache, fullSweep } = data;
      return { records: new Map(records), cache: new Map(cache), ...(fullSweep && { fullSweep }) };
    },
    async remember(_, users) {
      await batches(users.length);
      for (const user of users) data.cache.set(user.userName, user);
    },
    async forget(_, userNames) {
      await batches(userNames.length);
      for (const userName of userNames) data.cache.delete(userName);
    },
    async markFullSweep(_, progress) {
      await model.dynamo({ write: 1 });
      data.fullSweep = progress;
    },
    async record(_, userName) {
      await model.dynamo({ read: 1 });
      return data.records.get(userName);
    },
    async takeLease() {
      await model.dynamo({ write: 1 });
      return true;
    },
    releaseLease: () => model.dynamo({ write: 1 }),
  };
}

export function simulatedJournal(data: AccountData, model: CallModel): Journal {
  return {
    async commit({ before, after, events }) {
      await model.dynamo({ write: IN_TRANSACTION * (1 + events.length) + (WRITES_PER_EVENT - 1) * events.length });
      const userName = (after ?? before)?.userName;
      if (userName === undefined) return;
      if (data.records.get(userName)?.version !== before?.version) throw new ConflictError(`${userName} was changed.`);
      if (after === undefined) data.records.delete(userName);
      else data.records.set(userName, after);
    },
  };
}

/** History keeps nothing here; whoever asks whether a notice was delivered is told that it was. */
export function simulatedHistory(data: AccountData, model: CallModel): History {
  return {
    async append(events) {
      for (const _ of events) await model.dynamo({ write: WRITES_PER_EVENT });
    },
    async *query({ by }) {
      await model.dynamo({ read: 1 });
      if (by.kind !== 'user') return;
      const { retirements } = data.records.get(by.userName)?.tracking ?? blankTracking;
      const about: readonly EventId[] = Object.values(retirements).map(({ announcement }) => announcement);
      const [id] = about;
      if (id === undefined) return;
      const details = { about, channel: 'sns', to: 'operators' } as const;
      const head = { id, time: toIso(model.now()), actor: 'keyturn', account: data.account, mode: 'enforce' } as const;
      yield { ...head, policy: presets.default, type: 'notice-delivered', details };
    },
  };
}

/** Nobody is exempt and nobody asks for anything; to know that takes three queries all the same. */
export function simulatedOwners(model: CallModel): Pick<Owners, 'exemptions' | 'requests' | 'deleteRequest'> {
  return {
    async requests() {
      await model.dynamo({ read: 1 });
      return [];
    },
    deleteRequest: () => Promise.reject(new Error('Nobody asked for anything in the simulated fleet.')),
    async exemptions() {
      await model.dynamo({ read: 1 });
      await model.dynamo({ read: 1 });
      return [];
    },
  };
}

export function simulatedSecrets(data: AccountData, model: CallModel): Secrets {
  const held = (name: string) => {
    const versions = data.secrets.get(name) ?? [];
    const [current] = versions;
    return {
      arn: `arn:aws:secretsmanager:us-east-1:${data.account}:secret:${name}`,
      all: new Set(versions),
      ...(current !== undefined && { current }),
    };
  };
  return {
    async ensure(name) {
      await model.secretsManager();
      if (!data.secrets.has(name)) await model.secretsManager();
      await model.secretsManager();
      return held(name);
    },
    async versions(name) {
      await model.secretsManager();
      return data.secrets.has(name) ? held(name) : undefined;
    },
    async store(name, _account, _userName, key, before) {
      await model.secretsManager();
      const version = secretVersionOf(key.keyId);
      const versions = data.secrets.get(name) ?? [];
      // The first version is the current one at once.
      data.secrets.set(name, versions.length === 0 ? [version] : [...versions, version]);
      return { ...before, all: new Set([...before.all, version]), ...(versions.length === 0 && { current: version }) };
    },
    async publish(name, keyId, holds) {
      const version = secretVersionOf(keyId);
      if (holds?.current === version) return;
      await model.secretsManager();
      data.secrets.set(name, [version, ...(data.secrets.get(name) ?? []).filter((other) => other !== version)]);
    },
  };
}

/** Asks STS again and again until the key is known, as the adapter does. */
export function simulatedProver(model: CallModel): KeyProver {
  return {
    async prove({ createdAt, keyId }) {
      for (let waited = 0; waited < PROOF_BOUND; waited += PROOF_POLL) {
        if (waited > 0) await model.wait(PROOF_POLL);
        await model.sts();
        if (model.now() >= createdAt + model.assumed.newKeyMs) return;
      }
      throw new UnavailableError(`STS did not know the new key ${keyId}.`);
    },
  };
}
