import * as z from 'zod';
import { validateTexts } from '../lambda/domain/notices/validate-texts.ts';
import type { TextOverrides } from '../lambda/domain/notices/words.ts';

export type { TextOverrides } from '../lambda/domain/notices/words.ts';

/**
 * Texts of notices in your own words, by ID: `{ 'key-replaced.lines.switch': '… by {disableAt}', 'footer.owner': '…' }`.
 * `docs/notices.md` lists every ID with its text and its placeholders. A placeholder that whoever reads it has to know,
 * such as a deadline, must stay in; what is filled in stays escaped on every channel.
 */
export type TextsProps = TextOverrides;

/** `notices.texts` of the settings, with every mistake at the text that has it. */
export const texts = z
  .record(z.string(), z.string())
  .readonly()
  .default({})
  .superRefine((overrides, { addIssue }) => {
    for (const { id, message } of validateTexts(overrides)) addIssue({ code: 'custom', path: [id], message });
  });
