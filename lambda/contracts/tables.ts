/**
 * Layout of the three tables: what the stack creates and the adapters read and write. Every key attribute is a string.
 *
 * Owners   pk `OWNER`, sk owner ID · pk `ASSIGNMENT`, sk `<account>#<kind>#<value>` · pk `EXEMPTION`, sk `<account>#<id>`
 *          · pk `REQUEST`, sk `<account>#<id>` (what somebody asked for with the CLI; the worker answers it)
 *          (`<account>` may be `*`; a query by `begins_with(sk, '<account>#')` answers for one account).
 * State    pk account ID, sk `user#<user name>` (record), `keys#<user name>` (cached reading), `full-sweep` or `lease`.
 *          pk `notices#<owner ID>` or `notices#operators`, sk event ID (what waits to be told: the outbox)
 *          · pk `notices`, sk `news#<reader>` (something waits), `standing#<reader>` (how far its telling came) or `lease`.
 * History  pk `<account>/<user name>` (`<account>/` for what concerns the account), sk event ID (a ULID: sorts by time)
 *          · pk `seals`, sk the seal's number in 12 digits (a link of the chain over the events; in no index).
 */
export const ownersTable = { partitionKey: 'pk', sortKey: 'sk' } as const;

/** Partition of the Owners table that the worker may delete from. */
export const REQUESTS = 'REQUEST';

export const stateTable = {
  partitionKey: 'pk',
  sortKey: 'sk',
  expiry: 'expiresAtSeconds',
  /** The partitions of the outbox, which those that tell people may touch, and no others. */
  outbox: { directory: 'notices', readerPrefix: 'notices#' },
} as const;

export const historyTable = {
  partitionKey: 'pk',
  sortKey: 'sk',
  /** Each index sorts by event ID and projects everything. An event without a key ID is not in `byKey`, nor one outside a run in `byRun`. */
  indexes: {
    byKey: { name: 'by-key', partitionKey: 'keyId' },
    byAccount: { name: 'by-account', partitionKey: 'account' },
    byDay: { name: 'by-day', partitionKey: 'day' },
    byRun: { name: 'by-run', partitionKey: 'runId' },
  },
  /** The partition of the seals. */
  seals: 'seals',
  /** `owner`, `operators`, `both` or `nobody`: lets the stream's filter pass only what is to be told. */
  audience: 'audience',
} as const;
