import { type Invariant, keyChanges } from './evidence.ts';

const reading = /^(Get|List|Describe|Generate)/;

/** In `observe` mode nothing changes in IAM or Secrets Manager, and nothing that could change it is even called. */
export const observingChangesNothing: Invariant = (evidence) => {
  if (evidence.mode !== 'observe') return [];
  const { before, after } = evidence;
  return [
    ...evidence.calls
      .filter(({ service, action }) => ['iam', 'secretsmanager'].includes(service) && !reading.test(action))
      .map(({ service, action }) => `${service}:${action} was called in observe mode.`),
    ...keyChanges(evidence).map(({ key, kind }) => `Key ${key.keyId} was ${kind} in observe mode.`),
    ...[...after.secrets]
      .filter(([name, versions]) => before.secrets.get(name)?.size !== versions.size)
      .map(([name]) => `Secret ${name} changed in observe mode.`),
  ];
};
