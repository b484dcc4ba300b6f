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

export const deploymentSchema = z.object({
  schema: z.literal(1),
  version: z.string(),
  settings: settingsSchema,
  tables: z.object({ owners: z.string(), state: z.string(), history: z.string() }),
  topics: z.object({ notices: z.string(), operators: z.string() }),
  emailBy: z.exactOptional(z.enum(['topic', 'ses'])),
  memberRoleName: z.string(),
  workerRoleName: z.exactOptional(z.string()),
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
