import type { HistoryEvent } from '../../events.ts';
import { secretNameOf } from '../../secret-name.ts';
import { DAY, fromIso } from '../../time.ts';
import { KEY_PLACEHOLDER, reactivateCommand, restoreCommand } from '../commands.ts';
import { code, type Phrase } from '../phrase.ts';
import { type Brief, disableGap, type Voice, type Wording, wouldBe } from './wording.ts';

type Disabled = HistoryEvent<'key-disabled'>;

/** A key last used within so many days of its disabling is missed by something; the report of its use is hours old. */
const MISSED_DAYS = 3;

export function keyDisabled(event: Disabled, voice: Voice): Wording {
  const { words, when } = voice;
  const { by, deleteAt } = event.details;
  if (event.mode === 'observe' && by === 'keyturn') {
    return wouldBe(
      voice,
      words('key-disabled.observe.heading'),
      words('key-disabled.observe.lines.what', { deleteAt: when(deleteAt) }),
    );
  }
  return {
    heading: headingOf(event, voice),
    ...(isSettled(event) || by === 'somebody' ? {} : { act: true }),
    lines: [...whatHappened(event, voice), ...wayBack(event, voice)],
    ...commandsFor(event, voice),
    brief: inBrief(event, voice),
  };
}

/** Its owner uses the new key, and nothing used this one of late: there is nothing left to do. */
export const isSettled = (event: Disabled): boolean =>
  event.details.by === 'keyturn' && event.details.adopted === true && !isMissed(event);

/** It was used up to the end, so something has just stopped working. */
function isMissed({ time, details: { lastUse } }: Disabled): boolean {
  return lastUse !== undefined && fromIso(time) - fromIso(lastUse.at) <= MISSED_DAYS * DAY;
}

function headingOf(event: Disabled, { words }: Voice): Phrase {
  if (event.details.by === 'somebody') return words('key-disabled.somebody.heading');
  return isSettled(event) ? words('key-disabled.settled.heading') : words('key-disabled.heading');
}

function whatHappened(event: Disabled, voice: Voice): readonly Phrase[] {
  const { words, when, use } = voice;
  const { by, requestId, adopted, lastUse } = event.details;
  const disabledAt = when(event.time);
  return [
    by === 'keyturn'
      ? words('key-disabled.lines.keyturn', { disabledAt })
      : words('key-disabled.lines.somebody', { disabledAt }),
    ...(requestId === undefined ? [] : [words('key-disabled.lines.requested')]),
    ...(isSettled(event) ? [settled(event, voice)] : []),
    ...(lastUse === undefined
      ? []
      : isMissed(event)
        ? [words('key-disabled.lines.still-used', { use: use(lastUse) })]
        : [words('key-disabled.lines.last-use', { use: use(lastUse) })]),
    ...(adopted === false ? [words('key-disabled.lines.not-adopted')] : []),
    ...(isSettled(event) ? [] : useInstead(event, voice)),
  ];
}

function settled({ details: { successorKeyId } }: Disabled, { words }: Voice): Phrase {
  if (successorKeyId === undefined) return words('key-disabled.lines.adopted');
  return words('key-disabled.lines.adopted-key', { newKey: code(successorKeyId) });
}

function useInstead({ account, userName, details }: Disabled, { words }: Voice): readonly Phrase[] {
  const { why, successorKeyId } = details;
  if (successorKeyId === undefined) return [];
  const newKey = code(successorKeyId);
  // Only a key that Keyturn made is in the secret; of the others the owner has the only copy.
  if (why !== 'rotated' || userName === undefined) return [words('key-disabled.lines.switch', { newKey })];
  return [words('key-disabled.lines.switch-secret', { newKey, secret: code(secretNameOf(account, userName)) })];
}

function wayBack(event: Disabled, { words, when, days }: Voice): readonly Phrase[] {
  const { by, deleteAt, requestId } = event.details;
  const deletion = { deleteAt: when(deleteAt) };
  if (event.mode === 'observe') return [words('key-disabled.observe.lines.somebody', deletion)];
  const more = { days: days(disableGap(event)) };
  return [
    words('key-disabled.lines.delete', deletion),
    ...(requestId === undefined ? [] : [words('key-disabled.lines.leak')]),
    by === 'keyturn' ? words('key-disabled.lines.way-back', more) : words('key-disabled.lines.way-back-iam', more),
  ];
}

function commandsFor(
  { mode, userName, keyId, details: { by } }: Disabled,
  { keyturn }: Voice,
): Pick<Wording, 'commands'> {
  if (mode === 'observe' || userName === undefined || keyId === undefined) return {};
  const restore = by === 'keyturn' ? [restoreCommand(keyturn, keyId)] : [];
  return { commands: [...restore, reactivateCommand(userName, keyId)] };
}

function inBrief(event: Disabled, { words, when, use, keyturn }: Voice): Brief {
  const { by, deleteAt, successorKeyId, lastUse, requestId } = event.details;
  const deletion = { deleteAt: when(deleteAt) };
  const what = isSettled(event)
    ? words('key-disabled.short.settled', deletion)
    : successorKeyId === undefined
      ? words('key-disabled.short.alone', deletion)
      : words('key-disabled.short.switch', { newKey: code(successorKeyId), ...deletion });
  const missed = lastUse !== undefined && isMissed(event);
  return {
    lines: [what, ...(missed ? [words('key-disabled.short.still-used', { use: use(lastUse) })] : [])],
    // Who asked for its end, as for a leak, needs no way back.
    ...(by === 'keyturn' && event.mode === 'enforce' && requestId === undefined
      ? {
          several: words('key-disabled.several', { placeholder: code(KEY_PLACEHOLDER) }),
          commands: [restoreCommand(keyturn, KEY_PLACEHOLDER)],
        }
      : {}),
  };
}
