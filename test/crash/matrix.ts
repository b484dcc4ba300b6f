import type { AccessKeyId, UserId } from '../../lambda/domain/ids.ts';
import { type Beliefs, breaches } from './always-true.ts';
import type { Estate } from './estate.ts';
import { type Fault, faults, isDeath, isHalf } from './fault.ts';
import type { Kind } from './kind.ts';
import type { CallMade, Ending } from './line.ts';
import type { Observation } from './observation.ts';
import { differences, type Outcome } from './outcome.ts';
import { unsettled } from './settled.ts';

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
        const estate = await begin();
        const problems = await survive(kind, estate, { at, call, fault, wayBack }, undisturbed);
        if (problems !== 'no such way') yield { kind: kind.name, at, call, fault, wayBack, problems };
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
          const problems = await survive(kind, estate, cell, undisturbed);
          if (problems !== 'no such way') yield { kind: kind.name, ...cell, problems };
        }
      }
    }
  }
}

async function live<E extends Estate>(kind: Kind<E>, estate: E): Promise<Undisturbed> {
  await kind.prepare(estate);
  const watch = new Watch(estate);
  await watch.look();
  const line = estate.line(undefined, () => watch.glance());
  const end = await kind.act(estate, line);
  const calls = [...line.calls];
  const afterAct = kind.outcome(await watch.look(), estate);
  await kind.later(estate);
  const last = await watch.look();
  const problems = [...watch.problems, ...watch.unsettled()];
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
): Promise<readonly string[] | 'no such way'> {
  await kind.prepare(estate);
  const watch = new Watch(estate);
  await watch.look();
  const end = await kind.act(
    estate,
    estate.line({ at, fault }, () => watch.glance()),
  );
  const isRedelivered = end === 'died' || 'threw' in end;
  if (wayBack === 'redelivered' && !isRedelivered) return 'no such way';
  const left = kind.outcome(await watch.look(), estate);
  const problems: string[] = [];
  if (isDeath(fault) !== (end === 'died')) problems.push(`the process ${end === 'died' ? 'died' : 'lived'}`);
  problems.push(...(end === 'died' ? [] : judgeLeft(kind, estate, end, { call, fault }, left, undisturbed)));
  const back = wayBack === 'redelivered' ? await kind.again(estate) : await kind.later(estate);
  if (kind.isLoud(back, estate)) problems.push(`undisturbed again, it fails: ${inWords(back)}`);
  const last = await watch.look();
  const wanted = wayBack === 'redelivered' ? undisturbed.afterAct : undisturbed.afterLater;
  problems.push(...differences(wanted, kind.outcome(last, estate)), ...watch.unsettled());
  return [...watch.problems, ...problems];
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

/** Looks at the world whenever something changed in it, and keeps what was broken. */
class Watch {
  readonly problems: string[] = [];
  readonly #made = new Map<AccessKeyId, UserId>();
  readonly #estate: Estate;
  #before: Observation | undefined;

  constructor(estate: Estate) {
    this.#estate = estate;
  }

  /** What is open or untold in the world as it was last seen. */
  unsettled(): readonly string[] {
    const now = this.#before;
    if (now === undefined) return [];
    const present = new Set(now.users.map(({ userId }) => userId));
    const made = [...this.#made].flatMap(([keyId, userId]) => (present.has(userId) ? [keyId] : []));
    return unsettled(now, new Set(made));
  }

  async glance(): Promise<void> {
    await this.look();
  }

  async look(): Promise<Observation> {
    const { labels, settings } = this.#estate;
    const now = await this.#estate.observe();
    const beliefs: Beliefs = { policy: settings.policy, held: new Set(labels.keys()) };
    for (const { userId, keys } of now.users) {
      for (const { keyId } of keys) if (!labels.has(keyId)) this.#made.set(keyId, userId);
    }
    if (this.#before !== undefined) this.problems.push(...breaches(this.#before, now, beliefs));
    this.#before = now;
    return now;
  }
}

const inWords = (end: Ending): string =>
  end === 'died' ? end : 'threw' in end ? String(end.threw) : JSON.stringify(end.answered);
