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
  readonly memberRoleName: string;
}

export const deploymentSchema = z.object({
  schema: z.literal(1),
  version: z.string(),
  settings: settingsSchema,
  tables: z.object({ owners: z.string(), state: z.string(), history: z.string() }),
  topics: z.object({ notices: z.string(), operators: z.string() }),
  memberRoleName: z.string(),
}) satisfies z.ZodMiniType<Deployment>;
