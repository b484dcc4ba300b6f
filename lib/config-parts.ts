import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import * as z from 'zod';
import { DEPLOYMENT_PARAMETER, MEMBER_ROLE_NAME } from '../lambda/contracts/environment.ts';
import type { AccessProps, AlarmsProps, OperationProps } from './config.ts';
import { topicArn } from './config-notices.ts';

const roleName = z.string().regex(/^[\w+=,.@-]{1,64}$/, 'is not a role name (1 to 64 letters, digits and _+=,.@-)');

const principalArn = z
  .string()
  .regex(/^arn:aws[a-z-]*:iam::\d{12}:(role|user)\/[\w+=,.@/-]+$/, 'is not the ARN of one IAM role or user');

// What CloudWatch Logs knows, without "for ever", which CDK counts as 9999 days.
const retentionDays = Object.values(RetentionDays).filter(
  (days): days is RetentionDays => typeof days === 'number' && days < 9999,
);

export const access = z
  .strictObject({
    memberRoleName: roleName.default(MEMBER_ROLE_NAME),
    workerRoleName: roleName.default('KeyturnWorker'),
    dispatchRoleName: roleName.default('KeyturnDispatch'),
    externalId: z
      .string()
      .regex(/^[\w+=,.@:/-]{2,1224}$/, 'is not an external ID (2 to 1224 letters, digits and _+=,.@:/-)')
      .default('keyturn'),
    organizationId: z
      .string()
      .regex(/^o-[a-z0-9]{10,32}$/, 'is not the ID of an organisation (o-…)')
      .optional(),
    // They travel in an environment variable, of which a function has 4 KB.
    secretReaders: z.array(principalArn).max(20).readonly().default([]),
  } satisfies Record<keyof AccessProps, z.ZodType>)
  .prefault({});

const threshold = z.int().min(1).max(1_000_000).default(1);

const alarms = z
  .strictObject({
    topicArn: topicArn.optional(),
    overdueKeys: threshold,
    failingAccounts: threshold,
    failedNotices: threshold,
    unreadUsers: threshold,
    missingReports: threshold,
  } satisfies Record<keyof AlarmsProps, z.ZodType>)
  .prefault({});

export const operation = z
  .strictObject({
    logRetentionDays: z
      .literal(retentionDays, `must be one of ${retentionDays.join(', ')}`)
      .default(RetentionDays.ONE_YEAR),
    workerMemoryMb: z.int().min(128).max(10240).default(512),
    maxConcurrentSweeps: z.int().min(2).max(1000).default(10),
    deploymentParameter: z
      .string()
      .regex(/^\/[\w.-]+(\/[\w.-]+)*$/, 'is not a parameter name (it begins with /)')
      .default(DEPLOYMENT_PARAMETER),
    alarms,
  } satisfies Record<keyof OperationProps, z.ZodType>)
  .prefault({});
