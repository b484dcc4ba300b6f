import { inspect } from 'node:util';
import { SECRET_MARK } from '../support/fake-iam.ts';

/** What is stored and sent as JSON, by the place where it is; what stays is the same object at each look. */
export type Places = Readonly<Record<string, readonly object[]>>;

/** Looks for secret access keys of the fake IAM wherever something is written down, at each thing once. */
export class SecretSearch {
  readonly #searched = new WeakSet<object>();

  /** Where, of what was not there at the last look, there is a secret access key. */
  newly(stored: Places, log: readonly object[]): readonly string[] {
    const found = Object.entries(stored).flatMap(([place, things]) => this.#holds(things, JSON.stringify, place));
    return [...found, ...this.#holds(log, asPrinted, 'the log')];
  }

  #holds(things: readonly object[], asText: (thing: object) => string, place: string): readonly string[] {
    const fresh = things.filter((thing) => this.#isNew(thing));
    const isThere = fresh.some((thing) => asText(thing).includes(SECRET_MARK));
    return isThere ? [`there is a secret access key in ${place}`] : [];
  }

  #isNew(thing: object): boolean {
    if (this.#searched.has(thing)) return false;
    this.#searched.add(thing);
    return true;
  }
}

/** JSON leaves out what an error holds; whoever prints it sees that, too. */
const asPrinted = (line: object): string => inspect(line, { depth: null, showHidden: true });
