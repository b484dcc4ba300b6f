import type { HistoryEvent } from '../../events.ts';
import { READ_POLICY, secretAccountOf } from '../../secret-name.ts';
import { fromIso } from '../../time.ts';
import { linkToWay, waysOutFor } from '../../ways-out.ts';
import { fetchCommands, readCommands, SECRET_PLACEHOLDER, type SecretPlace } from '../commands.ts';
import { code, type Phrase, quote } from '../phrase.ts';
import type { Words } from '../words.ts';
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
  const { words } = voice;
  const { replaces, secretName, alone } = event.details;
  const oldKey = code(replaces);
  const isElsewhere = alone?.secretArn !== undefined && secretAccountOf(alone.secretArn) !== event.account;
  const id = isElsewhere ? (alone.secretArn ?? secretName) : secretName;
  const secret = { id, region: alone?.secretRegion ?? '' };
  return {
    heading: words('key-published.heading'),
    act: true,
    lines: [
      words('key-published.lines.what', { oldKey }),
      ...(alone?.requestId === undefined
        ? []
        : [words('key-published.lines.requested', { command: code('keyturn rotate') })]),
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
  const { words, when, day, use } = voice;
  const { incomingKeyId, lastUse, requestId, disableAt, deleteAt } = event.details;
  const newKey = code(incomingKeyId);
  const secret = secretOf(event);
  const advice = [
    words('key-replaced.advice.profile', {
      cli: code('--profile NAME'),
      powershell: code('-ProfileName NAME'),
      pull: code('keyturn pull'),
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
      ...(requestId === undefined ? [] : [words('key-replaced.lines.requested', { command: code('keyturn rotate') })]),
      words('key-replaced.lines.switch', { disableAt: when(disableAt), deleteAt: when(deleteAt) }),
      ...(lastUse === undefined ? [] : [words('key-replaced.lines.last-use', { use: use(lastUse) })]),
      words('key-replaced.lines.fetch'),
    ],
    commands: fetchCommands(secret),
    brief: {
      lines: [
        words('key-replaced.short.switch', { newKey, disableAt: when(disableAt) }),
        words('key-replaced.short.secret', { secret: code(secret.id) }),
      ],
      several: words('key-replaced.several', { placeholder: code(SECRET_PLACEHOLDER) }),
      commands: fetchCommands({ ...secret, id: SECRET_PLACEHOLDER }),
      advice,
    },
    advice: [...advice, ...wayOut(event, words)],
  };
}

/** The old key does not work by the time that this is read, so it fetches nothing. */
function replacedAtOnce(event: Replaced, { words, when }: Voice): Wording {
  const { incomingKeyId, deleteAt } = event.details;
  const newKey = code(incomingKeyId);
  const secret = secretOf(event);
  return {
    heading: words('key-replaced.now.heading'),
    subject: words('key-replaced.now.subject'),
    act: true,
    lines: [
      words('key-replaced.now.lines.ready', { newKey, command: code('keyturn rotate') }),
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
    },
  };
}

/** What may take the place of the key for good, by what it was last used for. */
function wayOut({ time, details: { lastUse } }: Replaced, words: Words): readonly Phrase[] {
  if (lastUse === undefined) return [];
  const [likeliest] = waysOutFor({ kind: 'used', ...lastUse, at: fromIso(lastUse.at) }, fromIso(time));
  if (likeliest === undefined || likeliest.id === 'find-out') return [];
  const { name, why } = likeliest;
  const service = code(quote(lastUse.service, 50));
  return [words('key-replaced.advice.way-out', { service, way: name, why, link: code(linkToWay(likeliest)) })];
}

/** Somebody asked that the old key stop in the same sweep, as for a leak. */
const isAtOnce = ({ time, details }: Replaced): boolean =>
  details.requestId !== undefined && fromIso(details.disableAt) <= fromIso(time);

/** By its ARN only where the name does not do. */
function secretOf({ account, details: { secretArn, secretName, secretRegion } }: Replaced): SecretPlace {
  const inAnotherAccount = secretArn !== undefined && secretAccountOf(secretArn) !== account;
  return { id: inAnotherAccount ? secretArn : secretName, region: secretRegion, inAnotherAccount };
}

const elsewhere = ({ id, inAnotherAccount }: SecretPlace, words: Words): readonly Phrase[] =>
  inAnotherAccount
    ? [
        words('key-replaced.advice.elsewhere', {
          account: secretAccountOf(id) ?? 'unknown',
          policy: code(READ_POLICY),
        }),
      ]
    : [];
