/** One report, as `keyturn report` and the function make it, from a history that is made while it is read. */
import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { historyEventSchema } from '../../lambda/contracts/history-event.ts';
import { ReportFold } from '../../lambda/domain/report/report.ts';
import { DAY, fromIso } from '../../lambda/domain/time.ts';
import { csvLines } from '../../lambda/rendering/csv.ts';
import { htmlLines } from '../../lambda/rendering/html/page.ts';
import { jsonLines } from '../../lambda/rendering/json.ts';
import { longHistory } from './long-history.ts';
import { type Measurement, order } from './measured.ts';

const [from, to] = [fromIso('2026-10-01'), fromIso('2026-11-01')];
const policy = { rotateAfterDays: 75, disableAfterDays: 82, deleteAfterDays: 89 };

process.once('message', async (message) => {
  const { daysBefore, ...size } = order.parse(message);
  const fold = new ReportFold({ from, to });
  let [events, makingMs] = [0, 0];
  const started = performance.now();
  const history = longHistory({ ...size, policy }, from - daysBefore * DAY, daysBefore + 31);
  for (;;) {
    const asked = performance.now();
    const { value, done } = history.next();
    makingMs += performance.now() - asked;
    if (done) break;
    // As every reader of history does.
    fold.add(historyEventSchema.parse(value));
    events += 1;
  }
  const foldMs = performance.now() - started - makingMs;
  const model = fold.model(to + DAY);
  const folder = await mkdtemp(join(tmpdir(), 'keyturn-bench-report-'));
  let writtenBytes = 0;
  try {
    const files = [htmlLines(model), csvLines(model, 'keys'), csvLines(model, 'rotations'), jsonLines(model)];
    for (const [n, lines] of files.entries()) {
      const hash = createHash('sha256');
      const counted = new Transform({
        transform(piece: Buffer, _, done) {
          hash.update(piece);
          writtenBytes += piece.length;
          done(undefined, piece);
        },
      });
      await pipeline(Readable.from(withBreaks(lines)), counted, createWriteStream(join(folder, `file-${n}`)));
    }
  } finally {
    await rm(folder, { recursive: true });
  }
  const renderMs = performance.now() - started - makingMs - foldMs;
  const peakRssBytes = process.resourceUsage().maxRSS * 1024;
  const [keys, rotations] = [model.keys.length, model.rotations.length];
  const measured = { events, keys, rotations, makingMs, foldMs, renderMs, peakRssBytes, writtenBytes };
  process.send?.(measured satisfies Measurement, () => process.exit(0));
});

/** In pieces of some size: a write for each line would take longer than the lines. */
function* withBreaks(lines: Iterable<string>): Generator<Buffer> {
  let piece = '';
  for (const line of lines) {
    piece += `${line}\n`;
    if (piece.length < 65_536) continue;
    yield Buffer.from(piece);
    piece = '';
  }
  yield Buffer.from(piece);
}
