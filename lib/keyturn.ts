import { Stack } from 'aws-cdk-lib';
import type { ITopic, Topic } from 'aws-cdk-lib/aws-sns';
import { ParameterTier, StringParameter } from 'aws-cdk-lib/aws-ssm';
import { Construct } from 'constructs';
import type { MemberStackSetRecord } from '../lambda/contracts/deployment.ts';
import { environment } from '../lambda/contracts/environment.ts';
import type { KeyturnProps } from './config.ts';
import { Dashboard } from './dashboard.ts';
import { DeadLetters } from './dead-letters.ts';
import { Deliver } from './deliver.ts';
import { deploymentText } from './deployment-text.ts';
import { Dispatch } from './dispatch.ts';
import { Evidence } from './evidence.ts';
import { HubSecrets } from './hub-secrets.ts';
import type { MemberRoleProps } from './member-role.ts';
import { Notify } from './notify.ts';
import { OperatorsAlarm } from './operators-alarm.ts';
import { placeOf } from './place.ts';
import { resolveProps } from './resolve-config.ts';
import { RotateAccount } from './rotate-account.ts';
import { Seal } from './seal.ts';
import { HistoryTable, OwnersTable, StateTable } from './tables.ts';
import { Topics } from './topics.ts';

/**
 * All of Keyturn but the member role: put both into a stack of your own app, or deploy them with `HubStack` and
 * `MemberStack`. The member role trusts the worker by name, so it is created after it: in one stack by
 * `memberRole.node.addDependency(keyturn)`. Why it is not part of this: docs/decisions/0019.
 * Throws a ConfigError that lists every mistake in the props.
 */
export class Keyturn extends Construct {
  /** Owners, assignments and exemptions. */
  readonly owners: OwnersTable;
  /** The append-only record. */
  readonly history: HistoryTable;
  /** Where owners' notices go; subscribe with a filter on `owner`, `account` or `type`. */
  readonly noticesTopic: Topic;
  /** Where alarms go, and notices that reach no owner. */
  readonly operatorsTopic: ITopic;
  readonly dispatch: Dispatch;
  readonly rotateAccount: RotateAccount;
  readonly notify: Notify;
  readonly deliver: Deliver;
  readonly seal: Seal;
  readonly deadLetters: DeadLetters;
  /** Where auditors find what is kept for them; absent unless `evidence` is set. */
  readonly evidence?: Evidence;
  readonly dashboard: Dashboard;
  /** The users' secrets when they are kept in the hub. */
  readonly hubSecrets?: HubSecrets;
  /** What the member role of every account has to agree on: `new MemberRole(stack, 'Member', keyturn.member)`. */
  readonly member: MemberRoleProps;
  #memberStackSet: MemberStackSetRecord | 'none' = 'none';

  constructor(scope: Construct, id: string, given: KeyturnProps = {}) {
    super(scope, id);
    const props = resolveProps(given, placeOf(Stack.of(this)));
    const { access, accounts, notices, operation, removal, schedule, secrets } = props;
    const { logRetentionDays } = operation;

    this.owners = new OwnersTable(this, 'Owners', { removal });
    this.history = new HistoryTable(this, 'History', { removal });
    const state = new StateTable(this, 'State');
    const topics = new Topics(this, 'Topics', { notices, alarms: operation.alarms });
    this.noticesTopic = topics.notices;
    this.operatorsTopic = topics.operators;
    const operators = topics.alarms;
    const deadLetters = new DeadLetters(this, 'DeadLetters', { operators });
    this.deadLetters = deadLetters;

    this.dispatch = new Dispatch(this, 'Dispatch', {
      schedule,
      deadLetters,
      operators,
      logRetentionDays,
      accounts,
      roleName: access.dispatchRoleName,
    });
    this.rotateAccount = new RotateAccount(this, 'RotateAccount', {
      access,
      accounts,
      operation,
      deadLetters,
      operators,
      longestGapHours: this.dispatch.longestGapHours,
    });
    this.notify = new Notify(this, 'Notify', {
      history: this.history,
      operators,
      deadLetters,
      logRetentionDays,
    });
    this.deliver = new Deliver(this, 'Deliver', {
      topics,
      deadLetters,
      notices,
      logRetentionDays,
      failedNotices: operation.alarms.failedNotices,
    });

    this.seal = new Seal(this, 'Seal', {
      history: this.history,
      deadLetters,
      operators,
      logRetentionDays,
      longestGapHours: this.dispatch.longestGapHours,
    });

    const { account: hubAccount, region } = Stack.of(this);
    this.member = { ...access, hubAccount, region, secrets };

    // Who may do what with what.
    const { dispatch, rotateAccount, notify, deliver } = this;
    this.rotateAccount.grantSend(dispatch.function);
    // The rest of a sweep that runs out of time.
    this.rotateAccount.grantSend(rotateAccount.function);
    this.history.grantAppend(dispatch.function);

    state.grantReadWrite(rotateAccount.function);
    this.owners.grantQuery(rotateAccount.function);
    this.owners.grantAnswer(rotateAccount.function);
    this.history.grantAppend(rotateAccount.function);
    this.history.grantQuery(rotateAccount.function, 'byAccount');

    this.owners.grantQuery(notify.function);
    state.grantPutIntoOutbox(notify.function);

    this.owners.grantGet(deliver.function);
    state.grantWorkOffOutbox(deliver.function);
    this.history.grantAppend(deliver.function);
    // Receipts of what concerns an account as a whole are found by the account.
    this.history.grantQuery(deliver.function, 'byAccount');

    const { organizationId } = access;
    if (secrets.kind === 'hub') {
      this.hubSecrets = new HubSecrets(this, 'Secrets', { secrets, accounts, organizationId });
      this.hubSecrets.grantStore(rotateAccount.function);
    }

    if (props.evidence !== undefined) {
      const { history, owners } = this;
      const parameterName = operation.deploymentParameter;
      const common = {
        evidence: props.evidence,
        history,
        owners,
        deadLetters,
        operators,
        logRetentionDays,
        parameterName,
      };
      this.evidence = new Evidence(this, 'Evidence', common);
    }

    const alarms = this.node.findAll().filter((construct) => construct instanceof OperatorsAlarm);
    this.dashboard = new Dashboard(this, 'Dashboard', {
      dispatch,
      rotateAccount,
      notify,
      deliver,
      seal: this.seal,
      evidence: this.evidence,
      deadLetters,
      alarms,
    });

    const deployment = deploymentText(this, { props, state, topics, memberStackSet: () => this.#memberStackSet });
    const settings = Stack.of(this).toJsonString(deployment.settings);
    for (const fn of [dispatch.function, rotateAccount.function]) fn.addEnvironment(environment.settings, settings);
    new StringParameter(this, 'Deployment', {
      parameterName: operation.deploymentParameter,
      description: 'What of Keyturn is deployed here; read by its command line',
      stringValue: Stack.of(this).toJsonString(deployment),
      // Standard, and free, up to 4 KB.
      tier: ParameterTier.INTELLIGENT_TIERING,
    });
  }

  /** Tells the command line which StackSet brings the member role into accounts. */
  recordMemberStackSet(stackSet: MemberStackSetRecord): void {
    this.#memberStackSet = stackSet;
  }
}
