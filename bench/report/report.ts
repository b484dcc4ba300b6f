import { fork } from 'node:child_process';
import { join } from 'node:path';
import { count, megabytes, type Result, type Say, seconds, target } from '../benchmark.ts';
import { type Measurement, measurement } from './measured.ts';

/** So large that its history of the month and the three before it is a million events. */
const SIZE = { accounts: 500, usersPerAccount: 94, daysBefore: 90 };
const LEAST_EVENTS = 1_000_000;
const MOST_MS = 60_000;
const MOST_BYTES = 512 * 1024 ** 2;

/** A month's evidence report, from the first event to the last byte, in a process of its own. */
export async function report(_: unknown, say: Say): Promise<Result> {
  say(`a month of ${count(SIZE.accounts * SIZE.usersPerAccount)} users`);
  const measured = await once();
  const ms = measured.foldMs + measured.renderMs;
  return {
    tables: [
      {
        head: ['Report', 'Events', 'Keys at the end', 'Folding', 'Writing', 'Written', 'Peak memory'],
        rows: [
          [
            'a month, as HTML, CSV and JSON',
            count(measured.events),
            count(measured.keys),
            seconds(measured.foldMs),
            seconds(measured.renderMs),
            megabytes(measured.writtenBytes),
            megabytes(measured.peakRssBytes),
          ],
        ],
      },
    ],
    targets: [
      target('events streamed', measured.events, { atLeast: LEAST_EVENTS }),
      target('time of a report', ms, { atMost: MOST_MS }, seconds),
      target('memory of the process that makes it', measured.peakRssBytes, { atMost: MOST_BYTES }, megabytes),
    ],
    notes: [
      `${count(SIZE.accounts)} accounts of ${SIZE.usersPerAccount} users, swept daily, with a weekly inventory; ${SIZE.daysBefore} days before the month are read too. ` +
        'The events are made while they are read, which is not counted; each is parsed like one from the table.',
    ],
    figures: measured,
  };
}

function once(): Promise<Measurement> {
  return new Promise((resolve, reject) => {
    const child = fork(join(import.meta.dirname, 'report-process.ts'), [], {
      // With this heap the whole process stays below 512 MB; the machine's own would let garbage pile up.
      execArgv: ['--disable-warning=ExperimentalWarning', '--max-old-space-size=352'],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    let complaints = '';
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      complaints += text;
    });
    child.once('message', (message) => resolve(measurement.parse(message)));
    child.once('exit', (code) =>
      reject(new Error(`The report ended with exit code ${code}: ${complaints.slice(-500)}`)),
    );
    child.send(SIZE);
  });
}
