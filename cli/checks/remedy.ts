import type { Deployment } from '../../lambda/contracts/deployment.ts';
import { READ_POLICY } from '../../lambda/domain/secret-name.ts';

/** How a member role becomes what the settings say. */
export interface Remedy {
  /** When the settings, and with them the template, may have changed since; and what to do when they have not. */
  readonly deploy: string;
  /** When the template is what it was: CloudFormation then leaves the role as it is. */
  readonly anew: string;
}

/** `holder`: name of the stack that the role is part of; `none`: of no stack; absent: who asks may not see it. */
export function remedyFor({ stack: hub, settings }: Deployment, holder: string | undefined): Remedy {
  if (holder === 'none') {
    const anew = 'delete the role and make it again in the way it was made: it is part of no stack';
    return { deploy: anew, anew };
  }
  if (holder === hub) {
    const anew = `take the MemberRole out of stack ${hub}, deploy, put it back and deploy again`;
    return { deploy: `'npx cdk deploy ${hub}'; where that changes nothing, ${anew}`, anew };
  }
  const name = holder ?? hub.replace(/Hub$/, 'Member');
  const detach = settings.secrets.kind === 'hub' ? `detach policy ${READ_POLICY} from its users, then ` : '';
  const anew =
    `${detach}delete the stack with 'aws cloudformation delete-stack --stack-name ${name}' and, ` +
    `when it is gone, make it again with 'npx cdk deploy ${name}'`;
  return { deploy: `'npx cdk deploy ${name}'; where that changes nothing, ${anew}`, anew };
}
