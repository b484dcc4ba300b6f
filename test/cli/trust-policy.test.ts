import { trustIn } from '../../cli/trust-policy.ts';
import { UnavailableError } from '../../lambda/ports.ts';

const encoded = (Statement: unknown) => encodeURIComponent(JSON.stringify({ Version: '2012-10-17', Statement }));
const allow = { Effect: 'Allow', Action: 'sts:AssumeRole' };
const worker = 'arn:aws:iam::111122223333:role/KeyturnWorker';

test('a trust policy is read statement by statement, URL-encoded as IAM sends it', () => {
  const document =
    '%7B%22Version%22%3A%222012-10-17%22%2C%22Statement%22%3A%5B%7B%22Effect%22%3A%22Allow%22%2C%22Principal%22%3A%7B' +
    '%22Service%22%3A%22lambda.amazonaws.com%22%7D%2C%22Action%22%3A%22sts%3AAssumeRole%22%7D%2C%7B%22Effect%22%3A%22Allow' +
    '%22%2C%22Principal%22%3A%7B%22AWS%22%3A%22arn%3Aaws%3Aiam%3A%3A111122223333%3Arole%2FKeyturnWorker%22%7D%2C%22Action' +
    '%22%3A%22sts%3AAssumeRole%22%2C%22Condition%22%3A%7B%22StringEquals%22%3A%7B%22sts%3AExternalId%22%3A%22a%20b%22%7D%7D%7D%5D%7D';
  expect(trustIn(document)).toEqual({
    statements: [
      {
        effect: 'Allow',
        principals: [{ kind: 'Service', name: 'lambda.amazonaws.com' }],
        actions: ['sts:AssumeRole'],
        conditions: [],
      },
      {
        effect: 'Allow',
        principals: [{ kind: 'AWS', name: worker }],
        actions: ['sts:AssumeRole'],
        conditions: [{ operator: 'StringEquals', key: 'sts:ExternalId', values: ['a b'] }],
      },
    ],
    unread: 0,
  });
});

test.each<[string, unknown, object]>([
  [
    'one statement without a list',
    { ...allow, Principal: { AWS: worker } },
    { principals: [{ kind: 'AWS', name: worker }] },
  ],
  ['everybody', [{ ...allow, Principal: '*' }], { principals: [{ kind: 'AWS', name: '*' }] }],
  [
    'several of several kinds',
    [{ ...allow, Principal: { Federated: 'cognito', AWS: [worker, 'AROAFAKE0000000000001'] } }],
    {
      principals: [
        { kind: 'AWS', name: worker },
        { kind: 'AWS', name: 'AROAFAKE0000000000001' },
        { kind: 'Federated', name: 'cognito' },
      ],
    },
  ],
  [
    'lists, and values that are no texts',
    [
      {
        Sid: 'Mine',
        Effect: 'Deny',
        Principal: { AWS: worker },
        Action: ['sts:AssumeRole', 'sts:TagSession'],
        Condition: { Bool: { 'aws:MultiFactorAuthPresent': true }, StringLike: { 'sts:ExternalId': ['a', 'b'] } },
      },
    ],
    {
      effect: 'Deny',
      actions: ['sts:AssumeRole', 'sts:TagSession'],
      conditions: [
        { operator: 'Bool', key: 'aws:MultiFactorAuthPresent', values: ['true'] },
        { operator: 'StringLike', key: 'sts:ExternalId', values: ['a', 'b'] },
      ],
    },
  ],
])('%s', (_, statements, expected) => {
  expect(trustIn(encoded(statements))).toMatchObject({ statements: [expected], unread: 0 });
});

test.each([
  ['who it is not for', { ...allow, NotPrincipal: { AWS: worker } }],
  ['what it is not about', { Effect: 'Allow', Principal: { AWS: worker }, NotAction: 'sts:TagSession' }],
  ['what nobody knows', 'statement'],
])('a statement that says %s is counted, and spares the others', (_, odd) => {
  const { statements, unread } = trustIn(encoded([odd, { ...allow, Principal: { AWS: worker } }]));
  expect(unread).toBe(1);
  expect(statements).toHaveLength(1);
});

test.each([[''], ['%'], ['{}'], [encodeURIComponent('{"Version":"2012-10-17"}')]])(
  'what is no policy (%j) is an error, never a role that trusts nobody',
  (document) => {
    expect(() => trustIn(document)).toThrow(UnavailableError);
  },
);
