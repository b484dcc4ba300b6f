import { MalformedItemError } from '../lambda/adapters/dynamo-items.ts';
import { UnavailableError } from '../lambda/ports.ts';
import { CommandError, UsageError } from './errors.ts';

/** What to tell a person about an error, and what the shell. */
export interface Explanation {
  readonly sentence: string;
  /** One line for each single mistake, where there are several. */
  readonly mistakes: readonly string[];
  /** 2: the command line was wrong; 1: anything else. */
  readonly exitCode: 1 | 2;
}

/** Turns whatever went wrong into one sentence that says what to do. */
export function explain(error: unknown): Explanation {
  if (error instanceof UsageError) return { sentence: error.message, mistakes: [], exitCode: 2 };
  const mistakes = error instanceof CommandError ? error.mistakes : [];
  return { sentence: sentenceFor(error), mistakes, exitCode: 1 };
}

function sentenceFor(error: unknown): string {
  if (error instanceof CommandError) {
    return error.cause === undefined ? error.message : `${sentenceFor(error.cause)} ${error.message}`;
  }
  for (const one of causesOf(error)) {
    const known = knownSentence(one);
    if (known !== undefined) return known;
    // The SDK could not read the answer, which may be a whole page of HTML.
    if (one.name === 'SyntaxError' && '$metadata' in one)
      return 'What answered is not AWS: check AWS_ENDPOINT_URL and any proxy on the way.';
  }
  if (error instanceof UnavailableError)
    return `${error.message} Try again; if it stays so, look at the AWS Health Dashboard.`;
  // Says which item cannot be read, and why.
  if (error instanceof MalformedItemError) return error.message;
  if (error instanceof Error && '$metadata' in error) {
    return `AWS answered with a fault (${error.name}: ${error.message}): try again in a minute.`;
  }
  const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return `Unexpected: ${message} (KEYTURN_DEBUG=1 shows where; please report it).`;
}

/** The error itself and what caused it, outermost first. */
function* causesOf(error: unknown): Generator<Error> {
  for (let one = error; one instanceof Error; one = one.cause) yield one;
}

const signIn = 'sign in again (such as with aws sso login), or name another profile with --profile';

/** Sentences by what AWS, its SDK or Node call the error. */
const sentences: readonly (readonly [names: readonly string[], sentence: (error: Error) => string])[] = [
  [
    ['ExpiredToken', 'ExpiredTokenException', 'RequestExpired', 'TokenRefreshRequired'],
    () => `Your AWS credentials have expired: ${signIn}.`,
  ],
  [
    [
      'InvalidClientTokenId',
      'UnrecognizedClientException',
      'InvalidAccessKeyId',
      'SignatureDoesNotMatch',
      'InvalidSignatureException',
      'IncompleteSignature',
      'AuthFailure',
    ],
    () =>
      'AWS does not accept your credentials: check the access key of your profile or environment, or name another with --profile.',
  ],
  [
    ['AccessDenied', 'AccessDeniedException', 'AuthorizationError', 'UnauthorizedOperation'],
    (error) => deniedSentence(error.message),
  ],
  [
    [
      'Throttling',
      'ThrottlingException',
      'ThrottledException',
      'RequestLimitExceeded',
      'TooManyRequestsException',
      'ProvisionedThroughputExceededException',
    ],
    () => 'AWS throttled the calls again and again: wait a minute and run the command again.',
  ],
  [
    ['ResourceNotFoundException'],
    () =>
      'A table of the deployment does not exist (any more): check that the stack is deployed, and that --deployment names the right one.',
  ],
  [['TimeoutError', 'ETIMEDOUT'], () => unreachable('AWS did not answer in time')],
  [
    ['ENOTFOUND', 'EAI_AGAIN'],
    (error) => unreachable(`${'hostname' in error ? error.hostname : 'The AWS endpoint'} could not be found`),
  ],
  [
    ['ECONNREFUSED', 'ECONNRESET', 'EHOSTUNREACH', 'ENETUNREACH', 'EPIPE'],
    (error) => unreachable(`The AWS endpoint could not be reached (${error.message || codeOf(error)})`),
  ],
];

function knownSentence(error: Error): string | undefined {
  if (error.name === 'CredentialsProviderError' || error.name === 'TokenProviderError')
    return credentialsSentence(error);
  if (/^Region is missing|is not a valid hostname component/.test(error.message)) {
    return 'No valid AWS Region is set: name one with --region or AWS_REGION, or check the name and the region of your profile.';
  }
  const names = [error.name, codeOf(error)];
  return sentences.find(([known]) => known.some((name) => names.includes(name)))?.[1](error);
}

const codeOf = (error: Error): string => ('code' in error ? String(error.code) : '');

const unreachable = (what: string): string =>
  `${what}: check the network, the Region (--region) and, if it is set, AWS_ENDPOINT_URL.`;

function credentialsSentence({ message }: Error): string {
  if (/expired/i.test(message)) return `Your AWS credentials have expired: ${signIn}.`;
  if (/Could not load credentials from any providers/.test(message)) {
    return 'There are no AWS credentials: sign in (such as with aws sso login) and name your profile with --profile or AWS_PROFILE.';
  }
  return `No AWS credentials could be had: ${message.replace(/\.?$/, '.')}`;
}

/** AWS says who may not do what on what, and why; the rest of its message adds nothing. */
function deniedSentence(message: string): string {
  if (/MultiFactorAuthentication failed/.test(message))
    return 'AWS did not accept the MFA code: try again with the next one.';
  const [, who, action] = /User: (\S+) is not authorized to perform: (\S+)/.exec(message) ?? [];
  const [, resource] = /on resource: (.+?)(?= because | with an explicit deny|$)/.exec(message) ?? [];
  const [, why] = /(because .+|with an explicit deny .+)$/.exec(message) ?? [];
  if (who === undefined)
    return `AWS denied access: ${message.replace(/\.?$/, '.')} Ask for that permission, or use another --profile.`;
  const on = resource === undefined ? '' : ` on ${resource}`;
  return `Access denied: ${who} may not perform ${action}${on} (${(why ?? 'no policy allows it').replace(/^because /, '')}): ask for that permission, or use another --profile.`;
}
