import type { AccessKeyId, UserName } from '../../../lambda/domain/ids.ts';
import type { CreatedKey, ListedKey } from '../../../lambda/ports.ts';
import type { Account } from './account.ts';
import type { Knowledge } from './knowledge.ts';
import type { Mutation } from './mutations.ts';
import type { SimulatedCall } from './story.ts';

/** Keeps what a worker was told and what it made; answers how the call changed IAM, if it did. */
export function heard(
  account: Account,
  knowledge: Knowledge,
  call: SimulatedCall,
  args: readonly unknown[],
  answer: unknown,
): Mutation['kind'] | undefined {
  const [userName, keyId] = args as [UserName, AccessKeyId];
  switch (call) {
    case 'iam.keys':
    case 'iam.keysWith':
      listed(account, knowledge, userName, answer as readonly ListedKey[]);
      return undefined;
    case 'iam.lastUse':
      knowledge.lastUses.set(args[0] as AccessKeyId, answer as never);
      return undefined;
    case 'owners.exemptions':
      knowledge.exemptions = answer as Knowledge['exemptions'];
      return undefined;
    case 'secrets.store':
      account.stored.add((args[3] as CreatedKey).keyId);
      return undefined;
    case 'iam.createKey': {
      const made = (answer as CreatedKey).keyId;
      knowledge.made.add(made);
      account.madeByKeyturn.set(made, account.clock.now());
      return 'create';
    }
    case 'iam.disableKey':
      return 'disable';
    case 'iam.enableKey':
      return 'enable';
    case 'iam.deleteKey':
      knowledge.deleted.add(keyId);
      return 'delete';
    default:
      return undefined;
  }
}

function listed(
  { lastListedActive, clock }: Account,
  { listed: told }: Knowledge,
  userName: UserName,
  keys: readonly ListedKey[],
) {
  told.set(userName, keys);
  for (const { keyId, status } of keys) if (status === 'Active') lastListedActive.set(keyId, clock.now());
}
