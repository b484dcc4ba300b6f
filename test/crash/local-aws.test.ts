import { EmulatedEstate } from './emulated-estate.ts';
import { oneLife } from './kinds/lifecycle.ts';
import { type LocalAws, startLocalAws } from './local-aws.ts';
import { livesThrough } from './matrix.ts';
import { Report, told } from './report.ts';

const MINUTES = 60_000;
let aws: LocalAws | undefined;

function local(): LocalAws {
  if (aws === undefined) throw new Error('the local AWS runs only while tests do');
  return aws;
}

// The first time ever, Python packages are installed.
beforeAll(async () => {
  aws = await startLocalAws();
}, 15 * MINUTES);
afterAll(() => aws?.stop());

test(
  'rotate, disable and delete survive the end of their process at every call on the wire',
  async () => {
    const report = new Report();
    const lives = livesThrough(oneLife, () => EmulatedEstate.begin(local()), ['dies before', 'dies after']);
    for await (const cell of lives) report.add(cell);
    expect(report.lost.map(told).slice(0, 5)).toEqual([]);
    expect(report.cells).toBeGreaterThan(100);
  },
  15 * MINUTES,
);
