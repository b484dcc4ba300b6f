import type { EventHead, EventType, HistoryEvent } from '../../lambda/domain/events.ts';
import type { NoticeItem } from '../../lambda/domain/notices/item.ts';
import type { Owner } from '../../lambda/domain/owners.ts';
import { anEvent, anOwner, keyId, rotationId } from '../support/builders.ts';
import { sampleDetails } from '../support/sample-details.ts';

/** One message as it may come, for docs/notices.md. */
export interface Sample {
  readonly title: string;
  /** When it comes. */
  readonly when: string;
  readonly to: Owner | 'operators';
  readonly items: readonly NoticeItem[];
}

export const payments = anOwner({ timeZone: 'Europe/Berlin', slackChannel: '#payments' });

export const time = '2026-03-02T06:17:00.000Z';
export const disableAt = '2026-03-12T06:17:00.000Z';
export const deleteAt = '2026-03-22T06:17:00.000Z';
export const { requestId } = sampleDetails['key-restored'];
export const onS3 = { at: '2026-03-02T03:05:00.000Z', service: 's3', region: 'eu-west-1' };
export const onS3At = (day: string) => ({ ...onS3, at: `${day}T03:05:00.000Z` });
export const onEcr = { at: '2026-03-01T22:40:00.000Z', service: 'ecr', region: 'eu-central-1' };
export const newKey = keyId(2);

type Head = Partial<Pick<EventHead, 'mode' | 'time' | 'userName' | 'account' | 'keyId' | 'actor' | 'id'>>;

export const event = <T extends EventType>(
  type: T,
  details: HistoryEvent<T>['details'],
  head: Head = {},
): HistoryEvent => anEvent<T>(type, { time, ...head, details });

const single =
  (to: Sample['to']) =>
  (title: string, when: string, ...events: readonly HistoryEvent[]): Sample => ({
    title,
    when,
    to,
    items: events.map((one) => ({ event: one })),
  });

export const owner = single(payments);
export const operators = single('operators');

export const replaced = {
  rotationId: rotationId(1),
  incomingKeyId: newKey,
  secretName: 'keyturn/111122223333/ci=2Ddeploy',
  secretRegion: 'eu-central-1',
  disableAt,
  deleteAt,
};
export const disabled = { by: 'keyturn', why: 'rotated', deleteAt, successorKeyId: newKey } as const;

export function withoutKey(one: HistoryEvent): HistoryEvent {
  const { keyId: _, ...rest } = one;
  return rest;
}

export function withoutUser(one: HistoryEvent): HistoryEvent {
  const { userName: _, userId: __, userPath: ___, keyId: ____, ...rest } = one;
  return rest;
}
