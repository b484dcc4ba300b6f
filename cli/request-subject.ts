import type { HistoryEvent } from '../lambda/domain/events.ts';
import type { AccessKeyId, AccountId, UserName } from '../lambda/domain/ids.ts';
import { dayOf } from './dates.ts';
import { CommandError } from './errors.ts';
import { accountAbout } from './member-account.ts';
import { exemptUser, type Subject } from './record.ts';
import type { Session } from './session.ts';

/** Whom a request is about, as the command line says it. */
export interface RequestFlags {
  readonly account?: AccountId;
  readonly user?: UserName;
  readonly key?: AccessKeyId;
}

export interface Meant {
  readonly account: AccountId;
  readonly userName: UserName;
  readonly subject: Subject;
}

/** The user that a request is about: the one named, or else whose key it is by history. Throws CommandError for none. */
export async function whoIsMeant(session: Session, { account: named, user, key }: RequestFlags): Promise<Meant> {
  const known = key === undefined ? undefined : await ownerOfKey(session, key);
  if (user === undefined && known === undefined) {
    throw new CommandError(
      `History knows nothing of key ${key}: name its user with --user, and its account with --account.`,
    );
  }
  const userName = user ?? known?.userName;
  const account = named === undefined && known !== undefined ? known.account : accountAbout<AccountId>(session, named);
  if (userName === undefined) throw new CommandError('Name the user with --user.');
  if (known !== undefined && (known.userName !== userName || known.account !== account)) {
    throw new CommandError(`Key ${key} is that of user ${known.userName} in account ${known.account}.`);
  }
  const found = await exemptUser(session, { account, match: { kind: 'user', userName } });
  if (found === 'gone')
    throw new CommandError(`There is no IAM user ${userName} in account ${account}: check the name.`);
  const subject = {
    account,
    userName,
    ...(key === undefined ? {} : { keyId: key }),
    ...(found === undefined ? {} : { userId: found.userId, userPath: found.path }),
  };
  return { account, userName, subject };
}

/** Whose key it is by history. Throws CommandError for one that is on record as deleted. */
async function ownerOfKey(
  session: Session,
  keyId: AccessKeyId,
): Promise<Pick<Meant, 'account' | 'userName'> | undefined> {
  let owner: Pick<Meant, 'account' | 'userName'> | undefined;
  for await (const event of session.history.query({ by: { kind: 'key', keyId }, order: 'newest-first' })) {
    if (isDeletion(event))
      throw new CommandError(`Key ${keyId} was deleted on ${dayOf(event.time)}: nobody can bring it back.`);
    const { account, userName } = event;
    if (userName !== undefined) owner ??= { account, userName };
  }
  return owner;
}

/** What `observe` tells of a deletion did not happen. */
const isDeletion = ({ type, mode, details }: HistoryEvent): boolean =>
  type === 'key-deleted' && (mode === 'enforce' || ('by' in details && details.by === 'somebody'));
