import { escapeHtml } from '../../domain/escape.ts';
import type { Control, Verdict } from '../../domain/report/model.ts';

/** Told by a word and a sign, never by colour alone. */
const verdicts: Readonly<Record<Verdict, string>> = {
  pass: '✓ Pass',
  excepted: '✓ Excepted',
  fail: '✗ Fail',
  unknown: '? Not known',
  'not-assessed': '– Not assessed',
};

/** Dates that no line break tears apart. */
const withDates = (html: string): string => html.replaceAll(/\b\d{4}-\d{2}-\d{2}\b/g, '<time>$&</time>');

/** The questions, each with its answer and what speaks against it. */
export function* controlLines(controls: readonly Control[]): Generator<string> {
  yield '<ul class="controls">';
  for (const { id, title, verdict, asks, finding, exceptions, against, unknown } of controls) {
    yield `<li id="control-${id}"><div class="top"><span class="badge ${verdict}">${verdicts[verdict]}</span><h3>${escapeHtml(title)}</h3></div>`;
    yield `<p>${withDates(escapeHtml(finding))}</p>`;
    yield `<p class="asks">${asks.map(({ framework, ids }) => `${escapeHtml(framework)}: ${escapeHtml(ids)}`).join('<br>')}</p>`;
    if (exceptions.length > 0) {
      const which =
        against > exceptions.length ? `the first ${exceptions.length} of ${against}` : `all ${exceptions.length}`;
      yield `<details><summary>What speaks against it: ${which}</summary><ul>`;
      for (const { subject, why, exemptionId } of exceptions) {
        const covered = exemptionId === undefined ? '' : ` (exemption ${escapeHtml(exemptionId)})`;
        yield `<li><strong>${escapeHtml(subject)}</strong>: ${escapeHtml(why)}${covered}</li>`;
      }
      yield '</ul></details>';
    }
    if (unknown.length > 0) {
      yield '<details><summary>What is not known</summary><ul>';
      for (const { subject, why } of unknown)
        yield `<li><strong>${escapeHtml(subject)}</strong>: ${escapeHtml(why)}</li>`;
      yield '</ul></details>';
    }
    yield '</li>';
  }
  yield '</ul>';
}
