import type { ReportModel } from '../domain/report/model.ts';

/** The whole report as one JSON document, line by line: lists have a line for each item, so that no text grows too long. */
export function* jsonLines(model: ReportModel): Generator<string> {
  yield '{';
  const entries = Object.entries(model);
  for (const [n, [name, value]] of entries.entries()) {
    const comma = n === entries.length - 1 ? '' : ',';
    if (!Array.isArray(value)) {
      yield `${JSON.stringify(name)}: ${JSON.stringify(value)}${comma}`;
      continue;
    }
    yield `${JSON.stringify(name)}: [`;
    for (const [at, item] of value.entries()) yield `${JSON.stringify(item)}${at === value.length - 1 ? '' : ','}`;
    yield `]${comma}`;
  }
  yield '}';
}
