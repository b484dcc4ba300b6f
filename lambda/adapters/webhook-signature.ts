import { createHmac } from 'node:crypto';

/** `v1=` and the hex HMAC-SHA256, under the endpoint's key, of the timestamp (seconds), a dot, and the body as it is sent. */
export const signatureOf = (key: string, timestamp: string, body: string): string =>
  `v1=${createHmac('sha256', key).update(`${timestamp}.${body}`).digest('hex')}`;
