import { type Stack, Token } from 'aws-cdk-lib';
import { ConfigError, type ResolvedProps } from './resolve-config.ts';

/** Throws a ConfigError for settings that can't work in the account and Region that they are deployed to. */
export function refuseMisplaced({ accounts, secrets }: ResolvedProps, { account, region }: Stack): void {
  const mistakes: string[] = [];
  const isKnown = !Token.isUnresolved(account) && !Token.isUnresolved(region);
  if (!isKnown && (accounts.kind !== 'single' || secrets.kind === 'hub')) {
    mistakes.push('account, region: must be known when there are several accounts, or secrets in the hub: set both');
  }
  if (isKnown && secrets.replicaRegions.includes(region)) {
    mistakes.push(`secrets.replicaRegions names ${region}, where the secrets are anyway`);
  }
  const [, , , keyRegion, keyAccount] = secrets.kmsKeyArn?.split(':') ?? [];
  if (isKnown && keyRegion !== undefined && (keyRegion !== region || keyAccount !== account)) {
    mistakes.push(`secrets.kmsKeyArn is not in account ${account}, Region ${region}, where the secrets are`);
  }
  const reader = accounts.kind === 'organization' ? accounts.readerRoleArn?.split(':')[4] : undefined;
  if (isKnown && reader === account) {
    mistakes.push(
      'accounts.readerRoleArn is in the hub itself, which may list the organisation as it is: leave it out',
    );
  }
  if (mistakes.length > 0) throw new ConfigError(mistakes);
}
