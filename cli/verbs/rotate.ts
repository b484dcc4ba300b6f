import type { AccessKeyId, UserName } from '../../lambda/domain/ids.ts';
import type { Progress } from '../follow-request.ts';
import { makeRequest, type RequestOptions, type RequestReport } from '../make-request.ts';
import type { Session } from '../session.ts';

export interface RotateOptions extends RequestOptions {
  readonly user: UserName;
  /** Default: the user's only Active key. */
  readonly key?: AccessKeyId;
  readonly disableOldNow?: boolean;
}

/** Asks for a rotation out of turn; with `disableOldNow` the old key stops as soon as there is a new one. */
export const rotate = (session: Session, options: RotateOptions, progress: Progress): Promise<RequestReport> => {
  const { key, disableOldNow = false } = options;
  const wish = { kind: 'rotate', disableOldNow, ...(key === undefined ? {} : { keyId: key }) } as const;
  return makeRequest(session, wish, options, progress);
};
