import { invokeDispatch } from '../../cli/start-run.ts';
import { AccessDeniedError } from '../../lambda/ports.ts';
import { jsonError } from '../support/aws-answers.ts';
import { ACCOUNT } from '../support/builders.ts';
import { stubbed } from '../support/stubbed.ts';

const { stub, clientConfig } = stubbed();
const event = { id: '7bf73129-1428-4cd3-a780-95db273d1602', time: '2026-06-01T00:00:00.000Z', accounts: [ACCOUNT] };

let before: string | undefined;
beforeEach(() => {
  before = process.env.AWS_ENDPOINT_URL;
  process.env.AWS_ENDPOINT_URL = stub().url;
});
afterEach(() => {
  if (before === undefined) delete process.env.AWS_ENDPOINT_URL;
  else process.env.AWS_ENDPOINT_URL = before;
});

const own = () => {
  const { credentials, region } = clientConfig();
  return { credentials, region };
};

test('dispatch is handed the event, and nobody waits for its answer', async () => {
  stub().prepare({ status: 202, headers: {}, body: '' });
  await invokeDispatch(own(), 'KeyturnDispatch', event);
  const [request] = stub().requests;
  expect(request).toMatchObject({ body: JSON.stringify(event) });
  expect(JSON.stringify(request)).toContain('/functions/KeyturnDispatch/invocations');
  expect(JSON.stringify(request?.headers).toLowerCase()).toContain('"x-amz-invocation-type":"event"');
});

test('a refusal names the right that is missing', async () => {
  stub().prepare(jsonError(403, 'AccessDeniedException', 'User: ada is not authorized'));
  await expect(invokeDispatch(own(), 'KeyturnDispatch', event)).rejects.toThrow(AccessDeniedError);
});
