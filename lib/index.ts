/** What the package offers to other CDK apps. */
export { presets } from '../lambda/domain/policy.ts';
export {
  type AccessProps,
  type AlarmsProps,
  defineConfig,
  type KeyturnConfig,
  type KeyturnProps,
  type OperationProps,
} from './config.ts';
export type { AccountsProps, EnforceInProps, MemberStackSetProps, OrganizationProps } from './config-accounts.ts';
export type { AuditorProps, EvidenceProps } from './config-evidence.ts';
export type { EmailProps, NoticesProps } from './config-notices.ts';
export type { PolicyProps } from './config-policy.ts';
export type { SecretsProps } from './config-secrets.ts';
export { HubStack } from './hub-stack.ts';
export { Keyturn } from './keyturn.ts';
export { MemberRole, type MemberRoleProps } from './member-role.ts';
export { MemberStack } from './member-stack.ts';
export { memberTemplate } from './member-template.ts';
export { OrganizationReaderStack } from './organization-reader-stack.ts';
export { ConfigError, type ResolvedConfig, resolveConfig } from './resolve-config.ts';
export { addStacks } from './stacks.ts';
