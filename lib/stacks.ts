import { Tags } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { HubStack } from './hub-stack.ts';
import { MemberStack } from './member-stack.ts';
import type { ResolvedConfig } from './resolve-config.ts';

/** Adds what one deployment consists of to the app. `current` is where the credentials at hand lead. */
export function addStacks(
  app: Construct,
  config: ResolvedConfig,
  current: { readonly account?: string | undefined; readonly region?: string | undefined },
): { readonly hub: HubStack; readonly member: MemberStack } {
  const { account = current.account, region = current.region, stackName, tags, ...keyturn } = config;
  const env = { ...(account !== undefined && { account }), ...(region !== undefined && { region }) };
  const hub = new HubStack(app, `${stackName}Hub`, { env, keyturn });
  const member = new MemberStack(app, `${stackName}Member`, { env, member: hub.keyturn.member });
  // A trust policy may only name a role that exists.
  member.addStackDependency(hub);
  for (const [key, value] of Object.entries(tags)) Tags.of(app).add(key, value);
  return { hub, member };
}
