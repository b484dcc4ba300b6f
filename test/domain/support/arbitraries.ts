import * as fc from 'fast-check';
import {
  type AccessKeyId,
  type AccountId,
  parseAccessKeyId,
  parseAccountId,
  parseUserName,
  type UserName,
} from '../../../lambda/domain/ids.ts';

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const digits = [...'0123456789'];

/** What makes names awkward comes up as often as all letters together. */
const nameCharacter = fc.oneof(fc.constantFrom(...alphabet), fc.constantFrom(...'_+=,.@--==,,'));

export const anyUserName: fc.Arbitrary<UserName> = fc
  .string({ unit: nameCharacter, minLength: 1, maxLength: 64 })
  .map(parseUserName);

export const anyAccountId: fc.Arbitrary<AccountId> = fc
  .string({ unit: fc.constantFrom(...digits), minLength: 12, maxLength: 12 })
  .map(parseAccountId);

/** Of the length that AWS gives them nowadays, and some longer ones. */
export const anyAccessKeyId: fc.Arbitrary<AccessKeyId> = fc
  .string({ unit: fc.constantFrom('A', 'B', '2', '_'), minLength: 16, maxLength: 40 })
  .map(parseAccessKeyId);
