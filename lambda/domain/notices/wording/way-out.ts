import type { UseOnRecord } from '../../events.ts';
import type { IsoTime } from '../../time.ts';
import { fromIso } from '../../time.ts';
import { type WayOut, waysOut, waysOutFor } from '../../ways-out.ts';
import { code, type Phrase, quote } from '../phrase.ts';
import type { Voice } from './wording.ts';

/** A rotated key. */
interface Rotated {
  readonly time: IsoTime;
  readonly details: { readonly lastUse?: UseOnRecord };
}

/** What may take the place of the key for good: the likeliest by what it was last used for, else where to find out. */
export function wayOut({ time, details: { lastUse } }: Rotated, voice: Voice): readonly Phrase[] {
  const likeliest = likeliestFor(lastUse, time);
  if (lastUse === undefined || likeliest === undefined) return findOut(voice);
  const { name, why } = likeliest;
  const values = { service: serviceIn(lastUse), way: name, why, link: voice.guide(likeliest) };
  return [voice.words('key-replaced.advice.way-out', values)];
}

/** The same for one key among several: a line for each service. */
export function wayOutInBrief({ time, details: { lastUse } }: Rotated, voice: Voice): readonly Phrase[] {
  const likeliest = likeliestFor(lastUse, time);
  if (lastUse === undefined || likeliest === undefined) return findOut(voice);
  const values = { service: serviceIn(lastUse), way: likeliest.name };
  return [...findOut(voice), voice.words('key-replaced.short.way-out', values)];
}

export const findOut = ({ words, guide }: Voice): readonly Phrase[] => [
  words('key-replaced.advice.leave', { link: guide(waysOut['find-out']) }),
];

function likeliestFor(lastUse: UseOnRecord | undefined, time: IsoTime): WayOut | undefined {
  if (lastUse === undefined) return undefined;
  const [likeliest] = waysOutFor({ kind: 'used', ...lastUse, at: fromIso(lastUse.at) }, fromIso(time));
  return likeliest?.id === 'find-out' ? undefined : likeliest;
}

const serviceIn = ({ service }: UseOnRecord) => code(quote(service, 50));
