import type { EventHead } from '../../events.ts';
import type { IsoTime } from '../../time.ts';
import type { Command } from '../commands.ts';
import { type Phrase, type Span, say, strong } from '../phrase.ts';
import { dayInWords, inWords } from '../when.ts';

/** What a notice says of one event, beside which key it is about. */
export interface Wording {
  /** What happened, as a headline; entries with the same one share a section. */
  readonly heading: string;
  /** For the subject line, before the user's name; default: the heading. */
  readonly subject?: string;
  readonly lines: readonly Phrase[];
  /** To be pasted; the last line leads over to them. */
  readonly commands?: readonly Command[];
  /** What holds for every entry of the section, so that it is said once. */
  readonly advice?: readonly Phrase[];
  /** By when somebody has to act; what is most urgent comes first. */
  readonly deadline?: IsoTime;
}

/** How times read for whoever gets the notice. */
export interface Voice {
  /** Day, time and zone, to catch the eye. */
  when(time: IsoTime): Span;
  /** Only the day, for subject lines. */
  day(time: IsoTime): string;
}

export const voiceFor = (timeZone?: string): Voice => ({
  when: (time) => strong(inWords(time, timeZone)),
  day: (time) => dayInWords(time, timeZone),
});

export const days = (n: number): string => (n === 1 ? '1 day' : `${n} days`);

export const disableGap = ({ policy }: EventHead): number => policy.disableAfterDays - policy.rotateAfterDays;

/** A wording of `observe` mode: what would have been done, and that it was not. */
export const wouldBe = (heading: string, ...lines: readonly Phrase[]): Wording => ({
  heading,
  lines,
  advice: [say`Observe mode: this is what Keyturn would do. Nothing was changed.`],
});
