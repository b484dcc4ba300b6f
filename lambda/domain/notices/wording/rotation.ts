import type { HistoryEvent } from '../../events.ts';
import { fromIso } from '../../time.ts';
import { fetchCommands, readCommands, SECRET_PLACEHOLDER } from '../commands.ts';
import { code } from '../phrase.ts';
import { elsewhere, placeOf } from './secret.ts';
import { findOut, wayOut, wayOutInBrief } from './way-out.ts';
import { disableGap, type Voice, type Wording, wouldBe } from './wording.ts';

/** From so many days ahead on a warning speaks of getting ready. */
const SOON_DAYS = 7;

export function rotationUpcoming(event: HistoryEvent<'rotation-upcoming'>, voice: Voice): Wording {
  const { words, when, day, days } = voice;
  const { rotateAt, thresholdDays } = event.details;
  if (event.mode === 'observe') {
    return wouldBe(
      voice,
      words('rotation-upcoming.observe.heading'),
      words('rotation-upcoming.observe.lines.what', { rotateAt: when(rotateAt) }),
    );
  }
  return {
    heading: words('rotation-upcoming.heading'),
    subject: words('rotation-upcoming.subject', { day: day(rotateAt) }),
    deadline: rotateAt,
    lines: [
      words('rotation-upcoming.lines.date', {
        rotateAt: when(rotateAt),
        ahead: voice.ahead(event.time, rotateAt),
        days: days(disableGap(event)),
      }),
    ],
    brief: { lines: [words('rotation-upcoming.short', { rotateAt: when(rotateAt) })] },
    advice: [
      thresholdDays > SOON_DAYS ? words('rotation-upcoming.advice.early') : words('rotation-upcoming.advice.soon'),
    ],
  };
}

/** A rotation whose outgoing key vanished on the way: its owner is left with the new key alone, and does not have it yet. */
export function keyPublishedAlone(event: HistoryEvent<'key-published'>, voice: Voice): Wording {
  const { words, keyturn } = voice;
  const { replaces, secretName, alone } = event.details;
  const oldKey = code(replaces);
  const secret = placeOf(event.account, {
    secretName,
    secretRegion: alone?.secretRegion ?? '',
    secretArn: alone?.secretArn,
  });
  return {
    heading: words('key-published.heading'),
    act: true,
    lines: [
      words('key-published.lines.what', { oldKey }),
      ...(alone?.requestId === undefined
        ? []
        : [words('key-published.lines.requested', { command: code(`${keyturn} rotate`) })]),
      words('key-published.lines.fetch'),
    ],
    commands: readCommands(secret),
    brief: {
      lines: [
        words('key-published.short', { oldKey }),
        words('key-replaced.short.secret', { secret: code(secret.id) }),
      ],
      several: words('key-published.several', { placeholder: code(SECRET_PLACEHOLDER) }),
      commands: readCommands({ ...secret, id: SECRET_PLACEHOLDER }),
    },
    advice: findOut(voice),
  };
}

type Replaced = HistoryEvent<'key-replaced'>;

export function keyReplaced(event: Replaced, voice: Voice): Wording {
  const { words, when } = voice;
  const { disableAt, deleteAt } = event.details;
  if (event.mode === 'observe') {
    return wouldBe(
      voice,
      words('key-replaced.observe.heading'),
      words('key-replaced.observe.lines.what', { disableAt: when(disableAt), deleteAt: when(deleteAt) }),
    );
  }
  return isAtOnce(event) ? replacedAtOnce(event, voice) : replacedInTime(event, voice);
}

function replacedInTime(event: Replaced, voice: Voice): Wording {
  const { words, when, day, use, keyturn } = voice;
  const { incomingKeyId, lastUse, requestId, disableAt, deleteAt } = event.details;
  const newKey = code(incomingKeyId);
  const secret = placeOf(event.account, event.details);
  const advice = [
    words('key-replaced.advice.profile', {
      cli: code('--profile NAME'),
      powershell: code('-ProfileName NAME'),
      pull: code(`${keyturn} pull`),
    }),
    ...elsewhere(secret, words),
  ];
  return {
    heading: words('key-replaced.heading'),
    subject: words('key-replaced.subject', { day: day(disableAt) }),
    act: true,
    deadline: disableAt,
    lines: [
      words('key-replaced.lines.ready', { newKey }),
      ...(requestId === undefined
        ? []
        : [words('key-replaced.lines.requested', { command: code(`${keyturn} rotate`) })]),
      words('key-replaced.lines.switch', { disableAt: when(disableAt), deleteAt: when(deleteAt) }),
      ...(lastUse === undefined ? [] : [words('key-replaced.lines.last-use', { use: use(lastUse) })]),
      words('key-replaced.lines.fetch'),
    ],
    commands: fetchCommands(keyturn, secret),
    brief: {
      lines: [
        words('key-replaced.short.switch', { newKey, disableAt: when(disableAt) }),
        words('key-replaced.short.secret', { secret: code(secret.id) }),
      ],
      several: words('key-replaced.several', { placeholder: code(SECRET_PLACEHOLDER) }),
      commands: fetchCommands(keyturn, { ...secret, id: SECRET_PLACEHOLDER }),
      advice: [...advice, ...wayOutInBrief(event, voice)],
    },
    advice: [...advice, ...wayOut(event, voice)],
  };
}

/** The old key does not work by the time that this is read, so it fetches nothing. */
function replacedAtOnce(event: Replaced, voice: Voice): Wording {
  const { words, when, keyturn } = voice;
  const { incomingKeyId, deleteAt } = event.details;
  const newKey = code(incomingKeyId);
  const secret = placeOf(event.account, event.details);
  return {
    heading: words('key-replaced.now.heading'),
    subject: words('key-replaced.now.subject'),
    act: true,
    lines: [
      words('key-replaced.now.lines.ready', { newKey, command: code(`${keyturn} rotate`) }),
      words('key-replaced.now.lines.switch', { deleteAt: when(deleteAt) }),
      words('key-replaced.now.lines.fetch'),
    ],
    commands: readCommands(secret),
    brief: {
      lines: [
        words('key-replaced.now.short', { newKey }),
        words('key-replaced.short.secret', { secret: code(secret.id) }),
      ],
      several: words('key-replaced.now.several', { placeholder: code(SECRET_PLACEHOLDER) }),
      commands: readCommands({ ...secret, id: SECRET_PLACEHOLDER }),
      advice: wayOutInBrief(event, voice),
    },
    advice: wayOut(event, voice),
  };
}

/** Somebody asked that the old key stop in the same sweep, as for a leak. */
const isAtOnce = ({ time, details }: Replaced): boolean =>
  details.requestId !== undefined && fromIso(details.disableAt) <= fromIso(time);
