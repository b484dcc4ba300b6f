import type { Invariant } from './evidence.ts';

/** Only the member role, in a session named after the run, works in IAM and Secrets Manager; and it reads no secret. */
export const onlyTheWorkerTouchesKeys: Invariant = ({ calls }) =>
  calls.flatMap(({ service, action, principalArn = 'somebody unknown', errorCode, params }) => {
    const call = `${service}:${action} by ${principalArn}`;
    if (action === 'GetSecretValue') {
      const secret = String(params.SecretId);
      return secret.startsWith('keyturn/') ? [`${call} read ${secret}: no role of Keyturn's may.`] : [];
    }
    if (service !== 'iam' && service !== 'secretsmanager') return [];
    if (errorCode === 'AccessDenied') return [`${call} was denied.`];
    return /:assumed-role\/KeyturnMember\/run-/.test(principalArn) ? [] : [`${call}: not by the member role in a run.`];
  });
