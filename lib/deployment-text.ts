import { Lazy, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Deployment, MemberStackSetRecord } from '../lambda/contracts/deployment.ts';
import manifest from '../package.json' with { type: 'json' };
import type { DeadLetters } from './dead-letters.ts';
import type { Deliver } from './deliver.ts';
import type { Dispatch } from './dispatch.ts';
import type { Evidence } from './evidence.ts';
import type { HubSecrets } from './hub-secrets.ts';
import type { Notify } from './notify.ts';
import type { ResolvedProps } from './resolve-config.ts';
import type { RotateAccount } from './rotate-account.ts';
import type { Seal } from './seal.ts';
import { type SettingsText, settingsOf } from './settings-text.ts';
import type { HistoryTable, OwnersTable, StateTable } from './tables.ts';
import type { Topics } from './topics.ts';

/** The deployment parameter's content as it is in the template, where the account may still be a reference. */
type DeploymentText = Omit<Deployment, 'settings' | 'memberStackSet'> & {
  readonly settings: SettingsText;
  readonly memberStackSet: unknown;
};

/** What is told of the construct of that name, which imports this file and so cannot be imported here. */
interface Keyturn extends Construct {
  readonly owners: OwnersTable;
  readonly history: HistoryTable;
  readonly dispatch: Dispatch;
  readonly rotateAccount: RotateAccount;
  readonly notify: Notify;
  readonly deliver: Deliver;
  readonly seal: Seal;
  readonly deadLetters: DeadLetters;
  readonly evidence?: Evidence;
  readonly hubSecrets?: HubSecrets;
}

interface Parts {
  readonly props: ResolvedProps;
  readonly state: StateTable;
  readonly topics: Topics;
  /** Asked when the template is made: the StackSet comes after the rest, for its own template names the worker's role. */
  readonly memberStackSet: () => MemberStackSetRecord | 'none';
}

/** What the command line is told of the deployment. */
export function deploymentText(keyturn: Keyturn, { props, state, topics, memberStackSet }: Parts): DeploymentText {
  const { memberRoleName, workerRoleName, externalId, organizationId } = props.access;
  return {
    schema: 1,
    version: manifest.version,
    settings: settingsOf(props, Stack.of(keyturn).account, keyturn.hubSecrets?.keyArn),
    tables: {
      owners: keyturn.owners.table.tableName,
      state: state.table.tableName,
      history: keyturn.history.table.tableName,
    },
    topics: { notices: topics.notices.topicArn, operators: topics.operators.topicArn },
    emailBy: props.notices.email === undefined ? 'topic' : 'ses',
    memberRoleName,
    workerRoleName,
    externalId,
    ...(organizationId !== undefined && { organizationId }),
    memberStackSet: Lazy.any({ produce: memberStackSet }),
    stack: Stack.of(keyturn).stackName,
    functions: {
      dispatch: keyturn.dispatch.function.functionName,
      rotateAccount: keyturn.rotateAccount.function.functionName,
      notify: keyturn.notify.function.functionName,
      deliver: keyturn.deliver.function.functionName,
      seal: keyturn.seal.function.functionName,
    },
    queues: { sweeps: keyturn.rotateAccount.queue.queueUrl, deadLetters: keyturn.deadLetters.queue.queueUrl },
    ...(keyturn.evidence && { evidenceBucket: keyturn.evidence.bucket.bucketName }),
    longestGapHours: keyturn.dispatch.longestGapHours,
  };
}
