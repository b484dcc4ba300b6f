import * as z from 'zod/mini';
import './english.ts';
import {
  InvalidIdError,
  parseAccessKeyId,
  parseAccountId,
  parseEventId,
  parseExemptionId,
  parseOwnerId,
  parseRequestId,
  parseRotationId,
  parseRunId,
  parseUserId,
  parseUserName,
} from '../domain/ids.ts';

/** Turns one of the domain's parsers into a schema with the parser's own message. */
function schemaOf<Id extends string>(parse: (text: string) => Id) {
  const parsed = z.transform((text: string, { issues }): Id => {
    try {
      return parse(text);
    } catch (error) {
      if (!(error instanceof InvalidIdError)) throw error;
      issues.push({ code: 'custom', message: error.message, input: text });
      return z.NEVER;
    }
  });
  return z.pipe(z.string(), parsed);
}

export const accountId = schemaOf(parseAccountId);
export const userName = schemaOf(parseUserName);
export const userId = schemaOf(parseUserId);
export const accessKeyId = schemaOf(parseAccessKeyId);
export const ownerId = schemaOf(parseOwnerId);
export const runId = schemaOf(parseRunId);
export const rotationId = schemaOf(parseRotationId);
export const eventId = schemaOf(parseEventId);
export const exemptionId = schemaOf(parseExemptionId);
export const requestId = schemaOf(parseRequestId);

/** ISO 8601 in UTC, as toIso writes it. */
export const isoTime = z.iso.datetime();
