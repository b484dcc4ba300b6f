/**
 * Run as a process of its own: `keyturn pull` over real files, which kills this very process at a given step. Prints each
 * step on a line before it is taken. Arguments: home directory, number of the step (0: none), `before` or `half`.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Files, realFiles } from '../../../cli/pull/files.ts';
import { pull } from '../../../cli/verbs/pull.ts';

const [home = '', at = '0', how = 'before'] = process.argv.slice(2);
const incoming = process.env.SECRET_VALUE ?? '';
let steps = 0;

/** Takes a step; or dies, as with the power cut. */
async function step<T>(name: string, work: () => Promise<T>, half?: () => Promise<unknown>): Promise<T> {
  steps += 1;
  // Not through a stream: what is still in its buffer would die too.
  writeFileSync(1, `${name}\n`);
  if (steps === Number(at)) {
    if (how === 'half') await half?.();
    process.kill(process.pid, 'SIGKILL');
    await new Promise(() => setInterval(() => {}, 1_000));
  }
  return work();
}

const files: Files = {
  read: (path) => step('read', () => realFiles.read(path)),
  facts: (path) => step('facts', () => realFiles.facts(path)),
  realPath: (path) => step('realPath', () => realFiles.realPath(path)),
  list: (path) => step('list', () => realFiles.list(path)),
  rename: (from, to) => step('rename', () => realFiles.rename(from, to)),
  remove: (path) => step('remove', () => realFiles.remove(path)),
  syncDirectory: (path) => step('syncDirectory', () => realFiles.syncDirectory(path)),
  async create(path) {
    const file = await step('create', () => realFiles.create(path));
    return {
      giveTo: (facts) => step('giveTo', () => file.giveTo(facts)),
      write: (bytes) =>
        step(
          'write',
          () => file.write(bytes),
          () => file.write(bytes.subarray(0, bytes.length / 2)),
        ),
      sync: () => step('sync', () => file.sync()),
      close: () => step('close', () => file.close()),
    };
  },
};

const report = await pull(
  {
    place: { env: {}, home, cwd: join(home, 'project') },
    files,
    aws: () => ({
      callerOf: async () => 'arn:aws:iam::111122223333:user/build-bot',
      secret: async () => ({ text: incoming, storedAt: undefined }),
    }),
    run: () => Promise.reject(new Error('no command is to be run')),
    pause: async () => {},
    // Later than any file of the test, so that what the killed left behind counts as old.
    clock: { now: () => Date.now() + Number(process.env.AHEAD_MS ?? 0) },
    terminal: { ask: async () => 'y', err: () => {} },
  },
  { profile: 'build', region: 'eu-central-1', yes: true },
);
writeFileSync(1, `${report.outcome}\n`);
