import { type Invariant, recordedSince } from './evidence.ts';

/** Each run sweeps the account (a message that comes twice does no harm), reaches every user in it, and no failure of one user passes for "nothing to do". */
export const nobodyIsLeftOut: Invariant = (evidence) => {
  const recorded = recordedSince(evidence);
  const started = recorded.filter(({ type }) => type === 'run-started').length;
  const finished = recorded.filter((event) => event.type === 'sweep-finished');
  const users = evidence.before.users.length;
  return [
    ...(started === 1 ? [] : [`${started} runs were started, not 1.`]),
    ...(finished.length > 0 ? [] : ['No sweep was finished.']),
    ...recorded.flatMap((event) => (event.type === 'sweep-failed' ? [`The sweep failed: ${event.details.error}`] : [])),
    ...finished
      .filter(({ details }) => details.users !== users)
      .map(({ details }) => `The sweep reached ${details.users} users of ${users}.`),
    ...finished.flatMap(({ details }) =>
      details.failures.map(({ userName, error }) => `The sweep failed for user ${userName}: ${error}`),
    ),
  ];
};
