import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import manifest from '@aws-sdk/client-dynamodb/package.json' with { type: 'json' };
import { Template } from 'aws-cdk-lib/assertions';
import { environment } from '../../lambda/contracts/environment.ts';
import { ACCOUNT, functionNamed, makeApp, REGION } from './synth.ts';

const { app, hub } = makeApp({}, { bundle: true });
const { directory } = app.synth();
const bundles = readdirSync(directory).filter((name) => name.startsWith('asset.') && !name.endsWith('.json'));
const fileOf = (bundle: string) => join(directory, bundle, 'index.js');

test('each function has a bundle of its own', () => {
  expect(bundles).toHaveLength(5);
});

// Six SDK clients, zod/mini and Powertools are less than this; a library that comes along whole is more (decision 0009).
test('a bundle is one file of at most 450 KB, so that it starts quickly', () => {
  for (const bundle of bundles) {
    expect(readdirSync(join(directory, bundle))).toEqual(['index.js']);
    expect(statSync(fileOf(bundle)).size).toBeLessThanOrEqual(450_000);
  }
});

test('a bundle needs nothing but itself and its variables, and exports the handler', () => {
  const { Variables } = functionNamed(Template.fromStack(hub), 'RotateAccount').Environment;
  const names = Object.values(environment).map((name) => [name, 'something']);
  const env = {
    ...Object.fromEntries(names),
    [environment.settings]: Variables[environment.settings],
    [environment.secretReaders]: '[]',
    [environment.email]: '{"from":"keys@example.com","region":"eu-west-1"}',
    [environment.operatorsTopicArn]: `arn:aws:sns:${REGION}:${ACCOUNT}:operators`,
    [environment.noticesTopicArn]: `arn:aws:sns:${REGION}:${ACCOUNT}:notices`,
    AWS_REGION: REGION,
  };
  const show = 'console.log(typeof require(process.argv[1]).handler)';
  for (const bundle of bundles) {
    expect(execFileSync(process.execPath, ['-e', show, fileOf(bundle)], { env, encoding: 'utf8' })).toBe('function\n');
  }
});

test('an error in a bundle has its name, although classes are renamed there', () => {
  const show = 'try { require(process.argv[1]) } catch ({ name, message }) { console.log(name + ": " + message) }';
  for (const bundle of bundles) {
    expect(execFileSync(process.execPath, ['-e', show, fileOf(bundle)], { env: {}, encoding: 'utf8' })).toMatch(
      /^EnvironmentError: The environment variables of this function are wrong: AWS_REGION is not set/,
    );
  }
});

test('a bundle knows the versions of its SDK clients, and tells AWS', () => {
  for (const bundle of bundles) {
    expect(readFileSync(fileOf(bundle), 'utf8')).toContain(`version:"${manifest.version}"`);
  }
});
