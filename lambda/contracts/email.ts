import * as z from 'zod/mini';

/** How e-mail is sent by SES. */
export interface EmailSettings {
  /** The sender: an address that is verified with SES, or whose domain is. */
  readonly from: string;
  /** Where SES sends from. */
  readonly region: string;
  readonly replyTo?: string;
  readonly configurationSet?: string;
}

const text = z.string().check(z.minLength(1));

export const emailSettingsSchema = z.object({
  from: text,
  region: text,
  replyTo: z.exactOptional(text),
  configurationSet: z.exactOptional(text),
}) satisfies z.ZodMiniType<EmailSettings>;
