import {
  GetObjectCommand,
  ListObjectVersionsCommand,
  type ListObjectVersionsCommandInput,
  type ListObjectVersionsCommandOutput,
  S3Client,
} from '@aws-sdk/client-s3';
import { z } from 'zod';
import { calling } from '../lambda/adapters/aws-errors.ts';
import { clientSettings } from '../lambda/platform/aws-clients.ts';
import { ANCHORS } from '../lambda/workflows/anchor-seals.ts';
import type { AnchoredSeal, Anchors } from '../lambda/workflows/verify-seals.ts';
import type { Own } from './aws-estate.ts';

const anchor = z.object({ number: z.int().positive(), hash: z.string().regex(/^[0-9a-f]{64}$/) });

/** A version of a file: what is under a name now says nothing about what was there before. */
interface Version {
  readonly name: string;
  readonly id: string | undefined;
}

/**
 * The seals that were noted down in the evidence bucket: every version of every note, also of one that was put over another
 * or is said to be deleted. Object Lock keeps each version, and forbids neither. Throws UnavailableError.
 */
export async function awsAnchors(own: Own, bucket: string): Promise<Anchors> {
  const client = new S3Client({ ...clientSettings, ...own, forcePathStyle: true });
  const { versions, deleted } = await versionsIn(client, bucket);
  const seals: AnchoredSeal[] = [];
  const faults: Anchors['faults'][number][] = [];
  for (const [name, its] of Map.groupBy(versions, ({ name }) => name)) {
    if (its.length > 1) faults.push({ anchor: name, why: `it was written ${its.length} times, and may be only once` });
  }
  for (const name of new Set(deleted)) faults.push({ anchor: name, why: 'somebody marked it as deleted' });
  for (const { name, id } of versions) {
    const get = new GetObjectCommand({ Bucket: bucket, Key: name, ...(id !== undefined && { VersionId: id }) });
    const { Body } = await calling('s3:GetObjectVersion', () => client.send(get));
    const parsed = anchor.safeParse(jsonIn((await Body?.transformToString()) ?? ''));
    if (parsed.success) seals.push(parsed.data);
    else faults.push({ anchor: name, why: 'it holds no seal: another hand wrote it' });
  }
  return { seals, faults };
}

async function versionsIn(client: S3Client, bucket: string) {
  const versions: Version[] = [];
  const deleted: string[] = [];
  let marker: Pick<ListObjectVersionsCommandInput, 'KeyMarker' | 'VersionIdMarker'> | undefined = {};
  while (marker !== undefined) {
    const list: ListObjectVersionsCommand = new ListObjectVersionsCommand({
      Bucket: bucket,
      Prefix: ANCHORS,
      ...marker,
    });
    const page: ListObjectVersionsCommandOutput = await calling('s3:ListBucketVersions', () => client.send(list));
    for (const { Key = '', VersionId } of page.Versions ?? []) versions.push({ name: Key, id: VersionId });
    for (const { Key = '' } of page.DeleteMarkers ?? []) deleted.push(Key);
    marker = page.IsTruncated
      ? { KeyMarker: page.NextKeyMarker, VersionIdMarker: page.NextVersionIdMarker }
      : undefined;
  }
  return { versions, deleted };
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
