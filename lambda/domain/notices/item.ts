import type { HistoryEvent } from '../events.ts';
import type { OwnerId } from '../ids.ts';
import type { Owner } from '../owners.ts';

/** Why operators get what was meant for an owner. */
export type Unreached =
  | { readonly kind: 'no-owner' }
  | { readonly kind: 'unknown-owner'; readonly ownerId: OwnerId }
  | { readonly kind: 'unreachable'; readonly owner: Owner; readonly why: string };

/** One event to be told, and, when operators get it in place of its owner, why. */
export interface NoticeItem {
  readonly event: HistoryEvent;
  readonly insteadOf?: Unreached;
}

/** Groups items by whom they were meant for, and sorts them so: operators' own news first, as the empty text is. */
export function readerOf(insteadOf: Unreached | undefined): string {
  switch (insteadOf?.kind) {
    case undefined:
      return '';
    case 'no-owner':
      return '1';
    case 'unknown-owner':
      return `2 ${insteadOf.ownerId}`;
    case 'unreachable':
      return `3 ${insteadOf.owner.id} ${insteadOf.why}`;
  }
}
