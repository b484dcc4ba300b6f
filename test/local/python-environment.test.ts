import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pythonWithEmulator } from '../../local/python-environment.ts';

const pythonBefore = process.env.PYTHON;
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'keyturn-python-'));
});
afterEach(async () => {
  if (pythonBefore === undefined) delete process.env.PYTHON;
  else process.env.PYTHON = pythonBefore;
  await rm(folder, { recursive: true, force: true });
});

test('without a Python, the error says which is needed and where to get it', async () => {
  process.env.PYTHON = join(folder, 'no-such-python');
  const refused = expect(pythonWithEmulator(undefined, folder)).rejects;
  await refused.toThrow(/needs Python 3\.10 or newer\. Install it .*no-such-python/);
});
