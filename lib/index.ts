/** What the package offers to other CDK apps. */
export { presets } from '../lambda/domain/policy.ts';
export {
  type AccessProps,
  type AccountsProps,
  defineConfig,
  type KeyturnConfig,
  type KeyturnProps,
  type NoticesProps,
  type OperationProps,
  type PolicyProps,
} from './config.ts';
export { HubStack } from './hub-stack.ts';
export { Keyturn } from './keyturn.ts';
export { MemberRole, type MemberRoleProps } from './member-role.ts';
export { MemberStack } from './member-stack.ts';
export { ConfigError, type ResolvedConfig, resolveConfig } from './resolve-config.ts';
export { addStacks } from './stacks.ts';
