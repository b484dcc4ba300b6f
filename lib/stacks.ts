import { Stage, Tags } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { HubStack } from './hub-stack.ts';
import { MemberStack } from './member-stack.ts';
import { OrganizationReaderStack } from './organization-reader-stack.ts';
import type { ResolvedConfig } from './resolve-config.ts';

export interface KeyturnStacks {
  readonly hub: HubStack;
  /** The hub's own; its template is that of every account. */
  readonly member: MemberStack;
  /** For the management account, when the settings name a role there. */
  readonly reader?: OrganizationReaderStack;
}

/** Adds what one deployment consists of to the app. `current` is where the credentials at hand lead. */
export function addStacks(
  app: Construct,
  config: ResolvedConfig,
  current: { readonly account?: string | undefined; readonly region?: string | undefined },
): KeyturnStacks {
  const { account = current.account, region = current.region, stackName, tags, ...keyturn } = config;
  const env = { ...(account !== undefined && { account }), ...(region !== undefined && { region }) };
  const hub = new HubStack(app, `${stackName}Hub`, { env, keyturn });
  const member = new MemberStack(app, `${stackName}Member`, { env, member: hub.keyturn.member });
  // A trust policy may only name a role that exists.
  member.addStackDependency(hub);
  const reader = addReader(app, config, hub);
  for (const [key, value] of Object.entries(tags)) Tags.of(app).add(key, value);
  return { hub, member, ...(reader && { reader }) };
}

/** In a stage of its own: `cdk deploy --all` takes what is for the hub, and this one needs other credentials. */
function addReader(
  app: Construct,
  { accounts, access, stackName }: ResolvedConfig,
  hub: HubStack,
): OrganizationReaderStack | undefined {
  if (accounts.kind !== 'organization' || accounts.readerRoleArn === undefined) return undefined;
  const { dispatchRoleName, organizationId } = access;
  const [, , , , account = '', role = ''] = accounts.readerRoleArn.split(':');
  if (organizationId === undefined) throw new Error('an organisation without its ID was not refused');
  const stage = new Stage(app, 'Management', { env: { account, region: hub.region } });
  return new OrganizationReaderStack(stage, `${stackName}OrganizationReader`, {
    stackName: `${stackName}OrganizationReader`,
    reader: { roleName: role.slice('role/'.length), hubAccount: hub.account, dispatchRoleName, organizationId },
  });
}
