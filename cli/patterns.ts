/** What is wrong with a pattern of user names; undefined: nothing. */
export function namePatternProblem(pattern: string): string | undefined {
  if (!/^[\w+=,.@*-]{1,128}$/.test(pattern)) {
    return `'${pattern}' cannot match any IAM user name (letters, digits and _+=,.@-, with * for any text)`;
  }
  if (!pattern.includes('*'))
    return `'${pattern}' has no *: write '${pattern}*' for names that begin so, or name the user`;
  return undefined;
}

/** What is wrong with a pattern of IAM paths; undefined: nothing. */
export function pathPatternProblem(pattern: string): string | undefined {
  if (!pattern.startsWith('/')) return `'${pattern}' does not begin with /: IAM paths do, such as /team/*`;
  if (!pattern.includes('*') && !pattern.endsWith('/')) {
    return `'${pattern}' has no * and does not end with /: write '${pattern}/' for that path, '${pattern}/*' for all under it`;
  }
  return undefined;
}
