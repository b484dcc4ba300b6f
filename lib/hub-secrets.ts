import { ArnFormat, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { AnyPrincipal, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { SECRET_PREFIX } from '../lambda/domain/secret-name.ts';
import { acknowledgeWildcard } from './acknowledge.ts';
import type { KeyturnFunction } from './function.ts';
import type { ResolvedProps } from './resolve-config.ts';
import { neverReadKeys, secretsBelow, storeKeys, viaSecretsManager } from './secret-rights.ts';

export interface HubSecretsProps {
  readonly secrets: ResolvedProps['secrets'];
  readonly accounts: ResolvedProps['accounts'];
  readonly organizationId: string | undefined;
}

/** The users' secrets of all accounts, kept in this one under a customer-managed key. */
export class HubSecrets extends Construct {
  readonly keyArn: string;
  /** The key that was made here, and stays when the stack goes; absent: the settings name one. */
  readonly ownKey?: Key;
  readonly #replicaRegions: readonly string[];

  constructor(scope: Construct, id: string, props: HubSecretsProps) {
    super(scope, id);
    const { kmsKeyArn, replicaRegions } = props.secrets;
    this.#replicaRegions = replicaRegions;
    if (kmsKeyArn === undefined) {
      this.ownKey = this.#makeKey(props);
      this.keyArn = this.ownKey.keyArn;
    } else {
      this.keyArn = kmsKeyArn;
    }
  }

  #makeKey({ accounts, organizationId }: HubSecretsProps): Key {
    const { account, region, urlSuffix } = Stack.of(this);
    const key = new Key(this, 'Key', {
      description: "Keyturn: encrypts IAM users' access keys in Secrets Manager",
      enableKeyRotation: true,
      // So that replica Regions can be added later: a key is multi-Region from its beginning, or never.
      multiRegion: true,
      // Without it every secret is lost, and with them keys that are in use.
      removalPolicy: RemovalPolicy.RETAIN,
    });
    // Which of them may read which secret is for the secrets' own policies.
    key.addToResourcePolicy(
      new PolicyStatement({
        sid: 'UsersReadTheirSecrets',
        principals: [new AnyPrincipal()],
        actions: ['kms:Decrypt'],
        resources: ['*'],
        conditions: {
          StringEquals: { ...viaSecretsManager([region], urlSuffix), ...callersIn(account, accounts, organizationId) },
          StringLike: { 'kms:EncryptionContext:SecretARN': secretsBelow(this, SECRET_PREFIX, { region: '*' }) },
        },
      }),
    );
    return key;
  }

  /** Lets the function make and fill secrets here, and not read them. */
  grantStore(fn: KeyturnFunction): void {
    const { urlSuffix, region } = Stack.of(this);
    const secretArns = secretsBelow(this, SECRET_PREFIX);
    const replicated = this.#replicaRegions.length > 0;
    fn.addToRolePolicy(storeKeys([secretArns], replicated));
    fn.addToRolePolicy(neverReadKeys());
    fn.addToRolePolicy(
      new PolicyStatement({
        sid: 'EncryptKeys',
        // What Secrets Manager does for whoever puts a value, and, with Encrypt, for whoever replicates it.
        actions: ['kms:GenerateDataKey', 'kms:Decrypt', ...(replicated ? ['kms:Encrypt'] : [])],
        resources: [this.keyArn, ...this.#replicaRegions.map((other) => this.#keyArnIn(other))],
        conditions: { StringEquals: viaSecretsManager([region, ...this.#replicaRegions], urlSuffix) },
      }),
    );
    acknowledgeWildcard(
      fn.role ?? fn,
      secretArns,
      'One secret per user of every account, which Keyturn makes under its own prefix.',
    );
  }

  /** A multi-Region key has the same ID everywhere. */
  #keyArnIn(region: string): string {
    const { partition, account, resourceName } = Stack.of(this).splitArn(this.keyArn, ArnFormat.SLASH_RESOURCE_NAME);
    return Stack.of(this).formatArn({
      service: 'kms',
      resource: 'key',
      region,
      ...(partition !== undefined && { partition }),
      ...(account !== undefined && { account }),
      ...(resourceName !== undefined && { resourceName }),
    });
  }
}

/** Whom the key serves: the organisation, or else the accounts that are swept. */
function callersIn(hub: string, accounts: ResolvedProps['accounts'], organizationId: string | undefined) {
  if (organizationId !== undefined) return { 'aws:PrincipalOrgID': organizationId };
  return { 'kms:CallerAccount': accounts.kind === 'list' ? [...new Set([hub, ...accounts.accounts])] : [hub] };
}
