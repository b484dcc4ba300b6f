/** Identifiers as branded strings: a value of one of these types has been parsed and is well formed. */
declare const brand: unique symbol;
type Branded<Name extends string> = string & { readonly [brand]: Name };

export type AccountId = Branded<'AccountId'>;
export type UserName = Branded<'UserName'>;
export type UserId = Branded<'UserId'>;
export type AccessKeyId = Branded<'AccessKeyId'>;
export type OwnerId = Branded<'OwnerId'>;
export type RunId = Branded<'RunId'>;
export type RotationId = Branded<'RotationId'>;
export type EventId = Branded<'EventId'>;
export type ExemptionId = Branded<'ExemptionId'>;
export type RequestId = Branded<'RequestId'>;

/** A text that should have been an identifier is not one; the message names what and shows the text. */
export class InvalidIdError extends Error {
  override readonly name = 'InvalidIdError';
}

/** Each pattern is the one that the AWS API reference gives, or our own where the identifier is ours. */
const patterns = {
  AccountId: [/^\d{12}$/, 'an AWS account ID (12 digits)'],
  UserName: [/^[\w+=,.@-]{1,64}$/, 'an IAM user name (1 to 64 letters, digits and _+=,.@-)'],
  UserId: [/^\w{16,128}$/, 'an IAM UserId (such as AIDA…)'],
  AccessKeyId: [/^\w{16,128}$/, 'an access key ID (such as AKIA…)'],
  OwnerId: [/^[a-z0-9][a-z0-9._-]{0,63}$/, 'an owner ID (1 to 64 lower-case letters, digits and ._-)'],
  RunId: [/^run-[A-Za-z0-9-]{1,60}$/, 'a run ID (run-…)'],
  RotationId: [/^[0-9A-Z]{26}$/, 'a rotation ID (a ULID)'],
  EventId: [/^[0-9A-Z]{26}$/, 'an event ID (a ULID)'],
  ExemptionId: [/^[0-9A-Z]{26}$/, 'an exemption ID (a ULID)'],
  RequestId: [/^[0-9A-Z]{26}$/, 'a request ID (a ULID)'],
} as const satisfies Record<string, readonly [RegExp, string]>;

function parse<Name extends keyof typeof patterns>(name: Name, text: string): Branded<Name> {
  const [pattern, meaning] = patterns[name];
  if (!pattern.test(text)) throw new InvalidIdError(`'${text.slice(0, 140)}' is not ${meaning}`);
  return text as Branded<Name>;
}

export const parseAccountId = (text: string): AccountId => parse('AccountId', text);
export const parseUserName = (text: string): UserName => parse('UserName', text);
export const parseUserId = (text: string): UserId => parse('UserId', text);
export const parseAccessKeyId = (text: string): AccessKeyId => parse('AccessKeyId', text);
export const parseOwnerId = (text: string): OwnerId => parse('OwnerId', text);
export const parseRunId = (text: string): RunId => parse('RunId', text);
export const parseRotationId = (text: string): RotationId => parse('RotationId', text);
export const parseEventId = (text: string): EventId => parse('EventId', text);
export const parseExemptionId = (text: string): ExemptionId => parse('ExemptionId', text);
export const parseRequestId = (text: string): RequestId => parse('RequestId', text);
