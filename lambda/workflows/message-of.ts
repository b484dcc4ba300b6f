/** What went wrong in words fit for history and operators. Our own errors are written for people; others keep their name. */
export function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.name === 'Error' ? error.message : `${error.name}: ${error.message}`;
}
