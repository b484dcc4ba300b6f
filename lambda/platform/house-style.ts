import * as z from 'zod/mini';
import type { HouseStyle } from '../domain/notices/house-style.ts';

const schema = z.object({
  texts: z.exactOptional(z.record(z.string(), z.string())),
  command: z.exactOptional(z.string()),
  guideUrl: z.exactOptional(z.string()),
}) satisfies z.ZodMiniType<HouseStyle>;

/**
 * What notices say as the deployment wants it (HOUSE_STYLE): checked at synth and put in place of this variable when the
 * function is bundled, because its environment has not the room. Outside a bundle there is nothing of it.
 */
export const houseStyle = (): HouseStyle => schema.parse(JSON.parse(process.env.HOUSE_STYLE ?? '{}'));
