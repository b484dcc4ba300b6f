/** Whether a trust policy lets this hub's worker in. */
import type { Deployment } from '../../lambda/contracts/deployment.ts';
import type { Principal, RoleTrust, TrustCondition, TrustStatement } from '../estate.ts';

/** What the role says of the worker, as far as can be told from here. */
export type Verdict =
  | { readonly kind: 'lets-in'; readonly asks: readonly string[]; readonly asksNot: readonly string[] }
  /** A statement for the worker, whose conditions it does not meet. */
  | { readonly kind: 'refuses'; readonly wants: readonly string[] }
  /** A statement keeps it out, whatever others say. */
  | { readonly kind: 'denies'; readonly when: readonly string[] }
  /** What it asks for cannot be compared: this deployment did not record what the worker sends. */
  | { readonly kind: 'not-recorded'; readonly asks: readonly string[] }
  /** It also asks for what only AWS can judge. */
  | { readonly kind: 'unsure'; readonly of: readonly string[] }
  /** No statement is for the worker. */
  | { readonly kind: 'trusts-not' };

/** Whom it lets assume the role, in the order of its statements. */
export const trusted = ({ statements }: RoleTrust): readonly Principal[] =>
  statements.filter((one) => one.effect === 'Allow' && isAboutAssuming(one)).flatMap(({ principals }) => principals);

/** A deployment from before it recorded its worker's name can't be compared with. */
export function isWorker({ workerRoleName, settings }: Deployment, { kind, name }: Principal): boolean {
  if (workerRoleName === undefined) return kind === 'AWS';
  const [, , service, , account, role] = name.split(':');
  return kind === 'AWS' && service === 'iam' && account === settings.hub && role === `role/${workerRoleName}`;
}

/** One statement that lets it in is enough, and one that denies it outweighs all. */
export function verdictOn(role: RoleTrust, deployment: Deployment): Verdict {
  const about = role.statements.filter(isAboutAssuming);
  const denials = about
    .filter(({ effect, principals }) => effect === 'Deny' && principals.some((one) => isMeant(deployment, one)))
    .map((one) => denialOf(one, deployment));
  const denied = denials.find(({ kind }) => kind === 'denies');
  if (denied !== undefined) return denied;
  const verdicts = about
    .filter(({ effect, principals }) => effect === 'Allow' && principals.some((one) => isWorker(deployment, one)))
    .map((one) => allowanceOf(one, deployment));
  const best = (['lets-in', 'not-recorded', 'unsure', 'refuses'] as const)
    .map((kind) => verdicts.find((one) => one.kind === kind))
    .find((one) => one !== undefined);
  if (best?.kind === 'lets-in') return denials.find(({ kind }) => kind === 'unsure') ?? best;
  return best ?? { kind: 'trusts-not' };
}

/** `*` means every principal, and an account everybody in it. */
function isMeant(deployment: Deployment, principal: Principal): boolean {
  const { settings, workerRoleName } = deployment;
  const { hub } = settings;
  const { kind, name } = principal;
  if (workerRoleName !== undefined && isWorker(deployment, principal)) return true;
  return kind === 'AWS' && (name === '*' || name === hub || name.endsWith(`:iam::${hub}:root`));
}

const isAboutAssuming = ({ actions }: TrustStatement): boolean =>
  actions.some((action) => isLike(action.toLowerCase(), 'sts:assumerole'));

function allowanceOf({ conditions }: TrustStatement, deployment: Deployment): Verdict {
  const judged = conditions.map((condition) => ({ condition, outcome: outcomeOf(condition, deployment) }));
  const those = (outcome: Outcome) =>
    judged.filter((one) => one.outcome === outcome).map(({ condition }) => wanted(condition, deployment));
  if (those('fails').length > 0) return { kind: 'refuses', wants: those('fails') };
  if (those('not-recorded').length > 0) return { kind: 'not-recorded', asks: those('not-recorded') };
  if (those('unsure').length > 0) return { kind: 'unsure', of: those('unsure') };
  const expected = [
    ...(deployment.externalId === undefined ? [] : ['sts:ExternalId']),
    ...(deployment.organizationId === undefined ? [] : ['aws:PrincipalOrgID']),
  ];
  const asksNot = expected.filter((key) => !conditions.some((one) => one.key.toLowerCase() === key.toLowerCase()));
  return { kind: 'lets-in', asks: those('holds'), asksNot: asksNot.map((key) => subjectOf(key)?.name ?? key) };
}

function denialOf({ conditions }: TrustStatement, deployment: Deployment): Verdict {
  const outcomes = conditions.map((condition) => outcomeOf(condition, deployment));
  const when = conditions.map(asWritten);
  if (outcomes.every((outcome) => outcome === 'holds')) return { kind: 'denies', when };
  return outcomes.includes('fails') ? { kind: 'trusts-not' } : { kind: 'unsure', of: when };
}

type Outcome = 'holds' | 'fails' | 'not-recorded' | 'unsure';

const subjects = [
  {
    key: 'sts:externalid',
    name: 'external ID',
    but: "this hub's worker sends",
    sent: ({ externalId }: Deployment) => externalId,
  },
  {
    key: 'aws:principalorgid',
    name: 'organisation',
    but: 'the settings say',
    sent: ({ organizationId }: Deployment) => organizationId,
  },
] as const;

const subjectOf = (key: string) => subjects.find((one) => one.key === key.toLowerCase());

function outcomeOf({ operator, key, values }: TrustCondition, deployment: Deployment): Outcome {
  const subject = subjectOf(key);
  // What the worker sends is one value and always there: neither IfExists nor ForAnyValue changes anything.
  const compare = comparisons.get(operator.replace(/^For(Any|All)Values?:/, '').replace(/IfExists$/, ''));
  if (subject === undefined || compare === undefined) return 'unsure';
  const sent = subject.sent(deployment);
  if (sent !== undefined) return compare(values, sent) ? 'holds' : 'fails';
  return deployment.externalId === undefined ? 'not-recorded' : 'unsure';
}

const comparisons = new Map<string, (values: readonly string[], sent: string) => boolean>([
  ['StringEquals', (values, sent) => values.includes(sent)],
  ['StringNotEquals', (values, sent) => !values.includes(sent)],
  ['StringEqualsIgnoreCase', (values, sent) => lower(values).includes(sent.toLowerCase())],
  ['StringNotEqualsIgnoreCase', (values, sent) => !lower(values).includes(sent.toLowerCase())],
  ['StringLike', (values, sent) => values.some((value) => isLike(value, sent))],
  ['StringNotLike', (values, sent) => !values.some((value) => isLike(value, sent))],
]);

const lower = (values: readonly string[]): readonly string[] => values.map((value) => value.toLowerCase());

/** `*` and `?` stand for any characters, and for one. */
const isLike = (pattern: string, text: string): boolean =>
  new RegExp(
    `^${pattern
      .replaceAll(/[.+^${}()|[\]\\]/g, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('?', '.')}$`,
    's',
  ).test(text);

/** For people: `external ID 'a' (this hub's worker sends 'b')`. */
function wanted(condition: TrustCondition, deployment: Deployment): string {
  const subject = subjectOf(condition.key);
  if (subject === undefined || condition.operator.includes('Not')) return asWritten(condition);
  const what = `${subject.name} ${condition.values.map((value) => `'${value}'`).join(' or ')}`;
  const sent = subject.sent(deployment);
  return sent === undefined || condition.values.includes(sent) ? what : `${what} (${subject.but} '${sent}')`;
}

const asWritten = ({ operator, key, values }: TrustCondition): string => `${operator} ${key} ${values.join(', ')}`;
