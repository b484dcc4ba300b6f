import * as z from 'zod';
import { policySetting } from '../lambda/contracts/policy-setting.ts';
import type { KeyturnConfig, KeyturnProps } from './config.ts';
import { accountId, accounts, enforceIn } from './config-accounts.ts';
import { disagreements } from './config-agreement.ts';
import { ConfigError } from './config-error.ts';
import { evidence } from './config-evidence.ts';
import { notices } from './config-notices.ts';
import { access, operation } from './config-parts.ts';
import { region, secrets } from './config-secrets.ts';
import { misplaced, type Place, unplaced } from './place.ts';
import { readSchedule, windowMistake } from './schedule.ts';

export { ConfigError };

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

const propsSchema = z.strictObject(propsShape);
const configSchema = z.strictObject({ ...propsShape, ...deploymentShape });

const absentIfWrong = <Schema extends z.core.$ZodType>(schema: Schema) =>
  z.union([schema, z.unknown().transform(() => undefined)]);

// What has to fit together, each by itself: a mistake in one does not hide that two others contradict each other.
const sound = z
  .object({
    mode: absentIfWrong(propsShape.mode),
    policy: absentIfWrong(propsShape.policy),
    schedule: absentIfWrong(propsShape.schedule),
    accounts: absentIfWrong(propsShape.accounts),
    enforceIn: absentIfWrong(propsShape.enforceIn),
    access: absentIfWrong(propsShape.access),
  })
  .catch({
    mode: undefined,
    policy: undefined,
    schedule: undefined,
    accounts: undefined,
    enforceIn: undefined,
    access: undefined,
  });

function contradictions(settings: unknown): readonly string[] {
  const parts = sound.parse(settings);
  const window = windowIsMissed(parts);
  return [...(window === undefined ? [] : [window]), ...disagreements(parts)];
}

/** A schedule and a window may each be right and still never meet. */
const windowIsMissed = ({ policy, schedule }: Pick<z.output<typeof sound>, 'policy' | 'schedule'>) =>
  policy === undefined || schedule === undefined
    ? undefined
    : windowMistake(readSchedule(schedule), policy.changeWindow);

/** KeyturnProps with every default filled in. */
export type ResolvedProps = Readonly<z.output<typeof propsSchema>>;

/** KeyturnConfig with every default filled in. */
export type ResolvedConfig = Readonly<z.output<typeof configSchema>>;

/**
 * Fills in the defaults; throws one ConfigError that lists everything that is wrong. `current`: where it is deployed to
 * unless the settings say; without it the place is judged only as far as they do.
 */
export function resolveConfig(config: unknown, current?: Place): ResolvedConfig {
  const { account, region: own } = where.parse(config);
  const place = { account: account ?? current?.account, region: own ?? current?.region };
  const { success, data, error } = configSchema.safeParse(config);
  const wrong = error?.issues ?? [];
  const isDecided = current !== undefined && !wrong.some(({ path: [name] }) => name === 'account' || name === 'region');
  const mistakes = [
    ...wrong.flatMap(sentences),
    ...contradictions(config),
    ...misplaced(config, place),
    ...(isDecided ? unplaced(config, place) : []),
  ];
  if (success && mistakes.length === 0) return data;
  throw new ConfigError(mistakes);
}

const where = z
  .object({ account: absentIfWrong(deploymentShape.account), region: absentIfWrong(deploymentShape.region) })
  .catch({ account: undefined, region: undefined });

/** The same for the props of the construct alone; without a place it is not judged. */
export function resolveProps(props: unknown, place?: Place): ResolvedProps {
  const { success, data, error } = propsSchema.safeParse(props);
  const mistakes = [
    ...(error?.issues ?? []).flatMap(sentences),
    ...contradictions(props),
    ...(place === undefined ? [] : [...misplaced(props, place), ...unplaced(props, place)]),
  ];
  if (success && mistakes.length === 0) return data;
  throw new ConfigError(mistakes);
}

function sentences(issue: z.core.$ZodIssue): string[] {
  const setting = issue.path.join('.');
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => `${[...issue.path, key].join('.')} is not a setting`);
  }
  const message = issue.message.replace(/^Invalid input: /, '');
  return [setting === '' || message.startsWith(setting) ? message : `${setting}: ${message}`];
}
