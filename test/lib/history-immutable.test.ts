import { runSimulation } from '@cloud-copilot/iam-simulate';
import { ACCOUNT, REGION, synth } from './synth.ts';

/** The history table as the policies are asked about it. */
const TABLE = `arn:aws:dynamodb:${REGION}:${ACCOUNT}:table/history`;

interface Document {
  readonly Version: string;
  readonly Statement: readonly Record<string, unknown>[];
}

const { hub, member } = synth({ mode: 'enforce' });
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
  member: policiesOf(member, 'Role'),
  'an administrator': administrator,
};

async function decisionOn(action: string, caller: string, tableOwnPolicy: Document | undefined = tablePolicy) {
  const identityPolicies = callers[caller]?.map((policy, n) => ({ name: `policy-${n}`, policy })) ?? [];
  const found = await runSimulation(
    {
      request: {
        principal: `arn:aws:iam::${ACCOUNT}:role/${caller.replaceAll(' ', '-')}`,
        action,
        resource: { resource: TABLE, accountId: ACCOUNT },
        contextVariables: {},
      },
      identityPolicies,
      serviceControlPolicies: [],
      resourceControlPolicies: [],
      resourcePolicy: tableOwnPolicy,
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

// Fails when the table's policy loses an action, or gets a condition or an exception.
describe.each(Object.keys(callers))('%s', (caller) => {
  test.each(rewriting)('is denied %s on the history', async (action) => {
    expect(await decisionOn(action, caller)).toBe('ExplicitlyDenied');
  });
});

test('not even an administrator may let events expire', async () => {
  expect(await decisionOn('dynamodb:UpdateTimeToLive', 'an administrator')).toBe('ExplicitlyDenied');
});

test('notify has no reason to add to it', async () => {
  expect(await decisionOn('dynamodb:PutItem', 'notify')).toBe('ImplicitlyDenied');
});

test.each(['dispatch', 'worker', 'deliver'])('%s may add to it', async (caller) => {
  expect(await decisionOn('dynamodb:PutItem', caller)).toBe('Allowed');
});

test.each(['dispatch', 'worker', 'notify', 'deliver', 'member'])(
  "%s could not rewrite it even without the table's own policy",
  async (caller) => {
    const open: Document = { Version: '2012-10-17', Statement: [] };
    for (const action of rewriting) expect(await decisionOn(action, caller, open)).toBe('ImplicitlyDenied');
  },
);

test("it is the table's own policy that stops an administrator", async () => {
  const open: Document = { Version: '2012-10-17', Statement: [] };
  for (const action of rewriting) expect(await decisionOn(action, 'an administrator', open)).toBe('Allowed');
});
