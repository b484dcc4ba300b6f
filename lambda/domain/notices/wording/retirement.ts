import type { HistoryEvent } from '../../events.ts';
import type { RetirementReason } from '../../reasons.ts';
import { code, type Phrase, quote } from '../phrase.ts';
import { type Voice, type Wording, wouldBe } from './wording.ts';

type Started = HistoryEvent<'retirement-started'>;

export function retirementStarted(event: Started, voice: Voice): Wording {
  const { words, when, day } = voice;
  const { why, disableAt, deleteAt, successorKeyId, after } = event.details;
  const because = [
    becauseOf(why, event, voice),
    ...(after === undefined ? [] : [words('retirement-started.after.exemption')]),
  ];
  const deletion = { deleteAt: when(deleteAt) };
  if (event.mode === 'observe') {
    const dates =
      disableAt === undefined
        ? words('retirement-started.observe.lines.delete', deletion)
        : words('retirement-started.observe.lines.disable', { disableAt: when(disableAt), ...deletion });
    return wouldBe(voice, words('retirement-started.observe.heading'), ...because, dates);
  }
  if (disableAt === undefined) {
    return {
      heading: words('retirement-started.inactive.heading'),
      subject: words('retirement-started.inactive.subject', { day: day(deleteAt) }),
      deadline: deleteAt,
      lines: [...because, words('retirement-started.inactive.lines.date', deletion)],
      brief: { lines: [words('retirement-started.short.inactive', deletion)] },
    };
  }
  const dates = { disableAt: when(disableAt), ...deletion };
  const newKey = successorKeyId === undefined ? undefined : code(successorKeyId);
  const move =
    newKey === undefined
      ? words('retirement-started.lines.unused', dates)
      : words('retirement-started.lines.switch', { newKey, ...dates });
  const short =
    newKey === undefined
      ? words('retirement-started.short.unused', { disableAt: when(disableAt) })
      : words('retirement-started.short.switch', { newKey, disableAt: when(disableAt) });
  return {
    heading: words('retirement-started.heading'),
    subject: words('retirement-started.subject', { day: day(disableAt) }),
    ...(newKey === undefined ? {} : { act: true }),
    deadline: disableAt,
    lines: [...because, move],
    brief: { lines: [short] },
  };
}

/** Why the key is on its way out, as its owner would ask. */
function becauseOf(why: RetirementReason, { policy }: Started, { words, days }: Voice): Phrase {
  switch (why) {
    case 'both-due':
    case 'never-used':
      return words(`retirement-started.why.${why}`, { days: days(policy.rotateAfterDays) });
    default:
      return words(`retirement-started.why.${why}`);
  }
}

export function retirementCancelled(event: HistoryEvent<'retirement-cancelled'>, voice: Voice): Wording {
  const { words } = voice;
  const because = becauseCancelled(event.details.why, voice);
  if (event.mode === 'observe') {
    return wouldBe(
      voice,
      words('retirement-cancelled.observe.heading'),
      words('retirement-cancelled.observe.lines.what'),
      because,
    );
  }
  return {
    heading: words('retirement-cancelled.heading'),
    lines: [words('retirement-cancelled.lines.what'), because],
    brief: { lines: [because] },
    advice: [words('retirement-cancelled.advice.none')],
  };
}

/** Reasons that the rules give have words of their own; any other is quoted. */
function becauseCancelled(why: string, { words }: Voice): Phrase {
  switch (why) {
    case 'successor-gone':
    case 'used-after-all':
    case 'slot-free':
    case 'not-alone':
    case 'active-again':
      return words(`retirement-cancelled.why.${why}`);
    default:
      return words('retirement-cancelled.why.other', { why: quote(why) });
  }
}
