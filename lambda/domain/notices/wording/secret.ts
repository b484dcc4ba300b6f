import type { AccountId } from '../../ids.ts';
import { READ_POLICY, secretAccountOf } from '../../secret-name.ts';
import type { SecretPlace } from '../commands.ts';
import { code, type Phrase } from '../phrase.ts';
import type { Words } from '../words.ts';

interface Stored {
  readonly secretName: string;
  readonly secretRegion: string;
  readonly secretArn?: string | undefined;
}

/** Where a user of that account finds its secret: by its ARN only where the name does not do. */
export function placeOf(account: AccountId, { secretName, secretRegion, secretArn }: Stored): SecretPlace {
  const inAnotherAccount = secretArn !== undefined && secretAccountOf(secretArn) !== account;
  return { id: inAnotherAccount ? secretArn : secretName, region: secretRegion, inAnotherAccount };
}

/** What a user needs beside its key where the secret is in another account. */
export const elsewhere = ({ id, inAnotherAccount }: SecretPlace, words: Words): readonly Phrase[] =>
  inAnotherAccount
    ? [
        words('key-replaced.advice.elsewhere', {
          account: secretAccountOf(id) ?? 'unknown',
          policy: code(READ_POLICY),
        }),
      ]
    : [];
