import pLimit from 'p-limit';

/** IAM throttles an account as a whole: more at once only wait for each other. */
const AT_ONCE = 8;

/** Does this for each, some at once, in their order. */
export function inParallel<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const limit = pLimit(AT_ONCE);
  return allOf(items.map((item) => limit(() => work(item))));
}

/** Like Promise.all, but lets every one come to its end before it throws: nothing goes on behind the caller's back. */
export async function allOf<T>(pending: readonly Promise<T>[]): Promise<T[]> {
  const settled = await Promise.allSettled(pending);
  return settled.map((one) => {
    if (one.status === 'rejected') throw one.reason;
    return one.value;
  });
}
