import { type AccessKeyId, parseAccessKeyId } from '../domain/ids.ts';
import { secretNameOf } from '../domain/secret-name.ts';
import { withCreated, withDeleted, withDisabled } from '../domain/shadow.ts';
import type { DisruptiveStep, Step } from '../domain/step.ts';
import { withRetirement } from '../domain/tracking-changes.ts';
import { deleted, disabled } from './bookkeeping.ts';
import { type Outcome, overtaken, taken } from './outcome.ts';
import { replacementOf } from './replacement.ts';
import type { ActContext, ActWorld } from './rotate.ts';
import type { UserLedger } from './user-ledger.ts';

/** Carries a step out in the pretended world of `observe` mode: history tells what would have been done, IAM is untouched. */
export async function pretend(
  world: ActWorld,
  context: ActContext,
  ledger: UserLedger,
  step: DisruptiveStep,
): Promise<Outcome> {
  switch (step.kind) {
    case 'rotate':
      return pretendRotation(world, context, ledger, step);
    case 'disable': {
      const entry = disabled(ledger, step.keyId, 'keyturn', context.now, step.deleteAt);
      if (entry === undefined) return overtaken('disable', 'the key is no longer retiring');
      const shadow = { ...withDisabled(ledger.shadow, step.keyId), tracking: entry.tracking };
      await ledger.writeShadow(shadow, [entry.event]);
      return taken('disable');
    }
    case 'delete': {
      const entry = deleted(ledger, step.keyId, 'keyturn');
      const shadow = { ...withDeleted(ledger.shadow, step.keyId), tracking: entry.tracking };
      await ledger.writeShadow(shadow, [entry.event]);
      return taken('delete');
    }
    default:
      return step satisfies never;
  }
}

async function pretendRotation(
  { ids, clock, member }: ActWorld,
  context: ActContext,
  ledger: UserLedger,
  { keyId, createdAt }: Extract<Step, { kind: 'rotate' }>,
): Promise<Outcome> {
  const { account, userName } = ledger.user;
  const rotationId = ids.rotation(clock.now());
  const incoming = { incomingKeyId: pretendedKeyId(rotationId), secretRegion: member.region };
  const rotation = { rotationId, outgoing: { keyId, createdAt }, secretName: secretNameOf(account, userName) };
  const { retirement, events } = replacementOf(ledger, rotation, incoming, context);
  const shadow = withCreated(ledger.shadow, incoming.incomingKeyId, context.now);
  await ledger.writeShadow({ ...shadow, tracking: withRetirement(shadow.tracking, retirement) }, events);
  return taken('rotate');
}

/** Not the ID of any key: it names the key that would have been created. */
const pretendedKeyId = (rotationId: string): AccessKeyId => parseAccessKeyId(`WOULDBE${rotationId}`);
