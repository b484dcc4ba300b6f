import { Listr } from 'listr2';

export interface Phase {
  readonly title: string;
  /** `say` tells how far it is; what is not notable shows on a terminal only. */
  work(say: (line: string, notable?: boolean) => void): Promise<void>;
}

/** Does one phase after the other: a list that moves on a terminal, a line now and then in a log. */
export async function showProgress(phases: readonly Phase[]): Promise<void> {
  const onTerminal = process.stdout.isTTY === true;
  const tasks = phases.map(({ title, work }) => ({
    title,
    task: (_: unknown, task: { output: string }) =>
      work((line, notable = true) => {
        if (onTerminal || notable) task.output = line;
      }),
  }));
  // The demo itself ends what it started when it is interrupted.
  await new Listr(tasks, { fallbackRenderer: 'simple', registerSignalListeners: false }).run();
}
