import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { projectRoot } from '../../local/project-root.ts';

const answers = (url: string) =>
  fetch(`${url}/_keyturn/clock`).then(
    () => true,
    () => false,
  );

test.each(['SIGKILL', 'SIGINT', 'SIGTERM'] as const)(
  'the emulator ends when its owner ends by %s',
  async (signal) => {
    const emulator = join(projectRoot, 'local', 'emulator.ts');
    const script = `
    import { startEmulator } from ${JSON.stringify(emulator)};
    console.log((await startEmulator()).url);`;
    const owner = spawn(process.execPath, ['--input-type=module', '--eval', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [url] = await once(createInterface({ input: owner.stdout }), 'line');
    expect(await answers(url)).toBe(true);

    owner.kill(signal);
    await once(owner, 'exit');
    for (let waited = 0; (await answers(url)) && waited < 5000; waited += 50) await pause(50);
    expect(await answers(url)).toBe(false);
  },
  600_000,
);
