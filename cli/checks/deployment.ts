/** Checks of what is deployed: settings, stack, tables, topics, queues, functions' sources. */
import type { Deployment } from '../../lambda/contracts/deployment.ts';
import { count, minuteOf } from '../dates.ts';
import type { Estate, EventSource } from '../estate.ts';
import { deployAgain, type Finding, fail, look, ok, some, warn } from './finding.ts';

export type Checking = { readonly deployment: Deployment; readonly estate: Estate };

/** What was deployed, in a line; its version should be the command line's. */
export function settingsCheck({ settings, version }: Deployment, cliVersion: string): readonly Finding[] {
  const { rotateAfterDays, disableAfterDays, deleteAfterDays } = settings.policy;
  const what = [
    `version ${version}`,
    modeInWords(settings),
    accountsInWords(settings.accounts),
    `keys rotated at ${rotateAfterDays}, disabled at ${disableAfterDays}, deleted at ${deleteAfterDays} days`,
  ].join('; ');
  if (version === cliVersion) return [ok('settings', what)];
  return [
    warn(
      'settings',
      `${what}; this command is version ${cliVersion}`,
      `use version ${version} of the command line, or ${deployAgain}`,
    ),
  ];
}

function modeInWords({ mode, enforceIn }: Deployment['settings']): string {
  if (mode === 'enforce') return 'enforce';
  const { accounts, organizationalUnits } = enforceIn ?? { accounts: [], organizationalUnits: [] };
  const wave = [
    ...(accounts.length > 0 ? [count(accounts.length, 'account')] : []),
    ...(organizationalUnits.length > 0 ? [count(organizationalUnits.length, 'unit')] : []),
  ];
  return wave.length === 0 ? 'observe' : `observe, but enforce in ${wave.join(' and ')}`;
}

function accountsInWords(scope: Deployment['settings']['accounts']): string {
  switch (scope.kind) {
    case 'single':
      return 'this account alone';
    case 'list':
      return `${count(scope.accounts.length, 'account')} by name`;
    case 'organization': {
      const { organizationalUnits: units, excludedAccounts, excludedOrganizationalUnits } = scope;
      const excluded = excludedAccounts.length + excludedOrganizationalUnits.length;
      const whole = units === undefined ? 'the organisation' : `${count(units.length, 'unit')} of the organisation`;
      return excluded === 0 ? whole : `${whole} with ${count(excluded, 'exclusion')}`;
    }
    default:
      return scope satisfies never;
  }
}

export const stackCheck = ({ deployment, estate }: Checking): Promise<readonly Finding[]> =>
  look('stack', async () => {
    const stack = await estate.stack(deployment.stack);
    if (stack === undefined) return [fail('stack', `there is no stack ${deployment.stack}`, deployAgain)];
    const what = `${deployment.stack} is ${stack.status}${stack.changedAt ? ` since ${minuteOf(stack.changedAt)} UTC` : ''}`;
    if (/_IN_PROGRESS$/.test(stack.status)) return [warn('stack', what, 'wait for it to end, then look again')];
    if (/FAILED$|^ROLLBACK/.test(stack.status)) return [fail('stack', what, `look at its events, then ${deployAgain}`)];
    if (stack.status === 'UPDATE_ROLLBACK_COMPLETE') {
      return [warn('stack', `${what}: its last update was taken back`, `look at its events, then ${deployAgain}`)];
    }
    return [ok('stack', what)];
  });

/** State is rebuilt when it is lost; the other two hold what people entered, and the evidence. */
export async function tableChecks({ deployment, estate }: Checking): Promise<readonly Finding[]> {
  const tables = Object.entries(deployment.tables);
  const found = await Promise.all(
    tables.map(([kind, name]) =>
      look(`${kind} table`, async () => {
        const check = `${kind} table`;
        const table = await estate.table(name);
        if (table === undefined)
          return [fail(check, `there is no table ${name}`, 'restore it from a backup, or deploy again')];
        if (table.status !== 'ACTIVE') {
          return [warn(check, `${name} is ${table.status}`, 'wait until it is ACTIVE, then look again')];
        }
        const open = [
          ...(table.restorable ? [] : ['has no point-in-time recovery']),
          ...(table.protectedFromDeletion || kind === 'state' ? [] : ['is not protected from deletion']),
        ];
        if (open.length === 0) return [ok(check, 'ACTIVE, with point-in-time recovery')];
        return [
          warn(check, `${name} ${open.join(' and ')}`, `unless this is a trial (removal: 'destroy'), ${deployAgain}`),
        ];
      }),
    ),
  );
  return found.flat();
}

