import { Listr } from 'listr2';

export interface Phase<Made> {
  readonly title: string;
  /** The first phase makes what the others work with. `say` tells how far it is; what is not `notable` only on a terminal. */
  work(say: (line: string, notable?: boolean) => void, made: Made): Promise<Made | void>;
}

interface Context<Made> {
  made?: Made;
}

/** Does one phase after the other: a list that moves on a terminal, a line now and then in a log. */
export async function showProgress<Made>(phases: readonly Phase<Made>[]): Promise<Made> {
  const onTerminal = process.stdout.isTTY === true;
  const list = new Listr<Context<Made>, 'default', 'simple'>(
    phases.map(({ title, work }) => ({
      title,
      async task(context, task) {
        const say = (line: string, notable = true) => {
          if (onTerminal || notable) task.output = line;
        };
        // Only the first phase is given nothing, and it asks for nothing.
        const made = await work(say, context.made as Made);
        if (made !== undefined) context.made = made;
      },
      rendererOptions: { bottomBar: false, persistentOutput: false },
    })),
    { concurrent: false, rendererOptions: { collapseSubtasks: false }, fallbackRenderer: 'simple' },
  );
  const { made } = await list.run({});
  if (made === undefined) throw new Error('The first phase made nothing.');
  return made;
}
