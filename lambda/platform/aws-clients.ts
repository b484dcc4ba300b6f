/**
 * Settings that every AWS client starts from. Adaptive: throttled calls slow the whole client down instead of each other.
 * Six attempts outlast a short spell of throttling and stay far below a function's time limit.
 */
export const clientSettings = {
  retryMode: 'adaptive',
  maxAttempts: 6,
  // Milliseconds. Without throwOnRequestTimeout the SDK would only log a request that takes too long.
  requestHandler: { connectionTimeout: 3_000, requestTimeout: 15_000, throwOnRequestTimeout: true },
} as const;

/** For a call that must not be repeated unseen: whether and how to try again is decided by its caller. */
export const singleAttempt = { ...clientSettings, maxAttempts: 1 } as const;
