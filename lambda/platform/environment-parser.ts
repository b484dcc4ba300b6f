import * as z from 'zod/mini';
import { emailSettingsSchema } from '../contracts/email.ts';
import { environment } from '../contracts/environment.ts';
import { settingsSchema } from '../contracts/settings.ts';

/** The environment is not what this version needs; the message lists every variable that is wrong. */
export class EnvironmentError extends Error {
  override readonly name = 'EnvironmentError';
}

const text = z.string({ error: 'is not set' }).check(z.minLength(1, 'is empty'));

const parsedJson = z.transform((value: string, { issues }): unknown => {
  try {
    return JSON.parse(value);
  } catch {
    issues.push({ code: 'custom', message: 'is not JSON', input: value });
    return z.NEVER;
  }
});

const json = <T>(schema: z.ZodMiniType<T>) => z.pipe(z.pipe(text, parsedJson), schema);

/** Where each value comes from. Lambda itself sets the Region. */
const variableOf = { ...environment, region: 'AWS_REGION' } as const;
const names = new Map<PropertyKey, string>(Object.entries(variableOf));

const everything = z.object({
  region: text,
  settings: json(settingsSchema),
  ownersTable: text,
  stateTable: text,
  historyTable: text,
  sweepQueueUrl: text,
  deadLetterQueueUrl: text,
  noticesTopicArn: text,
  operatorsTopicArn: text,
  slackSecretName: z.exactOptional(text),
  webhooksSecretName: z.exactOptional(text),
  email: z.exactOptional(json(emailSettingsSchema)),
  evidenceBucket: text,
  memberRoleName: text,
  externalId: text,
  secretReaders: json(z.array(z.string())),
} satisfies Record<keyof typeof variableOf, z.ZodMiniType>);

/** What each function works with. */
export const dispatchEnvironment = z.pick(everything, {
  region: true,
  settings: true,
  historyTable: true,
  sweepQueueUrl: true,
  deadLetterQueueUrl: true,
});

export const rotateAccountEnvironment = z.pick(everything, {
  region: true,
  settings: true,
  ownersTable: true,
  stateTable: true,
  historyTable: true,
  sweepQueueUrl: true,
  deadLetterQueueUrl: true,
  memberRoleName: true,
  externalId: true,
  secretReaders: true,
});

export const notifyEnvironment = z.pick(everything, {
  region: true,
  ownersTable: true,
  stateTable: true,
  deadLetterQueueUrl: true,
});

export const deliverEnvironment = z.pick(everything, {
  region: true,
  ownersTable: true,
  stateTable: true,
  historyTable: true,
  deadLetterQueueUrl: true,
  noticesTopicArn: true,
  operatorsTopicArn: true,
  slackSecretName: true,
  webhooksSecretName: true,
  email: true,
});

export const sealEnvironment = z.pick(everything, { region: true, historyTable: true, deadLetterQueueUrl: true });

export const reportEnvironment = z.pick(everything, {
  region: true,
  historyTable: true,
  evidenceBucket: true,
  deadLetterQueueUrl: true,
});

/** Reads a function's environment. Throws EnvironmentError. */
export function parseEnvironment<T>(schema: z.ZodMiniType<T>, variables: NodeJS.ProcessEnv): T {
  const given = Object.entries(variableOf)
    .map(([name, variable]) => [name, variables[variable]] as const)
    .filter(([, value]) => value !== undefined);
  const parsed = schema.safeParse(Object.fromEntries(given));
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map(({ path: [name = '', ...inside], message }) =>
    [names.get(name), inside.join('.'), message].filter(Boolean).join(' '),
  );
  throw new EnvironmentError(
    `The environment variables of this function are wrong: ${faults.join('; ')}. Deploy the stack again.`,
  );
}
