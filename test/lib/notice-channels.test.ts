import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Template } from 'aws-cdk-lib/assertions';
import { emailSettingsSchema } from '../../lambda/contracts/email.ts';
import { ConfigError } from '../../lib/resolve-config.ts';
import { ACCOUNT, allowedOn, REGION, statementsOf, synth } from './synth.ts';

const email = { from: 'keys@mail.Example.com', configurationSet: 'keyturn', replyTo: 'platform@example.com' };
const everything = {
  slack: { secretName: 'slack-webhooks' },
  webhooks: { secretName: 'owners/webhooks' },
  email,
  ownerTopicArns: [`arn:aws:sns:${REGION}:${ACCOUNT}:payments-keys`],
};
const { hub, member } = synth({ notices: everything });

/** Every role of both stacks, by its logical ID. */
const roles = [hub, member].flatMap((template) =>
  Object.keys(template.findResources('AWS::IAM::Role')).map((id) => ({ id, statements: statementsOf(template, id) })),
);
const whoMay = (action: string) => roles.filter(({ statements }) => allowedOn(statements, action).length > 0);
const deliver = statementsOf(hub, 'KeyturnDeliverFunctionRole');

function variablesOf(template: Template): Readonly<Record<string, unknown>> {
  const functions = Object.entries(template.findResources('AWS::Lambda::Function'));
  const [, found] = functions.find(([id]) => id.startsWith('KeyturnDeliverFunction')) ?? [];
  return found?.Properties.Environment.Variables ?? {};
}

describe('the sending function, and no other,', () => {
  test('may read the secrets of Slack and of the webhooks', () => {
    expect(whoMay('secretsmanager:GetSecretValue').map(({ id }) => id)).toEqual([
      expect.stringMatching(/^KeyturnDeliverFunctionRole/),
    ]);
    expect(allowedOn(deliver, 'secretsmanager:GetSecretValue').toSorted()).toEqual([
      `arn:aws:secretsmanager:${REGION}:${ACCOUNT}:secret:owners/webhooks-??????`,
      `arn:aws:secretsmanager:${REGION}:${ACCOUNT}:secret:slack-webhooks-??????`,
    ]);
  });

  test('may send e-mail, from the configured sender alone', () => {
    expect(whoMay('ses:SendEmail').map(({ id }) => id)).toEqual([expect.stringMatching(/^KeyturnDeliverFunctionRole/)]);
    const [statement, ...more] = deliver.filter(({ actions }) => actions.some((action) => action.startsWith('ses:')));
    expect(more).toEqual([]);
    expect(statement).toEqual({
      effect: 'Allow',
      actions: ['ses:SendEmail'],
      resources: [
        `arn:aws:ses:${REGION}:${ACCOUNT}:configuration-set/keyturn`,
        `arn:aws:ses:${REGION}:${ACCOUNT}:identity/example.com`,
        `arn:aws:ses:${REGION}:${ACCOUNT}:identity/keys@mail.Example.com`,
        `arn:aws:ses:${REGION}:${ACCOUNT}:identity/mail.example.com`,
      ],
      conditions: { StringEquals: { 'ses:FromAddress': 'keys@mail.Example.com' } },
    });
  });

  test('may publish notices', () => {
    expect(whoMay('sns:Publish').map(({ id }) => id)).toEqual([expect.stringMatching(/^KeyturnDeliverFunctionRole/)]);
  });

  test('is told what it sends with', () => {
    expect(variablesOf(hub)).toMatchObject({
      SLACK_SECRET_NAME: 'slack-webhooks',
      WEBHOOKS_SECRET_NAME: 'owners/webhooks',
    });
    expect(emailSettingsSchema.parse(JSON.parse(String(variablesOf(hub).EMAIL)))).toEqual({ ...email, region: REGION });
  });
});

test('SES may be in another Region', () => {
  const { hub: elsewhere } = synth({ notices: { email: { from: 'keys@example.com', region: 'us-east-1' } } });
  const statements = statementsOf(elsewhere, 'KeyturnDeliverFunctionRole');
  expect(JSON.stringify(allowedOn(statements, 'ses:SendEmail'))).toContain(`:ses:us-east-1:${ACCOUNT}:identity/`);
  expect(variablesOf(elsewhere).EMAIL).toContain('us-east-1');
});

test('what is not set up takes no permission and no variable', () => {
  const { hub: plain } = synth();
  const statements = statementsOf(plain, 'KeyturnDeliverFunctionRole');
  expect(allowedOn(statements, 'secretsmanager:GetSecretValue')).toEqual([]);
  expect(allowedOn(statements, 'ses:SendEmail')).toEqual([]);
  const names = Object.keys(variablesOf(plain));
  for (const name of ['SLACK_SECRET_NAME', 'WEBHOOKS_SECRET_NAME', 'EMAIL', 'HOUSE_STYLE']) {
    expect(names).not.toContain(name);
  }
});

test('the command line learns how e-mail is sent', () => {
  const parameterOf = (template: Template) => JSON.stringify(template.findResources('AWS::SSM::Parameter'));
  expect(parameterOf(hub)).toContain('\\"emailBy\\":\\"ses\\"');
  expect(parameterOf(synth().hub)).toContain('\\"emailBy\\":\\"topic\\"');
});

describe("the deployment's own texts", () => {
  const folder = mkdtempSync(join(tmpdir(), 'keyturn-texts-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const bundler = join(__dirname, '../../lib/bundle.ts');

  test('are in the bundle, however long, and not in the environment', () => {
    const style = JSON.stringify({ texts: { 'footer.owner': `Fragen? #hilfe ${'!'.repeat(4_000)}` } });
    const file = join(folder, 'deliver.js');
    execFileSync(process.execPath, [bundler, 'deliver', file, JSON.stringify({ HOUSE_STYLE: style })]);
    const code = readFileSync(file, 'utf8');
    expect(code.includes('HOUSE_STYLE')).toBe(false);
    expect(code.includes(`{"footer.owner":"Fragen? #hilfe ${'!'.repeat(4_000)}"}`)).toBe(true);
  });

  test('are refused at synth when they make no sense', () => {
    expect(() => synth({ notices: { texts: { 'no.such.text': 'Hello' } } })).toThrow(ConfigError);
  });
});
