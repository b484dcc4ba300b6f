import { z } from 'zod';
import { UnavailableError } from '../lambda/ports.ts';
import type { Principal, RoleTrust, TrustCondition, TrustStatement } from './estate.ts';

const oneOrMany = <T extends z.ZodType>(schema: T) => z.union([z.array(schema), schema.transform((one) => [one])]);
const names = oneOrMany(z.string());
const value = z.union([z.string(), z.boolean(), z.number()]).transform(String);

const kinds = ['AWS', 'Service', 'Federated', 'CanonicalUser'] as const satisfies Principal['kind'][];
const principals = z.strictObject({
  AWS: names.optional(),
  Service: names.optional(),
  Federated: names.optional(),
  CanonicalUser: names.optional(),
});

// Strict: what has a NotPrincipal or a NotAction says something else than the rest of it seems to.
const statement = z.strictObject({
  Sid: z.string().optional(),
  Effect: z.enum(['Allow', 'Deny']),
  Principal: z.union([z.literal('*').transform((everybody) => ({ AWS: [everybody] })), principals]),
  Action: names,
  Condition: z.record(z.string(), z.record(z.string(), oneOrMany(value))).default({}),
});

const policy = z.object({ Statement: oneOrMany(z.unknown()) });

/** Reads a trust policy as IAM sends it, URL-encoded, each statement for itself. */
export function trustIn(document: string): RoleTrust {
  const statements = statementsIn(document).map((one) => statement.safeParse(one));
  return {
    statements: statements.flatMap(({ data }) => (data === undefined ? [] : [inOurWords(data)])),
    unread: statements.filter(({ success }) => !success).length,
  };
}

function statementsIn(document: string): readonly unknown[] {
  try {
    return policy.parse(JSON.parse(decodeURIComponent(document))).Statement;
  } catch (cause) {
    throw new UnavailableError('iam:GetRole answered with a trust policy that cannot be read.', { cause });
  }
}

function inOurWords({ Effect, Principal, Action, Condition }: z.output<typeof statement>): TrustStatement {
  const named: z.output<typeof principals> = Principal;
  return {
    effect: Effect,
    principals: kinds.flatMap((kind) => (named[kind] ?? []).map((name) => ({ kind, name }))),
    actions: Action,
    conditions: Object.entries(Condition).flatMap(([operator, keys]) =>
      Object.entries(keys).map(([key, values]): TrustCondition => ({ operator, key, values })),
    ),
  };
}
