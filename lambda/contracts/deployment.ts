import * as z from 'zod/mini';
import { type Settings, settingsSchema } from './settings.ts';

/** What is deployed, as the hub stack records it in the deployment parameter for the CLI. */
export interface Deployment {
  readonly schema: 1;
  /** Version of the keyturn package that was deployed. */
  readonly version: string;
  readonly settings: Settings;
  readonly tables: { readonly owners: string; readonly state: string; readonly history: string };
  readonly topics: { readonly notices: string; readonly operators: string };
  /** How owners' e-mail is sent; absent, as before there was a choice: by the topic. */
  readonly emailBy?: 'topic' | 'ses';
  readonly memberRoleName: string;
  /** Name of the hub's role that member roles trust; absent, as before it was recorded: unknown. */
  readonly workerRoleName?: string;
  /** What the worker sends when it assumes a member role; absent, as before it was recorded: unknown. */
  readonly externalId?: string;
  /** The organisation that member roles want the worker to be of; absent beside an external ID: none. */
  readonly organizationId?: string;
  /** The StackSet that brings the member role into accounts; absent, as before it was recorded: unknown. */
  readonly memberStackSet?: MemberStackSetRecord | 'none';
  /** Name of the stack it is part of. */
  readonly stack: string;
  readonly functions: {
    readonly dispatch: string;
    readonly rotateAccount: string;
    readonly notify: string;
    readonly deliver: string;
    /** Absent, as before it was recorded: unknown. */
    readonly seal?: string;
  };
  /** URLs. */
  readonly queues: { readonly sweeps: string; readonly deadLetters: string };
  /** Where monthly reports are kept; absent: nowhere. */
  readonly evidenceBucket?: string;
  /** The longest that the schedule lets pass between two runs. */
  readonly longestGapHours: number;
}

export interface MemberStackSetRecord {
  readonly name: string;
  /** As whom AWS has to be asked about it. */
  readonly callAs: 'SELF' | 'DELEGATED_ADMIN';
}

export const deploymentSchema = z.object({
  schema: z.literal(1),
  version: z.string(),
  settings: settingsSchema,
  tables: z.object({ owners: z.string(), state: z.string(), history: z.string() }),
  topics: z.object({ notices: z.string(), operators: z.string() }),
  emailBy: z.exactOptional(z.enum(['topic', 'ses'])),
  memberRoleName: z.string(),
  workerRoleName: z.exactOptional(z.string()),
  externalId: z.exactOptional(z.string()),
  organizationId: z.exactOptional(z.string()),
  memberStackSet: z.exactOptional(
    z.union([z.literal('none'), z.object({ name: z.string(), callAs: z.enum(['SELF', 'DELEGATED_ADMIN']) })]),
  ),
  stack: z.string(),
  functions: z.object({
    dispatch: z.string(),
    rotateAccount: z.string(),
    notify: z.string(),
    deliver: z.string(),
    seal: z.exactOptional(z.string()),
  }),
  queues: z.object({ sweeps: z.string(), deadLetters: z.string() }),
  evidenceBucket: z.exactOptional(z.string()),
  longestGapHours: z.number(),
}) satisfies z.ZodMiniType<Deployment>;
