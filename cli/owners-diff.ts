import type { AccountId } from '../lambda/domain/ids.ts';
import type { Assignment, Owner } from '../lambda/domain/owners.ts';
import { describeMatch } from '../lambda/domain/user-match.ts';
import { keyOfAssignment } from './owners-file.ts';

export interface OwnersAndAssignments {
  readonly owners: readonly Owner[];
  readonly assignments: readonly Assignment[];
}

export interface OwnersChange {
  readonly kind: 'add' | 'change' | 'remove';
  /** What changes, in words. */
  readonly text: string;
  /** The same for history, which auditors read and nobody can take anything out of: without anybody's address. */
  readonly onRecord: string;
}

/** What has to be written so that the table says what the file says. */
export interface OwnersDiff {
  readonly put: OwnersAndAssignments;
  readonly remove: OwnersAndAssignments;
  readonly changes: readonly OwnersChange[];
  /** Owners and assignments that are as the file has them. */
  readonly unchanged: number;
}

/** Compares the table with a file. What the file does not mention stays, unless `prune` is set. */
export function diffOwners(before: OwnersAndAssignments, file: OwnersAndAssignments, prune: boolean): OwnersDiff {
  const owners = compare(before.owners, file.owners, ({ id }) => id, ownerInWords, prune);
  const assignments = compare(before.assignments, respelt(before, file), keyOfAssignment, assignmentInWords, prune);
  return {
    put: { owners: owners.put, assignments: assignments.put },
    remove: { owners: owners.remove, assignments: assignments.remove },
    changes: [...owners.changes, ...assignments.changes],
    unchanged: owners.unchanged + assignments.unchanged,
  };
}

/** The file's assignments with user names spelt as they are stored: spelt otherwise they would be stored a second time. */
function respelt(before: OwnersAndAssignments, file: OwnersAndAssignments): readonly Assignment[] {
  const stored = new Map(before.assignments.map((assignment) => [keyOfAssignment(assignment), assignment.match]));
  return file.assignments.map((assignment) => ({
    ...assignment,
    match: stored.get(keyOfAssignment(assignment)) ?? assignment.match,
  }));
}

interface InWords {
  readonly subject: string;
  readonly facts: Readonly<Record<string, string | undefined>>;
}

function compare<Item>(
  before: readonly Item[],
  after: readonly Item[],
  keyOf: (item: Item) => string,
  inWords: (item: Item) => InWords,
  prune: boolean,
): { put: Item[]; remove: Item[]; changes: OwnersChange[]; unchanged: number } {
  const result = { put: [] as Item[], remove: [] as Item[], changes: [] as OwnersChange[], unchanged: 0 };
  const left = new Map(before.map((item) => [keyOf(item), item]));
  for (const item of after) {
    const earlier = left.get(keyOf(item));
    left.delete(keyOf(item));
    const change = earlier === undefined ? added(inWords(item)) : changed(inWords(earlier), inWords(item));
    if (change === undefined) {
      result.unchanged += 1;
      continue;
    }
    result.put.push(item);
    result.changes.push(change);
  }
  if (prune) {
    for (const item of left.values()) {
      result.remove.push(item);
      const { subject } = inWords(item);
      result.changes.push({ kind: 'remove', text: subject, onRecord: subject });
    }
  }
  return result;
}

function added({ subject, facts }: InWords): OwnersChange {
  const given = Object.entries(facts).filter(([, value]) => value !== undefined);
  const recorded = given.map(([name, value]) => (addresses.has(name) ? name : `${name} ${value}`));
  return {
    kind: 'add',
    text: `${subject}: ${given.map(([name, value]) => `${name} ${value}`).join(', ')}`,
    onRecord: `${subject}: ${recorded.join(', ')}`,
  };
}

function changed(before: InWords, after: InWords): OwnersChange | undefined {
  const differing = Object.keys(after.facts).filter((name) => before.facts[name] !== after.facts[name]);
  if (differing.length === 0) return undefined;
  const inFull = (name: string) => `${name} ${before.facts[name] ?? 'none'} → ${after.facts[name] ?? 'none'}`;
  return {
    kind: 'change',
    text: `${after.subject}: ${differing.map(inFull).join(', ')}`,
    onRecord: `${after.subject}: ${differing.map((name) => (addresses.has(name) ? name : inFull(name))).join(', ')}`,
  };
}

/** Facts about an owner that lead to a person. */
const addresses: ReadonlySet<string> = new Set(['email', 'Slack', 'webhook', 'SNS topic']);

const ownerInWords = (owner: Owner): InWords => ({
  subject: `owner ${owner.id}`,
  facts: {
    name: owner.name,
    email: owner.email,
    Slack: owner.slackChannel ?? owner.slackUser,
    webhook: owner.webhook,
    'SNS topic': owner.snsTopicArn,
    'SNS format': owner.snsFormat,
    'time zone': owner.timeZone,
  },
});

const assignmentInWords = ({ account, match, ownerId }: Assignment): InWords => ({
  subject: rangeInWords(match, account),
  facts: { owner: ownerId },
});

/** `user build-bot of account 111122223333`, `users named ci-* of every account`. */
export function rangeInWords(match: Assignment['match'], account: AccountId | '*'): string {
  const of = account === '*' ? 'every account' : `account ${account}`;
  return match.kind === 'account' ? `all users of ${of}` : `${describeMatch(match)} of ${of}`;
}
