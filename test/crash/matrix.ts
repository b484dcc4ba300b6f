import type { Estate } from './estate.ts';
import { type Fault, faults, isDeath, isHalf } from './fault.ts';
import type { Kind } from './kind.ts';
import type { CallMade, Ending } from './line.ts';
import { differences, type Outcome } from './outcome.ts';
import { mislabelled } from './produced.ts';
import { Watch } from './watch.ts';

/** What happens after the disturbance: the next day's run, or the same message once more. */
export type WayBack = 'next day' | 'redelivered';

export interface Cell {
  readonly kind: string;
  /** Place of the call among those of the undisturbed process. */
  readonly at: number;
  readonly call: CallMade;
  readonly fault: Fault;
  readonly wayBack: WayBack;
  /** Empty: survived. */
  readonly problems: readonly string[];
}

/** What an undisturbed life comes to. */
interface Undisturbed {
  readonly calls: readonly CallMade[];
  readonly afterAct: Outcome;
  readonly afterLater: Outcome;
}

/** Lives through one kind of step once for each call, fault and way back. The calls are those that the code makes. */
export async function* livesOf<E extends Estate>(
  kind: Kind<E>,
  begin: () => Promise<E> | E,
  some: readonly Fault[] = faults,
): AsyncGenerator<Cell> {
  const undisturbed = await live(kind, await begin());
  for (const [at, call] of undisturbed.calls.entries()) {
    for (const fault of some) {
      if (isHalf(fault) && !call.takesMany) continue;
      for (const wayBack of ['next day', 'redelivered'] as const) {
        const life = { at, call, fault, wayBack };
        const { problems, isRedelivered } = await survive(kind, await begin(), life, undisturbed);
        yield { kind: kind.name, ...life, problems };
        // An answer ends the message: there is no such way back.
        if (!isRedelivered) break;
      }
    }
  }
}

/**
 * The same for kinds that follow each other in one life, each prepared by those before it: every life is struck in each
 * of its kinds, at the same place. For worlds in which lives are dear.
 */
export async function* livesThrough<E extends Estate>(
  kinds: readonly Kind<E>[],
  begin: () => Promise<E>,
  some: readonly Fault[],
): AsyncGenerator<Cell> {
  const model = await begin();
  const chapters: { readonly kind: Kind<E>; readonly undisturbed: Undisturbed }[] = [];
  for (const kind of kinds) chapters.push({ kind, undisturbed: await live(kind, model) });
  const mostCalls = Math.max(...chapters.map(({ undisturbed }) => undisturbed.calls.length));
  for (let at = 0; at < mostCalls; at += 1) {
    for (const fault of some) {
      const estate = await begin();
      for (const { kind, undisturbed } of chapters) {
        const call = undisturbed.calls[at];
        if (call === undefined) await live(kind, estate);
        else {
          const cell = { at, call, fault, wayBack: 'next day' } as const;
          const { problems } = await survive(kind, estate, cell, undisturbed);
          yield { kind: kind.name, ...cell, problems };
        }
      }
    }
  }
}

async function live<E extends Estate>(kind: Kind<E>, estate: E): Promise<Undisturbed> {
  await kind.prepare(estate);
  const watch = new Watch(estate);
  const before = await watch.look();
  const line = estate.line(undefined, () => watch.glance());
  const end = await kind.act(estate, line);
  const calls = [...line.calls];
  const acted = await watch.look();
  const afterAct = kind.outcome(acted, estate);
  await kind.later(estate);
  const last = await watch.look();
  const problems = [...watch.problems, ...watch.unsettled(), ...mislabelled(before, acted, estate, kind.produces)];
  if (end === 'died' || 'threw' in end || problems.length > 0) {
    const what = typeof end === 'object' && 'threw' in end ? [String(end.threw)] : [];
    throw new Error(`'${kind.name}' fails without being disturbed: ${[...what, ...problems].join('; ')}`);
  }
  return { calls, afterAct, afterLater: kind.outcome(last, estate) };
}

async function survive<E extends Estate>(
  kind: Kind<E>,
  estate: E,
  { at, call, fault, wayBack }: Omit<Cell, 'kind' | 'problems'>,
  undisturbed: Undisturbed,
): Promise<{ readonly problems: readonly string[]; readonly isRedelivered: boolean }> {
  await kind.prepare(estate);
  const watch = new Watch(estate);
  await watch.look();
  const end = await kind.act(
    estate,
    estate.line({ at, fault }, () => watch.glance()),
  );
  const isRedelivered = end === 'died' || 'threw' in end;
  const left = kind.outcome(await watch.look(), estate);
  const problems: string[] = [];
  if (isDeath(fault) !== (end === 'died')) problems.push(`the process ${end === 'died' ? 'died' : 'lived'}`);
  problems.push(...(end === 'died' ? [] : judgeLeft(kind, estate, end, { call, fault }, left, undisturbed)));
  const back = wayBack === 'redelivered' ? await kind.again(estate) : await kind.later(estate);
  if (kind.isLoud(back, estate)) problems.push(`undisturbed again, it fails: ${inWords(back)}`);
  const last = await watch.look();
  const wanted = wayBack === 'redelivered' ? undisturbed.afterAct : undisturbed.afterLater;
  problems.push(...differences(wanted, kind.outcome(last, estate)), ...watch.unsettled());
  return { problems: [...watch.problems, ...problems], isRedelivered };
}

/** What a process that lived on must have shown, and whom it must have spared. */
function judgeLeft<E extends Estate>(
  kind: Kind<E>,
  estate: E,
  end: Ending,
  { call, fault }: Pick<Cell, 'call' | 'fault'>,
  left: Outcome,
  { afterAct }: Undisturbed,
): readonly string[] {
  const undone = differences(afterAct, left);
  const problems =
    undone.length > 0 && !kind.isLoud(end, estate) ? [`it failed, and it looks like nothing to do: ${undone[0]}`] : [];
  if (fault === 'outage' || call.about === undefined) return problems;
  const others = undone.filter((line) => !line.startsWith(`account-1/${call.about}:`));
  return [...problems, ...others.map((line) => `one user's failure stopped another: ${line}`)];
}

const inWords = (end: Ending): string =>
  end === 'died' ? end : 'threw' in end ? String(end.threw) : JSON.stringify(end.answered);
