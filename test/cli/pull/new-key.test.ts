import { newKey } from '../../../cli/pull/new-key.ts';
import type { OwnerAws } from '../../../cli/pull/owner-aws.ts';
import { parseAccessKeyId } from '../../../lambda/domain/ids.ts';
import { SecretAccessKey } from '../../../lambda/domain/secret-access-key.ts';
import { NEW, OLD, SECRET, stored, USER_ARN } from './owners-world.ts';

const outgoing = {
  keyId: parseAccessKeyId(OLD.id),
  secret: new SecretAccessKey(OLD.secret),
  home: undefined,
  region: undefined,
};
const refused = (name: string) => Object.assign(new Error('refused'), { name });

/** Fetches with pauses that take no time; `proof` answers for the new key, try by try. */
async function fetched(proof: (attempt: number) => string, text = stored()) {
  const [pauses, asked]: [number[], string[]] = [[], []];
  let attempt = 0;
  const aws: OwnerAws = {
    async callerOf({ keyId }) {
      if (keyId === OLD.id) return USER_ARN;
      attempt += 1;
      return proof(attempt);
    },
    async secret(_, secretId) {
      asked.push(secretId);
      return { text, storedAt: undefined };
    },
  };
  const asking = { aws, region: 'eu-central-1', pause: async (milliseconds: number) => void pauses.push(milliseconds) };
  const outcome = await newKey(asking, outgoing).catch((error: unknown) => error);
  return { outcome, pauses, asked };
}

const unknownUntil = (known: number) => (attempt: number) => {
  if (attempt < known) throw refused('InvalidClientTokenId');
  return USER_ARN;
};

test('the secret is the one that Keyturn makes for the user', async () => {
  expect((await fetched(unknownUntil(1))).asked).toEqual([SECRET]);
});

test.each([
  [1, 0],
  [5, 4],
  [12, 11],
])('a new key that AWS knows at try %i is proven after %i pauses', async (known, pauses) => {
  const { outcome, pauses: made } = await fetched(unknownUntil(known));
  expect(outcome).toMatchObject({ keyId: NEW.id, caller: { userName: 'build-bot', account: '111122223333' } });
  expect(made).toEqual(Array(pauses).fill(1_500));
});

test('one that AWS does not get to know is not taken', async () => {
  const { outcome, pauses } = await fetched(unknownUntil(13));
  expect(outcome).toMatchObject({
    message: expect.stringMatching(
      /^AWS does not accept the new key AKIAFAKE000000000002 \(yet\), so nothing was changed/,
    ),
  });
  expect(pauses).toHaveLength(11);
});

test('one whose secret half is wrong is not tried again', async () => {
  const { outcome, pauses } = await fetched(() => {
    throw refused('SignatureDoesNotMatch');
  });
  expect(outcome).toMatchObject({ message: expect.stringMatching(/is not a working key of user build-bot/) });
  expect(pauses).toEqual([]);
});

test('any other failure of the proof is told as it is', async () => {
  const { outcome } = await fetched(() => {
    throw refused('ThrottlingException');
  });
  expect(outcome).toMatchObject({ name: 'ThrottlingException' });
});

test('a key that prints itself shows no secret', async () => {
  const { outcome } = await fetched(unknownUntil(1));
  expect(JSON.stringify(outcome)).not.toContain(NEW.secret);
});
