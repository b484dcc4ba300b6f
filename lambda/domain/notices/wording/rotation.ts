import type { HistoryEvent } from '../../events.ts';
import { READ_POLICY, secretAccountOf } from '../../secret-name.ts';
import { fetchCommands } from '../commands.ts';
import { code, type Phrase, say } from '../phrase.ts';
import { days, disableGap, type Voice, type Wording, wouldBe } from './wording.ts';

export function rotationUpcoming(event: HistoryEvent<'rotation-upcoming'>, { when, day }: Voice): Wording {
  const { rotateAt } = event.details;
  if (event.mode === 'observe') {
    return wouldBe('Would soon be replaced', say`Keyturn would replace it on ${when(rotateAt)}.`);
  }
  return {
    heading: 'Key rotation coming up',
    subject: `Key rotation on ${day(rotateAt)}`,
    deadline: rotateAt,
    lines: [
      say`Keyturn makes its successor on ${when(rotateAt)}. From then on you have ${days(disableGap(event))} to switch; this key keeps working meanwhile.`,
    ],
    advice: [
      say`Nothing to do yet. When the new key is ready, you get the command that fetches it. It helps to find out now where the present key is used.`,
    ],
  };
}

export function keyReplaced(event: HistoryEvent<'key-replaced'>, { when, day }: Voice): Wording {
  const { incomingKeyId, secretName, secretArn, secretRegion, disableAt, deleteAt } = event.details;
  if (event.mode === 'observe') {
    return wouldBe(
      'Would be replaced',
      say`Keyturn would make a new key now, disable this one on ${when(disableAt)} and delete it on ${when(deleteAt)}.`,
    );
  }
  const elsewhere = secretArn !== undefined && secretAccountOf(secretArn) !== event.account ? secretArn : undefined;
  return {
    heading: 'New key ready: switch to it',
    subject: `Switch to the new key by ${day(disableAt)}`,
    deadline: disableAt,
    lines: [
      say`The new key ${code(incomingKeyId)} is ready. For now both keys work.`,
      say`Use the new one everywhere by ${when(disableAt)}: then the old one is disabled and stops working. It is deleted for good on ${when(deleteAt)}, at the earliest.`,
      say`Fetch the new key from AWS Secrets Manager:`,
    ],
    commands: fetchCommands(elsewhere ?? secretName, secretRegion),
    advice: [
      say`The old key itself may fetch the new one until it is disabled: add ${code('--profile NAME')} (AWS CLI) or ${code('-ProfileName NAME')} (PowerShell) with the profile that holds the old key.`,
      ...(elsewhere === undefined ? [] : [inAnotherAccount(elsewhere)]),
    ],
  };
}

const inAnotherAccount = (secretArn: string): Phrase =>
  say`The secret is in account ${secretAccountOf(secretArn) ?? 'unknown'}. To read it there, the user also needs a policy of its own account: have the managed policy ${code(READ_POLICY)} attached to it.`;
