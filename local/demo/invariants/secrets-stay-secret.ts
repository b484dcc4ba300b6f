/** Some text that left the memory of a process, and where it went. */
export interface WrittenText {
  readonly where: string;
  readonly text: string;
}

/** Secrets that appear in a text they have no business in; the secret itself is not repeated. */
export function leaks(secrets: Iterable<string>, texts: Iterable<WrittenText>): readonly string[] {
  const known = [...secrets].filter((secret) => secret.length >= 8);
  const found: string[] = [];
  for (const { where, text } of texts) {
    if (known.some((secret) => text.includes(secret) || text.includes(encodeURIComponent(secret)))) {
      found.push(`A secret is in ${where}.`);
    }
  }
  return found;
}
