import type { Command } from 'commander';
import type { Clock } from '../lambda/ports.ts';
import { CommandError } from './errors.ts';
import type { Screen } from './screen.ts';
import type { Connect, ConnectionOptions, Session } from './session.ts';
import type { Terminal } from './terminal.ts';

/** What the command line works with: main gives it the real things, tests give it fakes. */
export interface Cli {
  readonly terminal: Terminal;
  readonly connect: Connect;
  readonly clock: Clock;
  readonly version: string;
}

/** The flags of every verb. */
export interface GlobalOptions extends ConnectionOptions {
  readonly json?: true;
}

/** Connects, does the work and shows what came of it; a complaint comes last, on stderr. */
export async function perform<Report>(
  { terminal, connect }: Cli,
  command: Command,
  verb: (session: Session) => Promise<Report>,
  view: (report: Report, screen: Screen) => string,
  complaintOf?: (report: Report) => string | undefined,
): Promise<void> {
  const options = command.optsWithGlobals<GlobalOptions>();
  const report = await verb(await connect(options));
  terminal.out(options.json ? JSON.stringify(report, undefined, 2) : view(report, terminal.screen));
  const complaint = complaintOf?.(report);
  if (complaint !== undefined) throw new CommandError(complaint);
}
