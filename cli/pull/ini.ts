/**
 * AWS's shared files as text whose every byte has its place: what is found says where it stands, so that it can be
 * replaced and all else left alone. The text is Latin-1, one character a byte, whatever the file's own encoding.
 */

export interface Property {
  /** In lower case. */
  readonly name: string;
  readonly value: string;
  /** Where the value stands. */
  readonly from: number;
  readonly to: number;
  /** Where its line stands, line ending included. */
  readonly lineFrom: number;
  readonly lineTo: number;
}

export interface Section {
  /** Between the brackets, without white space around it; empty when the line only looks like a section's beginning. */
  readonly header: string;
  /** Counted from 1. */
  readonly line: number;
  /** Where the line after the header begins. */
  readonly bodyFrom: number;
  readonly lineEnding: '\n' | '\r\n' | '';
  /** Without those nested below another one, such as `s3 =`. */
  readonly properties: readonly Property[];
}

const BYTE_ORDER_MARK = '\u00ef\u00bb\u00bf';
// A comment begins at a line's start, or after white space. Only ASCII is white space: a byte of a longer character may look like more.
const SECTION = /^[ \t]*\[([^\]]*)\][ \t]*(?:[ \t][#;].*)?$/;
const PROPERTY = /^([ \t]*)([^\s=#;[][^=]*?)([ \t]*=[ \t]*)((?!(?<=[ \t])[#;]).*?)[ \t]*(?:[ \t][#;].*)?$/;

/** Every section with its properties, in the file's order; what stands before the first section belongs to none. */
export function sectionsOf(text: string): readonly Section[] {
  const sections: (Section & { readonly properties: Property[] })[] = [];
  let nested = false;
  for (const { content, from, to, lineEnding, line } of linesOf(text)) {
    if (/^[ \t]*\[/.test(content)) {
      const header = trimmed(SECTION.exec(content)?.[1] ?? '');
      sections.push({ header, line, bodyFrom: to, lineEnding, properties: [] });
      nested = false;
      continue;
    }
    const [, indent = '', name, equals = '', value = ''] = PROPERTY.exec(content) ?? [];
    if (name === undefined || (nested && indent !== '')) continue;
    nested = value === '';
    const valueFrom = from + indent.length + name.length + equals.length;
    sections.at(-1)?.properties.push({
      name: name.toLowerCase(),
      value,
      from: valueFrom,
      to: valueFrom + value.length,
      lineFrom: from,
      lineTo: to,
    });
  }
  return sections;
}

interface Line {
  readonly content: string;
  readonly from: number;
  readonly to: number;
  readonly lineEnding: Section['lineEnding'];
  readonly line: number;
}

function* linesOf(text: string): Generator<Line> {
  let from = text.startsWith(BYTE_ORDER_MARK) ? BYTE_ORDER_MARK.length : 0;
  for (let line = 1; from < text.length; line += 1) {
    const newline = text.indexOf('\n', from);
    const to = newline === -1 ? text.length : newline + 1;
    const lineEnding = newline === -1 ? '' : text[newline - 1] === '\r' ? '\r\n' : '\n';
    yield { content: text.slice(from, to - lineEnding.length), from, to, lineEnding, line };
    from = to;
  }
}

const trimmed = (text: string): string => text.replaceAll(/^[ \t]+|[ \t]+$/g, '');

/** A replacement of what stands between two places; an empty range inserts. */
export interface Splice {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

/** The text with all replacements made at once; they must not overlap. */
export function spliced(text: string, splices: readonly Splice[]): string {
  let [result, at] = ['', 0];
  for (const { from, to, text: inserted } of splices.toSorted((a, b) => a.from - b.from || a.to - b.to)) {
    result += text.slice(at, from) + inserted;
    at = to;
  }
  return result + text.slice(at);
}
