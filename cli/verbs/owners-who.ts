import type { AccountId, OwnerId, UserName } from '../../lambda/domain/ids.ts';
import type { Owner } from '../../lambda/domain/owners.ts';
import { assignmentFor, describeMatch } from '../../lambda/domain/user-match.ts';
import { UserGoneError } from '../../lambda/ports.ts';
import { CommandError } from '../errors.ts';
import { accountAbout } from '../member-account.ts';
import type { Session } from '../session.ts';

export interface WhoOptions {
  readonly user: UserName;
  readonly account?: AccountId;
  /** IAM path; absent: it is read from IAM. */
  readonly path?: string;
}

export interface WhoReport {
  readonly account: AccountId;
  readonly userName: UserName;
  readonly path: string;
  /** Where the path comes from; `assumed`: the user lives in an account that is not read. */
  readonly pathFrom: 'option' | 'iam' | 'assumed';
  /** The rule that decides; absent: nobody is assigned, and notices go to the operators. */
  readonly rule?: { readonly account: AccountId | '*'; readonly match: string; readonly ownerId: OwnerId };
  /** Absent though there is a rule: it names an owner that does not exist, and notices go to the operators. */
  readonly owner?: Owner;
}

/** Who is told about a user's keys, and by which rule. Throws CommandError when IAM has no such user. */
export async function ownersWho(session: Session, options: WhoOptions): Promise<WhoReport> {
  const account = accountAbout(session, options.account);
  const { path, pathFrom } = await pathOf(session, account, options);
  const user = { account, userName: options.user, path };
  const assignment = assignmentFor(await session.owners.assignments(account), user);
  if (assignment === undefined) return { ...user, pathFrom };
  const { ownerId } = assignment;
  const owner = await session.owners.owner(ownerId);
  const rule = { account: assignment.account, match: describeMatch(assignment.match), ownerId };
  return { ...user, pathFrom, rule, ...(owner === undefined ? {} : { owner }) };
}

async function pathOf(
  session: Session,
  account: AccountId,
  { user, path }: WhoOptions,
): Promise<Pick<WhoReport, 'path' | 'pathFrom'>> {
  if (path !== undefined) return { path, pathFrom: 'option' };
  if (account !== session.member.account) return { path: '/', pathFrom: 'assumed' };
  try {
    return { path: (await session.member.iam.user(user)).path, pathFrom: 'iam' };
  } catch (error) {
    if (!(error instanceof UserGoneError)) throw error;
    throw new CommandError(
      `IAM has no user '${user}' in account ${account}. Check the spelling; --path asks for a user that is yet to be made.`,
    );
  }
}
