import { audienceOf, type EventType, type HistoryEvent, type NoticeChannel } from '../../../lambda/domain/events.ts';
import { lengthOf } from '../../../lambda/domain/notices/blocks.ts';
import type { NoticeItem } from '../../../lambda/domain/notices/item.ts';
import type { Message } from '../../../lambda/domain/notices/messages.ts';
import type { RetirementReason } from '../../../lambda/domain/reasons.ts';
import { toIso } from '../../../lambda/domain/time.ts';
import { anEvent, anOwner, at, NOW } from '../../support/builders.ts';
import { sampleDetails } from '../../support/sample-details.ts';

export const payments = anOwner({ timeZone: 'Europe/Berlin', slackChannel: '#payments' });
export const channels: readonly NoticeChannel[] = ['slack', 'sns', 'operators-topic'];
const whys: readonly RetirementReason[] = [
  ...(['rotated', 'replaced-by-hand', 'both-due'] as const),
  ...(['never-used', 'blocks-slot', 'inactive-only'] as const),
];

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
  anEvent('key-deleted', { mode, details: { by: 'somebody' } }),
  anEvent('key-reactivated', { mode, details: { disableAt: toIso(NOW) } }),
  anEvent('step-waiting', { mode, details: { step: 'disable', reason: 'in-use' } }),
  accountEvent('root-key-seen', mode),
  accountEvent('sweep-failed', mode),
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
export const textsOf = ({ subject, text, blocks }: Message): readonly string[] => [
  subject,
  text,
  JSON.stringify(blocks),
];

/** What Slack and SNS refuse. */
export function expectAcceptable({ subject, text, blocks, attributes }: Message): void {
  expect(subject).toMatch(/^\[Keyturn\] [ -~]+$/);
  expect(subject.length).toBeLessThan(100);
  expect(Buffer.byteLength(text)).toBeLessThan(250_000);
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
    case 'step-waiting':
      return {
        ...event,
        details: { ...event.details, lastUse: { at: toIso(at('2026-01-01')), service: text, region: text } },
      };
    default:
      return event;
  }
}
