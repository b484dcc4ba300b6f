import { delayTexts } from './delay.ts';
import { exemptionTexts } from './exemption.ts';
import { frameTexts } from './frame.ts';
import { retirementTexts } from './retirement.ts';
import { rotationTexts } from './rotation.ts';
import { troubleTexts } from './trouble.ts';

/**
 * Every text of every notice. An ID is the type of event, then which text it is: `heading`, `subject` (of the message,
 * when this is its most urgent news), `lines.…` of one key, `short…` of one key among several, `several` what then leads
 * over to the commands, `advice.…` for all keys of a section. `{…}` is filled in.
 */
export const catalogue = {
  ...rotationTexts,
  ...retirementTexts,
  ...delayTexts,
  ...exemptionTexts,
  ...troubleTexts,
  ...frameTexts,
} as const;

export type TextId = keyof typeof catalogue;

export const isTextId = (id: string): id is TextId => Object.hasOwn(catalogue, id);

/** The names in braces. */
export type PlaceholdersOf<Text extends string> = Text extends `${string}{${infer Name}}${infer Rest}`
  ? Name | PlaceholdersOf<Rest>
  : never;

export const placeholdersOf = (text: string): readonly string[] => [
  ...new Set([...text.matchAll(/\{([^{}]*)\}/g)].map(([, name]) => name ?? '')),
];
