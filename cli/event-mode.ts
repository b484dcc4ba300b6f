import type { Mode } from '../lambda/domain/events.ts';
import type { AccountId } from '../lambda/domain/ids.ts';
import { UnavailableError } from '../lambda/ports.ts';
import { accountStanding } from './account-standing.ts';
import type { Session } from './session.ts';

/**
 * The mode that an event about the account is told in: with `observe` operators hear of it, with `enforce` owners. What is
 * about every account is told to owners as soon as one account enforces.
 */
export async function modeIn(
  session: Pick<Session, 'deployment' | 'history'>,
  account: AccountId | '*',
): Promise<Mode> {
  const { mode, enforceIn } = session.deployment.settings;
  if (mode === 'enforce' || enforceIn === undefined) return mode;
  if (account === '*') return 'enforce';
  try {
    return (await accountStanding(session, account)).mode;
  } catch (error) {
    // What a person does is put on record all the same, and told to the operators.
    if (error instanceof UnavailableError) return mode;
    throw error;
  }
}
