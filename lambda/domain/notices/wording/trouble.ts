import type { HistoryEvent } from '../../events.ts';
import { listCommand } from '../commands.ts';
import { quote } from '../phrase.ts';
import type { Voice, Wording } from './wording.ts';

/** What operators are told: faults of Keyturn's work, and what it found and will not touch. */

type Fault = HistoryEvent<'sweep-failed' | 'disable-failed' | 'delete-failed' | 'restore-failed'>;

/** Something failed, with an error to read. */
export const failed = ({ type, details }: Fault, { words }: Voice): Wording => ({
  heading: words(`${type}.heading`),
  act: true,
  lines: [words(`${type}.lines.what`, { error: quote(details.error) })],
  advice: [words(`${type}.advice.next`)],
});

export function runFailed({ details }: HistoryEvent<'run-failed'>, { words }: Voice): Wording {
  const error = quote(details.error);
  return {
    heading: words('run-failed.heading'),
    act: true,
    lines: [
      details.requested ? words('run-failed.lines.requested', { error }) : words('run-failed.lines.what', { error }),
    ],
    advice: [details.requested ? words('run-failed.advice.requested') : words('run-failed.advice.next')],
  };
}

export const rootKeySeen = ({ details }: HistoryEvent<'root-key-seen'>, { words }: Voice): Wording => ({
  heading: words('root-key-seen.heading'),
  act: true,
  lines: [words('root-key-seen.lines.what', { count: details.activeKeys })],
  advice: [words('root-key-seen.advice.delete')],
});

export const userBlocked = ({ userName, details }: HistoryEvent<'user-blocked'>, { words }: Voice): Wording => ({
  heading: words('user-blocked.heading'),
  act: true,
  lines: [
    words('user-blocked.lines.what', { count: details.keys }),
    ...(userName === undefined ? [] : [words('user-blocked.lines.list')]),
  ],
  ...(userName === undefined ? {} : { commands: [listCommand(userName)] }),
  advice: [words('user-blocked.advice.delete')],
});

export const rotationFailed = ({ details }: HistoryEvent<'rotation-failed'>, { words }: Voice): Wording => ({
  heading: words('rotation-failed.heading'),
  act: true,
  lines: [words(`rotation-failed.lines.${details.stage}`, { error: quote(details.error) })],
  advice: [words('rotation-failed.advice.next')],
});

export const rotationAbandoned = ({ details }: HistoryEvent<'rotation-abandoned'>, { words }: Voice): Wording => ({
  heading: words('rotation-abandoned.heading'),
  lines: [words('rotation-abandoned.lines.what', { why: quote(details.why) })],
  advice: [words('rotation-abandoned.advice.next')],
});

export const orphanRemoved = ({ words }: Voice): Wording => ({
  heading: words('orphan-removed.heading'),
  lines: [words('orphan-removed.lines.what')],
  advice: [words('orphan-removed.advice.none')],
});
