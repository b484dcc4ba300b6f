import { calling, hasCode } from '../lambda/adapters/aws-errors.ts';

/** Calls AWS; undefined when it answers with one of the codes that say there is no such thing. */
export async function ifThere<T>(
  action: string,
  gone: readonly string[],
  call: () => Promise<T | undefined>,
): Promise<T | undefined> {
  return calling(action, async () => {
    try {
      return await call();
    } catch (error) {
      if (hasCode(error, ...gone)) return undefined;
      throw error;
    }
  });
}
