import { csvFormatRow } from 'd3-dsv';
import type { HistoryEvent } from '../../lambda/domain/events.ts';
import { eventInWords } from '../event-wording.ts';

/** The columns of `keyturn history --csv`; new ones are added at the end. */
export const csvColumns = [
  'time',
  'type',
  'account',
  'user',
  'user_id',
  'path',
  'key',
  'what',
  'actor',
  'mode',
  'run',
  'event_id',
  'rotate_after_days',
  'disable_after_days',
  'delete_after_days',
  'details',
] as const;

export const csvHeader = (): string => csvFormatRow([...csvColumns]);

export function csvLine(event: HistoryEvent): string {
  const { rotateAfterDays, disableAfterDays, deleteAfterDays } = event.policy;
  return csvFormatRow([
    event.time,
    event.type,
    event.account,
    harmless(event.userName ?? ''),
    event.userId ?? '',
    event.userPath ?? '',
    event.keyId ?? '',
    harmless(eventInWords(event)),
    harmless(event.actor),
    event.mode,
    event.runId ?? '',
    event.id,
    String(rotateAfterDays),
    String(disableAfterDays),
    String(deleteAfterDays),
    JSON.stringify(event.details),
  ]);
}

/** A spreadsheet would take such a text, that somebody else may have written, for a formula. */
const harmless = (text: string): string => (/^[=+\-@\t\r]/.test(text) ? `'${text}` : text);
