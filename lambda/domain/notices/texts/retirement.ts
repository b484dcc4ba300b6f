/** A key on its way out. */
export const retirementTexts = {
  'retirement-started.heading': 'Key to be disabled',
  'retirement-started.subject': 'Key to be disabled on {day}',
  'retirement-started.lines.switch':
    'Use {newKey} instead everywhere by {disableAt}: then this key is disabled and stops working. It is deleted for good on {deleteAt}, at the earliest.',
  'retirement-started.lines.unused':
    'If it is needed after all, use it before {disableAt} and it stays. Else it is disabled then, and deleted for good on {deleteAt}, at the earliest.',
  'retirement-started.inactive.heading': 'Inactive key to be deleted',
  'retirement-started.inactive.subject': 'Inactive key to be deleted on {day}',
  'retirement-started.inactive.lines.date':
    'It is deleted for good on {deleteAt}. If it is still needed, make it active again before then.',
  'retirement-started.why.rotated': 'It has been replaced by a new key.',
  'retirement-started.why.replaced-by-hand':
    "There is a newer key that Keyturn did not make. Keyturn takes it for this key's successor and does not make another one.",
  'retirement-started.why.both-due':
    'Both keys of this user are older than {days}. IAM allows two, so one has to go before a new one can be made: this one, because it was used less recently. After that the other one is replaced, and you are told.',
  'retirement-started.why.never-used': 'It is older than {days} and was never used. It goes without a successor.',
  'retirement-started.why.blocks-slot':
    "It is inactive, and IAM allows two keys for a user: its place is needed for the successor of the user's active key.",
  'retirement-started.why.inactive-only':
    'It is inactive, it is old, and the user has no active key. Keyturn makes no new key for such a user.',
  'retirement-started.after.exemption': 'An exemption kept it beyond its date: this is a new one.',
  'retirement-started.short.switch': 'Use {newKey} instead; this one stops on {disableAt}.',
  'retirement-started.short.unused': 'It was never used; it stops on {disableAt}, unless it is used before then.',
  'retirement-started.short.inactive': 'It is inactive, and deleted for good on {deleteAt}.',
  'retirement-started.observe.heading': 'Would be retired',
  'retirement-started.observe.lines.disable': 'Keyturn would disable it on {disableAt} and delete it on {deleteAt}.',
  'retirement-started.observe.lines.delete': 'Keyturn would delete it on {deleteAt}.',

  'retirement-cancelled.heading': 'Key stays',
  'retirement-cancelled.lines.what': 'It was going to be disabled or deleted; that is called off.',
  'retirement-cancelled.why.successor-gone': 'The key that was to take over is gone or inactive.',
  'retirement-cancelled.why.used-after-all': 'It was used after all. From now on it is rotated like any other key.',
  'retirement-cancelled.why.slot-free': 'Its place is no longer needed.',
  'retirement-cancelled.why.not-alone': 'The user has an active key again.',
  'retirement-cancelled.why.active-again': 'It is active again. From now on it is rotated like any other key.',
  'retirement-cancelled.why.other': 'Reason: {why}',
  'retirement-cancelled.advice.none': 'Nothing to do.',
  'retirement-cancelled.observe.heading': 'Would stay',
  'retirement-cancelled.observe.lines.what': 'Keyturn would no longer retire it.',

  'key-disabled.heading': 'Key disabled',
  'key-disabled.settled.heading': 'Old key disabled, nothing to do',
  'key-disabled.somebody.heading': 'Key disabled by somebody else',
  'key-disabled.lines.keyturn': 'Keyturn disabled it on {disabledAt}. It no longer works.',
  'key-disabled.lines.requested': 'Somebody asked that it stop at once.',
  'key-disabled.lines.somebody':
    'Keyturn found it inactive on {disabledAt}: somebody else disabled it. It no longer works.',
  'key-disabled.lines.adopted': 'You already use the new key: nothing to do.',
  'key-disabled.lines.adopted-key': 'You already use the new key {newKey}: nothing to do.',
  'key-disabled.lines.last-use': 'The disabled key was last used {use}.',
  'key-disabled.lines.still-used':
    'It was still used {use}: unless that has moved to another key since, AWS refuses it now.',
  'key-disabled.lines.not-adopted': 'The new key was not seen in use yet.',
  'key-disabled.lines.switch': 'Use {newKey} instead.',
  'key-disabled.lines.switch-secret': 'Use {newKey} instead, which is in the secret {secret}.',
  'key-disabled.lines.delete': 'It is deleted for good on {deleteAt}, at the earliest.',
  'key-disabled.lines.way-back':
    'If something stopped working, make it work again before then, or ask somebody who may: through Keyturn for 48 hours, or through IAM for {days}:',
  'key-disabled.lines.way-back-iam':
    'If something stopped working, make it active again before then, or ask somebody who may; you then have {days} more:',
  'key-disabled.lines.leak': 'If it may be in the wrong hands, leave it disabled.',
  'key-disabled.short.settled':
    'You already use the new key. This one is deleted for good on {deleteAt}, at the earliest.',
  'key-disabled.short.switch': 'Use {newKey} instead. This one is deleted for good on {deleteAt}, at the earliest.',
  'key-disabled.short.alone': 'It is deleted for good on {deleteAt}, at the earliest.',
  'key-disabled.short.still-used': 'It was still used {use}.',
  'key-disabled.several':
    'If something stopped working, make its key ({placeholder}) work again for 48 hours, or ask somebody who may:',
  'key-disabled.observe.heading': 'Would be disabled',
  'key-disabled.observe.lines.what': 'Keyturn would disable it now and delete it on {deleteAt}.',
  'key-disabled.observe.lines.somebody': 'Keyturn would delete it on {deleteAt}. Nothing was changed by Keyturn.',

  'deletion-upcoming.heading': 'Disabled key about to be deleted',
  'deletion-upcoming.subject': 'Disabled key is deleted on {day}',
  'deletion-upcoming.lines.date':
    'It is disabled, and on {deleteAt} it is deleted for good: nothing brings it back then.',
  'deletion-upcoming.lines.way-back':
    'If something still needs it, make it work again before then, or ask somebody who may:',
  'deletion-upcoming.short': 'It is disabled, and deleted for good on {deleteAt}.',
  'deletion-upcoming.several':
    'If something still needs one of them ({placeholder}), make it work again before then, or ask somebody who may:',
  'deletion-upcoming.advice.none': 'Nothing to do, if nothing has failed since it was disabled.',
  'deletion-upcoming.observe.heading': 'Would soon be deleted',
  'deletion-upcoming.observe.lines.what': 'Keyturn would delete it on {deleteAt}.',

  'key-deleted.heading': 'Key deleted',
  'key-deleted.somebody.heading': 'Key deleted by somebody else',
  'key-deleted.lines.keyturn': 'Keyturn deleted it on {deletedAt}. It cannot be restored.',
  'key-deleted.lines.somebody': 'Keyturn found it gone on {deletedAt}: somebody else deleted it.',
  'key-deleted.advice.none': 'Nothing to do.',
  'key-deleted.advice.somebody': 'Nothing to do, if that was intended.',
  'key-deleted.observe.heading': 'Would be deleted',
  'key-deleted.observe.lines.what': 'Keyturn would delete it now.',
} as const;
