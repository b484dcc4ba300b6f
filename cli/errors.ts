/** The command line asks for something that makes no sense; the message says what would. Exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** The command could not do its work; the message says why and what to do. Exit code 1. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
  /** One line for each single mistake, where there are several. */
  readonly mistakes: readonly string[];

  constructor(message: string, options: ErrorOptions & { readonly mistakes?: readonly string[] } = {}) {
    super(message, options);
    this.mistakes = options.mistakes ?? [];
  }
}

/** A command that was run for the person has ended, and said itself what there is to say: its exit code is ours. */
export class CommandEnded extends Error {
  override readonly name = 'CommandEnded';
  readonly exitCode: number;

  constructor(exitCode: number) {
    super(`the command ended with exit code ${exitCode}`);
    this.exitCode = exitCode;
  }
}
