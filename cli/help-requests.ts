/** What stands below the flags of the verbs that ask for something. Fits 80 columns. */
import { examples } from './help.ts';

const asked = `
Nothing is changed from here: the request goes on record with your ARN and onto
the list, and a run for the account is started, whose sweep carries it out or
refuses it. Takes the rights dynamodb:PutItem on the Owners and History tables,
dynamodb:Query on History, ssm:GetParameter and lambda:InvokeFunction on
dispatch; docs/requests.md has a policy for key owners.

Exit code 1 with --wait: refused, failed, not heard of within ten minutes, or a
key that was to stop at once still works.`;

export const rotate = `
The next sweep makes a new key and puts it into the user's secret, as when it
is due. The old one stops and goes on the policy's dates; with --disable-old-now
as soon as there is a new one, whatever notices and change window say. The user
always keeps an Active key. With two keys there is no room for a third: then the
request waits up to 14 days for a place, unless the key that is named has been
replaced already.
${asked}

${examples(
  "keyturn rotate --user ci-deploy --reason 'Ada leaves the team'",
  'keyturn rotate --user ci-deploy --key AKIAIOSFODNN7EXAMPLE \\',
  "  --disable-old-now --wait --reason 'The key was in a public repository'",
)}`;

export const restore = `
For a key that Keyturn disabled and has not deleted yet. It works again, and is
disabled again at the first sweep after that time; its gap before the deletion
begins anew. At most disable.maxHoldDays past the date it was first disabled on.
A key that somebody else made Inactive stays so.
${asked}

${examples(
  'keyturn restore --key AKIAIOSFODNN7EXAMPLE --for 48h \\',
  "  --reason 'The nightly export still has the old key' --wait",
)}`;

export const snooze = `
For a key that has been replaced, or is on its way out for another reason: its
disabling, or once it is disabled its deletion, is put off from the date that it
has. At most disable.maxHoldDays past the date it would have without any snooze.
For no rotation at all: keyturn exempt add.
${asked}

${examples("keyturn snooze --key AKIAIOSFODNN7EXAMPLE --days 7 --reason 'Release freeze'")}`;
