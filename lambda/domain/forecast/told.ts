import { audienceOf, type EventDetails, type EventType, type HistoryEvent } from '../events.ts';
import { parseAccountId, parseEventId, parseRotationId, parseUserName } from '../ids.ts';
import type { Step } from '../step.ts';
import { toIso } from '../time.ts';

/** Whether the owner of the user gets a notice about the step. */
export function toldBy(step: Step): boolean {
  const event = eventOf(step);
  if (event === undefined) return false;
  const audience = audienceOf(event);
  return audience === 'owner' || audience === 'both';
}

const ROTATION = parseRotationId('00000000000000000F0RECAST0');

const head = {
  id: parseEventId('00000000000000000F0RECAST0'),
  time: toIso(0),
  account: parseAccountId('000000000000'),
  userName: parseUserName('anybody'),
  actor: 'keyturn',
  mode: 'enforce',
  policy: { rotateAfterDays: 0, disableAfterDays: 0, deleteAfterDays: 0 },
} as const;

const about = <T extends EventType>(type: T, details: EventDetails[T]): HistoryEvent =>
  // The compiler does not see that `type` and `details` come from the same T.
  ({ ...head, type, details }) as HistoryEvent;

/** What history would tell, as far as it matters for who is told; undefined: nothing that a person is told of. */
function eventOf(step: Step): HistoryEvent | undefined {
  const at = toIso(0);
  switch (step.kind) {
    case 'warn':
      return about('rotation-upcoming', { rotateAt: at, thresholdDays: step.thresholdDays });
    case 'start-retirement':
      return about('retirement-started', { why: step.reason, deleteAt: at });
    case 'cancel-retirement':
      return about('retirement-cancelled', { why: step.reason });
    case 'disable':
      return about('key-disabled', { by: 'keyturn', why: step.reason, deleteAt: at });
    case 'delete':
      return about('key-deleted', { by: 'keyturn' });
    case 'wait':
      return step.isNew ? about('step-waiting', { step: step.step, reason: step.reason }) : undefined;
    case 'block':
      return step.isNew ? about('user-blocked', { reason: step.reason, keys: 0 }) : undefined;
    case 'remind-delete-coming':
      return about('deletion-upcoming', { deleteAt: at, why: 'rotated' });
    case 'tell-exemption-ending':
      return about('exemption-ending', { exemptionId: step.exemptionId, expiresAt: at });
    case 'tell-exemption-ended':
      return about('exemption-ended', { exemptionId: step.exemptionId });
    case 'record-reactivated':
      return about('key-reactivated', { disableAt: at });
    case 'rotate':
      return about('key-replaced', {
        rotationId: ROTATION,
        incomingKeyId: step.keyId,
        secretName: '',
        secretRegion: '',
        disableAt: at,
        deleteAt: at,
      });
    case 'record-adopted':
      return about('key-adopted', { replaces: step.keyId, lastUse: { ...step.use, at }, disableAt: at });
    case 'remind-still-used': {
      const { reminder, successorKeyId, adopted, use } = step;
      const lastUse = { ...use, at };
      return about('key-still-used', { reminder, lastUse, successorKeyId, adopted, disableAt: at });
    }
    default:
      return undefined;
  }
}
