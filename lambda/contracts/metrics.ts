/** Names of the metrics in namespace `Keyturn`: what functions publish and alarms watch. All are counts per sweep. */
export const metric = {
  accountsSwept: 'AccountsSwept',
  /** The member role could not be assumed. */
  accountsWithoutAccess: 'AccountsWithoutAccess',
  keysRotated: 'KeysRotated',
  keysDisabled: 'KeysDisabled',
  keysDeleted: 'KeysDeleted',
  /** Users about whom something was unknown, or whose step failed. */
  usersFailed: 'UsersFailed',
  rootKeysSeen: 'RootKeysSeen',
} as const;
