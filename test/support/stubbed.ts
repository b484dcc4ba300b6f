import { type HttpStub, startHttpStub } from './http-stub.ts';

/** Runs a test file against an HTTP stub of its own, and what an SDK client needs to talk to it. */
export function stubbed() {
  let running: HttpStub | undefined;
  beforeAll(async () => {
    running = await startHttpStub();
  });
  afterAll(() => running?.stop());
  const stub = (): HttpStub => {
    if (running === undefined) throw new Error('the stub runs only while tests do');
    return running;
  };
  return {
    stub,
    /** Every value of this parameter in the calls made so far (IAM and STS). */
    asked: (parameter: string) => stub().requests.map(({ body }) => new URLSearchParams(body).get(parameter)),
    clientConfig: () => ({
      endpoint: stub().url,
      region: 'eu-central-1',
      credentials: { accessKeyId: 'AKIAFAKE000000000000', secretAccessKey: 'fake' },
      requestHandler: { connectionTimeout: 1_000, requestTimeout: 500, throwOnRequestTimeout: true },
      maxAttempts: 1,
    }),
  };
}
