import * as z from 'zod';
import { environment } from '../contracts/environment.ts';
import { settingsSchema } from '../contracts/settings.ts';

/** The environment is not what this version needs; the message lists every variable that is wrong. */
export class EnvironmentError extends Error {
  override readonly name = 'EnvironmentError';
}

const text = z.string({ error: 'is not set' }).min(1, 'is empty');

const json = <T>(schema: z.ZodType<T>) =>
  text
    .transform((value, context): unknown => {
      try {
        return JSON.parse(value);
      } catch {
        context.addIssue({ code: 'custom', message: 'is not JSON' });
        return z.NEVER;
      }
    })
    .pipe(schema);

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
  slackSecretName: text.exactOptional(),
  memberRoleName: text,
  externalId: text,
  secretReaders: json(z.array(z.string())),
} satisfies Record<keyof typeof variableOf, z.ZodType>);

/** What each function works with. */
export const dispatchEnvironment = everything.pick({
  region: true,
  settings: true,
  historyTable: true,
  sweepQueueUrl: true,
  deadLetterQueueUrl: true,
});

export const rotateAccountEnvironment = everything.pick({
  region: true,
  settings: true,
  ownersTable: true,
  stateTable: true,
  historyTable: true,
  deadLetterQueueUrl: true,
  memberRoleName: true,
  externalId: true,
  secretReaders: true,
});

export const notifyEnvironment = everything.pick({
  region: true,
  ownersTable: true,
  historyTable: true,
  deadLetterQueueUrl: true,
  noticesTopicArn: true,
  operatorsTopicArn: true,
  slackSecretName: true,
});

/** Reads a function's environment. Throws EnvironmentError. */
export function parseEnvironment<T>(schema: z.ZodType<T>, variables: NodeJS.ProcessEnv): T {
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
