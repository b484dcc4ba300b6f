import { inspect } from 'node:util';
import { StsKeyProver } from '../../lambda/adapters/key-prover.ts';
import { SecretAccessKey } from '../../lambda/domain/secret-access-key.ts';
import { UnavailableError } from '../../lambda/ports.ts';
import { queryAnswer, queryError } from '../support/aws-answers.ts';
import { aCreatedKey } from '../support/builders.ts';
import { useEndpoint } from '../support/endpoint.ts';
import { fakePause } from '../support/fake-pause.ts';
import type { StubAnswer } from '../support/http-stub.ts';
import { stubbed } from '../support/stubbed.ts';

const { stub } = stubbed();
useEndpoint(() => stub().url);

const key = aCreatedKey({ secret: new SecretAccessKey('fakeSecretThatMustNotBeSeen') });
const unknown = queryError(403, 'InvalidClientTokenId', 'The security token included in the request is invalid.');
const known = queryAnswer(
  'GetCallerIdentity',
  '<Arn>arn:aws:iam::111122223333:user/x</Arn><UserId>AIDAFAKE</UserId><Account>111122223333</Account>',
);

async function proving(...answers: StubAnswer[]) {
  stub().prepare(...answers);
  const { pause, waits, total } = fakePause();
  const error = await new StsKeyProver({ region: 'eu-central-1', pause }).prove(key).catch((refusal) => refusal);
  return { error, waits, waited: total() };
}

test('a key that STS knows at once is proven with itself', async () => {
  const { error, waits } = await proving(known);
  expect(error).toBeUndefined();
  expect(waits).toEqual([]);
  expect(stub().requests[0]?.headers.authorization).toContain(`Credential=${key.keyId}/`);
});

test('a key that STS does not know yet is asked for until it does', async () => {
  const { error, waits } = await proving(unknown, unknown, known);
  expect(error).toBeUndefined();
  expect(waits).toEqual([1_500, 1_500]);
});

test('a key that STS does not know within half a minute is not proven', async () => {
  const { error, waited } = await proving(unknown);
  expect(error).toBeInstanceOf(UnavailableError);
  expect(String(error)).toContain(`STS did not know the new key ${key.keyId} within 30 seconds`);
  expect(waited).toBeLessThanOrEqual(30_000);
  expect(waited).toBeGreaterThan(27_000);
});

test('any other refusal is not waited for, and does not tell the secret', async () => {
  const { error, waits } = await proving(queryError(403, 'SignatureDoesNotMatch', 'The signature does not match'));
  expect(error).toBeInstanceOf(UnavailableError);
  expect(String(error)).toContain('SignatureDoesNotMatch');
  expect(waits).toEqual([]);
  expect(inspect(error, { depth: null, showHidden: true })).not.toContain('fakeSecretThatMustNotBeSeen');
});
