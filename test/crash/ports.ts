import type {
  Channel,
  History,
  Journal,
  OpenAccount,
  Organization,
  Outbox,
  Owners,
  State,
  SweepQueue,
} from '../../lambda/ports.ts';

/** Everything outside a process that Keyturn's workflows call. */
export interface Ports {
  readonly openAccount: OpenAccount;
  readonly state: State;
  readonly journal: Journal;
  readonly history: History;
  readonly outbox: Outbox;
  readonly owners: Owners;
  readonly queue: SweepQueue;
  readonly organization: Organization;
  readonly sns: Channel;
  readonly slack: Channel;
  readonly operators: Channel;
}
