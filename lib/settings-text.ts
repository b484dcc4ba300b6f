import type { Settings } from '../lambda/contracts/settings.ts';
import type { ResolvedProps } from './resolve-config.ts';
import { readSchedule } from './schedule.ts';

/** Settings as they are in the template, where the hub may still be a reference. */
export type SettingsText = Omit<Settings, 'hub'> & { readonly hub: string };

/** What the functions and the CLI are told. `keyArn`: of the key that secrets in the hub are encrypted with. */
export function settingsOf(props: ResolvedProps, hub: string, keyArn: string | undefined): SettingsText {
  const { mode, enforceIn, policy, secrets } = props;
  const { replicaRegions } = secrets;
  const schedule = readSchedule(props.schedule);
  return {
    hub,
    mode,
    ...(enforceIn !== undefined && { enforceIn }),
    policy,
    accounts: accountsOf(props.accounts),
    secrets:
      keyArn === undefined ? { kind: 'member', replicaRegions } : { kind: 'hub', kmsKeyArn: keyArn, replicaRegions },
    ...(schedule.kind === 'valid' && schedule.longestGapHours !== 24 && { longestGapHours: schedule.longestGapHours }),
  };
}

function accountsOf(accounts: ResolvedProps['accounts']): SettingsText['accounts'] {
  if (accounts.kind !== 'organization') return accounts;
  const { kind, organizationalUnits, excludedOrganizationalUnits, excludedAccounts, readerRoleArn } = accounts;
  return {
    kind,
    ...(organizationalUnits !== undefined && { organizationalUnits }),
    excludedOrganizationalUnits,
    excludedAccounts,
    ...(readerRoleArn !== undefined && { readerRoleArn }),
  };
}
