import { Annotations, CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { KeyturnProps } from './config.ts';
import { Keyturn } from './keyturn.ts';
import { MemberStackSet } from './member-stack-set.ts';
import { memberTemplate } from './member-template.ts';
import { resolveProps } from './resolve-config.ts';

/** Keyturn in a stack of its own, with what people need to know of it as outputs. */
export class HubStack extends Stack {
  readonly keyturn: Keyturn;

  constructor(scope: Construct, id: string, props: StackProps & { readonly keyturn: KeyturnProps }) {
    const { keyturn, ...stackProps } = props;
    super(scope, id, { description: 'Keyturn: rotates the access keys of IAM users', ...stackProps });
    this.keyturn = new Keyturn(this, 'Keyturn', keyturn);
    this.#addMemberStackSet(keyturn);
    const { owners, history, noticesTopic, operatorsTopic, deadLetters } = this.keyturn;
    this.#tell(
      'NoticesTopicArn',
      noticesTopic.topicArn,
      "Owners' notices; subscribe with a filter on owner, account or type",
    );
    this.#tell('OperatorsTopicArn', operatorsTopic.topicArn, 'Alarms, and notices that reach no owner');
    this.#tell('DeadLetterQueueUrl', deadLetters.queue.queueUrl, 'What could not be processed; empty when all is well');
    this.#tell('DashboardName', this.keyturn.dashboard.name, 'In CloudWatch: runs, keys, trouble, notices');
    this.#tell('OwnersTableName', owners.table.tableName, 'Owners, assignments and exemptions');
    this.#tell('HistoryTableName', history.table.tableName, 'The append-only record');
    this.#tellEvidence(keyturn);
    this.#tellWhatStays(keyturn);
  }

  #tellEvidence(given: KeyturnProps): void {
    const { evidence } = this.keyturn;
    if (evidence === undefined) return;
    if (resolveProps(given).removal === 'destroy') {
      const words =
        'the evidence bucket stays when this stack is deleted, although removal is destroy: its files are locked';
      Annotations.of(this).addInfoV2('keyturn:evidenceStays', words);
    }
    this.#tell('EvidenceBucketName', evidence.bucket.bucketName, 'Monthly reports; nothing can be removed from it');
    if (evidence.auditors !== undefined) {
      this.#tell('AuditorRoleArn', evidence.auditors.role.roleArn, 'The role that auditors assume');
    }
  }

  /** Brings the member role into the organisation's accounts, when the settings ask for that. */
  #addMemberStackSet(given: KeyturnProps): void {
    const { accounts } = resolveProps(given);
    if (accounts.kind === 'single') return;
    if (accounts.kind === 'list' || accounts.memberStackSet === undefined) {
      Annotations.of(this).addInfoV2(
        'keyturn:memberStacks',
        'every account that is swept needs the member stack: `npx cdk synth` prints its template (docs/organization.md)',
      );
      return;
    }
    const {
      callAs,
      autoDeployment,
      organizationalUnits = accounts.organizationalUnits ?? [],
    } = accounts.memberStackSet;
    const stackSetName = `${this.stackName}Members`;
    this.keyturn.recordMemberStackSet({ name: stackSetName, callAs });
    const stackSet = new MemberStackSet(this, 'Members', {
      stackSetName,
      template: memberTemplate(this.keyturn.member, this.node.getAllContext()),
      callAs,
      organizationalUnits,
      // The hub has the member stack already.
      exceptAccounts: [...new Set<string>([this.account, ...accounts.excludedAccounts])],
      autoDeployment,
      region: this.region,
    });
    // The member roles' trust policies name the worker's role, which must exist by then.
    const worker = this.keyturn.rotateAccount.function;
    stackSet.node.addDependency(worker.role ?? worker);
  }

  /** Who removes the stack reads this first: in its outputs, and at every synth while it is a trial. */
  #tellWhatStays(given: KeyturnProps): void {
    const { removal } = resolveProps(given);
    const { owners, history, evidence, hubSecrets } = this.keyturn;
    const kept = [
      ...(evidence === undefined ? [] : [evidence.bucket.bucketName]),
      ...(hubSecrets?.ownKey === undefined ? [] : [`the KMS key ${hubSecrets.keyArn}`]),
      "the users' secrets",
    ];
    if (removal === 'destroy') {
      const words = `removal is destroy: deleting this stack deletes the history and the owners; the secrets stay${
        hubSecrets?.ownKey === undefined ? '' : ', and the KMS key that they are encrypted with'
      }`;
      Annotations.of(this).addInfoV2('keyturn:whatStays', words);
      const description = 'What deleting this stack leaves; history and owners go with it';
      this.#tell('WhatStays', kept.join(', '), description);
      return;
    }
    const tables = [history.table.tableName, owners.table.tableName];
    const description = 'What deleting this stack leaves (README, Remove it)';
    this.#tell('WhatStays', [...tables, ...kept].join(', '), description);
  }

  #tell(name: string, value: string, description: string): void {
    new CfnOutput(this, name, { value, description });
  }
}
