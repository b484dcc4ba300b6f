import { z } from 'zod';

/** The local AWS's clock. It ticks on at normal speed from wherever it was last set. */
export interface MovableClock {
  /** False for a server that is not ours: it keeps its own time. */
  readonly movable: boolean;
  now(): Date;
  set(to: Date): Promise<void>;
  advance(ms: number): Promise<void>;
}

const answer = z.object({ now: z.number() });

/** Connects to the clock of the server at `url`; a server without one is taken to show this machine's time. */
export async function connectClock(url: string): Promise<MovableClock> {
  const endpoint = `${url}/_keyturn/clock`;
  const asked = await fetch(endpoint).catch((cause: unknown) => {
    throw new Error(`No local AWS answers at ${url}. Start it, or unset KEYTURN_EMULATOR_URL.`, { cause });
  });
  const read = asked.ok ? answer.safeParse(await asked.json()) : undefined;
  let aheadMs = read?.success ? read.data.now - Date.now() : 0;
  const movable = read?.success ?? false;

  async function set(to: Date): Promise<void> {
    if (!movable)
      throw new Error(`The server at ${url} keeps its own time; only local/emulator_server.py can move it.`);
    // Taken before the request: seen from here the server's clock is never ahead of ours, so nothing it dates is in
    // our future.
    const ahead = to.getTime() - Date.now();
    const moved = await fetch(endpoint, { method: 'PUT', body: JSON.stringify({ now: to.getTime() }) });
    if (!moved.ok)
      throw new Error(`The local AWS could not set its clock to ${to.toISOString()}: ${await moved.text()}`);
    aheadMs = ahead;
  }

  const now = () => new Date(Date.now() + aheadMs);
  return { movable, now, set, advance: (ms) => set(new Date(now().getTime() + ms)) };
}
