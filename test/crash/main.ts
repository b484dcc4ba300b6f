/** `npm run crash-matrix`: lives through every cell and prints what survived; `-- --in-memory` leaves the local AWS out. */
import { parseArgs } from 'node:util';
import { EmulatedEstate } from './emulated-estate.ts';
import { stories } from './kinds/all.ts';
import { oneLife } from './kinds/lifecycle.ts';
import { requested } from './kinds/requested.ts';
import { startLocalAws } from './local-aws.ts';
import { livesOf, livesThrough } from './matrix.ts';
import { Report, told } from './report.ts';

const { values } = parseArgs({ options: { 'in-memory': { type: 'boolean', default: false } } });

async function inMemory(): Promise<Report> {
  const report = new Report();
  for (const { kind, begin } of stories) {
    for await (const cell of livesOf(kind, begin)) report.add(cell);
    console.log(`  ${report.lineOf(kind.name)}`);
  }
  return report;
}

async function onTheLocalAws(): Promise<Report> {
  const aws = await startLocalAws();
  const report = new Report();
  try {
    const lives = livesThrough(oneLife, () => EmulatedEstate.begin(aws), ['dies before', 'dies after']);
    for await (const cell of lives) report.add(cell);
    for (const { name } of oneLife) console.log(`  ${report.lineOf(name)}`);
    for (const kind of requested.filter(({ name }) => name === 'restore')) {
      for await (const cell of livesOf(kind, () => EmulatedEstate.begin(aws), ['dies before', 'dies after']))
        report.add(cell);
      console.log(`  ${report.lineOf(kind.name)}`);
    }
    return report;
  } finally {
    await aws.stop();
  }
}

const began = performance.now();
console.log('In memory, at the ports:');
const reports = [await inMemory()];
if (!values['in-memory']) {
  console.log('On the local AWS, under the real adapters, on the wire:');
  reports.push(await onTheLocalAws());
}
const lost = reports.flatMap((report) => report.lost);
for (const cell of lost) console.log(`\nNot survived: ${told(cell)}`);
const cells = reports.reduce((sum, report) => sum + report.cells, 0);
const seconds = Math.round((performance.now() - began) / 1000);
console.log(`\nsurvived ${cells - lost.length} of ${cells}, in ${seconds} s`);
process.exitCode = lost.length === 0 ? 0 : 1;
