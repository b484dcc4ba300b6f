import { runSimulation } from '@cloud-copilot/iam-simulate';
import { historyTable as historyLayout } from '../../lambda/contracts/tables.ts';
import { ACCOUNT, REGION, synth } from './synth.ts';

/** The history table as the policies are asked about it. */
const TABLE = `arn:aws:dynamodb:${REGION}:${ACCOUNT}:table/history`;

interface Document {
  readonly Version: string;
  readonly Statement: readonly Record<string, unknown>[];
}

const { hub, member } = synth({ mode: 'enforce', evidence: { auditors: [ACCOUNT] } });
const [historyId = '', historyTable] =
  Object.entries(hub.findResources('AWS::DynamoDB::Table')).find(([id]) => id.startsWith('KeyturnHistory')) ?? [];
const tablePolicy: Document = historyTable?.Properties.ResourcePolicy.PolicyDocument;

/** The template's references as text: the history's as its ARN, others as something else. */
function resolved(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(resolved);
  if (typeof value !== 'object' || value === null) return value;
  const [[name, argument] = []] = Object.entries(value);
  if (name === 'Fn::GetAtt') return argument[0] === historyId && argument[1] === 'Arn' ? TABLE : `other:${argument[0]}`;
  if (name === 'Ref') return `other:${argument}`;
  if (name === 'Fn::Join') return argument[1].map(resolved).join(argument[0]);
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, resolved(part)]));
}

const policiesOf = (templates: typeof hub, role: string): Document[] =>
  Object.values(templates.findResources('AWS::IAM::Policy'))
    .filter(({ Properties }) => JSON.stringify(Properties.Roles).includes(role))
    .map(({ Properties }) => resolved(Properties.PolicyDocument) as Document);

const administrator: Document[] = [
  { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] },
];

const callers: Readonly<Record<string, Document[]>> = {
  dispatch: policiesOf(hub, 'KeyturnDispatchFunctionRole'),
  worker: policiesOf(hub, 'KeyturnRotateAccountFunctionRole'),
  notify: policiesOf(hub, 'KeyturnNotifyFunctionRole'),
  deliver: policiesOf(hub, 'KeyturnDeliverFunctionRole'),
  seal: policiesOf(hub, 'KeyturnSealFunctionRole'),
  report: policiesOf(hub, 'KeyturnEvidenceFunctionRole'),
  auditor: policiesOf(hub, 'KeyturnEvidenceAuditorsRole'),
  member: policiesOf(member, 'Role'),
  'an administrator': administrator,
};

/** A request as it is about the table, or about some of its partitions. */
async function decisionOn(
  action: string,
  caller: string,
  { partitions, policy = tablePolicy }: { readonly partitions?: readonly string[]; readonly policy?: Document } = {},
) {
  const identityPolicies = callers[caller]?.map((policy, n) => ({ name: `policy-${n}`, policy })) ?? [];
  const found = await runSimulation(
    {
      request: {
        principal: `arn:aws:iam::${ACCOUNT}:role/${caller.replaceAll(' ', '-')}`,
        action,
        resource: { resource: TABLE, accountId: ACCOUNT },
        contextVariables: partitions === undefined ? {} : { 'dynamodb:LeadingKeys': [...partitions] },
      },
      identityPolicies,
      serviceControlPolicies: [],
      resourceControlPolicies: [],
      resourcePolicy: policy,
    },
    {},
  );
  if (found.resultType !== 'single') throw new Error(`${action} could not be evaluated: ${JSON.stringify(found)}`);
  return found.result.analysis.result;
}

/** Everything that changes or takes away what is there. */
const rewriting = [
  'dynamodb:UpdateItem',
  'dynamodb:DeleteItem',
  'dynamodb:BatchWriteItem',
  'dynamodb:PartiQLUpdate',
  'dynamodb:PartiQLDelete',
];

// Each would be denied everything, and all tests of denials pass, if its policies were not found.
test.each(Object.keys(callers))('%s has policies', (caller) => {
  expect(callers[caller]?.flatMap(({ Statement }) => Statement).length).toBeGreaterThan(0);
});

