import { Stack, Validations } from 'aws-cdk-lib';
import type { Construct } from 'constructs';

/** Tells cdk-nag why a permission must name more than one resource. `resource` is as in the statement. */
export function acknowledgeWildcard(construct: Construct, resource: string, reason: string): void {
  const id = `AwsSolutions-IAM5[Resource::${flatten(Stack.of(construct).resolve(resource))}]`;
  Validations.of(construct).acknowledge({ id, reason });
}

/** As cdk-nag writes a resource: a reference to a parameter or another resource becomes its name in angle brackets. */
function flatten(resolved: unknown): string {
  if (typeof resolved === 'string') return resolved;
  if (typeof resolved !== 'object' || resolved === null) return '';
  if ('Ref' in resolved) return `<${String(resolved.Ref)}>`;
  if ('Fn::GetAtt' in resolved && Array.isArray(resolved['Fn::GetAtt'])) return `<${resolved['Fn::GetAtt'].join('.')}>`;
  if ('Fn::Join' in resolved && Array.isArray(resolved['Fn::Join'])) {
    const [separator, parts]: unknown[] = resolved['Fn::Join'];
    return Array.isArray(parts) ? parts.map(flatten).join(String(separator)) : '';
  }
  return '';
}
