import { ArnFormat, Stack } from 'aws-cdk-lib';
import {
  AccountPrincipal,
  ArnPrincipal,
  CompositePrincipal,
  type IPrincipal,
  PolicyStatement,
  Role,
} from 'aws-cdk-lib/aws-iam';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { ownersTable } from '../lambda/contracts/tables.ts';
import { acknowledgeWildcard } from './acknowledge.ts';
import type { ResolvedEvidence } from './config-evidence.ts';
import type { HistoryTable, OwnersTable } from './tables.ts';

export interface AuditorRoleProps {
  readonly auditors: ResolvedEvidence['auditors'];
  readonly roleName: string;
  readonly history: HistoryTable;
  readonly owners: OwnersTable;
  readonly bucket: Bucket;
  readonly parameterName: string;
}

/** What an auditor may know of an owner: who it is, not how it is reached. */
const OWNER_ATTRIBUTES = [ownersTable.partitionKey, ownersTable.sortKey, 'id', 'name'];

/** The role that auditors assume: reads what is evidence, changes nothing, and sees nobody's address. */
export class AuditorRole extends Construct {
  readonly role: Role;

  constructor(scope: Construct, id: string, props: AuditorRoleProps) {
    super(scope, id);
    const { history, owners, bucket } = props;
    this.role = new Role(this, 'Role', {
      roleName: props.roleName,
      description: 'Keyturn: for auditors, who read history and evidence',
      assumedBy: new CompositePrincipal(...props.auditors.map((auditor) => principalOf(this, auditor))),
    });
    const historyArn = history.table.tableArn;
    const indexes = `${historyArn}/index/*`;
    this.#allow(['dynamodb:Query', 'dynamodb:GetItem'], [historyArn]);
    this.#allow(['dynamodb:Query'], [indexes]);
    acknowledgeWildcard(this.role, indexes, 'An auditor may ask the history by whatever index it has.');
    // How the table is protected.
    this.#allow(
      ['dynamodb:DescribeTable', 'dynamodb:DescribeContinuousBackups', 'dynamodb:GetResourcePolicy'],
      [historyArn],
    );
    this.#allowOwners(owners.table.tableArn);
    this.#allowBucket(bucket);
    this.#allow(
      ['ssm:GetParameter'],
      [
        Stack.of(this).formatArn({
          service: 'ssm',
          resource: 'parameter',
          resourceName: props.parameterName.replace(/^\//, ''),
          arnFormat: ArnFormat.SLASH_RESOURCE_NAME,
        }),
      ],
    );
  }

  /**
   * Assignments and exemptions whole, for they hold no address. Of owners only some attributes: `ForAllValues` is true of a
   * request that names none, so the request must say that it asks for named ones. A query that asks for whole owners is
   * refused.
   */
  #allowOwners(tableArn: string): void {
    this.#allow(['dynamodb:Query'], [tableArn], {
      'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': ['ASSIGNMENT', 'EXEMPTION'] },
      Null: { 'dynamodb:LeadingKeys': 'false' },
    });
    this.#allow(['dynamodb:Query'], [tableArn], {
      'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': ['OWNER'], 'dynamodb:Attributes': OWNER_ATTRIBUTES },
      StringEquals: { 'dynamodb:Select': 'SPECIFIC_ATTRIBUTES' },
      Null: { 'dynamodb:LeadingKeys': 'false', 'dynamodb:Attributes': 'false' },
    });
  }

  #allowBucket(bucket: Bucket): void {
    const objects = bucket.arnForObjects('*');
    this.#allow(['s3:GetObject', 's3:GetObjectVersion', 's3:GetObjectRetention', 's3:GetObjectAttributes'], [objects]);
    acknowledgeWildcard(this.role, objects, 'Everything in this bucket is evidence, and all of it is for auditors.');
    this.#allow(
      ['s3:ListBucket', 's3:ListBucketVersions', 's3:GetBucketVersioning', 's3:GetBucketObjectLockConfiguration'],
      [bucket.bucketArn],
    );
  }

  #allow(actions: string[], resources: string[], conditions?: Record<string, Record<string, string | string[]>>): void {
    this.role.addToPolicy(new PolicyStatement({ actions, resources, ...(conditions && { conditions }) }));
  }
}

/** A trust policy can't name a role with a part left open, as those of IAM Identity Center have one: a condition can. */
function principalOf(scope: Construct, auditor: ResolvedEvidence['auditors'][number]): IPrincipal {
  if (typeof auditor === 'string') {
    return auditor.startsWith('arn:') ? new ArnPrincipal(auditor) : new AccountPrincipal(auditor);
  }
  const { account, permissionSet } = auditor;
  const roles = `arn:${Stack.of(scope).partition}:iam::${account}:role/aws-reserved/sso.amazonaws.com`;
  // The name ends in 16 characters of AWS's choice; in most Regions the Region is part of the path.
  const role = `AWSReservedSSO_${permissionSet}_${'?'.repeat(16)}`;
  const arns = [`${roles}/${role}`, `${roles}/*/${role}`];
  return new AccountPrincipal(account).withConditions({ ArnLike: { 'aws:PrincipalArn': arns } });
}
