import type * as z from 'zod';
import type { Mode } from '../lambda/domain/events.ts';
import type { Policy } from '../lambda/domain/policy.ts';
import type { accounts, enforceIn } from './config-accounts.ts';
import type { access } from './config-parts.ts';

/** AWS allows this much for the names and values of all of a function's variables, in bytes. */
const ENVIRONMENT_LIMIT = 4_096;
/** What names, table names, queue URLs and ARNs need of it; they are not known before the deployment. */
const OTHER_VARIABLES = 1_200;

/** Settings that are right by themselves; absent: not given, or wrong. */
interface Props {
  readonly mode?: Mode | undefined;
  readonly policy?: Policy | undefined;
  readonly accounts?: z.output<typeof accounts> | undefined;
  readonly enforceIn?: z.output<typeof enforceIn>;
  readonly access?: z.output<typeof access> | undefined;
}

/** Where settings that are each right contradict each other. */
export const disagreements = (props: Props): readonly string[] => [
  ...waveMistakes(props),
  ...organizationMistakes(props),
  ...sizeMistakes(props),
];

function waveMistakes({ mode, enforceIn, accounts }: Props): string[] {
  if (enforceIn === undefined || accounts === undefined) return [];
  const mistakes: string[] = [];
  const mistake = (text: string) => mistakes.push(`enforceIn${text}`);
  if (mode === 'enforce') mistake(" names a wave of mode 'observe'; with mode 'enforce' every account enforces");
  if (enforceIn.accounts.length + enforceIn.organizationalUnits.length === 0) {
    mistake(' must name accounts or organizationalUnits, or be left out');
  }
  if (accounts.kind === 'single') mistake(" needs more than one account: with accounts of kind 'single' set the mode");
  if (accounts.kind === 'list') {
    if (enforceIn.organizationalUnits.length > 0) {
      mistake(".organizationalUnits is for accounts of kind 'organization': a list has no units");
    }
    for (const id of enforceIn.accounts) {
      if (!accounts.accounts.includes(id)) mistake(`.accounts names ${id}, which accounts.accounts does not`);
    }
  }
  if (accounts.kind === 'organization') {
    for (const id of enforceIn.accounts) {
      if (accounts.excludedAccounts.includes(id)) mistake(`.accounts names ${id}, which is excluded`);
    }
    for (const id of enforceIn.organizationalUnits) {
      if (accounts.excludedOrganizationalUnits.includes(id)) {
        mistake(`.organizationalUnits names ${id}, which is excluded`);
      }
    }
  }
  return mistakes;
}

function organizationMistakes({ accounts, access }: Props): string[] {
  if (accounts?.kind !== 'organization') return [];
  const mistakes: string[] = [];
  const { organizationalUnits = [], excludedOrganizationalUnits, memberStackSet } = accounts;
  if (access !== undefined && access.organizationId === undefined) {
    mistakes.push("access.organizationId: is needed with accounts of kind 'organization' (o-…)");
  }
  for (const id of organizationalUnits.filter((unit) => excludedOrganizationalUnits.includes(unit))) {
    mistakes.push(`accounts.organizationalUnits names ${id}, which is excluded`);
  }
  if (memberStackSet !== undefined && (memberStackSet.organizationalUnits ?? organizationalUnits).length === 0) {
    mistakes.push(
      "accounts.memberStackSet.organizationalUnits: a StackSet doesn't know 'everything': name the root (r-…, see aws organizations list-roots)",
    );
  }
  return mistakes;
}

function sizeMistakes({ mode, enforceIn, accounts, access, policy }: Props): string[] {
  if (access === undefined) return [];
  const { externalId, secretReaders, memberRoleName } = access;
  const settings = JSON.stringify({ mode, enforceIn, accounts, policy });
  const given = Buffer.byteLength([settings, externalId, JSON.stringify(secretReaders), memberRoleName].join(''));
  const room = ENVIRONMENT_LIMIT - OTHER_VARIABLES;
  if (given <= room) return [];
  return [
    `the settings take ${given} bytes of the functions' environment, which has room for ${room}: name organizational ` +
      "units (accounts of kind 'organization') instead of accounts, and fewer readers and freeze dates",
  ];
}
