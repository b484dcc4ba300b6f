/** A key that works longer than it should have, or again, and what people asked for. */
export const delayTexts = {
  'key-reactivated.heading': 'Disabled key is active again',
  'key-reactivated.subject': 'Disabled key is active again until {day}',
  'key-reactivated.lines.found': 'Keyturn had disabled it; on {foundAt} it was active again.',
  'key-reactivated.lines.again': 'It is disabled again on {disableAt}.',
  'key-reactivated.lines.switch': 'Use {newKey} instead everywhere by {disableAt}: then it is disabled again.',
  'key-reactivated.short': 'It is disabled again on {disableAt}.',
  'key-reactivated.advice.who':
    'If nobody on your side made it active, find out who did: CloudTrail records it as UpdateAccessKey. Tell your security team if it remains unclear.',
  'key-reactivated.observe.heading': 'Active again',
  'key-reactivated.observe.lines.again': 'Keyturn would disable it again on {disableAt}.',

  'step-waiting.heading': 'Old key kept for now: still in use',
  'step-waiting.subject': 'Old key still in use, kept until {day}',
  'step-waiting.lines.what': 'It is time to disable this key, but something still uses it, so Keyturn waits.',
  'step-waiting.lines.use': 'It was last used {use}.',
  'step-waiting.lines.until': 'If it is not used until {until}, it is disabled then; each use puts that off.',
  'step-waiting.lines.last': 'At the latest it is disabled on {heldUntil}, used or not.',
  'step-waiting.short.use': 'It was last used {use}.',
  'step-waiting.short.until': 'It is kept until {until}, for now.',
  'step-waiting.advice.move': 'Move that use to the new key.',
  'step-waiting.observe.heading': 'Would be kept, as it is in use',
  'step-waiting.observe.lines.what': 'It is time to disable it, and Keyturn would wait.',

  'key-restored.heading': 'Disabled key works again for a while',
  'key-restored.subject': 'Disabled key works again until {day}',
  'key-restored.lines.what': 'Somebody asked for it, and Keyturn made it active again on {restoredAt}.',
  'key-restored.lines.again': 'On {until} Keyturn disables it again, without asking.',
  'key-restored.lines.switch':
    'Use {newKey} instead everywhere by {until}: then Keyturn disables it again, without asking.',
  'key-restored.short': 'Keyturn disables it again on {until}.',
  'key-restored.observe.heading': 'Would work again for a while',
  'key-restored.observe.lines.what': 'Somebody asked for it: Keyturn would make it active again until {until}.',

  'key-snoozed.heading': 'Date put off',
  'key-snoozed.subject.disable': 'Old key keeps working until {day}',
  'key-snoozed.subject.delete': 'Disabled key is kept until {day}',
  'key-snoozed.lines.disable': 'Somebody asked for more time: it keeps working until {until}, and is disabled then.',
  'key-snoozed.lines.delete':
    'Somebody asked for more time: it stays disabled until {until}, and is deleted for good then.',
  'key-snoozed.lines.switch': 'Use {newKey} instead everywhere by then.',
  'key-snoozed.short': 'Its date is now {until}.',
  'key-snoozed.observe.heading': 'Date would be put off',
  'key-snoozed.observe.lines.what': 'Somebody asked for more time: its date would be {until}.',

  'request-refused.heading': 'Request not carried out',
  'request-refused.lines.rotate': 'Somebody asked for a new key out of turn. Keyturn did not make one: {why}',
  'request-refused.lines.restore': 'Somebody asked that this key work again. Keyturn did not make it active: {why}',
  'request-refused.lines.snooze': 'Somebody asked for more time. The dates stay as they were: {why}',
  'request-refused.advice.ask': 'Who asked, and why, is on record ({command}).',
} as const;
