export const retirementReasons = [
  'rotated',
  'replaced-by-hand',
  'both-due',
  'never-used',
  'blocks-slot',
  'inactive-only',
] as const;
/**
 * Why a key is on its way out. `rotated`: Keyturn replaced it. `replaced-by-hand`: its owner did. `both-due`: two old
 * Active keys, this one less recently used. `never-used`: policy retires unused keys. `blocks-slot`: Inactive, and its
 * place is needed. `inactive-only`: the user has no Active key and this one is old.
 */
export type RetirementReason = (typeof retirementReasons)[number];

export const waitReasons = [
  'notice-undelivered',
  'window-closed',
  'in-use',
  'slot-busy',
  'cap',
  'in-progress',
  'exempt',
] as const;
/** Why a step that is due, or would follow, does not happen yet. `exempt`: the date that was announced passes meanwhile. */
export type WaitReason = (typeof waitReasons)[number];

/** Why nothing is to be done for a user. */
export type NoneReason = 'no-keys' | 'young' | 'exempt' | 'inactive-young' | 'retiring';
