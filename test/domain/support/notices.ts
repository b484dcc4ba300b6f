import {
  audienceOf,
  type EventType,
  type HistoryEvent,
  type NoticeChannel,
  type RotationStage,
} from '../../../lambda/domain/events.ts';
import { lengthOf } from '../../../lambda/domain/notices/blocks.ts';
import type { NoticeItem } from '../../../lambda/domain/notices/item.ts';
import type { Message } from '../../../lambda/domain/notices/messages.ts';
import type { RetirementReason } from '../../../lambda/domain/reasons.ts';
import { DAY, toIso } from '../../../lambda/domain/time.ts';
import { anEvent, anOwner, at, NOW } from '../../support/builders.ts';
import { sampleDetails } from '../../support/sample-details.ts';

export const payments = anOwner({ timeZone: 'Europe/Berlin', slackChannel: '#payments' });
export const channels: readonly NoticeChannel[] = ['slack', 'sns', 'email', 'webhook', 'operators-topic'];
const whys: readonly RetirementReason[] = [
  ...(['rotated', 'replaced-by-hand', 'both-due'] as const),
  ...(['never-used', 'blocks-slot', 'inactive-only'] as const),
];

const stages: readonly RotationStage[] = ['make-room', 'create', 'store', 'verify', 'publish'];
const soon = toIso(NOW + 2 * DAY);
const longAgo = { at: toIso(NOW - 20 * DAY), service: 'iam', region: 'N/A' };
const justNow = { at: toIso(NOW - DAY), service: 's3', region: 'eu-west-1' };

function withoutExtras({
  secretArn: _,
  lastUse: __,
  requestId: ___,
  ...details
}: (typeof sampleDetails)['key-replaced']): HistoryEvent<'key-replaced'>['details'] {
  return details;
}

const notHeld = ({ held: _, ...details }: (typeof sampleDetails)['key-still-used']) => details;
const inTheHub = 'arn:aws:secretsmanager:eu-central-1:999900009999:secret:keyturn/111122223333/ci=2Ddeploy-AbCdEf';

function withoutSecret({
  secretArn: _,
  secretRegion: __,
  ...details
}: (typeof sampleDetails)['key-still-used']): HistoryEvent<'key-still-used'>['details'] {
  return details;
}

function withoutCovers({
  covers: _,
  ...details
}: (typeof sampleDetails)['exemption-revoked']): HistoryEvent<'exemption-revoked'>['details'] {
  return details;
}

const isType = (text: string): text is EventType => text in sampleDetails;
const types = Object.keys(sampleDetails).filter(isType);
const modes = ['enforce', 'observe'] as const;
export const toldTypes = types.filter((type) => modes.some((mode) => audienceOf(anEvent(type, { mode })) !== 'nobody'));

/** Every kind of event that somebody is told, with all its optional details and with none of them. */
export const everyKind: readonly HistoryEvent[] = modes.flatMap((mode) => [
  ...toldTypes.map((type) => anEvent(type, { mode })),
  ...whys.flatMap((why) => [
    anEvent('retirement-started', { mode, details: { why, deleteAt: toIso(NOW) } }),
    anEvent('retirement-started', { mode, details: { ...sampleDetails['retirement-started'], why } }),
    anEvent('key-disabled', { mode, details: { by: 'somebody', why, deleteAt: toIso(NOW) } }),
    anEvent('key-disabled', { mode, details: { ...sampleDetails['key-disabled'], why } }),
  ]),
  ...([true, false] as const).flatMap((adopted) => [
    anEvent('key-disabled', { mode, details: { by: 'keyturn', why: 'rotated', deleteAt: soon, adopted } }),
    anEvent('key-disabled', { mode, details: { ...sampleDetails['key-disabled'], adopted, lastUse: longAgo } }),
    anEvent('key-disabled', { mode, details: { ...sampleDetails['key-disabled'], adopted, lastUse: justNow } }),
    anEvent('key-still-used', { mode, details: { ...sampleDetails['key-still-used'], adopted } }),
    anEvent('key-still-used', {
      mode,
      details: { ...sampleDetails['key-still-used'], adopted, reminder: 'day-before' },
    }),
    anEvent('key-still-used', {
      mode,
      details: { ...notHeld(sampleDetails['key-still-used']), adopted, reminder: 'day-before' },
    }),
  ]),
  anEvent('key-replaced', { mode, details: withoutExtras(sampleDetails['key-replaced']) }),
  anEvent('key-replaced', { mode, details: { ...sampleDetails['key-replaced'], disableAt: toIso(NOW) } }),
  anEvent('rotation-upcoming', { mode, details: { rotateAt: toIso(NOW + 3 * DAY), thresholdDays: 3 } }),
  ...[undefined, longAgo, justNow].map((outgoing) =>
    anEvent('key-adopted', {
      mode,
      details: {
        replaces: sampleDetails['key-adopted'].replaces,
        lastUse: { ...justNow, service: 'N/A', region: 'N/A' },
        ...(outgoing === undefined ? {} : { outgoingLastUse: outgoing }),
        disableAt: soon,
      },
    }),
  ),
  ...(['rotate', 'restore', 'snooze'] as const).map((request) =>
    anEvent('request-refused', { mode, details: { ...sampleDetails['request-refused'], request } }),
  ),
  anEvent('key-restored', { mode, details: { requestId: sampleDetails['key-restored'].requestId, until: soon } }),
  ...(['disable', 'delete'] as const).flatMap((step) => [
    anEvent('key-snoozed', { mode, details: { ...sampleDetails['key-snoozed'], step } }),
    anEvent('key-snoozed', {
      mode,
      details: { requestId: sampleDetails['key-snoozed'].requestId, step, until: soon },
    }),
  ]),
  anEvent('retirement-started', { mode, details: { why: 'never-used', disableAt: soon, deleteAt: soon } }),
  ...['used-after-all', 'slot-free', 'not-alone', 'active-again', 'a reason of tomorrow'].map((why) =>
    anEvent('retirement-cancelled', { mode, details: { why } }),
  ),
  anEvent('run-failed', { mode, details: { error: 'Organizations throttled the listing.' } }),
  anEvent('rotation-upcoming', { mode, details: { rotateAt: toIso(NOW + DAY / 2), thresholdDays: 1 } }),
  anEvent('key-adopted', { mode, details: { ...sampleDetails['key-adopted'], disableAt: toIso(NOW) } }),
  anEvent('key-deleted', { mode, details: { by: 'somebody' } }),
  anEvent('key-reactivated', { mode, details: { disableAt: toIso(NOW) } }),
  anEvent('step-waiting', { mode, details: { step: 'disable', reason: 'in-use' } }),
  anEvent('exemption-ending', { mode, details: { ...sampleDetails['exemption-ending'], retiring: [] } }),
  anEvent('exemption-ending', {
    mode,
    details: {
      ...sampleDetails['exemption-ending'],
      retiring: [{ keyId: sampleDetails['key-still-used'].successorKeyId, step: 'delete', at: soon }],
    },
  }),
  ...stages.map((stage) =>
    anEvent('rotation-failed', { mode, details: { ...sampleDetails['rotation-failed'], stage } }),
  ),
  anEvent('key-still-used', { mode, details: { ...sampleDetails['key-still-used'], secretArn: inTheHub } }),
  anEvent('key-still-used', { mode, details: withoutSecret(sampleDetails['key-still-used']) }),
  ...(['root-key-seen', 'sweep-failed', 'exemption-granted', 'exemption-revoked'] as const).map((type) =>
    accountEvent(type, mode),
  ),
  anEvent('exemption-revoked', { mode, details: withoutCovers(sampleDetails['exemption-revoked']) }),
]);

