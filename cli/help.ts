/** What stands below each verb's flags: what a person would look up, and examples. Fits 80 columns. */
import { ownersFileColumns } from './owners-file.ts';

export const examples = (...lines: readonly string[]): string =>
  ['Examples:', ...lines.map((line) => `  ${line}`)].join('\n');

export const keyturn = `
Credentials come from the standard AWS chain: environment, profile (SSO, assumed
roles, MFA), container, instance. Dates are UTC.
Exit code: 0 done, 1 failed or not all could be read, 2 wrong command line.

${examples(
  'keyturn plan',
  'keyturn status --profile security --region eu-central-1',
  'keyturn history --user ci-deploy --json',
)}`;

/** What the verbs that read IAM have in common. */
const otherAccounts = `
IAM is read in the account that Keyturn is deployed in. For another one name a
profile of that account with --member-profile: its credentials read IAM there,
those of --profile read the deployment's tables.`;

export const plan = `
Reads IAM with your own credentials and changes nothing. Takes the rights
iam:ListUsers, GetUser, ListAccessKeys, GetAccessKeyLastUsed,
GenerateCredentialReport and GetCredentialReport, and dynamodb:Query on the
deployment's tables.
${otherAccounts}

${examples(
  'keyturn plan',
  'keyturn plan --all',
  'keyturn plan --at 2026-12-24    as if that were today and all else as it is',
  'keyturn plan --member-profile payments-prod',
)}`;

export const status = `
States: current (nothing is due), warned (its owner knows of the coming
rotation), due (to be rotated), rotating, retiring (to be disabled, then
deleted), inactive (by another hand, left alone), exempt, blocked, would be gone
(in observe mode: would have been deleted by now). Where the owner is "nobody",
the operators are told. Of a key that has a successor it is said whether that is
in use yet, and whether the key itself still is (with iam:GetAccessKeyLastUsed,
asked for these keys only).

With --at no IAM is read: every key is shown as it was then, by history alone,
with who exempted it and who had been told what was to happen to it next. A date
means its first moment (00:00 UTC); what has not come yet is refused. With
--all-accounts every account is shown that any run up to then expected.

With --advice AWS is asked what each Active key was last used for (the right
iam:GetAccessKeyLastUsed, a call for each), and the likely ways to do without a
long-lived key are named; docs/leaving-access-keys.md tells how.
${otherAccounts}

${examples(
  'keyturn status',
  'keyturn status --member-profile payments-prod',
  'keyturn status --advice',
  'keyturn status --at 2026-03-31',
  'keyturn status --at 2026-03-31 --all-accounts',
  "keyturn status --json | jq '.keys[] | select(.ageDays > 90)'",
)}`;

export const runs = `
EXPECTED accounts are those that the run set out to sweep. NO ACCESS: the member
role could not be assumed there. OUTSTANDING: not heard of, or not to the end.
With a run's ID each account is shown with its outcome, and why.

${examples(
  'keyturn runs',
  'keyturn runs --limit 30',
  'keyturn runs run-20261120T061700Z-1b2c3d4e',
  "keyturn runs --json | jq '.runs[0].outstanding'",
)}`;

export const doctor = `
Looks with your own credentials and changes nothing. Takes the rights
cloudformation:DescribeStacks and DescribeStackResources,
dynamodb:DescribeTable, DescribeContinuousBackups and Query, iam:GetRole,
GenerateCredentialReport and GetCredentialReport,
lambda:ListEventSourceMappings, sns:ListSubscriptionsByTopic and
sqs:GetQueueAttributes on what is deployed; for an organisation also
cloudformation:DescribeStackSet and ListStackInstances, and
organizations:DescribeOrganization, ListRoots, ListAccounts,
ListOrganizationalUnitsForParent, ListAccountsForParent and
ListDelegatedAdministrators. An organisation is listed whole, which takes
minutes where it is large. What you may not read is shown as unknown. What other
accounts hold is known from the last run. Fails when a check does.

${examples('keyturn doctor', 'keyturn doctor --json | jq .findings')}`;

export const history = (types: readonly string[]): string => `
One way in: --user, --key, --account, --owner, --run, --day or --all-accounts;
without any it is the account that Keyturn is deployed in. --json prints one
event a line, --csv one row; both as they come, however many there are.

--verify recomputes the hash of every event and of every seal, and names what
was altered, removed, added, moved or dated back since it was written. With
--export-events and --export-seals it writes a copy, to be checked elsewhere by
--file and --seals; a part of the history is checked with the same --since and
--until. docs/auditors.md tells how to do the same without Keyturn.

Types of events:
${folded(types, 78)}

${examples(
  'keyturn history --user ci-deploy',
  'keyturn history --key AKIAIOSFODNN7EXAMPLE',
  'keyturn history --since 7d --type key-disabled --type key-deleted',
  'keyturn history --all-accounts --since 2026-07-01 --until 2026-10-01 --csv',
  'keyturn history --owner payments --since 90d --newest-first',
  'keyturn history --verify',
  'keyturn history --verify --export-events copy.jsonl --export-seals seals.jsonl',
  'keyturn history --verify --file copy.jsonl --seals seals.jsonl',
  'keyturn history --newest-first --limit 20',
)}`;

