/** What the texts of the command line mean. Each parser throws commander's InvalidArgumentError saying what would be right. */
import { InvalidArgumentError } from 'commander';
import { z } from 'zod';
import type { EventType } from '../lambda/domain/events.ts';
import {
  type AccessKeyId,
  type AccountId,
  type ExemptionId,
  InvalidIdError,
  type OwnerId,
  parseAccessKeyId,
  parseAccountId,
  parseExemptionId,
  parseOwnerId,
  parseRunId,
  parseUserName,
  type RunId,
  type UserName,
} from '../lambda/domain/ids.ts';
import { DAY, type Instant } from '../lambda/domain/time.ts';
import type { Clock } from '../lambda/ports.ts';
import { eventTypes } from './event-wording.ts';
import { namePatternProblem, pathPatternProblem } from './patterns.ts';

export const accountArgument = (text: string): AccountId => parsed(parseAccountId, text);
export const accountOrAllArgument = (text: string): AccountId | '*' => (text === '*' ? '*' : accountArgument(text));
export const userArgument = (text: string): UserName => parsed(parseUserName, text);
export const keyArgument = (text: string): AccessKeyId => parsed(parseAccessKeyId, text);
export const ownerArgument = (text: string): OwnerId => parsed(parseOwnerId, text);
export const runArgument = (text: string): RunId => parsed(parseRunId, text);
export const exemptionArgument = (text: string): ExemptionId => parsed(parseExemptionId, text.toUpperCase());

/** `eu-central-1`; whether there is such a Region shows when it is called. */
export function regionArgument(text: string): string {
  if (/^[a-z]{2,}(-[a-z]+)+-\d+$/.test(text)) return text;
  throw new InvalidArgumentError(`'${text}' is not an AWS Region (such as eu-central-1).`);
}

export function pathArgument(text: string): string {
  if (/^\/(.*\/)?$/.test(text)) return text;
  throw new InvalidArgumentError(`'${text}' is not an IAM path (it begins and ends with /, such as /team/).`);
}

/** Text that says something: a reason, an approver. */
export function textArgument(text: string): string {
  const trimmed = text.trim();
  if (trimmed === '') throw new InvalidArgumentError('it must not be empty.');
  return trimmed;
}

export function countArgument(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new InvalidArgumentError(`'${text}' is not a whole number of 1 or more.`);
}

/** Days that CloudTrail can look back. */
export function trailDaysArgument(text: string): number {
  const days = countArgument(text);
  if (days <= 90) return days;
  throw new InvalidArgumentError('CloudTrail keeps 90 days.');
}

/** `30d` (days) or `4w` (weeks), in days. */
export function durationArgument(text: string): number {
  const [, number, unit] = /^(\d{1,5})([dw])$/.exec(text) ?? [];
  const days = Number(number) * (unit === 'w' ? 7 : 1);
  if (days > 0) return days;
  throw new InvalidArgumentError(`'${text}' is not a duration (such as 30d or 4w).`);
}

/** `48h` (hours) or `2d` (days), in hours. */
export function hoursArgument(text: string): number {
  const [, number, unit] = /^(\d{1,5})([hd])$/.exec(text) ?? [];
  const hours = Number(number) * (unit === 'd' ? 24 : 1);
  if (hours > 0) return hours;
  throw new InvalidArgumentError(`'${text}' is not a duration (such as 48h or 2d).`);
}

/** `2026-11-20` (00:00 UTC) or a time such as `2026-11-20T09:30Z`; without a zone it is UTC. */
export function timeArgument(text: string): Instant {
  if (z.iso.date().safeParse(text).success) return Date.parse(text);
  const withZone = /(Z|[+-]\d\d:\d\d)$/.test(text) ? text : `${text}Z`;
  const withSeconds = withZone.replace(/T\d\d:\d\d(?=Z|[+-])/, '$&:00');
  if (z.iso.datetime({ offset: true }).safeParse(withSeconds).success) return Date.parse(withSeconds);
  throw new InvalidArgumentError(`'${text}' is not a date (2026-11-20) or a time (2026-11-20T09:30Z, UTC).`);
}

/** As timeArgument, or `7d`: that long before now. */
export const pastArgument =
  (clock: Clock) =>
  (text: string): Instant =>
    /^\d+[dw]$/.test(text) ? clock.now() - durationArgument(text) * DAY : timeArgument(text);

/** A UTC day, `2026-11-20`. */
export function dayArgument(text: string): string {
  if (z.iso.date().safeParse(text).success) return text;
  throw new InvalidArgumentError(`'${text}' is not a day (such as 2026-11-20, UTC).`);
}

/** Adds one more type of event to those named before. */
export function eventTypeArgument(text: string, before: readonly EventType[] | undefined): readonly EventType[] {
  const found = eventTypes.find((type) => type === text);
  if (found !== undefined) return [...(before ?? []), found];
  throw new InvalidArgumentError(`'${text}' is not a type of event; the types are ${eventTypes.join(', ')}.`);
}

function parsed<Id>(parse: (text: string) => Id, text: string): Id {
  try {
    return parse(text);
  } catch (error) {
    if (error instanceof InvalidIdError) throw new InvalidArgumentError(`${error.message}.`);
    throw error;
  }
}

export const namePatternArgument = (text: string): string => sound(text, namePatternProblem);
export const pathPatternArgument = (text: string): string => sound(text, pathPatternProblem);

function sound(text: string, problemOf: (text: string) => string | undefined): string {
  const problem = problemOf(text);
  if (problem !== undefined) throw new InvalidArgumentError(`${problem}.`);
  return text;
}