// Fails when the table's policy loses an action, or gets a condition or an exception.
describe.each(Object.keys(callers))('%s', (caller) => {
  test.each(rewriting)('is denied %s on the history', async (action) => {
    expect(await decisionOn(action, caller)).toBe('ExplicitlyDenied');
  });
});

// Fails when expiry, which deletes without anybody's right to delete, can be switched on.
test('not even an administrator may let events expire', async () => {
  expect(await decisionOn('dynamodb:UpdateTimeToLive', 'an administrator')).toBe('ExplicitlyDenied');
});

const EVENTS = [`${ACCOUNT}/ada`];
const SEALS = [historyLayout.seals];

// Fails when a role that only reads may add, seal may touch more than its own partition, or one that adds events a seal.
test.each<[string, readonly string[] | undefined, boolean]>([
  ...['dispatch', 'worker', 'deliver'].flatMap((caller): [string, readonly string[], boolean][] => [
    [caller, EVENTS, true],
    [caller, [...EVENTS, `${ACCOUNT}/ada#2`], true],
    [caller, SEALS, false],
    [caller, [...EVENTS, ...SEALS], false],
  ]),
  ['notify', EVENTS, false],
  ['member', EVENTS, false],
  ['report', EVENTS, false],
  ['report', SEALS, false],
  ['auditor', EVENTS, false],
  ['auditor', SEALS, false],
  ['seal', EVENTS, false],
  ['seal', [...SEALS, ...EVENTS], false],
  ['seal', undefined, false],
  ['seal', SEALS, true],
])('%s may add to partitions %j: %s', async (caller, partitions, allowed) => {
  const asked = { ...(partitions && { partitions }) };
  expect(await decisionOn('dynamodb:PutItem', caller, asked)).toBe(allowed ? 'Allowed' : 'ImplicitlyDenied');
});

// Fails when who needs the seals alone may read events by user, or who needs no table may read it.
test.each<[string, readonly string[], boolean]>([
  ['seal', EVENTS, false],
  ['seal', SEALS, true],
  ['report', EVENTS, false],
  ['report', SEALS, true],
  ['notify', EVENTS, false],
  ['dispatch', EVENTS, false],
  ['member', EVENTS, false],
  ['auditor', EVENTS, true],
])('%s may query partitions %j: %s', async (caller, partitions, allowed) => {
  expect(await decisionOn('dynamodb:Query', caller, { partitions })).toBe(allowed ? 'Allowed' : 'ImplicitlyDenied');
});

// Fails when anybody's role gets the right to read it whole, which costs by its size.
test.each(Object.keys(callers).filter((caller) => caller !== 'an administrator'))(
  '%s may not scan it',
  async (caller) => {
    expect(await decisionOn('dynamodb:Scan', caller)).toBe('ImplicitlyDenied');
  },
);

// Fails when a role that records what it did can't.
test.each(['dispatch', 'worker', 'deliver'])('%s may add to it', async (caller) => {
  expect(await decisionOn('dynamodb:PutItem', caller)).toBe('Allowed');
});

// Fails when a role of Keyturn's itself is given such a right, and only the table's policy stands in its way.
test.each(Object.keys(callers).filter((caller) => caller !== 'an administrator'))(
  "%s could not rewrite it even without the table's own policy",
  async (caller) => {
    const open: Document = { Version: '2012-10-17', Statement: [] };
    for (const action of rewriting) {
      expect(await decisionOn(action, caller, { policy: open })).toBe('ImplicitlyDenied');
      expect(await decisionOn(action, caller, { policy: open, partitions: SEALS })).toBe('ImplicitlyDenied');
    }
  },
);

// Fails when the tests above would pass without the table's own policy: then they would not test it.
test("it is the table's own policy that stops an administrator", async () => {
  const open: Document = { Version: '2012-10-17', Statement: [] };
  for (const action of rewriting)
    expect(await decisionOn(action, 'an administrator', { policy: open })).toBe('Allowed');
});
