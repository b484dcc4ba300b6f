import type { IncomingHttpHeaders } from 'node:http';

/** One AWS API call as read from its request; what must stay secret is already replaced. */
export interface AwsCall {
  /** As in IAM actions and ARNs: `iam`, `secretsmanager`, `dynamodb`. */
  readonly service: string;
  /** `CreateAccessKey`; for REST services, which name no action on the wire, `GET /path`. */
  readonly action: string;
  /** For REST services what their query says. */
  readonly params: Readonly<Record<string, unknown>>;
  readonly accessKeyId: string;
  readonly region: string;
  readonly protocol: 'query' | 'json' | 'rest';
}

export interface WireRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** Reads the wire protocols of SDK v3: AWS Query (IAM, STS, SNS, CloudFormation), AWS JSON (the rest), REST by path. */
export function parseCall(request: WireRequest): AwsCall {
  const { accessKeyId, region, service } = credentialScope(request.headers.authorization);
  const target = request.headers['x-amz-target'];
  const contentType = request.headers['content-type'] ?? '';
  if (typeof target === 'string') {
    const action = target.slice(target.lastIndexOf('.') + 1);
    return { service, action, params: redacted(jsonObject(request.body)), accessKeyId, region, protocol: 'json' };
  }
  if (contentType.startsWith('application/x-www-form-urlencoded')) {
    const {
      Action: action = 'unknown',
      Version: _,
      ...params
    } = Object.fromEntries(new URLSearchParams(request.body.toString('utf8')));
    return { service, action, params: redacted(params), accessKeyId, region, protocol: 'query' };
  }
  const { pathname, searchParams } = new URL(request.url, 'http://localhost');
  const params = redacted(Object.fromEntries(searchParams));
  return { service, action: `${request.method} ${pathname}`, params, accessKeyId, region, protocol: 'rest' };
}

/** The error code of a response, whichever the protocol; undefined for a success. */
export function errorCodeOf(status: number, headers: IncomingHttpHeaders, body: Buffer): string | undefined {
  if (status < 400) return undefined;
  const header = headers['x-amzn-errortype'];
  if (typeof header === 'string') return header.split(':')[0];
  const text = body.toString('utf8');
  const xml = /<Code>([^<]*)<\/Code>/.exec(text)?.[1];
  if (xml !== undefined) return xml;
  const type = jsonObject(body).__type;
  return typeof type === 'string' ? type.slice(type.lastIndexOf('#') + 1) : `HTTP ${status}`;
}

/** Which principal an access key turns out to be, as told by the answers of STS; nothing else of them is kept. */
export function principalLearnt(call: AwsCall, body: Buffer): { accessKeyId: string; arn: string } | undefined {
  if (call.service !== 'sts') return undefined;
  const text = body.toString('utf8');
  const arn = /<Arn>([^<]*)<\/Arn>/.exec(text)?.[1];
  if (arn === undefined) return undefined;
  if (call.action === 'GetCallerIdentity') return { accessKeyId: call.accessKeyId, arn };
  const accessKeyId = /<AccessKeyId>([^<]*)<\/AccessKeyId>/.exec(text)?.[1];
  return accessKeyId === undefined ? undefined : { accessKeyId, arn };
}

/** A failure shaped as the called service would send it: `awsError(call, 'ThrottlingException', 400)`. */
export function awsError(call: AwsCall, code: string, status: number, message = 'Injected fault.'): InjectedAnswer {
  if (call.protocol === 'query') {
    const type = status < 500 ? 'Sender' : 'Receiver';
    const error = `<Error><Type>${type}</Type><Code>${code}</Code><Message>${message}</Message></Error>`;
    const body = `<ErrorResponse>${error}<RequestId>injected</RequestId></ErrorResponse>`;
    return { status, headers: { 'content-type': 'text/xml' }, body };
  }
  const headers = { 'content-type': 'application/x-amz-json-1.0', 'x-amzn-errortype': code };
  return { status, headers, body: JSON.stringify({ __type: code, message }) };
}

export interface InjectedAnswer {
  readonly status: number;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly delayMs?: number;
}

const secretFields = /^(SecretString|SecretBinary|SecretAccessKey|SessionToken|Password|OldPassword|NewPassword)$/i;

/** A copy in which every field that may carry a secret says so instead, at any depth. */
function redacted(params: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(params).map(([name, value]) => [name, redactedField(name, value, params)]));
}

function redactedField(name: string, value: unknown, siblings: Readonly<Record<string, unknown>>): unknown {
  if (secretFields.test(name)) return '(redacted)';
  if (name === 'Value' && siblings.Type === 'SecureString') return '(redacted)';
  return redactedValue(value);
}

function redactedValue(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(redactedValue);
  return isRecord(value) ? redacted(value) : value;
}

function credentialScope(authorization: string | undefined): { accessKeyId: string; region: string; service: string } {
  const scope = /Credential=([^/]+)\/\d+\/([^/]+)\/([^/]+)\/aws4_request/.exec(authorization ?? '');
  const [, accessKeyId = 'anonymous', region = 'unknown', service = 'unknown'] = scope ?? [];
  return { accessKeyId, region, service };
}

function jsonObject(body: Buffer): Record<string, unknown> {
  try {
    const parsed: unknown = JSON.parse(body.toString('utf8'));
    return isRecord(parsed) ? parsed : {};
  } catch {
    return {};
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
