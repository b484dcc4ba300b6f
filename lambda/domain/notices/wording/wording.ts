import type { EventHead, UseOnRecord } from '../../events.ts';
import { DAY, fromIso, type IsoTime } from '../../time.ts';
import type { Command } from '../commands.ts';
import { DEFAULT_COMMAND, type HouseStyle } from '../house-style.ts';
import { code, link, type Phrase, quote, type Span, strong } from '../phrase.ts';
import { dayInWords, inWords } from '../when.ts';
import { type Words, wordsWith } from '../words.ts';

/** What a notice says of one event, beside which key it is about. */
export interface Wording {
  /** What happened, as a headline; entries with the same one share a section. */
  readonly heading: Phrase;
  /** For the subject line, before the user's name; default: the heading. */
  readonly subject?: Phrase;
  readonly lines: readonly Phrase[];
  /** To be pasted; the last line leads over to them. */
  readonly commands?: readonly Command[];
  /** Said in place of lines and commands when many entries share the section. */
  readonly brief?: Brief;
  /** What holds for every entry of the section, so that it is said once. */
  readonly advice?: readonly Phrase[];
  /** By when somebody has to act; what is most urgent comes first. */
  readonly deadline?: IsoTime;
  /** Somebody has to act, by the deadline or, without one, now; otherwise it is good to know. */
  readonly act?: true;
}

/** One key among many: what is its own, and what is said once for all of them. */
export interface Brief {
  readonly lines: readonly Phrase[];
  /** Leads over to the commands. */
  readonly several?: Phrase;
  readonly commands?: readonly Command[];
  /** In place of the wording's. */
  readonly advice?: readonly Phrase[];
}

/** How texts and times read for whoever gets the notice. */
export interface Voice {
  readonly words: Words;
  /** How the reader calls Keyturn's command line. */
  readonly keyturn: string;
  /** Where the guide to leaving access keys tells of it: a link, or the section's title. */
  guide(section: { readonly title: string; readonly anchor: string }): Phrase;
  /** Day, time and zone, to catch the eye. */
  when(time: IsoTime): Span;
  /** Only the day, for subject lines. */
  day(time: IsoTime): string;
  /** When, for which service and where a key was used, after the word "used". */
  use(use: UseOnRecord): Phrase;
  /** `1 day`, `10 days`. */
  days(count: number): Phrase;
  /** `in 14 days`, from one time to the other. */
  ahead(from: IsoTime, to: IsoTime): Phrase;
}

export function voiceFor(timeZone?: string, { texts, command, guideUrl }: HouseStyle = {}): Voice {
  const words = wordsWith(texts);
  // One message tells the same few dates many times, and to format one is the dearest thing about it.
  const known = new Map<IsoTime, Span>();
  const when = (time: IsoTime): Span => {
    const span = known.get(time) ?? strong(inWords(time, timeZone));
    known.set(time, span);
    return span;
  };
  const days = (count: number): Phrase => (count === 1 ? words('units.day') : words('units.days', { count }));
  return {
    words,
    keyturn: command ?? DEFAULT_COMMAND,
    guide: ({ title, anchor }) =>
      guideUrl === undefined ? words('guide.section', { title }) : [link(`${guideUrl}#${anchor}`)],
    when,
    day: (time) => dayInWords(time, timeZone),
    days,
    use({ at, service, region }) {
      const usedAt = when(at);
      if (isUnknown(service)) return words('use.at', { usedAt });
      const by = code(quote(service, 50));
      if (isUnknown(region)) return words('use.for-service', { usedAt, service: by });
      return words('use.in-region', { usedAt, service: by, region: quote(region, 50) });
    },
    ahead(from, to) {
      const count = (fromIso(to) - fromIso(from)) / DAY;
      return count < 1 ? words('units.within-a-day') : words('units.in-days', { days: days(Math.round(count)) });
    },
  };
}

/** How IAM writes what it does not know. */
const isUnknown = (text: string): boolean => text === '' || text === 'N/A';

export const disableGap = ({ policy }: EventHead): number => policy.disableAfterDays - policy.rotateAfterDays;

/** A wording of `observe` mode: what would have been done, and that it was not. */
export const wouldBe = ({ words }: Voice, heading: Phrase, ...lines: readonly Phrase[]): Wording => ({
  heading,
  lines,
  advice: [words('observe.advice')],
});
