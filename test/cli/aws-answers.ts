import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What the server says to one call, in the shape that AWS gives it for that service's protocol. */
export type Answer =
  | { readonly kind: 'result'; readonly body: unknown }
  | { readonly kind: 'fault'; readonly code: string; readonly message: string; readonly status?: number }
  | { readonly kind: 'page'; readonly html: string }
  | { readonly kind: 'silence' };

export interface AnsweringServer {
  readonly url: string;
  /** The calls that came, in order: `GetParameter`, `GetCallerIdentity`, … */
  readonly calls: readonly string[];
  close(): Promise<void>;
}

/** A server on the loopback interface that answers AWS calls by their action; any other action is a fault. */
export async function answering(answers: Readonly<Record<string, Answer>>): Promise<AnsweringServer> {
  const calls: string[] = [];
  const server = createServer(async (request, response) => {
    const body = await bodyOf(request);
    const target = request.headers['x-amz-target'];
    const isJson = typeof target === 'string';
    const action = isJson ? `${target.split('.').at(-1)}` : (new URLSearchParams(body).get('Action') ?? 'unknown');
    calls.push(action);
    const answer = answers[action] ?? { kind: 'fault', code: 'InvalidAction', message: `No answer for ${action}` };
    if (answer.kind === 'silence') return;
    if (answer.kind === 'page') {
      response.writeHead(200, { 'content-type': 'text/html' }).end(answer.html);
      return;
    }
    const status = answer.kind === 'fault' ? (answer.status ?? 400) : 200;
    const type = isJson ? 'application/x-amz-json-1.1' : 'text/xml';
    response.writeHead(status, { 'content-type': type, 'x-amzn-requestid': 'request-1' });
    response.end(isJson ? asJson(answer) : asXml(action, answer));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, calls, close: () => closed(server) };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part);
  return Buffer.concat(parts).toString('utf8');
}

type Told = Exclude<Answer, { kind: 'silence' | 'page' }>;

const asJson = (answer: Told): string =>
  JSON.stringify(answer.kind === 'fault' ? { __type: answer.code, message: answer.message } : answer.body);

function asXml(action: string, answer: Told): string {
  if (answer.kind === 'result') {
    return `<${action}Response><${action}Result>${xmlOf(answer.body)}</${action}Result></${action}Response>`;
  }
  const error = `<Error><Type>Sender</Type><Code>${answer.code}</Code><Message>${answer.message}</Message></Error>`;
  return `<ErrorResponse>${error}<RequestId>request-1</RequestId></ErrorResponse>`;
}

function xmlOf(value: unknown): string {
  if (Array.isArray(value)) return value.map((member) => `<member>${xmlOf(member)}</member>`).join('');
  if (typeof value !== 'object' || value === null) return String(value);
  return Object.entries(value)
    .map(([name, inner]) => `<${name}>${xmlOf(inner)}</${name}>`)
    .join('');
}

async function closed(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}

/** Answers with which the CLI gets as far as its verb, in account 111122223333. */
export function deployed(parameter: unknown): Readonly<Record<string, Answer>> {
  return {
    GetParameter: { kind: 'result', body: { Parameter: { Value: JSON.stringify(parameter) } } },
    GetCallerIdentity: {
      kind: 'result',
      body: { Arn: 'arn:aws:iam::111122223333:user/ada', Account: '111122223333', UserId: 'AIDAFAKE0000000000001' },
    },
  };
}
