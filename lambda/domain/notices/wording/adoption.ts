import type { HistoryEvent } from '../../events.ts';
import { secretNameOf } from '../../secret-name.ts';
import { fromIso } from '../../time.ts';
import { KEY_PLACEHOLDER, pullCommand, SECRET_PLACEHOLDER, type SecretPlace, snoozeCommand } from '../commands.ts';
import { code, type Phrase } from '../phrase.ts';
import { placeOf } from './secret.ts';
import { type Voice, type Wording, wouldBe } from './wording.ts';

/** The new key is in use. Whether the old one still is decides what is left to do. */
export function keyAdopted(event: HistoryEvent<'key-adopted'>, voice: Voice): Wording {
  const { words, when, day } = voice;
  const { replaces, lastUse, outgoingLastUse, disableAt } = event.details;
  const oldKey = code(replaces);
  const use = voice.use(lastUse);
  const stops = { disableAt: when(disableAt) };
  if (event.mode === 'observe') {
    return wouldBe(
      voice,
      words('key-adopted.observe.heading'),
      words('key-adopted.observe.lines.what', { use, oldKey, ...stops }),
    );
  }
  const isOver = fromIso(disableAt) <= fromIso(event.time);
  const end = isOver ? words('key-adopted.lines.stopped', stops) : words('key-adopted.lines.stops', stops);
  const oldUse = outgoingLastUse && voice.use(outgoingLastUse);
  if (oldUse !== undefined && isPartly(event)) {
    return {
      heading: words('key-adopted.partly.heading'),
      ...(isOver ? {} : { subject: words('key-adopted.partly.subject', { day: day(disableAt) }), deadline: disableAt }),
      act: true,
      lines: [words('key-adopted.partly.lines.both', { use, oldKey, oldUse }), end],
      brief: { lines: [words('key-adopted.partly.short', { oldKey, oldUse }), end] },
      advice: [words('key-adopted.partly.advice.move')],
    };
  }
  return {
    heading: words('key-adopted.heading'),
    lines: [
      oldUse === undefined
        ? words('key-adopted.lines.alone', { use, oldKey })
        : words('key-adopted.lines.moved', { use, oldKey, oldUse }),
      end,
    ],
    brief: { lines: [words('key-adopted.short', { oldKey }), end] },
    advice: [words('key-adopted.advice.rare')],
  };
}

/** The old key was used after the new one: something did not move. */
export const isPartly = ({ details: { lastUse, outgoingLastUse } }: HistoryEvent<'key-adopted'>): boolean =>
  outgoingLastUse !== undefined && fromIso(outgoingLastUse.at) >= fromIso(lastUse.at);

type StillUsed = HistoryEvent<'key-still-used'>;

/** The old key is used although it stops soon. */
export function keyStillUsed(event: StillUsed, voice: Voice): Wording {
  const { words, when, day, keyturn } = voice;
  const { reminder, lastUse, successorKeyId, adopted, disableAt, held } = event.details;
  const facts = { use: voice.use(lastUse), disableAt: when(disableAt) };
  if (event.mode === 'observe') {
    return wouldBe(voice, words('key-still-used.observe.heading'), words('key-still-used.observe.lines.what', facts));
  }
  const isLastDay = reminder === 'day-before';
  // It has been held for as long as may be.
  const canWait = isLastDay && held === undefined;
  const newKey = code(successorKeyId);
  const use = words('key-still-used.lines.use', facts);
  const putOff = words('key-still-used.lines.put-off');
  const secret = secretOf(event);
  return {
    heading: isLastDay ? words('key-still-used.last-day.heading') : words('key-still-used.heading'),
    subject: isLastDay
      ? words('key-still-used.last-day.subject', { day: day(disableAt) })
      : words('key-still-used.subject', { day: day(disableAt) }),
    act: true,
    deadline: disableAt,
    lines: [
      use,
      adopted
        ? words('key-still-used.lines.adopted', { newKey })
        : words('key-still-used.lines.not-adopted', { newKey }),
      ...(canWait && event.keyId !== undefined ? [putOff] : []),
    ],
    ...(canWait && event.keyId !== undefined ? { commands: [snoozeCommand(keyturn, event.keyId)] } : {}),
    brief: {
      lines: [
        use,
        ...(secret?.inAnotherAccount ? [words('key-replaced.short.secret', { secret: code(secret.id) })] : []),
      ],
      ...(canWait
        ? {
            several: words('key-still-used.several', { placeholder: code(KEY_PLACEHOLDER) }),
            commands: [snoozeCommand(keyturn, KEY_PLACEHOLDER)],
          }
        : {}),
      advice: adviceOn(secret && { ...secret, id: SECRET_PLACEHOLDER }, voice),
    },
    advice: adviceOn(secret, voice),
  };
}

/** Where the successor is stored; undefined: not known, or its owner made it. */
function secretOf({ account, userName, details: { secretRegion, secretArn } }: StillUsed): SecretPlace | undefined {
  if (userName === undefined || secretRegion === undefined) return undefined;
  return placeOf(account, { secretName: secretNameOf(account, userName), secretRegion, secretArn });
}

function adviceOn(secret: SecretPlace | undefined, { words, keyturn }: Voice): readonly Phrase[] {
  if (secret === undefined) return [words('key-still-used.advice.move')];
  const pull = code(pullCommand(keyturn, secret).line);
  const isNamedWithKey = secret.id === SECRET_PLACEHOLDER && secret.inAnotherAccount;
  return [
    words('key-still-used.advice.move'),
    isNamedWithKey
      ? words('key-still-used.advice.fetch-secret', { pull, placeholder: code(SECRET_PLACEHOLDER) })
      : words('key-still-used.advice.fetch', { pull }),
  ];
}
