import { createServer, type IncomingHttpHeaders } from 'node:http';

export interface StubRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** `hang`: take the request and say nothing. `drop`: take it and close the connection. */
export type StubAnswer =
  | { readonly status: number; readonly body?: string; readonly headers?: Readonly<Record<string, string>> }
  | 'hang'
  | 'drop';

/** What is answered may depend on what was asked. */
export type PreparedAnswer = StubAnswer | ((request: StubRequest) => StubAnswer | Promise<StubAnswer>);

/** A real HTTP server on the loopback interface that gives prepared answers, in order, and keeps what it was asked. */
export interface HttpStub {
  readonly url: string;
  readonly requests: StubRequest[];
  /** Forgets what was asked and prepared before. The last of the answers is given again and again. */
  prepare(...answers: PreparedAnswer[]): void;
  stop(): Promise<void>;
}

export async function startHttpStub(): Promise<HttpStub> {
  const requests: StubRequest[] = [];
  let answers: PreparedAnswer[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const { method = '', url: path = '', headers } = request;
    const asked = { method, path, headers, body: Buffer.concat(chunks).toString() };
    requests.push(asked);
    const prepared = answers.length > 1 ? answers.shift() : answers[0];
    const answer = typeof prepared === 'function' ? await prepared(asked) : prepared;
    if (answer === 'hang') return;
    if (answer === 'drop' || answer === undefined) {
      request.socket.destroy();
      return;
    }
    response.writeHead(answer.status, { 'content-type': 'text/plain', ...answer.headers }).end(answer.body ?? '');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the stub has no port');
  return {
    url: `http://localhost:${address.port}`,
    requests,
    prepare(...next) {
      answers = next;
      requests.length = 0;
    },
    stop() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      return closed;
    },
  };
}
