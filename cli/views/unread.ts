import type { Screen } from '../screen.ts';
import { printable } from '../table.ts';
import type { UnreadUser } from '../unread.ts';

/** Users about whom something is unknown, each with its cause. */
export function unreadInWords(unread: readonly UnreadUser[], { paint }: Screen): string | undefined {
  if (unread.length === 0) return undefined;
  const lines = unread.map(({ userName, cause }) => `  ${userName}: ${printable(cause)}`);
  return [paint.red('Could not be read, so nothing is known of their keys:'), ...lines].join('\n');
}
