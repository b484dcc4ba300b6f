import {
  afterRefusal,
  type ChannelStanding,
  isGivenUp,
  isUrgent,
  portionOf,
  type WaitingNotice,
} from '../../lambda/domain/delivery.ts';
import type { EventType } from '../../lambda/domain/events.ts';
import { anEvent, anOwner, at, eventId } from '../support/builders.ts';

let made = 0;

/** A notice that came at that time. */
function came(time: string, type: EventType = 'key-replaced'): WaitingNotice {
  made += 1;
  const since = at(time);
  return { event: anEvent(type, { id: eventId(since, made), time }), since };
}

const now = (
  time: string,
  { standing = {}, isCapped = true, refused = [] as readonly WaitingNotice[] } = {} as {
    standing?: ChannelStanding;
    isCapped?: boolean;
    refused?: readonly WaitingNotice[];
  },
) => ({ now: at(time), standing, isCapped, wasRefused: (notice: WaitingNotice) => refused.includes(notice) });

const sent = (time: string): ChannelStanding => ({ sentAt: at(time) });

describe('news is gathered', () => {
  const [first, second] = [came('2026-01-01T06:18:00.000Z'), came('2026-01-01T06:24:00.000Z')];

  test('until it has been quiet for ten minutes', () => {
    const lookAt = at('2026-01-01T06:34:00.000Z');
    expect(portionOf([first, second], now('2026-01-01T06:33:59.999Z'))).toEqual({ go: [], lookAt });
    expect(portionOf([first, second], now('2026-01-01T06:34:00.000Z'))).toEqual({ go: [first, second] });
  });

  test('but not for longer than an hour, however much there is', () => {
    const many = Array.from({ length: 13 }, (_, n) => came(`2026-01-01T06:${String(n * 4 + 10)}:00.000Z`));
    const last = came('2026-01-01T07:05:00.000Z');
    const all = [...many, last];
    expect(portionOf(all, now('2026-01-01T07:09:59.999Z')).go).toEqual([]);
    expect(portionOf(all, now('2026-01-01T07:10:00.000Z')).go).toEqual(all);
  });

  test('also when something has waited since yesterday: that does not make today’s news complete', () => {
    const old = came('2025-12-31T10:00:00.000Z');
    expect(portionOf([old, first, second], now('2026-01-01T06:33:59.999Z')).go).toEqual([]);
    expect(portionOf([old, first, second], now('2026-01-01T06:34:00.000Z')).go).toEqual([old, first, second]);
  });

  test('for operators too', () => {
    expect(portionOf([first], now('2026-01-01T06:27:00.000Z', { isCapped: false })).go).toEqual([]);
    expect(portionOf([first], now('2026-01-01T06:28:00.000Z', { isCapped: false })).go).toEqual([first]);
  });
});

describe('one message a day', () => {
  const late = came('2026-01-01T10:00:00.000Z');
  const message = sent('2026-01-01T06:35:00.000Z');

  test('what came after it waits for the next day’s news, across midnight', () => {
    const next = came('2026-01-02T06:18:00.000Z');
    expect(portionOf([late], now('2026-01-01T23:59:59.999Z', { standing: message })).go).toEqual([]);
    expect(portionOf([late], now('2026-01-02T00:05:00.000Z', { standing: message })).go).toEqual([]);
    expect(portionOf([late, next], now('2026-01-02T06:28:00.000Z', { standing: message })).go).toEqual([late, next]);
  });

  test('without such news it goes alone, 25 hours after the message', () => {
    const lookAt = at('2026-01-02T07:35:00.000Z');
    expect(portionOf([late], now('2026-01-02T07:34:59.999Z', { standing: message }))).toEqual({ go: [], lookAt });
    expect(portionOf([late], now('2026-01-02T07:35:00.000Z', { standing: message }))).toEqual({ go: [late] });
  });

  test('a day is a UTC day: after a message of 15:00 the next morning’s news is not held back', () => {
    const next = came('2026-01-02T06:18:00.000Z');
    const standing = sent('2026-01-01T15:00:00.000Z');
    expect(portionOf([next], now('2026-01-02T06:28:00.000Z', { standing })).go).toEqual([next]);
  });

  test('news of a run shortly before midnight goes once the new day has begun, not a day and a bit later', () => {
    const news = came('2026-01-01T23:50:00.000Z');
    const standing = sent('2026-01-01T00:05:00.000Z');
    const lookAt = at('2026-01-02T00:00:00.000Z');
    expect(portionOf([news], now('2026-01-01T23:59:59.999Z', { standing }))).toEqual({ go: [], lookAt });
    expect(portionOf([news], now('2026-01-02T00:00:00.000Z', { standing })).go).toEqual([news]);
  });

  test('does not hold for operators', () => {
    expect(portionOf([late], now('2026-01-01T10:10:00.000Z', { standing: message, isCapped: false })).go).toEqual([
      late,
    ]);
  });
});

