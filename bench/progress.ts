import { clearLine, cursorTo } from 'node:readline';

/** Tells how far something is: on a terminal in one line that changes, in a log line after line. */
export function progressLine(stream: NodeJS.WriteStream) {
  return {
    show(line: string): void {
      if (!stream.isTTY) {
        stream.write(`${line}\n`);
        return;
      }
      this.clear();
      stream.write(line.slice(0, stream.columns - 1));
    },
    clear(): void {
      if (!stream.isTTY) return;
      cursorTo(stream, 0);
      clearLine(stream, 0);
    },
  };
}
