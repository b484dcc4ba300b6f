import type { Ports } from './ports.ts';

export interface CallMade {
  /** `iam.createKey`; on the wire `iam:CreateAccessKey`. */
  readonly name: string;
  /** The only user that the call is about, when that can be told. */
  readonly about?: string;
  /** It takes a list of several things: it can be done by half. */
  readonly takesMany?: boolean;
}

/** The line between one process and the world: counts its calls, and lets one of them fail or be its last. */
export interface Line {
  /** In the order in which they were begun. */
  readonly calls: readonly CallMade[];
  /** The world as the process reaches it through this line. */
  through(ports: Ports): Ports;
  /** Waits for the end of the process on this line. A dead one does nothing any more. */
  endOf(process: Promise<unknown>): Promise<Ending>;
}

/** How a process ended, as the one who started it sees it. */
export type Ending = 'died' | { readonly threw: unknown } | { readonly answered: unknown };

/** The end of a process that does not die. */
export const endOf = (process: Promise<unknown>): Promise<Ending> =>
  process.then(
    (answered) => ({ answered }),
    (threw) => ({ threw }),
  );
