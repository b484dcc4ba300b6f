import { type Emulator, startEmulator } from '../../local/emulator.ts';

/** Runs a test file against a local AWS of its own; the emulator is there from the first test to the last. */
export function emulated(): { readonly emulator: () => Emulator; readonly freshAccount: () => string } {
  let running: Emulator | undefined;
  let accounts = 0;
  // The first time ever, Python packages are installed.
  beforeAll(async () => {
    running = await startEmulator();
  }, 180_000);
  afterAll(() => running?.stop());
  return {
    emulator() {
      if (running === undefined) throw new Error('the emulator runs only while tests do');
      return running;
    },
    /** An account that nobody has touched yet. */
    freshAccount() {
      accounts += 1;
      return String(200_000_000_000 + accounts);
    },
  };
}
