import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as z from 'zod';
import cdkJson from '../../cdk.json' with { type: 'json' };
import { type Deployment, deploymentSchema } from '../../lambda/contracts/deployment.ts';
import type { KeyturnConfig } from '../../lib/config.ts';
import { resolveConfig } from '../../lib/resolve-config.ts';
import { addStacks } from '../../lib/stacks.ts';

export const ACCOUNT = '111122223333';
export const REGION = 'eu-west-1';
const HERE = { account: ACCOUNT, region: REGION };

// CloudFormation's own rules take twice as long as all else: cloudformation-rules.test.ts asks them.
process.env.CDK_VALIDATION = 'false';

const scratch = mkdtempSync(join(tmpdir(), 'keyturn-synth-'));
afterAll(() => rmSync(scratch, { recursive: true }));

/** An app whose output is gone after the tests; without the functions' code unless `bundle`. */
export function emptyApp({ bundle = false }: Pick<MakeOptions, 'bundle'> = {}): App {
  const context = { ...cdkJson.context, ...(!bundle && { 'aws:cdk:bundling-stacks': [] }) };
  return new App({ context, outdir: mkdtempSync(join(scratch, 'app-')) });
}

/** The app as `cdk synth` makes it, but without the functions' code: `bundle` makes that too. */
export function makeApp(config: KeyturnConfig = {}, { current = HERE, ...options }: MakeOptions = {}) {
  const app = emptyApp(options);
  return { app, ...addStacks(app, resolveConfig(config, current), current) };
}

interface MakeOptions {
  /** Empty: nobody says where it will be deployed. */
  readonly current?: { readonly account?: string; readonly region?: string };
  readonly bundle?: boolean;
}

/** Both templates. */
export function synth(config: KeyturnConfig = {}, options: MakeOptions = {}) {
  const { hub, member } = makeApp(config, options);
  return { hub: Template.fromStack(hub), member: Template.fromStack(member) };
}

const joined = z.object({
  'Fn::Join': z.tuple([
    z.literal(''),
    z.array(z.union([z.string(), z.object({ Ref: z.string().startsWith('AWS::') })])),
  ]),
});

/** With texts that name only pseudo parameters as Fn::Sub writes them, at any depth: `arn:${AWS::Partition}:iam::…`. */
export function substituted(value: unknown): unknown {
  const { data } = joined.safeParse(value);
  if (data) return data['Fn::Join'][1].map((part) => (typeof part === 'string' ? part : `\${${part.Ref}}`)).join('');
  if (Array.isArray(value)) return value.map(substituted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, substituted(part)]));
}

/** A policy statement as a template holds it; lists of one are lists here. */
export interface Statement {
  readonly effect: 'Allow' | 'Deny';
  readonly actions: readonly string[];
  readonly resources: readonly unknown[];
  readonly conditions?: unknown;
}

const asList = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [value]);

/** What the role may and may not do, by its policies. `role` is part of the role's logical ID. */
export function statementsOf(template: Template, role: string): Statement[] {
  const policies = Object.values(template.findResources('AWS::IAM::Policy'));
  const own = policies.filter(({ Properties }) => JSON.stringify(Properties.Roles).includes(role));
  return own.flatMap(({ Properties }) =>
    Properties.PolicyDocument.Statement.map((statement: Record<string, unknown>) => ({
      effect: statement.Effect,
      actions: asList(statement.Action),
      resources: asList(statement.Resource).map(substituted),
      ...(statement.Condition !== undefined && { conditions: substituted(statement.Condition) }),
    })),
  );
}

/** Resources on which the role may take the action. */
export const allowedOn = (statements: readonly Statement[], action: string): readonly unknown[] =>
  statements
    .filter(({ effect, actions }) => effect === 'Allow' && actions.includes(action))
    .flatMap(({ resources }) => resources);

/** Properties of the one function of that handler. */
export function functionNamed(template: Template, name: 'Dispatch' | 'RotateAccount' | 'Notify' | 'Deliver' | 'Seal') {
  const functions = Object.entries(template.findResources('AWS::Lambda::Function'));
  const found = functions.find(([id]) => id.startsWith(`Keyturn${name}Function`));
  if (found === undefined) throw new Error(`no function ${name} in the template`);
  return found[1].Properties;
}

/** What the CLI parses; references are told by the logical IDs that they name. */
export function recorded(template: Template): Deployment {
  const [parameter = {}] = Object.values(template.findResources('AWS::SSM::Parameter'));
  const { 'Fn::Join': join } = parameter.Properties.Value;
  const text = join[1].map((part: string | { Ref: string }) => (typeof part === 'string' ? part : part.Ref)).join('');
  return deploymentSchema.parse(JSON.parse(text));
}
