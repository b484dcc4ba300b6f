import {
  CreateBucketCommand,
  DeleteObjectCommand,
  PutObjectCommand,
  PutObjectLockConfigurationCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { awsAnchors } from '../../cli/aws-anchors.ts';
import { ANCHORS } from '../../lambda/workflows/anchor-seals.ts';
import { emulated } from '../support/emulated.ts';

const { emulator, freshAccount } = emulated();
const hash = (letter: string) => letter.repeat(64);
const KEY = `${ANCHORS}2027-05-09.json`;
let buckets = 0;

/** A locked bucket with a note in it, as the report function leaves it. */
async function aBucket() {
  buckets += 1;
  const Bucket = `anchors-${buckets}`;
  const own = emulator().client(freshAccount());
  const client = new S3Client({ ...own, forcePathStyle: true });
  await client.send(new CreateBucketCommand({ Bucket, ObjectLockEnabledForBucket: true }));
  const rule = { DefaultRetention: { Mode: 'COMPLIANCE', Days: 366 } } as const;
  const ObjectLockConfiguration = { ObjectLockEnabled: 'Enabled', Rule: rule } as const;
  await client.send(new PutObjectLockConfigurationCommand({ Bucket, ObjectLockConfiguration }));
  const put = (number: number, of: string, Key = KEY) =>
    client.send(new PutObjectCommand({ Bucket, Key, Body: JSON.stringify({ number, hash: of }) }));
  await put(5, hash('a'));
  return { Bucket, client, put, anchors: () => awsAnchors(own, Bucket) };
}

test('are all there is under their prefix', async () => {
  const { put, anchors } = await aBucket();
  await put(6, hash('b'), `${ANCHORS}2027-05-10.json`);
  await put(7, hash('c'), 'reports/2027-05/report.json');
  expect(await anchors()).toEqual({
    seals: [
      { number: 5, hash: hash('a') },
      { number: 6, hash: hash('b') },
    ],
    faults: [],
  });
});

test('a note that is put over another is named, and both are compared', async () => {
  const { put, anchors } = await aBucket();
  await put(5, hash('b'));
  const { seals, faults } = await anchors();
  expect(seals.map((seal) => seal.hash).toSorted()).toEqual([hash('a'), hash('b')]);
  expect(faults).toEqual([{ anchor: KEY, why: 'it was written 2 times, and may be only once' }]);
});

test('a note that is said to be deleted is named, and compared', async () => {
  const { client, Bucket, anchors } = await aBucket();
  await client.send(new DeleteObjectCommand({ Bucket, Key: KEY }));
  expect(await anchors()).toEqual({
    seals: [{ number: 5, hash: hash('a') }],
    faults: [{ anchor: KEY, why: 'somebody marked it as deleted' }],
  });
});

test('what is no note is named, and the others are compared', async () => {
  const { client, Bucket, anchors } = await aBucket();
  const Key = `${ANCHORS}2027-05-10.json`;
  await client.send(new PutObjectCommand({ Bucket, Key, Body: 'hello' }));
  expect(await anchors()).toEqual({
    seals: [{ number: 5, hash: hash('a') }],
    faults: [{ anchor: Key, why: 'it holds no seal: another hand wrote it' }],
  });
});
