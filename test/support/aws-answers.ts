import type { StubAnswer } from './http-stub.ts';

/** Answers of IAM and STS, in the XML that AWS sends. */
export const queryAnswer = (action: string, result: string): StubAnswer => ({
  status: 200,
  headers: { 'content-type': 'text/xml' },
  body:
    `<${action}Response xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><${action}Result>${result}</${action}Result>` +
    `<ResponseMetadata><RequestId>00000000-0000-0000-0000-000000000000</RequestId></ResponseMetadata></${action}Response>`,
});

export const queryError = (status: number, code: string, message: string): StubAnswer => ({
  status,
  headers: { 'content-type': 'text/xml' },
  body:
    '<ErrorResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><Error>' +
    `<Type>${status < 500 ? 'Sender' : 'Receiver'}</Type><Code>${code}</Code><Message>${message}</Message>` +
    '</Error><RequestId>00000000-0000-0000-0000-000000000000</RequestId></ErrorResponse>',
});

/** Answers of DynamoDB, Secrets Manager and SQS, in the JSON that AWS sends. */
export const jsonAnswer = (body: unknown): StubAnswer => ({
  status: 200,
  headers: { 'content-type': 'application/x-amz-json-1.0' },
  body: JSON.stringify(body),
});

export const jsonError = (status: number, type: string, message: string, more: object = {}): StubAnswer => ({
  status,
  headers: { 'content-type': 'application/x-amz-json-1.0' },
  body: JSON.stringify({ __type: type, message, ...more }),
});

export const throttled = queryError(400, 'Throttling', 'Rate exceeded');
export const denied = (action: string): StubAnswer =>
  queryError(
    403,
    'AccessDenied',
    `User: arn:aws:sts::111122223333:assumed-role/KeyturnMember/run-1 is not authorized to perform: ${action}`,
  );