describe('what is urgent goes at once', () => {
  const disabled = came('2026-01-01T06:18:00.000Z', 'key-disabled');
  const other = came('2026-01-01T06:18:00.000Z');

  test('alone while the rest is gathered, cap or no cap', () => {
    const lookAt = at('2026-01-01T06:28:00.000Z');
    expect(portionOf([disabled, other], now('2026-01-01T06:20:00.000Z'))).toEqual({ go: [disabled], lookAt });
    const standing = sent('2026-01-01T00:05:00.000Z');
    expect(portionOf([disabled, other], now('2026-01-01T06:40:00.000Z', { standing })).go).toEqual([disabled]);
  });

  test('with the rest when that is due as well', () => {
    expect(portionOf([disabled, other], now('2026-01-01T06:28:00.000Z')).go).toEqual([disabled, other]);
  });

  test.each<[EventType, 'enforce' | 'observe', boolean]>([
    ['key-disabled', 'enforce', true],
    ['key-disabled', 'observe', false],
    ['user-blocked', 'enforce', true],
    ['sweep-failed', 'enforce', true],
    ['rotation-failed', 'enforce', true],
    ['key-replaced', 'enforce', false],
    ['key-deleted', 'enforce', false],
    ['key-restored', 'enforce', false],
  ])('%s in %s: %s', (type, mode, urgent) => {
    expect(isUrgent({ event: anEvent(type, { mode }) })).toBe(urgent);
  });

  test('operators are told at once whom nobody reaches, but not of each user without owner', () => {
    const event = anEvent('key-replaced');
    expect(isUrgent({ event, insteadOf: { kind: 'unreachable', owner: anOwner(), why: 'down' } })).toBe(true);
    expect(isUrgent({ event, insteadOf: { kind: 'no-owner' } })).toBe(false);
  });
});

describe('a channel that refuses', () => {
  const notice = came('2026-01-01T06:18:00.000Z');
  const standing: ChannelStanding = {
    refused: { since: at('2026-01-01T06:30:00.000Z'), times: 1, retryAt: at('2026-01-01T06:35:00.000Z') },
  };

  test('is tried again when its pause is over', () => {
    const circumstances = { standing, refused: [notice] };
    const lookAt = at('2026-01-01T06:35:00.000Z');
    expect(portionOf([notice], now('2026-01-01T06:34:59.999Z', circumstances))).toEqual({ go: [], lookAt });
    expect(portionOf([notice], now('2026-01-01T06:35:00.000Z', circumstances))).toEqual({ go: [notice] });
  });

  test('is offered at once what it was never offered', () => {
    const disabled = came('2026-01-01T06:31:00.000Z', 'key-disabled');
    const circumstances = { standing, refused: [notice] };
    const { go } = portionOf([notice, disabled], now('2026-01-01T06:32:00.000Z', circumstances));
    expect(go).toEqual([disabled, notice]);
  });

  test('is given longer and longer pauses, from five minutes to an hour', () => {
    let refused = afterRefusal(undefined, 0);
    const pauses = [refused.retryAt / 60_000];
    for (let n = 0; n < 5; n += 1) {
      refused = afterRefusal(refused, refused.retryAt);
      pauses.push(refused.retryAt / 60_000);
    }
    expect(pauses).toEqual([5, 15, 35, 75, 135, 195]);
    expect(refused.since).toBe(0);
  });

  test('is given up for a notice after seven days', () => {
    expect(isGivenUp(notice, at('2026-01-08T06:17:59.999Z'))).toBe(false);
    expect(isGivenUp(notice, at('2026-01-08T06:18:00.000Z'))).toBe(true);
  });
});

test('nothing waits: nothing goes, and there is nothing to look at', () => {
  expect(portionOf([], now('2026-01-01T06:18:00.000Z'))).toEqual({ go: [] });
});