function accountEvent(type: EventType, mode: HistoryEvent['mode']): HistoryEvent {
  const { userName: _, userId: __, userPath: ___, keyId: ____, ...event } = anEvent(type, { mode });
  return event;
}

export function only(messages: readonly Message[]): Message {
  const [message, ...more] = messages;
  if (message === undefined || more.length > 0) throw new Error(`${messages.length} messages instead of one`);
  return message;
}

/** The texts of a message, as they leave. */
export const textsOf = ({ subject, text, blocks, html }: Message): readonly string[] => [
  subject,
  text,
  JSON.stringify(blocks),
  html,
];

/** What Slack and SNS refuse, and Gmail cuts. */
export function expectAcceptable({ subject, text, blocks, attributes, html }: Message): void {
  expect(subject).toMatch(/^\[Keyturn\] [ -~]+$/);
  expect(subject.length).toBeLessThan(100);
  expect(Buffer.byteLength(text)).toBeLessThan(250_000);
  expect(Buffer.byteLength(html)).toBeLessThanOrEqual(102_000);
  expect(blocks.length).toBeLessThanOrEqual(50);
  expect(lengthOf(blocks)).toBeLessThanOrEqual(12_000);
  for (const block of blocks) {
    if (block.type === 'section') expect(block.text.text.length).toBeLessThanOrEqual(3_000);
    if (block.type === 'header') expect(block.text.text.length).toBeLessThanOrEqual(150);
    if (block.type === 'context') for (const { text } of block.elements) expect(text.length).toBeLessThanOrEqual(3_000);
  }
  expect(Object.values(attributes)).not.toContain('');
}

export function items(events: readonly HistoryEvent[]): readonly NoticeItem[] {
  return events.map((event) => ({ event }));
}

/** The same event, with that text wherever people or other systems write freely. */
export function withTexts(event: HistoryEvent, text: string): HistoryEvent {
  switch (event.type) {
    case 'sweep-failed':
      return { ...event, details: { ...event.details, error: text } };
    case 'run-failed':
    case 'disable-failed':
    case 'delete-failed':
      return { ...event, details: { ...event.details, error: text } };
    case 'rotation-failed':
      return { ...event, details: { ...event.details, error: text } };
    case 'rotation-abandoned':
      return { ...event, details: { ...event.details, why: text } };
    case 'retirement-cancelled':
      return { ...event, details: { why: text } };
    case 'exemption-granted':
      return { ...event, actor: text, details: { ...event.details, match: text, reason: text, approver: text } };
    case 'exemption-revoked':
      return { ...event, actor: text, details: { ...event.details, match: text, reason: text } };
    case 'restore-failed':
      return { ...event, details: { ...event.details, error: text } };
    case 'request-refused':
      return { ...event, details: { ...event.details, why: text } };
    case 'step-waiting':
      return { ...event, details: { ...event.details, lastUse: usedFor(text) } };
    case 'key-replaced':
      return { ...event, details: { ...event.details, lastUse: usedFor(text) } };
    case 'key-still-used':
      return { ...event, details: { ...event.details, lastUse: usedFor(text) } };
    case 'key-adopted':
      return { ...event, details: { ...event.details, lastUse: usedFor(text), outgoingLastUse: usedFor(text) } };
    case 'key-disabled':
      return { ...event, details: { ...event.details, lastUse: usedFor(text) } };
    default:
      return event;
  }
}

const usedFor = (text: string) => ({ at: toIso(at('2026-01-01')), service: text, region: text });
