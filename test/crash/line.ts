import type { Ports } from './ports.ts';

export interface CallMade {
  /** `iam.createKey`; on the wire `iam:CreateAccessKey`. */
  readonly name: string;
  /** The only user that the call is about, when that can be told. */
  readonly about?: string;
}

/** The line between one process and the world: counts its calls, and lets one of them fail or be its last. */
export interface Line {
  /** In the order in which they were begun. */
  readonly calls: readonly CallMade[];
  /** The world as the process reaches it through this line. */
  through(ports: Ports): Ports;
  /** Settles when the process dies; never when it lives. */
  readonly death: Promise<'died'>;
}
