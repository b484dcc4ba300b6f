import type * as z from 'zod/mini';

/** What a schema found wrong, in one line: `account: '12' is not an AWS account ID (12 digits); now: …`. */
export const faultsOf = ({ issues }: z.core.$ZodError): string =>
  issues.map(({ path, message }) => `${path.join('.') || 'it'}: ${message}`).join('; ');
