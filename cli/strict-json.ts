/**
 * The value that a text of JSON holds. Throws SyntaxError, also where two people could read two things: an object that has
 * a name twice, and a number with more digits than are read of it.
 */
export function strictJson(text: string): unknown {
  const value: unknown = JSON.parse(text);
  // What was written by JSON.stringify is the same text again; only others are looked at name by name.
  if (JSON.stringify(value) === text) return value;
  const fault = doubtIn(text);
  if (fault !== undefined) throw new SyntaxError(fault);
  return value;
}

/** Texts, numbers, and what objects and arrays are made of; words between them do not matter. */
const PARTS = /"(?:[^"\\]|\\.)*"|[{}[\],:]|-?\d[\d.eE+-]*/g;

/** The first of what can be read in two ways in a valid text of JSON. */
function doubtIn(text: string): string | undefined {
  // Of each object that is open the names it has had; undefined: an array.
  const open: (Set<unknown> | undefined)[] = [];
  let last = '';
  for (const [part] of text.matchAll(PARTS)) {
    if (part === '{') open.push(new Set());
    else if (part === '[') open.push(undefined);
    else if (part === '}' || part === ']') open.pop();
    else if (part === ':') {
      const names = open.at(-1);
      // The same name may be written in several ways: "a" and "\u0061".
      const name: unknown = JSON.parse(last);
      if (names?.has(name)) return `an object has the name ${last} twice`;
      names?.add(name);
    } else if (/^[-\d]/.test(part) && digitsOf(part) !== digitsOf(String(Number(part)))) {
      return `the number ${part} is read as ${Number(part)}`;
    }
    last = part;
  }
  return undefined;
}

/** Those that count: 1.50, 0.15e1 and 1.5 are one number. */
const digitsOf = (number: string): string =>
  number
    .replace(/e.*/i, '')
    .replace(/[-.]/g, '')
    .replace(/^0+|0+$/g, '');
