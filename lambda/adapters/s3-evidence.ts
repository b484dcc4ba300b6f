import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdtemp, open, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ListObjectsV2Command, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { ConflictError, type EvidenceStore, type StoredFile } from '../ports.ts';
import { calling, hasCode } from './aws-errors.ts';

/** Characters that are written to the disk at once. */
const PIECE = 65_536;
/** Bytes; a report of some 100,000 keys is less. */
const MOST_IN_MEMORY = 64 * 1024 ** 2;

/**
 * The evidence bucket. Its own default retention locks every version; here it is only written to. S3 wants to know length
 * and checksum beforehand, and a report may be larger than memory, so a file is made on the disk first.
 */
export class S3Evidence implements EvidenceStore {
  readonly #client: S3Client;
  readonly #bucket: string;

  constructor(client: S3Client, bucket: string) {
    this.#client = client;
    this.#bucket = bucket;
  }

  async put({ name, contentType, lines, onlyNew }: Parameters<EvidenceStore['put']>[0]): Promise<StoredFile> {
    const folder = await mkdtemp(join(tmpdir(), 'keyturn-evidence-'));
    try {
      const path = join(folder, 'file');
      const { bytes, digest } = await write(path, lines);
      // The SDK tries a stream only once, for it can't be read again.
      const Body = bytes <= MOST_IN_MEMORY ? await readFile(path) : createReadStream(path);
      const command = new PutObjectCommand({
        Bucket: this.#bucket,
        Key: name,
        Body,
        ContentLength: bytes,
        ContentType: contentType,
        // S3 refuses what arrives otherwise, and keeps it with the object. Of a locked bucket it wants both said.
        ChecksumAlgorithm: 'SHA256',
        ChecksumSHA256: digest.toString('base64'),
        ...(onlyNew && { IfNoneMatch: '*' }),
      });
      await calling(
        's3:PutObject',
        () => this.#client.send(command),
        (error) =>
          // Of two such puts at once S3 may tell one the second.
          hasCode(error, 'PreconditionFailed', 'ConditionalRequestConflict')
            ? new ConflictError(`There is a '${name}' in the evidence bucket already.`)
            : undefined,
      );
      return { name, contentType, bytes, sha256: digest.toString('hex') };
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  async has(name: string): Promise<boolean> {
    // Asked of the listing, because asking for the object itself would take the right to read it.
    const command = new ListObjectsV2Command({ Bucket: this.#bucket, Prefix: name, MaxKeys: 1 });
    const { Contents = [] } = await calling('s3:ListBucket', () => this.#client.send(command));
    return Contents.some(({ Key }) => Key === name);
  }
}

async function write(path: string, lines: Iterable<string>): Promise<{ bytes: number; digest: Buffer }> {
  const hash = createHash('sha256');
  let bytes = 0;
  const file = await open(path, 'wx');
  try {
    for (const piece of pieces(lines)) {
      hash.update(piece);
      bytes += piece.length;
      await file.write(piece);
    }
  } finally {
    await file.close();
  }
  return { bytes, digest: hash.digest() };
}

function* pieces(lines: Iterable<string>): Generator<Buffer> {
  let piece = '';
  for (const line of lines) {
    piece += `${line}\n`;
    if (piece.length < PIECE) continue;
    yield Buffer.from(piece);
    piece = '';
  }
  yield Buffer.from(piece);
}
