import type { HistoryEvent } from '../../events.ts';
import { code, type Phrase } from '../phrase.ts';
import { type Voice, type Wording, wouldBe } from './wording.ts';

/** Somebody else made a disabled key active. */
export function keyReactivated(event: HistoryEvent<'key-reactivated'>, voice: Voice): Wording {
  const { words, when, day } = voice;
  const { disableAt, successorKeyId } = event.details;
  const found = words('key-reactivated.lines.found', { foundAt: when(event.time) });
  const again = { disableAt: when(disableAt) };
  if (event.mode === 'observe') {
    return wouldBe(
      voice,
      words('key-reactivated.observe.heading'),
      found,
      words('key-reactivated.observe.lines.again', again),
    );
  }
  return {
    heading: words('key-reactivated.heading'),
    subject: words('key-reactivated.subject', { day: day(disableAt) }),
    act: true,
    deadline: disableAt,
    lines: [
      found,
      successorKeyId === undefined
        ? words('key-reactivated.lines.again', again)
        : words('key-reactivated.lines.switch', { newKey: code(successorKeyId), ...again }),
    ],
    brief: { lines: [words('key-reactivated.short', again)] },
    advice: [words('key-reactivated.advice.who')],
  };
}

/** A `step-waiting` whose reason is `in-use`: the key would be disabled, were it not used. */
export function keyInUse(event: HistoryEvent<'step-waiting'>, voice: Voice): Wording {
  const { words, when, day } = voice;
  const { until, lastUse, heldUntil } = event.details;
  const use = lastUse && voice.use(lastUse);
  if (event.mode === 'observe') {
    return wouldBe(
      voice,
      words('step-waiting.observe.heading'),
      words('step-waiting.observe.lines.what'),
      ...(use === undefined ? [] : [words('step-waiting.lines.use', { use })]),
    );
  }
  const last = heldUntil === undefined ? [] : [words('step-waiting.lines.last', { heldUntil: when(heldUntil) })];
  const isIdleFirst = until !== undefined && until !== heldUntil;
  const lines: readonly Phrase[] = [
    words('step-waiting.lines.what'),
    ...(use === undefined ? [] : [words('step-waiting.lines.use', { use })]),
    ...(isIdleFirst ? [words('step-waiting.lines.until', { until: when(until) })] : []),
    ...last,
  ];
  const brief: readonly Phrase[] = [
    ...(use === undefined ? [] : [words('step-waiting.short.use', { use })]),
    ...(isIdleFirst ? [words('step-waiting.short.until', { until: when(until) })] : []),
    ...last,
  ];
  return {
    heading: words('step-waiting.heading'),
    ...(until === undefined ? {} : { subject: words('step-waiting.subject', { day: day(until) }), deadline: until }),
    act: true,
    lines,
    brief: { lines: brief },
    advice: [words('step-waiting.advice.move')],
  };
}
