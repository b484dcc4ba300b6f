/** A key gets its successor, and its owner moves to it. */
export const rotationTexts = {
  'rotation-upcoming.heading': 'Key rotation coming up',
  'rotation-upcoming.subject': 'Key rotation on {day}',
  'rotation-upcoming.lines.date':
    'Keyturn makes its successor on {rotateAt}, {ahead}. From then on you have {days} to switch; this key keeps working meanwhile.',
  'rotation-upcoming.short': 'Its successor comes on {rotateAt}.',
  'rotation-upcoming.advice.early':
    'Nothing to do yet. When the new key is ready, you get the one command that fetches it. It helps to find out now where the present key is used.',
  'rotation-upcoming.advice.soon':
    'Nothing to do yet. When the new key is ready, you get the one command that fetches it. See to it that somebody who can install it is there in the days after.',
  'rotation-upcoming.observe.heading': 'Would soon be replaced',
  'rotation-upcoming.observe.lines.what': 'Keyturn would replace it on {rotateAt}.',

  'key-replaced.heading': 'New key ready: switch to it',
  'key-replaced.subject': 'Switch to the new key by {day}',
  'key-replaced.lines.ready': 'The new key {newKey} is ready. For now both keys work.',
  'key-replaced.lines.requested': 'Somebody asked for this rotation ({command}).',
  'key-replaced.lines.switch':
    'Use the new one everywhere by {disableAt}: then the old one is disabled and stops working. It is deleted for good on {deleteAt}, at the earliest.',
  'key-replaced.lines.last-use': 'The old key was last used {use}: look there first.',
  'key-replaced.lines.fetch':
    'The first command puts the new key in the place of the old one; the other two only show it:',
  'key-replaced.short.switch': 'The new key {newKey} is ready; this one stops on {disableAt}.',
  'key-replaced.short.secret': 'Secret: {secret}',
  'key-replaced.several':
    'For each of them, the first command puts the new key in the place of the old one; the other two only show it. {placeholder} is the secret named with the key.',
  'key-replaced.advice.profile':
    'NAME is the profile that holds the old key, which may fetch the new one until it is disabled. To the AWS CLI add {cli} for that, to PowerShell {powershell}. {pull} comes from your platform team and needs Node.js 22 or newer.',
  'key-replaced.advice.elsewhere':
    'The secret is in account {account}. To read it there, the user also needs a policy of its own account: have the managed policy {policy} attached to it.',
  'key-replaced.advice.way-out':
    'To be rid of such a key for good, as one used for {service}: {way}. {why} See {link}.',
  'key-replaced.advice.leave': 'What may take the place of such a key for good depends on who uses it: see {link}.',
  'key-replaced.short.way-out': 'Likely for a key used for {service}: {way}.',
  'key-replaced.now.heading': 'New key ready, old one stopped: switch now',
  'key-replaced.now.subject': 'Old key stopped, switch to the new one now',
  'key-replaced.now.lines.ready':
    'The new key {newKey} is ready. Somebody asked that this one stop at once ({command}), so there is no time with both.',
  'key-replaced.now.lines.switch':
    'Use the new one everywhere now. The old one is deleted for good on {deleteAt}, at the earliest.',
  'key-replaced.now.lines.fetch':
    'The old key cannot fetch it any more; whoever else may read its secret can (ask your platform team who that is):',
  'key-replaced.now.short': 'The new key {newKey} is ready; this one is stopped at once.',
  'key-replaced.now.several':
    'The old keys cannot fetch them any more; whoever else may read the secrets can (ask your platform team who that is). {placeholder} is the secret named with the key.',
  'key-replaced.observe.heading': 'Would be replaced',
  'key-replaced.observe.lines.what':
    'Keyturn would make a new key now, disable this one on {disableAt} and delete it on {deleteAt}.',

  'key-published.heading': 'New key ready, the old one is gone',
  'key-published.lines.what':
    'While Keyturn was replacing {oldKey}, somebody deleted it. This key is its successor, and now the only one.',
  'key-published.lines.requested': 'Somebody asked for this rotation ({command}).',
  'key-published.lines.fetch':
    'Without an old key its owner cannot fetch it; whoever else may read its secret can (ask your platform team who that is):',
  'key-published.short': 'It takes the place of {oldKey}, which somebody deleted.',
  'key-published.several':
    'Whoever may read the secrets can fetch them (ask your platform team who that is). {placeholder} is the secret named with the key.',

  'key-adopted.heading': 'New key in use, nothing to do',
  'key-adopted.lines.alone':
    'You already use the new key: it was used {use}. The old key {oldKey} was not seen in use since the new one was made.',
  'key-adopted.lines.moved':
    'You already use the new key: it was used {use}. The old key {oldKey} was last used {oldUse}, before that.',
  'key-adopted.lines.stops': 'The old key is disabled on {disableAt}.',
  'key-adopted.lines.stopped': 'The time of the old key was up on {disableAt}.',
  'key-adopted.short': 'You already use it in place of {oldKey}.',
  'key-adopted.advice.rare':
    'Nothing to do, unless something runs only now and then with the old key, such as a monthly job: move that before then.',
  'key-adopted.partly.heading': 'New key in use, but the old one too',
  'key-adopted.partly.subject': 'Old key still in use as well, stops on {day}',
  'key-adopted.partly.lines.both':
    'You already use the new key: it was used {use}. But something still uses the old key {oldKey}, last {oldUse}.',
  'key-adopted.partly.short': 'The old key {oldKey} is still used, last {oldUse}.',
  'key-adopted.partly.advice.move': 'Move that use to the new key too.',
  'key-adopted.observe.heading': 'Successor in use',
  'key-adopted.observe.lines.what': 'It was used {use}. Keyturn would disable the old key {oldKey} on {disableAt}.',

  'key-still-used.heading': 'Old key still in use',
  'key-still-used.subject': 'Old key still in use, stops on {day}',
  'key-still-used.last-day.heading': 'Old key still in use on its last day',
  'key-still-used.last-day.subject': 'Old key in use on its last day, stops on {day}',
  'key-still-used.lines.use': 'It was last used {use}. It stops on {disableAt}.',
  'key-still-used.lines.adopted':
    'The new key {newKey} is in use already: some of the work is done, but not all of it.',
  'key-still-used.lines.not-adopted': 'The new key {newKey} was not seen in use yet.',
  'key-still-used.lines.put-off': 'If that cannot be moved in time, put the date off, or ask somebody who may:',
  'key-still-used.several':
    'What cannot be moved in time can be put off, by its key ({placeholder}); do so, or ask somebody who may:',
  'key-still-used.advice.move':
    'Move that use to the new key. AWS reports a use up to four hours late: what you moved since then is not counted here.',
  'key-still-used.advice.fetch':
    'Where the old key is used, this puts the new one in its place: {pull} (NAME is the profile that holds the old key).',
  'key-still-used.advice.fetch-secret':
    'Where an old key is used, this puts the new one in its place: {pull} (NAME is the profile that holds the old key, {placeholder} the secret named with it).',
  'key-still-used.observe.heading': 'Still in use',
  'key-still-used.observe.lines.what':
    'It was last used {use}. Keyturn would remind its owner, and disable it on {disableAt}.',
} as const;
