/**
 * The value that a text of JSON holds. Throws SyntaxError, also for a name that one object has twice: which of the two
 * counts is a reader's choice, so two people could read two things.
 */
export function strictJson(text: string): unknown {
  const value: unknown = JSON.parse(text);
  // What was written by JSON.stringify is the same text again; only others are looked at name by name.
  if (JSON.stringify(value) === text) return value;
  const twice = nameTwice(text);
  if (twice !== undefined) throw new SyntaxError(`an object has the name ${twice} twice`);
  return value;
}

/** Texts, and what objects and arrays are made of; numbers and words between them do not matter. */
const PARTS = /"(?:[^"\\]|\\.)*"|[{}[\],:]/g;

/** The first name that an object of a valid text of JSON has twice. */
function nameTwice(text: string): string | undefined {
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
      if (names?.has(name)) return last;
      names?.add(name);
    }
    last = part;
  }
  return undefined;
}
