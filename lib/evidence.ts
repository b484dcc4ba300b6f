import { Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { AnyPrincipal, Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { BlockPublicAccess, Bucket, BucketEncryption, ObjectLockRetention, ObjectOwnership } from 'aws-cdk-lib/aws-s3';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { environment } from '../lambda/contracts/environment.ts';
import { acknowledgeWildcard } from './acknowledge.ts';
import { AuditorRole } from './auditor-role.ts';
import type { ResolvedEvidence } from './config-evidence.ts';
import type { DeadLetters } from './dead-letters.ts';
import { KeyturnFunction } from './function.ts';
import { OperatorsAlarm } from './operators-alarm.ts';
import type { HistoryTable, OwnersTable } from './tables.ts';

export interface EvidenceConstructProps {
  readonly evidence: ResolvedEvidence;
  readonly history: HistoryTable;
  readonly owners: OwnersTable;
  readonly deadLetters: DeadLetters;
  readonly operators: ITopic;
  readonly logRetentionDays: RetentionDays;
  /** Name of the SSM parameter that tells the command line what is deployed. */
  readonly parameterName: string;
}

/** What the report function writes: reports, and the newest seal of each day. Its rights end there. */
const WRITTEN = ['reports/*', 'heads/*'];

/** The bucket that nothing can be removed from, the function that writes last month's report into it, and who reads it. */
export class Evidence extends Construct {
  readonly bucket: Bucket;
  readonly function: KeyturnFunction;
  /** Absent: no auditors are named. */
  readonly auditors?: AuditorRole;

  constructor(scope: Construct, id: string, props: EvidenceConstructProps) {
    super(scope, id);
    const { evidence, history, owners, deadLetters, operators, logRetentionDays, parameterName } = props;
    this.bucket = lockedBucket(this, evidence.objectLock);
    this.function = new KeyturnFunction(this, 'Function', {
      handler: 'report',
      description: 'Notes down the newest seal of each day, and writes the evidence report of each month',
      timeout: Duration.minutes(15),
      // A whole processor: a year of history is read for each report.
      memoryMb: 2048,
      logRetentionDays,
    });
    history.grantReadDays(this.function);
    history.grantReadSeals(this.function);
    this.#grantWrite();
    this.#schedule(deadLetters);
    this.#addAlarms(operators);
    if (evidence.auditors.length > 0) {
      const { auditors, auditorRoleName: roleName } = evidence;
      this.auditors = new AuditorRole(this, 'Auditors', {
        auditors,
        roleName,
        history,
        owners,
        bucket: this.bucket,
        parameterName,
      });
    }
  }

  /** To add reports and to see which there are; not to read or remove any. */
  #grantWrite(): void {
    const { bucketArn, bucketName } = this.bucket;
    this.function.addEnvironment(environment.evidenceBucket, bucketName);
    this.function.addToRolePolicy(
      new PolicyStatement({
        actions: ['s3:PutObject'],
        resources: WRITTEN.map((names) => this.bucket.arnForObjects(names)),
      }),
    );
    this.function.addToRolePolicy(
      new PolicyStatement({
        actions: ['s3:ListBucket'],
        resources: [bucketArn],
        conditions: { StringLike: { 's3:prefix': WRITTEN } },
      }),
    );
    const why = 'Each report, and each day, has a name of its own under this prefix, which holds nothing else.';
    for (const names of WRITTEN) {
      acknowledgeWildcard(this.function.role ?? this.function, this.bucket.arnForObjects(names), why);
    }
  }

  /** Daily, although a report is due monthly: a day that fails is made good by the next, and a day's silence is noticed. */
  #schedule(deadLetters: DeadLetters): void {
    this.function.configureAsyncInvoke({
      retryAttempts: 2,
      maxEventAge: Duration.hours(2),
      onFailure: deadLetters.ofLambda(this.function),
    });
    new Rule(this, 'Schedule', {
      description: "Has Keyturn note down the newest seal, and write last month's evidence report unless it is written",
      schedule: Schedule.cron({ minute: '47', hour: '9' }),
      targets: [
        new LambdaFunction(this.function, { maxEventAge: Duration.hours(2), deadLetterQueue: deadLetters.queue }),
      ],
    });
  }

  #addAlarms(operators: ITopic): void {
    const period = Duration.hours(1);
    new OperatorsAlarm(this, 'Failing', {
      operators,
      what: "The day's newest seal could not be noted down, or last month's evidence report not be written.",
      runbook: 'report-failing',
      metric: this.function.metricErrors({ period, statistic: 'Sum' }),
      when: { reaches: 1 },
    });
    new OperatorsAlarm(this, 'NotRunning', {
      operators,
      what: "For more than a day no seal was noted down, and nobody has looked whether last month's report is written.",
      runbook: 'report-not-running',
      metric: this.function.metricInvocations({ period, statistic: 'Sum' }),
      // Two hours of grace for retries and for metrics that come late.
      when: { silentForPeriods: 26 },
    });
  }
}

/**
 * Object Lock keeps every version, and lets anybody who may write hide it: behind a newer one, or behind a mark that says
 * it is deleted. Marks are forbidden altogether; a note of a seal is written where there is none, or not at all. Versions
 * whose time is over can still be removed, by their IDs.
 */
function nothingHidden(bucket: Bucket): PolicyStatement[] {
  const everybody = { effect: Effect.DENY, principals: [new AnyPrincipal()] };
  return [
    new PolicyStatement({
      sid: 'NoDeleteMarkers',
      ...everybody,
      actions: ['s3:DeleteObject'],
      resources: [bucket.arnForObjects('*')],
    }),
    new PolicyStatement({
      sid: 'AnchorsOnce',
      ...everybody,
      actions: ['s3:PutObject'],
      resources: [bucket.arnForObjects('heads/*')],
      conditions: { Null: { 's3:if-none-match': 'true' } },
    }),
  ];
}

/** Versioned and locked from the first file on; it outlives the stack, a trial's too, because it can't be emptied. */
function lockedBucket(scope: Construct, { mode, years }: ResolvedEvidence['objectLock']): Bucket {
  // S3 counts in days as CDK writes it; no leap year makes it shorter.
  const length = Duration.days(Math.ceil(years * 365.25));
  const bucket = new Bucket(scope, 'Bucket', {
    versioned: true,
    objectLockEnabled: true,
    objectLockDefaultRetention:
      mode === 'COMPLIANCE' ? ObjectLockRetention.compliance(length) : ObjectLockRetention.governance(length),
    encryption: BucketEncryption.S3_MANAGED,
    enforceSSL: true,
    minimumTLSVersion: 1.2,
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
    removalPolicy: RemovalPolicy.RETAIN,
  });
  for (const statement of nothingHidden(bucket)) bucket.addToResourcePolicy(statement);
  Validations.of(bucket).acknowledge({
    id: 'AwsSolutions-S1',
    reason:
      'Who reads the evidence is told by CloudTrail data events, if that is wanted; nobody can change it, so access logs would prove nothing more.',
  });
  return bucket;
}