export async function topicChecks({ deployment, estate }: Checking): Promise<readonly Finding[]> {
  const { operators, notices } = deployment.topics;
  const operatorsTopic = look('operators topic', async () => {
    const check = 'operators topic';
    const found = await estate.subscriptions(operators);
    if (found === undefined) return [fail(check, `there is no topic ${operators}`, deployAgain)];
    const subscribe = `subscribe to ${operators} and confirm it, or set notices.operators`;
    if (found.confirmed === 0)
      return [fail(check, `nobody hears an alarm, or what reaches no owner${pending(found)}`, subscribe)];
    return [confirmedOrNot(check, found)];
  });
  const noticesTopic = look('notices topic', async () => {
    const check = 'notices topic';
    const found = await estate.subscriptions(notices);
    if (found === undefined) return [fail(check, `there is no topic ${notices}`, deployAgain)];
    return [confirmedOrNot(check, found)];
  });
  return [...(await operatorsTopic), ...(await noticesTopic)];
}

const pending = ({ pending: number }: { readonly pending: number }): string =>
  number === 0 ? '' : ` (${count(number, 'subscription')} not confirmed)`;

function confirmedOrNot(check: string, found: { readonly confirmed: number; readonly pending: number }): Finding {
  const what = `${count(found.confirmed, 'confirmed subscription')}${pending(found)}`;
  return found.pending === 0 ? ok(check, what) : warn(check, what, 'let the addressees follow the link in their mail');
}

export async function queueChecks({ deployment, estate }: Checking): Promise<readonly Finding[]> {
  const { sweeps, deadLetters } = deployment.queues;
  const sweepQueue = look('sweep queue', async () => {
    const depth = await estate.queue(sweeps);
    if (depth === undefined) return [fail('sweep queue', `there is no queue ${sweeps}`, deployAgain)];
    return [ok('sweep queue', `${depth.waiting} waiting, ${depth.inFlight} at work`)];
  });
  const deadLetterQueue = look('dead letters', async () => {
    const depth = await estate.queue(deadLetters);
    if (depth === undefined) return [fail('dead letters', `there is no queue ${deadLetters}`, deployAgain)];
    const letters = depth.waiting + depth.inFlight;
    if (letters === 0) return [ok('dead letters', 'none')];
    return [fail('dead letters', count(letters, 'letter'), "read them: 'Dead letters' in docs/runbook.md says how")];
  });
  return [...(await sweepQueue), ...(await deadLetterQueue)];
}

/** Without its event source a function is never called, and nothing else would say so. */
export async function eventSourceChecks({ deployment, estate }: Checking): Promise<readonly Finding[]> {
  const { rotateAccount, notify, seal } = deployment.functions;
  const wanted = [
    ['sweeps are begun', rotateAccount, 'sqs'],
    ['events are heard', notify, 'dynamodb'],
    ...(seal === undefined ? [] : [['events are sealed', seal, 'dynamodb'] as const]),
  ] as const;
  const found = await Promise.all(
    wanted.map(([check, name, service]) =>
      look(check, async () => {
        const sources = (await estate.eventSources(name)).filter(({ arn }) => arn.split(':')[2] === service);
        return [sourceFinding(check, name, sources)];
      }),
    ),
  );
  return found.flat();
}

function sourceFinding(check: string, name: string, sources: readonly EventSource[]): Finding {
  if (sources.length === 0) return fail(check, `nothing calls function ${name}: it has no event source`, deployAgain);
  const off = sources.filter(({ state }) => state !== 'Enabled');
  if (off.length === 0) return ok(check, 'the event source is enabled');
  const what = `the event source of ${name} is ${some(off.map(({ state }) => state))}`;
  return off.every(({ state }) => /ing$/.test(state))
    ? warn(check, what, 'wait a minute, then look again')
    : fail(check, what, `enable it in the Lambda console, or ${deployAgain}`);
}
