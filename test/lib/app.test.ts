import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(__dirname, '../..');
const scratch = mkdtempSync(join(tmpdir(), 'keyturn-app-'));
afterAll(() => rmSync(scratch, { recursive: true }));

/** Runs the app as `cdk synth` does, but without the functions' code. */
function synth(settings?: string) {
  const configFile = join(scratch, 'settings.ts');
  if (settings !== undefined) writeFileSync(configFile, settings);
  const { CDK_OUTDIR: _, KEYTURN_CONFIG: __, ...env } = process.env;
  const outputDir = mkdtempSync(join(scratch, 'out-'));
  const { status, stdout, stderr } = spawnSync(process.execPath, ['bin/keyturn.ts'], {
    cwd: root,
    encoding: 'utf8',
    env: {
      ...env,
      CDK_OUTDIR: outputDir,
      CDK_CONTEXT_JSON: JSON.stringify({ 'aws:cdk:bundling-stacks': [] }),
      ...(settings !== undefined && { KEYTURN_CONFIG: configFile }),
    },
  });
  return { status, output: stdout + stderr, templates: readdirSync(outputDir).filter((name) => /template/.test(name)) };
}

describe('the CDK app', () => {
  test('makes a hub and a member stack from the settings in the repository', () => {
    const { status, templates } = synth();
    expect(templates).toEqual(['KeyturnHub.template.json', 'KeyturnMember.template.json']);
    expect(status).toBe(0);
  });

  test('takes the settings that KEYTURN_CONFIG names', () => {
    expect(synth('export default { stackName: "Trial" };').templates).toContain('TrialHub.template.json');
  });

  test('refuses a policy that contradicts itself, with every mistake and no stack trace', () => {
    const settings = 'export default { policy: { rotateAfterDays: 90, disableAfterDays: 80, deleteAfterDays: 70.5 } };';
    const { status, output, templates } = synth(settings);
    expect(output).toBe(
      [
        'The Keyturn settings have 2 mistakes:',
        '  - policy.deleteAfterDays must be a whole number of at least 1, not 70.5',
        '  - policy.disableAfterDays (80) must be at least one day after rotateAfterDays (90)',
        '',
      ].join('\n'),
    );
    expect(status).toBe(1);
    expect(templates).toEqual([]);
  });

  test.each([
    ['no default export', 'export const config = {};', 'has no default export'],
    ['a syntax error', 'export default {', "can't be loaded"],
  ])('says so when the settings have %s', (_, settings, message) => {
    const { status, output } = synth(settings);
    expect(output).toContain(message);
    expect(output).not.toMatch(/^\s+at /m);
    expect(status).toBe(1);
  });
});
