import { GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { z } from 'zod';
import { calling } from '../lambda/adapters/aws-errors.ts';
import { clientSettings } from '../lambda/platform/aws-clients.ts';
import { ANCHORS } from '../lambda/workflows/anchor-seals.ts';
import type { Own } from './aws-estate.ts';
import { CommandError } from './errors.ts';
import type { AnchoredSeal } from './session.ts';

const anchor = z.object({ number: z.int().positive(), hash: z.string().regex(/^[0-9a-f]{64}$/) });

/** The seals that were noted down in the evidence bucket, oldest first. Throws UnavailableError. */
export async function awsAnchors(own: Own, bucket: string): Promise<readonly AnchoredSeal[]> {
  const client = new S3Client({ ...clientSettings, ...own, forcePathStyle: true });
  const found: AnchoredSeal[] = [];
  let token: string | undefined;
  do {
    const list = new ListObjectsV2Command({
      Bucket: bucket,
      Prefix: ANCHORS,
      ...(token !== undefined && { ContinuationToken: token }),
    });
    const { Contents = [], NextContinuationToken } = await calling('s3:ListBucket', () => client.send(list));
    for (const { Key } of Contents) {
      const get = new GetObjectCommand({ Bucket: bucket, Key });
      const { Body } = await calling('s3:GetObject', () => client.send(get));
      const parsed = anchor.safeParse(jsonIn((await Body?.transformToString()) ?? ''));
      if (!parsed.success) throw new CommandError(`s3://${bucket}/${Key} holds no anchor of Keyturn's.`);
      found.push(parsed.data);
    }
    token = NextContinuationToken;
  } while (token !== undefined);
  return found;
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
