import { paragraphs } from '../caption.ts';
import type { RequestReport } from '../make-request.ts';
import type { Screen } from '../screen.ts';
import { printable } from '../table.ts';

/** What was asked for, and what became of it or how to find out. A refusal is told as the command's complaint. */
export function requestView(report: RequestReport, { paint }: Screen): string {
  const { requestId, request, account, userName, keyId, answer, runId } = report;
  const key = keyId ?? 'the key';
  const asked = `Asked to ${request} ${key} of user ${printable(userName)} in account ${account}: request ${paint.bold(requestId)}.`;
  const follow = `Run ${runId} was started for it; 'keyturn history --user ${printable(userName)}' shows what comes of it.`;
  if (answer === undefined) return `${asked}\n${follow}`;
  return paragraphs(asked, answer.state === 'done' || answer.state === 'waiting' ? printable(answer.what) : undefined);
}
