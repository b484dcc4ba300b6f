import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Match, Template } from 'aws-cdk-lib/assertions';
import cdkJson from '../../cdk.json' with { type: 'json' };
import { statementsOf, substituted } from '../lib/synth.ts';

const root = join(__dirname, '../..');
const page = readFileSync(join(root, 'README.md'), 'utf8');

/** What the README's CDK app deploys: the snippet as it stands there, but with the construct from this source. */
function templateOfSnippet(): Template {
  const [snippet, ...others] = [...page.matchAll(/```ts\n([^`]*from 'keyturn';[^`]*)```/g)].map(
    ([, text = '']) => text,
  );
  if (snippet === undefined || others.length > 0)
    throw new Error('the README should show one app that uses the package');
  const outdir = mkdtempSync(join(tmpdir(), 'keyturn-readme-'));
  try {
    const source = `${snippet.replaceAll("'keyturn'", "'./lib/index.ts'")}\napp.synth();\n`;
    const context = JSON.stringify({ ...cdkJson.context, 'aws:cdk:bundling-stacks': [] });
    const flags = ['--disable-warning=ExperimentalWarning', '--input-type=module-typescript', '--eval', source];
    const env = { ...process.env, CDK_OUTDIR: outdir, CDK_CONTEXT_JSON: context };
    execFileSync(process.execPath, flags, { cwd: root, env });
    return Template.fromJSON(JSON.parse(readFileSync(join(outdir, 'AccessKeys.template.json'), 'utf8')));
  } finally {
    rmSync(outdir, { recursive: true });
  }
}

describe('the app that the README shows', () => {
  const template = templateOfSnippet();

  test('has the member role that the worker may assume, made after the role that it trusts', () => {
    const [member] = Object.values(
      template.findResources('AWS::IAM::Role', { Properties: { RoleName: 'KeyturnMember' } }),
    );
    const allowed = statementsOf(template, 'RotateAccount').filter(({ actions }) => actions.includes('sts:AssumeRole'));
    const here = `arn:\${AWS::Partition}:iam::\${AWS::AccountId}:role`;
    expect(allowed.flatMap(({ resources }) => resources)).toEqual([`${here}/KeyturnMember`]);
    expect(substituted(member?.Properties.AssumeRolePolicyDocument.Statement)).toEqual([
      expect.objectContaining({ Action: 'sts:AssumeRole', Principal: { AWS: `${here}/KeyturnWorker` } }),
    ]);
    const worker = Object.keys(template.findResources('AWS::IAM::Role', { Properties: { RoleName: 'KeyturnWorker' } }));
    expect(worker).toHaveLength(1);
    expect(member?.DependsOn).toEqual(expect.arrayContaining(worker));
  });

  test('agrees with the worker on the external ID', () => {
    const variables = Object.values(template.findResources('AWS::Lambda::Function')).map(
      ({ Properties }) => Properties.Environment?.Variables ?? {},
    );
    const externalId = variables.map(({ EXTERNAL_ID }) => EXTERNAL_ID).find((id) => id !== undefined);
    expect(typeof externalId).toBe('string');
    template.hasResourceProperties('AWS::IAM::Role', {
      RoleName: 'KeyturnMember',
      AssumeRolePolicyDocument: {
        Statement: [Match.objectLike({ Condition: { StringEquals: { 'sts:ExternalId': externalId } } })],
      },
    });
  });
});
