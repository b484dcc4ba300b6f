import {
  type AccountId,
  InvalidIdError,
  type OwnerId,
  parseAccountId,
  parseOwnerId,
  parseUserName,
} from '../lambda/domain/ids.ts';
import type { Assignment, Owner, UserMatch } from '../lambda/domain/owners.ts';
import { describeMatch } from '../lambda/domain/user-match.ts';
import { type CsvRow, type Mistake, readRows } from './csv-rows.ts';
import { detailColumns, OwnerDetails } from './owner-details.ts';
import { namePatternProblem, pathPatternProblem } from './patterns.ts';

/** Columns of an owners file; only `owner` has to be there. One row is one assignment, with its owner's details. */
export const ownersFileColumns = [
  'owner',
  ...detailColumns,
  'account',
  'user',
  'name_pattern',
  'path_pattern',
] as const;

type Column = (typeof ownersFileColumns)[number];
type Row = CsvRow<Column>;

export interface OwnersFile {
  readonly owners: readonly Owner[];
  readonly assignments: readonly Assignment[];
  /** In the order of the file. When there is one, nothing of the file may be used. */
  readonly mistakes: readonly Mistake[];
}

/** Reads an owners file and finds everything that is wrong with it. */
export function readOwnersFile(bytes: Uint8Array): OwnersFile {
  const { rows, mistakes } = readRows(bytes, ownersFileColumns, 'owner');
  const reader = new Reader();
  for (const row of rows) reader.add(row);
  const file = reader.finish();
  return { ...file, mistakes: [...mistakes, ...file.mistakes].toSorted((a, b) => a.line - b.line) };
}

class Reader {
  readonly #mistakes: Mistake[] = [];
  readonly #owners = new Map<OwnerId, OwnerDetails>();
  readonly #assignments = new Map<string, { readonly assignment: Assignment; readonly line: number }>();

  add(row: Row): void {
    const before = this.#mistakes.length;
    const ownerId = this.#owner(row);
    const account = this.#account(row);
    const match = this.#match(row);
    if (this.#mistakes.length > before || ownerId === undefined) return;
    if (match !== undefined) this.#assign({ account: account ?? '*', match, ownerId }, row.line);
    else if (account !== undefined) this.#assign({ account, match: { kind: 'account' }, ownerId }, row.line);
  }

  finish(): OwnersFile {
    const owners = [...this.#owners.values()].map((details) => details.complete());
    const mistakes = [...this.#owners.values()].flatMap((details) => details.mistakes);
    const assignments = [...this.#assignments.values()].map(({ assignment }) => assignment);
    return { owners, assignments, mistakes: [...this.#mistakes, ...mistakes] };
  }

  #owner(row: Row): OwnerId | undefined {
    if (row.cells.owner === '') this.#wrong(row, 'owner', 'it is empty: every row names an owner');
    const id = row.cells.owner === '' ? undefined : this.#parse(row, 'owner', parseOwnerId);
    if (id === undefined) return undefined;
    const details = this.#owners.get(id) ?? new OwnerDetails(id, row.line);
    details.add(row);
    this.#owners.set(id, details);
    return id;
  }

  #account(row: Row): AccountId | '*' | undefined {
    const text = row.cells.account;
    if (text === '' || text === '*') return text === '' ? undefined : '*';
    if (/^\d{1,11}$|^\d[.,]\d+E\+?\d+$/i.test(text)) {
      const problem = `'${text}' is not an AWS account ID (12 digits): a spreadsheet has taken it for a number, so format the column as text`;
      this.#wrong(row, 'account', problem);
      return undefined;
    }
    return this.#parse(row, 'account', parseAccountId);
  }

  #match(row: Row): UserMatch | undefined {
    const { user, name_pattern: name, path_pattern: path } = row.cells;
    const given = (['user', 'name_pattern', 'path_pattern'] as const).filter((column) => row.cells[column] !== '');
    const [first, second] = given;
    if (first === undefined) return undefined;
    if (second !== undefined) {
      this.#wrong(row, second, `only one of ${given.join(' and ')} can be given in a row: write one row for each`);
      return undefined;
    }
    const problem =
      (first === 'name_pattern' && namePatternProblem(name)) || (first === 'path_pattern' && pathPatternProblem(path));
    if (problem) this.#wrong(row, first, problem);
    if (first === 'name_pattern') return { kind: 'name', pattern: name };
    if (first === 'path_pattern') return { kind: 'path', pattern: path };
    if (user.includes('*')) this.#wrong(row, 'user', `'${user}' has a *, which belongs into the column name_pattern`);
    const userName = user.includes('*') ? undefined : this.#parse(row, 'user', parseUserName);
    return userName === undefined ? undefined : { kind: 'user', userName };
  }

  /** The same users can have one owner only; saying the same twice is harmless. */
  #assign(assignment: Assignment, line: number): void {
    const key = keyOfAssignment(assignment);
    const earlier = this.#assignments.get(key);
    if (earlier === undefined) {
      this.#assignments.set(key, { assignment, line });
    } else if (earlier.assignment.ownerId !== assignment.ownerId) {
      const problem = `${describeMatch(assignment.match)} belongs to '${earlier.assignment.ownerId}' on line ${earlier.line} already`;
      this.#mistakes.push({ line, column: 'owner', problem });
    }
  }

  #parse<Id>(row: Row, column: Column, parse: (text: string) => Id): Id | undefined {
    try {
      return parse(row.cells[column]);
    } catch (error) {
      if (!(error instanceof InvalidIdError)) throw error;
      this.#wrong(row, column, error.message);
      return undefined;
    }
  }

  #wrong({ line }: Row, column: Column, problem: string): void {
    this.#mistakes.push({ line, column, problem });
  }
}

/** Which users an assignment is about, as one text; IAM tells user names apart without regard to case. */
export function keyOfAssignment({ account, match }: Assignment): string {
  if (match.kind === 'user') return `${account} user ${match.userName.toLowerCase()}`;
  return `${account} ${match.kind} ${match.kind === 'account' ? '' : match.pattern}`;
}
