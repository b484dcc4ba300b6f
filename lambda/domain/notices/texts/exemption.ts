/** Exemptions are facts in either mode: people grant and revoke them, and time ends them. */
export const exemptionTexts = {
  'exemption.everywhere': '{match} in every account',
  'exemption-granted.heading': 'Exemption granted',
  'exemption-granted.lines.until': 'Until {expiresAt} Keyturn leaves the keys of {match} as they are.',
  'exemption-granted.lines.reason': 'Reason: {reason}',
  'exemption-granted.lines.who': 'Approved by {approver}, recorded by {actor}.',
  'exemption-granted.advice.none': 'Nothing to do. You are told again before it ends.',
  'exemption-granted.advice.pattern': 'Nothing to do. The owner of each of these users is told before it ends.',
  'exemption-revoked.heading': 'Exemption revoked',
  'exemption-revoked.lines.what':
    'The exemption from rotation of {match} no longer holds. A key that is overdue is replaced in the next run.',
  'exemption-revoked.lines.reason': 'Reason: {reason}',
  'exemption-revoked.lines.who': 'Revoked by {actor}.',
  'exemption-revoked.advice.ready': 'Be ready to switch to a new key.',
  'exemption-revoked.advice.pattern': 'Keyturn has not told their owners: let them know, if their keys may be overdue.',
  'exemption-ending.heading': 'Exemption ends',
  'exemption-ending.subject': 'Exemption ends on {day}',
  'exemption-ending.lines.until':
    'The exemption from rotation ends on {expiresAt}. A key that is overdue then is replaced at once.',
  'exemption-ending.lines.disable': '{key} is on its way out: it is disabled on {at}, at the earliest.',
  'exemption-ending.lines.delete': '{key} is disabled: it is deleted for good on {at}, at the earliest.',
  'exemption-ending.short': 'It ends on {expiresAt}.',
  'exemption-ending.advice.ready':
    'Be ready to switch to a new key. If that is impossible, ask for a new exemption before then.',
  'exemption-ended.heading': 'Exemption has ended',
  'exemption-ended.lines.what':
    'The exemption from rotation has ended: these keys are rotated again like any others, and one that is overdue is replaced at once.',
  'exemption-ended.lines.retiring': 'One on its way out whose date has passed gets a new date first.',
  'exemption-ended.short': 'Its keys are rotated again.',
  'exemption-ended.advice.ready': 'Be ready to switch to a new key: you get the one command that fetches it.',
} as const;
