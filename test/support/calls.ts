import type {
  Channel,
  DeadLetters,
  History,
  Iam,
  Journal,
  KeyProver,
  Organization,
  Outbox,
  Owners,
  Seals,
  Secrets,
  State,
  SweepQueue,
} from '../../lambda/ports.ts';

type MethodsOf<Prefix extends string, Port> = `${Prefix}.${keyof Port & string}`;

/** Every call that a fake knows: `iam.createKey`, `journal.commit`, … */
export type CallName =
  | MethodsOf<'iam', Iam>
  | MethodsOf<'secrets', Secrets>
  | MethodsOf<'prover', KeyProver>
  | MethodsOf<'journal', Journal>
  | MethodsOf<'state', State>
  | MethodsOf<'history', History>
  | MethodsOf<'outbox', Outbox>
  | MethodsOf<'seals', Seals>
  | MethodsOf<'owners', Owners>
  | MethodsOf<'queue', SweepQueue>
  | MethodsOf<'organization', Organization>
  | `channel.${Channel['name']}`
  | MethodsOf<'deadLetters', DeadLetters>;

export interface Call {
  readonly name: CallName;
  readonly args: readonly unknown[];
  readonly outcome: 'answered' | 'failed-before' | 'failed-after' | 'refused';
}

/** `before`: the world is untouched. `after`: the effect happened and only its answer is lost. */
export interface Fault {
  readonly when: 'before' | 'after';
  readonly error: Error;
  /** How many matching calls fail; default 1. */
  readonly times?: number;
  /** How many matching calls pass first; default 0. */
  readonly after?: number;
  /** Only calls whose arguments satisfy this; default all. */
  readonly where?: (...args: readonly unknown[]) => boolean;
}

/** Records the calls made to fakes, and makes chosen ones fail. Fakes that share one also share one order of calls. */
export class Calls {
  readonly log: Call[] = [];
  readonly #faults: { readonly name: CallName; readonly fault: Fault; passed: number; left: number }[] = [];

  failOn(name: CallName, fault: Fault): void {
    this.#faults.push({ name, fault, passed: 0, left: fault.times ?? 1 });
  }

  /** Forgets faults that have not struck yet. */
  heal(): void {
    this.#faults.length = 0;
  }

  /** The calls of that name, in order. */
  of(name: CallName): readonly Call[] {
    return this.log.filter((call) => call.name === name);
  }

  /** Runs a call's effect, under whatever fault is due. */
  async run<T>(name: CallName, args: readonly unknown[], effect: () => T | Promise<T>): Promise<T> {
    const fault = this.#due(name, args);
    if (fault?.when === 'before') {
      this.log.push({ name, args, outcome: 'failed-before' });
      throw fault.error;
    }
    let answer: T;
    try {
      answer = await effect();
    } catch (refusal) {
      this.log.push({ name, args, outcome: 'refused' });
      throw refusal;
    }
    this.log.push({ name, args, outcome: fault ? 'failed-after' : 'answered' });
    if (fault) throw fault.error;
    return answer;
  }

  /** The same for a listing: a fault `after` breaks it off half-way. */
  async *list<T>(name: CallName, args: readonly unknown[], items: () => readonly T[]): AsyncGenerator<T> {
    const fault = this.#due(name, args);
    if (fault?.when === 'before') {
      this.log.push({ name, args, outcome: 'failed-before' });
      throw fault.error;
    }
    const all = items();
    this.log.push({ name, args, outcome: fault ? 'failed-after' : 'answered' });
    yield* fault ? all.slice(0, Math.floor(all.length / 2)) : all;
    if (fault) throw fault.error;
  }

  #due(name: CallName, args: readonly unknown[]): Fault | undefined {
    for (const entry of this.#faults) {
      if (entry.name !== name || entry.left === 0 || entry.fault.where?.(...args) === false) continue;
      if (entry.passed < (entry.fault.after ?? 0)) {
        entry.passed += 1;
        continue;
      }
      entry.left -= 1;
      return entry.fault;
    }
    return undefined;
  }
}
