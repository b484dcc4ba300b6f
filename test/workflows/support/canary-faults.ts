import { IAMClient } from '@aws-sdk/client-iam';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { createAccessKey } from '../../../lambda/adapters/create-access-key.ts';
import { StsKeyProver } from '../../../lambda/adapters/key-prover.ts';
import { SecretsManager } from '../../../lambda/adapters/secrets-manager.ts';
import type { MemberAccount } from '../../../lambda/ports.ts';
import { jsonError, queryAnswer, queryError } from '../../support/aws-answers.ts';
import { SECRET_MARK } from '../../support/fake-iam.ts';
import { fakePause } from '../../support/fake-pause.ts';
import type { PreparedAnswer } from '../../support/http-stub.ts';
import type { stubbed } from '../../support/stubbed.ts';

/** How every secret access key of these tests begins: those of the fake IAM, and the one in half an answer. */
export const CANARY = SECRET_MARK;

/** Which real adapter, at the calls that hold the secret, meets an AWS that answers like that. */
export interface Fault {
  readonly adapter: 'create' | 'store' | 'prove';
  readonly answer: PreparedAnswer;
}

const halfAKey = `<AccessKey><AccessKeyId>AKIAFAKE000000009999</AccessKeyId><SecretAccessKey>${CANARY}half-an-answer`;

export const faults: readonly (readonly [string, Fault])[] = [
  ['IAM creates a key and its answer breaks off', { adapter: 'create', answer: { status: 200, body: halfAKey } }],
  [
    'IAM answers with a date that is none',
    {
      adapter: 'create',
      answer: queryAnswer(
        'CreateAccessKey',
        `${halfAKey}</SecretAccessKey><CreateDate>${CANARY}date</CreateDate></AccessKey>`,
      ),
    },
  ],
  [
    'IAM answers 500, and quotes a secret',
    { adapter: 'create', answer: queryError(500, 'ServiceFailure', `${CANARY}half-an-answer`) },
  ],
  [
    'Secrets Manager refuses a value, and quotes it',
    {
      adapter: 'store',
      answer: ({ body }) => jsonError(400, 'InvalidParameterException', JSON.parse(body).SecretString),
    },
  ],
  [
    'Secrets Manager fails inside, and quotes the request whole',
    { adapter: 'store', answer: ({ body }) => jsonError(500, 'InternalServiceError', body, { request: body }) },
  ],
  [
    'Secrets Manager answers with something else than JSON',
    { adapter: 'store', answer: ({ body }) => ({ status: 502, body: `<html>${body}</html>` }) },
  ],
  ['Secrets Manager hangs up', { adapter: 'store', answer: 'drop' }],
  ['Secrets Manager never answers', { adapter: 'store', answer: 'hang' }],
  ['STS does not know the key', { adapter: 'prove', answer: queryError(403, 'InvalidClientTokenId', 'Unknown.') }],
  [
    'STS quotes the headers of the request',
    {
      adapter: 'prove',
      answer: ({ headers }) => queryError(403, 'SignatureDoesNotMatch', String(headers.authorization)),
    },
  ],
];

/** A fake with the one method of it that a fault concerns replaced. */
const withMethod = <T extends object>(port: T, method: keyof T, own: unknown): T =>
  new Proxy(port, {
    get(target, name) {
      const found: unknown = name === method ? own : Reflect.get(target, name, target);
      return typeof found === 'function' && name !== method ? found.bind(target) : found;
    },
  });

/** The account as a worker meets it while that fault lasts. */
export function faulty(
  member: MemberAccount,
  { adapter, answer }: Fault,
  { stub, clientConfig }: ReturnType<typeof stubbed>,
): MemberAccount {
  stub().prepare(answer);
  const { pause } = fakePause();
  switch (adapter) {
    case 'create': {
      const client = new IAMClient(clientConfig());
      const createKey: MemberAccount['iam']['createKey'] = (userName) =>
        createAccessKey(client, userName, { attempts: 1, pause });
      return { ...member, iam: withMethod(member.iam, 'createKey', createKey) };
    }
    case 'store': {
      const real = new SecretsManager(new SecretsManagerClient(clientConfig()), { readers: [], replicaRegions: [] });
      return { ...member, secrets: withMethod(member.secrets, 'store', real.store.bind(real)) };
    }
    case 'prove':
      return { ...member, prover: new StsKeyProver({ region: 'eu-central-1', pause, bound: 3_000 }) };
    default:
      return adapter satisfies never;
  }
}
