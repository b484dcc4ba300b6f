import type { KeyPast } from '../past/key-past.ts';
import { toIso } from '../time.ts';
import { daysInWords, namesInWords, subjectOf } from './control-words.ts';
import type { Coverage } from './coverage.ts';
import type { Findings } from './findings.ts';
import type { Exception } from './model.ts';
import type { Span } from './rotations.ts';

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
  const { ran, accounts, withoutInventory } = coverage;
  const counts = ({ to }: Span) => when === 'throughout' || to >= period.to;
  const [holes, unread] = [coverage.holes.filter(counts), coverage.unread.filter(counts)];
  const never = new Set(withoutInventory);
  const ageless = asked === 'age' ? inScope.filter(({ created }) => created === undefined) : [];
  return doubts([
    ...noRun(ran),
    ...noAccount(accounts.length),
    ...withoutInventory.map((account) => ({
      subject: account,
      why: 'no inventory is on record',
      short: `account ${account}, without an inventory`,
    })),
    ...holes
      .filter(({ account }) => !never.has(account))
      .map((hole) => ({
        subject: hole.account,
        why: `its keys are not known ${spanInWords(hole)}`,
        short: `account ${hole.account} ${spanInWords(hole)}`,
      })),
    ...unread.map((span) => ({
      subject: `${span.account}/${span.userName}`,
      why: `inventories could not read this user ${spanInWords(span)}`,
      short: `user ${span.userName} of ${span.account} ${spanInWords(span)}`,
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

const spanInWords = ({ from, to }: Span): string => daysInWords([toIso(from), toIso(to - 1)]);
