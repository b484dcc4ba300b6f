import type { HistoryEvent } from '../../events.ts';
import { code, quote } from '../phrase.ts';
import { type Voice, type Wording, wouldBe } from './wording.ts';

/** What became of what somebody asked for. */

export function keyRestored(event: HistoryEvent<'key-restored'>, voice: Voice): Wording {
  const { words, when, day } = voice;
  const { until, successorKeyId } = event.details;
  const end = { until: when(until) };
  if (event.mode === 'observe') {
    return wouldBe(voice, words('key-restored.observe.heading'), words('key-restored.observe.lines.what', end));
  }
  return {
    heading: words('key-restored.heading'),
    subject: words('key-restored.subject', { day: day(until) }),
    act: true,
    deadline: until,
    lines: [
      words('key-restored.lines.what', { restoredAt: when(event.time) }),
      successorKeyId === undefined
        ? words('key-restored.lines.again', end)
        : words('key-restored.lines.switch', { newKey: code(successorKeyId), ...end }),
    ],
    brief: { lines: [words('key-restored.short', end)] },
  };
}

export function keySnoozed(event: HistoryEvent<'key-snoozed'>, voice: Voice): Wording {
  const { words, when, day } = voice;
  const { step, until, successorKeyId } = event.details;
  const end = { until: when(until) };
  if (event.mode === 'observe') {
    return wouldBe(voice, words('key-snoozed.observe.heading'), words('key-snoozed.observe.lines.what', end));
  }
  const isToStop = step === 'disable';
  return {
    heading: words('key-snoozed.heading'),
    subject: isToStop
      ? words('key-snoozed.subject.disable', { day: day(until) })
      : words('key-snoozed.subject.delete', { day: day(until) }),
    ...(isToStop ? { act: true } : {}),
    deadline: until,
    lines: [
      isToStop ? words('key-snoozed.lines.disable', end) : words('key-snoozed.lines.delete', end),
      ...(isToStop && successorKeyId !== undefined
        ? [words('key-snoozed.lines.switch', { newKey: code(successorKeyId) })]
        : []),
    ],
    brief: { lines: [words('key-snoozed.short', end)] },
  };
}

/** A fact in either mode: that is what somebody who asked is told. */
export function requestRefused({ details }: HistoryEvent<'request-refused'>, { words, keyturn }: Voice): Wording {
  const { request, why } = details;
  return {
    heading: words('request-refused.heading'),
    lines: [words(`request-refused.lines.${request}`, { why: quote(why) })],
    advice: [words('request-refused.advice.ask', { command: code(`${keyturn} history`) })],
  };
}
