import type { KeyPast } from '../past/key-past.ts';
import { toIso } from '../time.ts';
import { daysInWords, namesInWords, subjectOf } from './control-words.ts';
import type { Coverage, Hole } from './coverage.ts';
import type { Findings } from './findings.ts';
import type { Exception } from './model.ts';

/** What keeps a control from being decided, and the same in a sentence; empty: nothing does. */
export interface Doubts {
  readonly unknown: readonly Exception[];
  readonly sentence: string;
}

/** Whether anything was looked at at all. */
export function doubtsOfRuns({ ran, accounts }: Pick<Coverage, 'ran' | 'accounts'>): Doubts {
  return doubts([...noRun(ran), ...noAccount(accounts.length)]);
}

/**
 * Whether all keys are known: at every time of the period, or at its end. `inScope`: the keys that are judged; of those
 * whose age is asked it has to be known.
 */
export function doubtsOfKeys(
  { coverage, period }: Pick<Findings, 'coverage' | 'period'>,
  when: 'throughout' | 'at the end',
  inScope: readonly KeyPast[],
  asked: 'age' | 'status',
): Doubts {
  const { ran, accounts, withoutInventory, unread } = coverage;
  const holes = coverage.holes.filter(({ to }) => when === 'throughout' || to >= period.to);
  const never = new Set(withoutInventory);
  const ageless = asked === 'age' ? inScope.filter(({ created }) => created === undefined) : [];
  return doubts([
    ...noRun(ran),
    ...noAccount(accounts.length),
    ...withoutInventory.map((account) => ({
      subject: account,
      why: 'no inventory is on record',
      short: `${account} without an inventory`,
    })),
    ...holes
      .filter(({ account }) => !never.has(account))
      .map((hole) => ({
        subject: hole.account,
        why: `its keys are not known ${spanInWords(hole)}`,
        short: `${hole.account} ${spanInWords(hole)}`,
      })),
    ...unread.map(({ account, userName }) => ({
      subject: `${account}/${userName}`,
      why: 'the last inventory could not read this user',
      short: `user ${userName} of ${account}`,
    })),
    ...ageless.map((key) => ({
      subject: subjectOf(key),
      why: 'no event tells when it was created',
      short: `the age of ${key.keyId}`,
    })),
    ...(inScope.length > 0
      ? []
      : [{ subject: 'keys', why: 'there was none to judge', short: 'there was no key to judge' }]),
  ]);
}

interface Doubt extends Exception {
  readonly short: string;
}

const noRun = (ran: boolean): readonly Doubt[] =>
  ran ? [] : [{ subject: 'runs', why: 'none began in the period', short: 'no run began in the period' }];

const noAccount = (accounts: number): readonly Doubt[] =>
  accounts > 0 ? [] : [{ subject: 'accounts', why: 'no run expected any', short: 'no run expected an account' }];

function doubts(all: readonly Doubt[]): Doubts {
  const unknown = all.map(({ subject, why }) => ({ subject, why }));
  const sentence =
    all.length === 0
      ? ''
      : ` Not known: ${namesInWords(
          all.map(({ short }) => short),
          '; ',
        )}.`;
  return { unknown, sentence };
}

const spanInWords = ({ from, to }: Hole): string => daysInWords([toIso(from), toIso(to - 1)]);
