import { MINUTE } from '../../../lambda/domain/time.ts';
import { AccessDeniedError, NotCreatedError, UnavailableError } from '../../../lambda/ports.ts';
import type { FakeClock } from '../../support/fake-clock.ts';
import type { SimulatedCall, Trouble } from './story.ts';

/** What happens around a process's calls. */
export interface Surroundings {
  /** Milliseconds that a call takes. */
  readonly callTime: number;
  /** What goes wrong with this call; people may act right before it. */
  before(process: Process, call: SimulatedCall, args: readonly unknown[]): Trouble | undefined;
  /** The call took effect, and answered this. */
  took(process: Process, call: SimulatedCall, args: readonly unknown[], answer: unknown): void;
  /** After it, and before its answer is heard: people may act. */
  after(process: Process, call: SimulatedCall): void;
}

/** Lambda ends it then. */
const LONGEST_LIFE = 15 * MINUTE;
const never = new Promise<never>(() => undefined);

/** One invocation of a function. When it dies, nothing that it waits for is ever answered: no line of it runs again. */
export class Process {
  readonly name: string;
  readonly #clock: FakeClock;
  readonly #surroundings: Surroundings;
  readonly #startedAt: number;
  #die: () => void = () => undefined;
  readonly #death = new Promise<'died'>((resolve) => {
    this.#die = () => resolve('died');
  });
  isDead = false;
  /** Errors that its calls were answered with by the network, not by the world's state. */
  readonly struck: { readonly call: SimulatedCall; readonly trouble: Trouble }[] = [];

  constructor(name: string, clock: FakeClock, surroundings: Surroundings) {
    this.name = name;
    this.#clock = clock;
    this.#surroundings = surroundings;
    this.#startedAt = clock.now();
  }

  /** Runs to its end, whatever that is. */
  async run<T>(
    work: () => Promise<T>,
  ): Promise<
    | { readonly kind: 'returned'; readonly value: T }
    | { readonly kind: 'threw'; readonly error: unknown }
    | { readonly kind: 'died' }
  > {
    try {
      const value = await Promise.race([work(), this.#death]);
      return value === 'died' ? { kind: 'died' } : { kind: 'returned', value };
    } catch (error) {
      return { kind: 'threw', error };
    }
  }

  /** The same port, as this process reaches it. */
  port<Port extends object>(prefix: string, port: Port): Port {
    return new Proxy(port, {
      get: (target, property) => {
        const member: unknown = Reflect.get(target, property, target);
        if (typeof member !== 'function') return member;
        const name = `${prefix}.${String(property)}` as SimulatedCall;
        return (...args: unknown[]) =>
          listings.has(name)
            ? this.#list(name, args, () => member.apply(target, args))
            : this.call(name, args, () => member.apply(target, args));
      },
    });
  }

  async call<T>(name: SimulatedCall, args: readonly unknown[], effect: () => Promise<T>): Promise<T> {
    if (this.isDead) return never;
    this.#clock.advance(this.#surroundings.callTime);
    const trouble = this.#strike(name, args);
    if (trouble === 'dies before') return this.#end();
    if (trouble === 'fails before' || trouble === 'is refused') throw this.#refuse(name, trouble);
    const answer = await effect();
    this.#surroundings.took(this, name, args, answer);
    this.#surroundings.after(this, name);
    if (trouble === 'dies after' || this.#isTooOld()) return this.#end();
    if (trouble === 'fails after') throw this.#refuse(name, trouble);
    return this.isDead ? never : answer;
  }

  async *#list<T>(name: SimulatedCall, args: readonly unknown[], listing: () => AsyncIterable<T>): AsyncGenerator<T> {
    if (this.isDead) await never;
    this.#clock.advance(this.#surroundings.callTime);
    const trouble = this.#strike(name, args);
    if (trouble === 'dies before') return this.#end();
    if (trouble === 'fails before' || trouble === 'is refused') throw this.#refuse(name, trouble);
    const items: T[] = [];
    for await (const item of listing()) items.push(item);
    this.#surroundings.took(this, name, args, items);
    this.#surroundings.after(this, name);
    const breaksOff = trouble === 'dies after' || trouble === 'fails after';
    yield* breaksOff ? items.slice(0, items.length / 2) : items;
    if (trouble === 'dies after' || this.#isTooOld()) return this.#end();
    if (trouble === 'fails after') throw this.#refuse(name, trouble);
    if (this.isDead) await never;
  }

  #strike(name: SimulatedCall, args: readonly unknown[]): Trouble | undefined {
    const trouble = this.#surroundings.before(this, name, args);
    if (trouble === 'is slow') this.#clock.advance(2 * MINUTE);
    return trouble;
  }

  /** The error that the caller hears; a listing that nobody read to its end has none. */
  #refuse(call: SimulatedCall, trouble: Trouble): Error {
    this.struck.push({ call, trouble });
    return refusal(call, trouble);
  }

  #isTooOld(): boolean {
    return this.#clock.now() - this.#startedAt > LONGEST_LIFE;
  }

  #end(): Promise<never> {
    this.isDead = true;
    this.#die();
    return never;
  }
}

const listings = new Set<string>(['iam.users', 'history.query', 'owners.owners']);

function refusal(call: SimulatedCall, trouble: Trouble): Error {
  if (call === 'iam.createKey' && trouble === 'is refused') return new NotCreatedError('IAM refused to create a key.');
  if (trouble === 'is refused') return new AccessDeniedError(`Keyturn's role may not ${call}.`);
  return new UnavailableError(`${call} did not answer.`);
}
