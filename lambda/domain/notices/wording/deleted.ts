import type { HistoryEvent } from '../../events.ts';
import { KEY_PLACEHOLDER, reactivateCommand, restoreCommand } from '../commands.ts';
import { code } from '../phrase.ts';
import { type Voice, type Wording, wouldBe } from './wording.ts';

export function deletionUpcoming(event: HistoryEvent<'deletion-upcoming'>, voice: Voice): Wording {
  const { words, when, day, keyturn } = voice;
  const { mode, userName, keyId } = event;
  const { deleteAt } = event.details;
  const deletion = { deleteAt: when(deleteAt) };
  if (mode === 'observe') {
    return wouldBe(
      voice,
      words('deletion-upcoming.observe.heading'),
      words('deletion-upcoming.observe.lines.what', deletion),
    );
  }
  const isNamed = userName !== undefined && keyId !== undefined;
  return {
    heading: words('deletion-upcoming.heading'),
    subject: words('deletion-upcoming.subject', { day: day(deleteAt) }),
    deadline: deleteAt,
    lines: [
      words('deletion-upcoming.lines.date', deletion),
      ...(isNamed ? [words('deletion-upcoming.lines.way-back')] : []),
    ],
    ...(isNamed ? { commands: [restoreCommand(keyturn, keyId), reactivateCommand(userName, keyId)] } : {}),
    brief: {
      lines: [words('deletion-upcoming.short', deletion)],
      several: words('deletion-upcoming.several', { placeholder: code(KEY_PLACEHOLDER) }),
      commands: [restoreCommand(keyturn, KEY_PLACEHOLDER)],
    },
    advice: [words('deletion-upcoming.advice.none')],
  };
}

export function keyDeleted({ time, mode, details: { by } }: HistoryEvent<'key-deleted'>, voice: Voice): Wording {
  const { words, when } = voice;
  if (mode === 'observe' && by === 'keyturn') {
    return wouldBe(voice, words('key-deleted.observe.heading'), words('key-deleted.observe.lines.what'));
  }
  const deletedAt = when(time);
  return by === 'keyturn'
    ? {
        heading: words('key-deleted.heading'),
        lines: [words('key-deleted.lines.keyturn', { deletedAt })],
        advice: [words('key-deleted.advice.none')],
      }
    : {
        heading: words('key-deleted.somebody.heading'),
        lines: [words('key-deleted.lines.somebody', { deletedAt })],
        advice: [words('key-deleted.advice.somebody')],
      };
}
