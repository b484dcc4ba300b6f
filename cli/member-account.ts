import type { AccountId } from '../lambda/domain/ids.ts';
import { CommandError } from './errors.ts';
import type { Session } from './session.ts';

type Named = Pick<Session, 'member' | 'deployment'>;

/** The account whose IAM a verb reads; throws CommandError when another one is named than the credentials lead to. */
export function accountToRead({ member }: Named, named: AccountId | undefined): AccountId {
  if (named === undefined || named === member.account) return member.account;
  throw new CommandError(
    `IAM is read with credentials of account ${member.account}: to read ${named}, name a profile of that account ` +
      'with --member-profile.',
  );
}

/**
 * The account that a verb is about and whose IAM it need not read: the one named, else the one that the credentials lead
 * to. Throws CommandError when --member-profile was given for another one.
 */
export function accountAbout<T extends AccountId | '*'>(session: Named, named: T | undefined): T | AccountId {
  const { member, deployment } = session;
  if (named === undefined) return member.account;
  if (named !== member.account && member.account !== deployment.settings.hub) {
    throw new CommandError(`--member-profile leads to account ${member.account}, but --account says ${named}.`);
  }
  return named;
}
