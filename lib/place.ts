import { type Stack, Token } from 'aws-cdk-lib';
import * as z from 'zod';

/** The account and Region that are deployed to, as far as they are known. */
export interface Place {
  readonly account?: string | undefined;
  readonly region?: string | undefined;
}

/** Of a stack for any account or Region they become known only when it is deployed. */
export const placeOf = ({ account, region }: Stack): Place => ({
  ...(!Token.isUnresolved(account) && { account }),
  ...(!Token.isUnresolved(region) && { region }),
});

const orAbsent = <Output>(schema: z.ZodType<Output>) => schema.optional().catch(undefined);
const text = orAbsent(z.string());

// What hangs on the place, read each by itself: whatever else is wrong with the settings hides nothing of it.
const placed = z
  .object({
    accounts: orAbsent(z.object({ kind: text, readerRoleArn: text })),
    secrets: orAbsent(z.object({ kind: text, kmsKeyArn: text, replicaRegions: orAbsent(z.array(z.unknown())) })),
  })
  .catch({ accounts: undefined, secrets: undefined });

/** Why the settings can't work in the account and Region that they are deployed to; what is not known is not judged. */
export function misplaced(settings: unknown, { account, region }: Place): readonly string[] {
  const { accounts, secrets } = placed.parse(settings);
  const mistakes: string[] = [];
  if (region !== undefined && secrets?.replicaRegions?.includes(region)) {
    mistakes.push(`secrets.replicaRegions names ${region}, where the secrets are anyway`);
  }
  const [, , , keyRegion, keyAccount] = secrets?.kmsKeyArn?.split(':') ?? [];
  const isKnown = account !== undefined && region !== undefined;
  if (isKnown && keyRegion !== undefined && (keyRegion !== region || keyAccount !== account)) {
    mistakes.push(`secrets.kmsKeyArn is not in account ${account}, Region ${region}, where the secrets are`);
  }
  const reader = accounts?.kind === 'organization' ? accounts.readerRoleArn?.split(':')[4] : undefined;
  if (account !== undefined && reader === account) {
    mistakes.push(
      'accounts.readerRoleArn is in the hub itself, which may list the organisation as it is: leave it out',
    );
  }
  return mistakes;
}

/** Why the place has to be known, where it is not. */
export function unplaced(settings: unknown, { account, region }: Place): readonly string[] {
  if (account !== undefined && region !== undefined) return [];
  const { accounts, secrets } = placed.parse(settings);
  const hasSeveral = accounts?.kind === 'list' || accounts?.kind === 'organization';
  if (!hasSeveral && secrets?.kind !== 'hub') return [];
  return ['account, region: must be known when there are several accounts, or secrets in the hub: set both'];
}
