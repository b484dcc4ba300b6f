import type { UserName } from '../lambda/domain/ids.ts';
import { count } from './dates.ts';
import { CommandError } from './errors.ts';

/** A user about whom something could not be read, and why. */
export interface UnreadUser {
  readonly userName: UserName;
  readonly cause: string;
}

/** When not one user could be read there is one cause behind it: that is what to tell, not a list of unknowns. */
export function refuseIfNoneRead(read: readonly unknown[], unread: readonly UnreadUser[]): void {
  const [first] = unread;
  if (read.length > 0 || first === undefined) return;
  throw new CommandError(`Not one of ${count(unread.length, 'user')} could be read; ${first.userName}: ${first.cause}`);
}

/** The closing complaint of a command that did its work but for some users. */
export const unreadComplaint = (unread: readonly UnreadUser[]): string | undefined =>
  unread.length === 0
    ? undefined
    : `${count(unread.length, 'user')} could not be read, so what is shown is not all: the causes are in the output.`;
