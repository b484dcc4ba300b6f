import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import type { MemberRoleProps } from './member-role.ts';
import { MemberStack } from './member-stack.ts';

/** The longest template that CloudFormation takes inline, in bytes. */
export const INLINE_LIMIT = 51_200;

/** The member stack's template as JSON, for whatever deploys it where the app itself does not. */
export function memberTemplate(member: MemberRoleProps, context: Record<string, unknown>): string {
  const outdir = mkdtempSync(join(tmpdir(), 'keyturn-member-'));
  try {
    const app = new App({ outdir, context, autoSynth: false, analyticsReporting: false });
    const { stackName } = new MemberStack(app, 'Member', { member });
    const template = JSON.stringify(app.synth().getStackByName(stackName).template);
    const size = Buffer.byteLength(template);
    if (size <= INLINE_LIMIT) return template;
    throw new Error(`the member template has ${size} bytes, and a StackSet takes ${INLINE_LIMIT}: name fewer Regions`);
  } finally {
    rmSync(outdir, { recursive: true });
  }
}
