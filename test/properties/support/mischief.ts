import type { Process } from './process.ts';
import type { Deed, Happening, SimulatedCall, Trouble } from './story.ts';

type Sudden = Extract<Happening, { kind: 'deed during' | 'trouble' }>;

/** What comes in between while Keyturn works: each thing at its moment, once, or as often as the story says. */
export class Mischief {
  readonly #act: (deed: Deed) => void;
  readonly #pending: Set<Sudden>;
  readonly #passed = new Map<Sudden, number>();
  readonly #struck = new Map<Sudden, number>();
  readonly #afterwards = new Map<Process, { readonly call: SimulatedCall; readonly deed: Deed }[]>();

  constructor(happenings: readonly Happening[], act: (deed: Deed) => void) {
    this.#pending = new Set(happenings.filter((one) => one.kind === 'deed during' || one.kind === 'trouble'));
    this.#act = act;
  }

  /** Whatever has not come yet never comes. */
  calmDown(): void {
    this.#pending.clear();
  }

  before(process: Process, call: SimulatedCall, day: number): Trouble | undefined {
    let trouble: Trouble | undefined;
    for (const one of this.#pending) {
      if (one.at.call !== call || one.at.day > day || this.#passes(one)) continue;
      if (one.kind === 'trouble') {
        if (trouble !== undefined) continue;
        trouble = one.trouble;
        const struck = (this.#struck.get(one) ?? 0) + 1;
        this.#struck.set(one, struck);
        if (struck >= one.times) this.#pending.delete(one);
        continue;
      }
      this.#pending.delete(one);
      if (one.when === 'before') this.#act(one.deed);
      else this.#afterwards.set(process, [...(this.#afterwards.get(process) ?? []), { call, deed: one.deed }]);
    }
    return trouble;
  }

  after(process: Process, call: SimulatedCall): void {
    const waiting = this.#afterwards.get(process);
    if (waiting === undefined) return;
    this.#afterwards.set(
      process,
      waiting.filter((one) => one.call !== call),
    );
    for (const one of waiting) if (one.call === call) this.#act(one.deed);
  }

  #passes(one: Sudden): boolean {
    const passed = this.#passed.get(one) ?? 0;
    if (passed >= one.at.after) return false;
    this.#passed.set(one, passed + 1);
    return true;
  }
}
