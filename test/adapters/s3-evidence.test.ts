import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectVersionsCommand,
  PutObjectLockConfigurationCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { S3Evidence } from '../../lambda/adapters/s3-evidence.ts';
import { AccessDeniedError, ConflictError, UnavailableError } from '../../lambda/ports.ts';
import { evidenceSuite } from '../contracts/evidence.suite.ts';
import { emulated } from '../support/emulated.ts';
import { stubbed } from '../support/stubbed.ts';

const { emulator, freshAccount } = emulated();
let buckets = 0;

/** A locked bucket as the stack makes it. */
async function lockedBucket() {
  buckets += 1;
  const Bucket = `evidence-${buckets}`;
  const client = new S3Client({ ...emulator().client(freshAccount()), forcePathStyle: true });
  await client.send(new CreateBucketCommand({ Bucket, ObjectLockEnabledForBucket: true }));
  const rule = { DefaultRetention: { Mode: 'GOVERNANCE', Days: 366 } } as const;
  const ObjectLockConfiguration = { ObjectLockEnabled: 'Enabled', Rule: rule } as const;
  await client.send(new PutObjectLockConfigurationCommand({ Bucket, ObjectLockConfiguration }));
  return { Bucket, client, store: new S3Evidence(client, Bucket) };
}

evidenceSuite('S3 on the local AWS', async () => {
  const { store, client, Bucket } = await lockedBucket();
  return {
    store,
    content: async (Key) => {
      const { Body } = await client.send(new GetObjectCommand({ Bucket, Key }));
      return (await Body?.transformToString()) ?? '';
    },
  };
});

test('a file that has to be new is not put over another', async () => {
  const { store, client, Bucket } = await lockedBucket();
  const file = { name: 'heads/2026-11-20.json', contentType: 'application/json', onlyNew: true } as const;
  await store.put({ ...file, lines: ['1'] });
  await expect(store.put({ ...file, lines: ['2'] })).rejects.toThrow(ConflictError);
  const { Versions = [] } = await client.send(new ListObjectVersionsCommand({ Bucket }));
  expect(Versions).toHaveLength(1);
});

test('what is stored is locked from then on, and an older version stays beside the new one', async () => {
  const { store, client, Bucket } = await lockedBucket();
  const Key = 'reports/2026-10/report.json';
  await store.put({ name: Key, contentType: 'application/json', lines: ['1'] });
  await store.put({ name: Key, contentType: 'application/json', lines: ['2'] });
  const { Versions = [] } = await client.send(new ListObjectVersionsCommand({ Bucket, Prefix: Key }));
  expect(Versions).toHaveLength(2);
  for (const { VersionId } of Versions) {
    const head = await client.send(new HeadObjectCommand({ Bucket, Key, VersionId }));
    expect(head.ObjectLockMode).toBe('GOVERNANCE');
    expect(head.ObjectLockRetainUntilDate?.getTime()).toBeGreaterThan(Date.now() + 360 * 86_400_000);
    await expect(client.send(new DeleteObjectCommand({ Bucket, Key, VersionId }))).rejects.toMatchObject({
      name: 'AccessDenied',
    });
  }
});

test('nothing is left on the disk', async () => {
  const { store } = await lockedBucket();
  const left = () => readdirSync(tmpdir()).filter((name) => name.startsWith('keyturn-evidence-'));
  const before = left();
  await store.put({ name: 'a', contentType: 'text/plain', lines: ['x'] });
  await expect(
    new S3Evidence(new S3Client({ ...emulator().client(), forcePathStyle: true }), 'no-such-bucket').put({
      name: 'a',
      contentType: 'text/plain',
      lines: ['x'],
    }),
  ).rejects.toThrow(UnavailableError);
  expect(left()).toEqual(before);
});

describe('what S3 answers', () => {
  const { stub, clientConfig } = stubbed();
  test('a passing fault is tried again, with the whole file', async () => {
    stub().prepare(
      { status: 503, body: '<Error><Code>SlowDown</Code><Message>slow</Message></Error>' },
      { status: 200 },
    );
    const store = new S3Evidence(new S3Client({ ...clientConfig(), maxAttempts: 2, forcePathStyle: true }), 'evidence');
    await store.put({ name: 'a', contentType: 'text/plain', lines: ['x'] });
    expect(stub().requests.map(({ method, body }) => [method, body])).toEqual([
      ['PUT', 'x\n'],
      ['PUT', 'x\n'],
    ]);
  });

  test('a denial is told with the action', async () => {
    stub().prepare({ status: 403, body: '<Error><Code>AccessDenied</Code><Message>no</Message></Error>' });
    const store = new S3Evidence(new S3Client({ ...clientConfig(), forcePathStyle: true }), 'evidence');
    await expect(store.put({ name: 'a', contentType: 'text/plain', lines: ['x'] })).rejects.toThrow(AccessDeniedError);
  });
});
