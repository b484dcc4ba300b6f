/**
 * Layout of the three tables: what the stack creates and the adapters read and write. Every key attribute is a string.
 *
 * Owners   pk `OWNER`, sk owner ID · pk `ASSIGNMENT`, sk `<account>#<kind>#<value>` · pk `EXEMPTION`, sk `<account>#<id>`
 *          · pk `REQUEST`, sk `<account>#<id>` (what somebody asked for with the CLI; the worker answers it)
 *          (`<account>` may be `*`; a query by `begins_with(sk, '<account>#')` answers for one account).
 * State    pk account ID, sk `user#<user name>` (record), `keys#<user name>` (cached reading), `full-sweep` or `lease`.
 * History  pk `<account>/<user name>` (`<account>/` for what concerns the account), sk event ID (a ULID: sorts by time).
 */
export const ownersTable = { partitionKey: 'pk', sortKey: 'sk' } as const;

export const stateTable = { partitionKey: 'pk', sortKey: 'sk', expiry: 'expiresAtSeconds' } as const;

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
  /** `owner`, `operators` or `nobody`: lets the stream's filter pass only what is to be told. */
  audience: 'audience',
} as const;
