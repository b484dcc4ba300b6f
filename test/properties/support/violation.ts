/** Something that must never be, was. */
export class Violation extends Error {
  override readonly name = 'Violation';
}

/** Throws Violation unless it is so. */
export function must(isSo: boolean, elseWhat: () => string): void {
  if (!isSo) throw new Violation(elseWhat());
}
