import * as z from 'zod';
import { policySetting } from '../lambda/contracts/policy-setting.ts';
import type { Policy } from '../lambda/domain/policy.ts';
import { policyErrors } from '../lambda/domain/validate-policy.ts';
import type { KeyturnConfig, KeyturnProps } from './config.ts';
import { accountId, accounts, enforceIn } from './config-accounts.ts';
import { disagreements } from './config-agreement.ts';
import { evidence } from './config-evidence.ts';
import { notices } from './config-notices.ts';
import { access, operation } from './config-parts.ts';
import { region, secrets } from './config-secrets.ts';
import { readSchedule, windowMistake } from './schedule.ts';

/** Settings that can't be deployed; the message lists every mistake, for people. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly mistakes: readonly string[];

  constructor(mistakes: readonly string[]) {
    const count = mistakes.length === 1 ? 'a mistake' : `${mistakes.length} mistakes`;
    super([`The Keyturn settings have ${count}:`, ...mistakes.map((mistake) => `  - ${mistake}`)].join('\n'));
    this.mistakes = mistakes;
  }
}

type ScheduledPolicy = { readonly policy: Policy; readonly schedule: string };

const schedule = z
  .string()
  .default('cron(17 6 * * ? *)')
  .superRefine((expression, context) => {
    const read = readSchedule(expression);
    if (read.kind === 'mistake') context.addIssue({ code: 'custom', message: read.mistake });
  });

const propsShape = {
  mode: z.enum(['observe', 'enforce']).default('observe'),
  policy: policySetting,
  schedule,
  accounts,
  enforceIn,
  secrets,
  access,
  notices,
  evidence,
  operation,
  removal: z.enum(['retain', 'destroy']).default('retain'),
} satisfies Record<keyof KeyturnProps, z.core.$ZodType>;

const deploymentShape = {
  account: accountId.optional(),
  region: region.optional(),
  stackName: z
    .string()
    .regex(/^[A-Za-z][A-Za-z0-9-]{0,99}$/, 'must begin with a letter and hold only letters, digits and hyphens')
    .default('Keyturn'),
  tags: z.record(z.string().min(1).max(128), z.string().max(256)).default({}),
} satisfies Record<Exclude<keyof KeyturnConfig, keyof KeyturnProps>, z.ZodType>;

const propsSchema = z.strictObject(propsShape).superRefine(windowIsReached).superRefine(settingsAgree);
const configSchema = z
  .strictObject({ ...propsShape, ...deploymentShape })
  .superRefine(windowIsReached)
  .superRefine(settingsAgree);

/** A schedule and a window may each be right and still never meet. */
function windowIsReached({ policy, schedule }: ScheduledPolicy, context: z.RefinementCtx): void {
  if (policyErrors(policy).length > 0) return;
  const message = windowMistake(readSchedule(schedule), policy.changeWindow);
  if (message !== undefined) context.addIssue({ code: 'custom', message });
}

function settingsAgree(props: Parameters<typeof disagreements>[0], context: z.RefinementCtx): void {
  for (const message of disagreements(props)) context.addIssue({ code: 'custom', message });
}

/** KeyturnProps with every default filled in. */
export type ResolvedProps = Readonly<z.output<typeof propsSchema>>;

/** KeyturnConfig with every default filled in. */
export type ResolvedConfig = Readonly<z.output<typeof configSchema>>;

/** Fills in the defaults; throws one ConfigError that lists everything that is wrong. */
export const resolveConfig = (config: unknown): ResolvedConfig => resolve(configSchema, config);

/** The same for the props of the construct alone. */
export const resolveProps = (props: unknown): ResolvedProps => resolve(propsSchema, props);

function resolve<Output>(schema: z.ZodType<Output>, settings: unknown): Output {
  const { success, data, error } = schema.safeParse(settings);
  if (success) return data;
  throw new ConfigError(error.issues.flatMap(sentences));
}

function sentences(issue: z.core.$ZodIssue): string[] {
  const setting = issue.path.join('.');
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => `${[...issue.path, key].join('.')} is not a setting`);
  }
  const message = issue.message.replace(/^Invalid input: /, '');
  return [setting === '' || message.startsWith(setting) ? message : `${setting}: ${message}`];
}
