import * as z from 'zod/mini';
import type { TextOverrides } from '../domain/notices/words.ts';

const schema = z.record(z.string(), z.string());

/**
 * The deployment's own texts of notices (NOTICE_TEXTS): checked at synth and put in place of this variable when the function
 * is bundled, because its environment has not the room. Outside a bundle there are none.
 */
export const noticeTexts = (): TextOverrides => schema.parse(JSON.parse(process.env.NOTICE_TEXTS ?? '{}'));
