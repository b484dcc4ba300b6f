import type { AccessKeyId } from '../../lambda/domain/ids.ts';
import { userNameOf } from '../../lambda/domain/secret-name.ts';
import type { Change, CreatedKey, HistoryQuery } from '../../lambda/ports.ts';
import { errorOf, type Fault, isDeath, isHalf, type Strike, serviceOf, takesEffect } from './fault.ts';
import { type CallMade, type Ending, endOf, type Line } from './line.ts';
import type { Ports } from './ports.ts';

type Effect<T> = (args: readonly unknown[]) => Promise<T>;

const firstHalf = (arg: unknown): unknown => (Array.isArray(arg) ? arg.slice(0, Math.floor(arg.length / 2)) : arg);

/** What the dead wait for. */
const never = new Promise<never>(() => undefined);

const listings = new Set([
  'iam.users',
  'history.query',
  'owners.owners',
  'owners.allAssignments',
  'owners.allExemptions',
]);

/** Calls that change nothing: after them there is nothing new to look at. */
const looks = new Set([
  'openAccount',
  'iam.user',
  'iam.keys',
  'iam.keysWith',
  'iam.lastUse',
  'iam.credentialReport',
  'secrets.versions',
  'prover.prove',
  'state.load',
  'state.record',
  'outbox.readers',
  'outbox.waiting',
  'owners.owner',
  'owners.assignments',
  'owners.exemptions',
  'owners.requests',
  'organization.tree',
]);

/**
 * A line at the ports: whatever method a port has or will have, its calls are counted and can be struck. Calls take turns,
 * so that the world stands still while `afterEffect` looks at it.
 */
export class PortLine implements Line {
  readonly calls: CallMade[] = [];
  readonly #death: Promise<'died'>;
  readonly #strike: Strike | undefined;
  readonly #afterEffect: () => Promise<void>;
  readonly #onCall: () => void;
  readonly #userOf = new Map<AccessKeyId, string>();
  #die: (how: 'died') => void = () => undefined;
  #turn: Promise<unknown> = Promise.resolve();

  constructor({
    strike,
    afterEffect = async () => undefined,
    onCall = () => undefined,
  }: {
    readonly strike?: Strike | undefined;
    readonly afterEffect?: () => Promise<void>;
    readonly onCall?: () => void;
  } = {}) {
    this.#strike = strike;
    this.#afterEffect = afterEffect;
    this.#onCall = onCall;
    this.#death = new Promise((resolve) => {
      this.#die = resolve;
    });
  }

  endOf(process: Promise<unknown>): Promise<Ending> {
    return Promise.race([endOf(process), this.#death]);
  }

  through(ports: Ports): Ports {
    const wrap = <T extends object>(name: string, port: T): T => this.#wrapped(name, port);
    return {
      openAccount: async (account, runId) => {
        const member = await this.#call('openAccount', [account, runId], () => ports.openAccount(account, runId));
        const { iam, secrets, prover } = member;
        return {
          ...member,
          iam: wrap('iam', iam),
          secrets: wrap('secrets', secrets),
          prover: wrap('prover', prover),
        };
      },
      state: wrap('state', ports.state),
      journal: wrap('journal', ports.journal),
      history: wrap('history', ports.history),
      outbox: wrap('outbox', ports.outbox),
      owners: wrap('owners', ports.owners),
      queue: wrap('queue', ports.queue),
      organization: wrap('organization', ports.organization),
      sns: wrap('sns', ports.sns),
      slack: wrap('slack', ports.slack),
      operators: wrap('operators', ports.operators),
    };
  }

  #wrapped<T extends object>(port: string, target: T): T {
    return new Proxy(target, {
      get: (_, property) => {
        const member: unknown = Reflect.get(target, property, target);
        if (typeof member !== 'function') return member;
        const name = `${port}.${String(property)}`;
        const method = (args: readonly unknown[]) => Reflect.apply(member, target, args);
        return (...args: unknown[]) =>
          listings.has(name)
            ? this.#listing(name, args, () => method(args))
            : this.#call(name, args, (some) => method(some));
      },
    });
  }

  async *#listing<T>(name: string, args: readonly unknown[], list: () => AsyncIterable<T>): AsyncGenerator<T> {
    let whole: readonly T[] = [];
    try {
      const read = async () => {
        const items: T[] = [];
        for await (const item of list()) items.push(item);
        whole = items;
        return items;
      };
      yield* await this.#call(name, args, read);
    } catch (error) {
      // What came before the line broke is the first half.
      yield* whole.slice(0, Math.floor(whole.length / 2));
      throw error;
    }
  }

  #call<T>(name: string, args: readonly unknown[], effect: Effect<T>): Promise<T> {
    const about = this.#subjectOf(name, args);
    const takesMany = args.some((arg) => Array.isArray(arg) && arg.length > 1);
    const at = this.calls.push({ name, takesMany, ...(about !== undefined && { about }) }) - 1;
    this.#onCall();
    const outcome = this.#turn.then(() => this.#perform(at, name, args, effect));
    this.#turn = outcome.catch(() => undefined);
    if (name === 'iam.createKey' && about !== undefined) return outcome.then((key) => this.#remember(key, about));
    return outcome;
  }

  async #perform<T>(at: number, name: string, args: readonly unknown[], effect: Effect<T>): Promise<T> {
    const fault = this.#faultOf(at, name);
    if (fault === undefined) return this.#look(name, () => effect(args));
    if (takesEffect(fault)) {
      const done = isHalf(fault) ? args.map(firstHalf) : args;
      // Whatever the answer was, a refusal too: it is lost.
      await this.#look(name, () => effect(done)).catch(() => undefined);
    }
    return this.#fail(name, fault);
  }

  async #look<T>(name: string, effect: () => Promise<T>): Promise<T> {
    try {
      return await effect();
    } finally {
      if (!looks.has(name) && !listings.has(name)) await this.#afterEffect();
    }
  }

  #fail(name: string, fault: Fault): Promise<never> {
    if (!isDeath(fault)) return Promise.reject(errorOf(name, fault));
    this.#die('died');
    return never;
  }

  #faultOf(at: number, name: string): Fault | undefined {
    const strike = this.#strike;
    if (strike === undefined) return undefined;
    const place = typeof strike.at === 'number' ? strike.at : this.calls.findIndex((call) => call.name === strike.at);
    if (at === place) return strike.fault;
    const struck = this.calls[place]?.name;
    if (strike.fault !== 'outage' || struck === undefined || at < place) return undefined;
    return serviceOf(struck) === serviceOf(name) ? 'outage' : undefined;
  }

  #remember<T>(key: T, about: string): T {
    const { keyId } = key as CreatedKey;
    this.#userOf.set(keyId, about);
    return key;
  }

  #subjectOf(name: string, args: readonly unknown[]): string | undefined {
    const [first, second] = args;
    if (name === 'iam.lastUse') return undefined;
    if (name.startsWith('iam.')) return first as string | undefined;
    if (name.startsWith('secrets.')) return userNameOf(first as string);
    if (name === 'prover.prove') return this.#userOf.get((first as CreatedKey).keyId);
    if (name === 'journal.commit') {
      const { before, after } = first as Change;
      return (after ?? before)?.userName;
    }
    if (name === 'history.query') {
      const { by } = first as HistoryQuery;
      return by.kind === 'user' ? by.userName : undefined;
    }
    return name === 'state.record' ? (second as string) : undefined;
  }
}
