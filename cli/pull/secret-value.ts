import { z } from 'zod';
import { InvalidIdError, parseAccessKeyId } from '../../lambda/domain/ids.ts';
import { SecretAccessKey } from '../../lambda/domain/secret-access-key.ts';
import { CommandError } from '../errors.ts';
import type { Caller } from './caller.ts';
import type { KeyPair } from './key-pair.ts';

/** As Keyturn stores it: the format of credential_process, and whose key it is. */
const stored = z.object({
  Version: z.literal(1),
  AccessKeyId: z.string(),
  // Nothing that a shared file could take for more than a value.
  SecretAccessKey: z.string().regex(/^[\w/+=.-]{16,128}$/),
  UserName: z.string(),
  Account: z.string(),
  CreatedAt: z.string().optional(),
});

/** The key in a secret, and when it was made. Throws CommandError, quoting nothing of it, unless it is the caller's. */
export function incomingKey(
  text: string,
  secretId: string,
  caller: Caller,
): KeyPair & { readonly createdAt: string | undefined } {
  const found = stored.safeParse(fromJson(text));
  if (!found.success) throw notOurs(secretId);
  const { AccessKeyId, SecretAccessKey: secret, UserName, Account, CreatedAt } = found.data;
  if (UserName !== caller.userName || Account !== caller.account) {
    throw new CommandError(
      `Secret ${secretId} is not that of user ${caller.userName} in account ${caller.account}, whose key this is. ` +
        'Nothing was changed: tell your Keyturn operators.',
    );
  }
  try {
    return { keyId: parseAccessKeyId(AccessKeyId), secret: new SecretAccessKey(secret), createdAt: CreatedAt };
  } catch (error) {
    if (!(error instanceof InvalidIdError)) throw error;
    throw notOurs(secretId);
  }
}

const notOurs = (secretId: string) =>
  new CommandError(
    `Secret ${secretId} does not hold a key in the form that Keyturn stores. Nothing was changed: tell your Keyturn operators.`,
  );

function fromJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Its message would quote the text.
    return undefined;
  }
}
