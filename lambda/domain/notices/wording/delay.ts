import type { HistoryEvent } from '../../events.ts';
import { code, type Phrase, quote, say } from '../phrase.ts';
import { type Voice, type Wording, wouldBe } from './wording.ts';

export function keyReactivated(event: HistoryEvent<'key-reactivated'>, { when, day }: Voice): Wording {
  const { disableAt, successorKeyId } = event.details;
  const found = say`Keyturn had disabled it; on ${when(event.time)} it was active again.`;
  if (event.mode === 'observe') {
    return wouldBe('Active again', found, say`Keyturn would disable it again on ${when(disableAt)}.`);
  }
  return {
    heading: 'Disabled key is active again',
    subject: `Disabled key is active again until ${day(disableAt)}`,
    deadline: disableAt,
    lines: [
      found,
      successorKeyId === undefined
        ? say`It is disabled again on ${when(disableAt)}.`
        : say`Use ${code(successorKeyId)} instead everywhere by ${when(disableAt)}: then it is disabled again.`,
    ],
    advice: [
      say`If nobody on your side made it active, find out who did: CloudTrail records it as UpdateAccessKey. Tell your security team if it remains unclear.`,
    ],
  };
}

/** A `step-waiting` whose reason is `in-use`: the key would be disabled, were it not used. */
export function keyInUse(event: HistoryEvent<'step-waiting'>, { when, day }: Voice): Wording {
  const { until, lastUse } = event.details;
  const use: readonly Phrase[] =
    lastUse === undefined
      ? []
      : [
          say`It was last used on ${when(lastUse.at)}, for the AWS service ${code(quote(lastUse.service, 50))} in ${code(quote(lastUse.region, 50))}.`,
        ];
  if (event.mode === 'observe') {
    return wouldBe('Would be kept, as it is in use', say`It is time to disable it, and Keyturn would wait.`, ...use);
  }
  const next =
    until === undefined
      ? []
      : [
          say`If it is not used until ${when(until)}, it is disabled then. If it is, Keyturn waits a little longer, but not for ever.`,
        ];
  return {
    heading: 'Old key still in use',
    ...(until === undefined ? {} : { subject: `Old key still in use, kept until ${day(until)}`, deadline: until }),
    lines: [say`It is time to disable this key, but something still uses it, so Keyturn waits.`, ...use, ...next],
    advice: [say`Move that use to the new key.`],
  };
}
