import { dates } from './dates.ts';
import { facts } from './facts.ts';
import { gates } from './gates.ts';
import type { Guard } from './guard.ts';
import { journal } from './journal.ts';
import { outbox } from './outbox.ts';
import { requests } from './requests.ts';

/** Every check that keeps a promise of DESIGN section 4. */
export const guards: readonly Guard[] = [...journal, ...outbox, ...gates, ...dates, ...requests, ...facts];