export const explain = `
Everything that history knows of one key from its creation to its end, oldest
first, each with the ID of its event, and below it who was told and when: also
exemptions that held for its user meanwhile, by name or by pattern, and what only
an inventory tells. Reads history alone. A key that nothing ever happened to is
looked for in the inventories of every account on record; --account names one.

${examples('keyturn explain --key AKIAIOSFODNN7EXAMPLE', 'keyturn explain --key AKIAIOSFODNN7EXAMPLE --json')}`;

export const reconcile = `
Compares every key that history knows, gone ones included, with every key of
every user in IAM, and every change that Keyturn made in the last days with
CloudTrail's record of it; lists changes by others. A key that somebody made since
the last inventory, which is weekly, is named and no difference yet.
Takes the rights iam:ListUsers and ListAccessKeys, dynamodb:Query on the history
table, and cloudtrail:LookupEvents, without which CloudTrail is left out. Two
requests a second are allowed there, so an account with many changes takes
minutes. Fails when there is a difference, and when anything else could not be
compared.
${otherAccounts}

${examples('keyturn reconcile', 'keyturn reconcile --days 30', 'keyturn reconcile --member-profile payments-prod')}`;

export const pull = `
For whoever owns a key. Takes nothing but the old key, in the profile that you
name: with it your user's current key is fetched from its secret, proved with
STS, and written over the old one in the shared credentials file. The old key
stays as profile NAME-previous, every other line of the file as it is.

With --exec nothing is written: the command finds the new key in its environment
(AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY), and its exit code is keyturn's.

Which Region the secret is in, and its ARN when it is in another account, stand
in the notice about the new key. More in docs/pull.md.

${examples(
  'keyturn pull --profile build',
  'keyturn pull --profile build --dry-run',
  'keyturn pull --profile build --region eu-central-1 --yes',
  "keyturn pull --profile build --exec './install-key.sh'",
  'keyturn pull --profile bootstrap --print',
)}`;

export const ownersImport = `
The first row names the columns, in any order. Every other row is one assignment
together with its owner's details:
${folded(ownersFileColumns, 78)}

  owner          ID in lower case; required in every row
  name           of the person or team; this and the next seven may be left
                 empty where another row of the same owner has them
  email          is reached by SES where that is set up; otherwise the import
                 subscribes it to the notices topic, filtered on the owner
  slack_channel  name of a webhook in the Slack secret, such as #payments, or
                 of a channel that the bot is in; or
  slack_user     member ID (U024BE7LH), for direct messages of the bot
  webhook        name of an endpoint in the webhooks' secret
  sns_topic      ARN of the owner's own topic
  sns_format     text, or amazon-q for a topic that Amazon Q Developer shows
                 in chat
  time_zone      such as Europe/Berlin: dates in notices are shown in it too
  account        12 digits, or * for every account (* when left empty)
  user           one IAM user,
  name_pattern   or all whose name fits, such as ci-*,
  path_pattern   or all whose IAM path fits, such as /payments/*

With an account but no user or pattern the owner is the account's default. With
neither, the row only describes the owner.

With a mistake anywhere in the file nothing is imported. What the file does not
mention stays, unless --prune is given. Subscribing takes the rights
sns:ListSubscriptionsByTopic, GetSubscriptionAttributes, Subscribe,
SetSubscriptionAttributes and Unsubscribe on the notices topic.

${examples(
  'keyturn owners import owners.csv --dry-run',
  'keyturn owners import owners.csv',
  'keyturn owners import owners.csv --prune',
)}`;

export const ownersList = `\n${examples('keyturn owners list', "keyturn owners list --json | jq '.owners[].email'")}`;

export const ownersWho = `
A user's own assignment wins over patterns, a pattern over the account's
default; among patterns those of the account, then the longer one.

${examples('keyturn owners who --user ci-deploy', 'keyturn owners who --user new-bot --path /payments/')}`;

export const exemptAdd = `
An exempt user's keys are left alone until the exemption ends, at most 365 days.
Who recorded it, and who approved it, is in history.

${examples(
  "keyturn exempt add --user legacy-erp --for 30d --approver 'Ada Lovelace' \\",
  "  --reason 'The vendor takes no new key before their release'",
  "keyturn exempt add --name-pattern 'lab-*' --expires 2026-12-31 \\",
  "  --approver ciso@example.com --reason 'The lab is closed'",
)}`;

export const exemptList = `\n${examples('keyturn exempt list', 'keyturn exempt list --all')}`;

export const exemptRevoke = `\n${examples("keyturn exempt revoke 01JD0000000000000000000000 --reason 'Release is out'")}`;

/** Words with commas between them, in indented lines of at most this many characters. */
function folded(words: readonly string[], width: number): string {
  const lines: string[] = [];
  let line = ' ';
  for (const [at, word] of words.entries()) {
    const next = ` ${word}${at === words.length - 1 ? '' : ','}`;
    if (line.length + next.length > width) {
      lines.push(line);
      line = ' ';
    }
    line += next;
  }
  return [...lines, line].join('\n');
}
