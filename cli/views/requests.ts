import { paragraphs } from '../caption.ts';
import { type RequestReport, requestComplaint } from '../make-request.ts';
import type { Screen } from '../screen.ts';
import { printable } from '../table.ts';

/** What was asked for, and what became of it or how to find out. Bad news is told as the command's complaint. */
export function requestView(report: RequestReport, { paint }: Screen): string {
  const { requestId, request, account, userName, keyId, answer, runId } = report;
  const key = keyId ?? 'the key';
  const asked = `Asked to ${request} ${key} of user ${printable(userName)} in account ${account}: request ${paint.bold(requestId)}.`;
  const follow = `Run ${runId} was started for it; 'keyturn history --user ${printable(userName)}' shows what comes of it.`;
  if (answer === undefined) return `${asked}\n${follow}`;
  return paragraphs(asked, requestComplaint(report) === undefined ? printable(answer.what) : undefined);
}
