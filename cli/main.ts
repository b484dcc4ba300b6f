#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { findPackageJSON } from 'node:module';
import { systemClock } from '../lambda/adapters/system-clock.ts';
import { run } from './run.ts';
import type { ConnectionOptions } from './session.ts';
import { processTerminal } from './terminal.ts';

const version: string = JSON.parse(readFileSync(findPackageJSON('..', import.meta.url) ?? '', 'utf8')).version;
const terminal = processTerminal();
/** The AWS SDK is loaded only when AWS is asked: help and mistakes come at once. */
async function connect(options: ConnectionOptions) {
  const { awsConnection } = await import('./connect.ts');
  return awsConnection({ terminal, version })(options);
}

// Not process.exit: what is still on its way to a pipe would be lost.
process.exitCode = await run(
  process.argv.slice(2),
  { terminal, connect, clock: systemClock, version },
  process.env.KEYTURN_DEBUG === '1',
);
