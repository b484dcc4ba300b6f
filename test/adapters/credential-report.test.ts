import { IAMClient } from '@aws-sdk/client-iam';
import { AwsIam } from '../../lambda/adapters/iam.ts';
import { AccessDeniedError, UnavailableError } from '../../lambda/ports.ts';
import { denied, queryAnswer, queryError, throttled } from '../support/aws-answers.ts';
import { fakePause } from '../support/fake-pause.ts';
import type { StubAnswer } from '../support/http-stub.ts';
import { stubbed } from '../support/stubbed.ts';

const { stub, asked, clientConfig } = stubbed();

async function rootKeys(...answers: StubAnswer[]) {
  stub().prepare(...answers);
  const { pause, total } = fakePause();
  const client = new IAMClient(clientConfig());
  const iam = new AwsIam({ retrying: client, single: client }, { pause });
  return { found: (await iam.credentialReport())?.rootKeys, waited: total() };
}

const generate = (state: string) => queryAnswer('GenerateCredentialReport', `<State>${state}</State>`);
const report = (csv: string) =>
  queryAnswer(
    'GetCredentialReport',
    `<Content>${Buffer.from(csv).toString('base64')}</Content><ReportFormat>text/csv</ReportFormat>` +
      '<GeneratedTime>2026-01-01T00:00:00Z</GeneratedTime>',
  );

const HEADER =
  'user,arn,user_creation_time,password_enabled,access_key_1_active,access_key_1_last_rotated,access_key_2_active';
const root = (first: string, second: string) =>
  `<root_account>,arn:aws:iam::111122223333:root,2020-01-01T00:00:00+00:00,not_supported,${first},N/A,${second}`;
const awkward = '"a_b+c=d,e.f@g-h",arn:aws:iam::111122223333:user/x,2020-01-01T00:00:00+00:00,false,true,N/A,false';
const unquoted = awkward.replaceAll('"', '');
const csv = (...lines: string[]) => report([HEADER, ...lines].join('\n'));

describe("the root user's keys", () => {
  test.each([
    ['none', root('false', 'false'), 0],
    ['one', root('true', 'false'), 1],
    ['the second of two', root('false', 'true'), 1],
    ['two', root('true', 'true'), 2],
    ['none where none can be', root('not_supported', 'N/A'), 0],
  ])('%s', async (_name, row, expected) => {
    expect((await rootKeys(generate('COMPLETE'), csv(row, awkward))).found).toBe(expected);
  });

  test('are found whatever other rows look like, in whatever order', async () => {
    expect((await rootKeys(generate('COMPLETE'), csv(unquoted, awkward, root('true', 'false')))).found).toBe(1);
  });
});

describe('a report that is not ready', () => {
  test('is waited for', async () => {
    const { found, waited } = await rootKeys(
      generate('STARTED'),
      generate('INPROGRESS'),
      generate('COMPLETE'),
      csv(root('true', 'false')),
    );
    expect(found).toBe(1);
    expect(waited).toBe(3_000);
    expect(asked('Action').slice(-1)).toEqual(['GetCredentialReport']);
  });

  test.each([
    ['expired', queryError(410, 'ReportExpired', 'The report has expired')],
    ['not present', queryError(410, 'ReportNotPresent', 'There is no report')],
    ['in progress', queryError(404, 'ReportInProgress', 'The report is being generated')],
    ['throttled', throttled],
  ])('although it was said to be, since it is %s, is asked for again', async (_name, refusal) => {
    const answers = [generate('COMPLETE'), refusal, generate('COMPLETE'), csv(root('false', 'false'))];
    expect(await rootKeys(...answers)).toEqual({ found: 0, waited: 1_500 });
  });

  test.each([
    ['generated', generate('INPROGRESS')],
    ['throttled', throttled],
  ])('within 20 seconds because it is still being %s is not to be had', async (_name, answer) => {
    const { found, waited } = await rootKeys(answer);
    expect(found).toBeUndefined();
    expect(waited).toBeLessThanOrEqual(20_000);
    expect(waited).toBeGreaterThan(18_000);
  });

  test('because AWS has no capacity is not to be had, and not waited for', async () => {
    const full = queryError(409, 'LimitExceeded', 'No more capacity to launch new report generation tasks');
    expect(await rootKeys(full)).toEqual({ found: undefined, waited: 0 });
    expect(stub().requests).toHaveLength(1);
  });
});

describe('a report that cannot be read is a failure, never a report without root keys', () => {
  test.each([
    ['it has no row of the root user', csv(awkward), /no row <root_account>/],
    ['it is empty', report(''), /no row <root_account>/],
    ['a column is missing', report(`user,access_key_1_active\n<root_account>,true`), /access_key_2_active/],
    ['a flag is neither true nor false', csv(root('maybe', 'false')), /access_key_1_active/],
    ['there is no content', queryAnswer('GetCredentialReport', ''), /without Content/],
    ['a quote is never closed', csv(root('false', 'false'), `"${awkward}`, awkward), /a quote is never closed/],
  ])('%s', async (_name, answer, message) => {
    const error = await rootKeys(generate('COMPLETE'), answer).catch((refusal: unknown) => refusal);
    expect(error).toBeInstanceOf(UnavailableError);
    expect(String(error)).toMatch(message);
  });

  test('reading it is denied', async () => {
    const error = rootKeys(generate('COMPLETE'), denied('iam:GetCredentialReport'));
    await expect(error).rejects.toThrow(AccessDeniedError);
  });
});

describe("when a report says that a user's keys were last used", () => {
  const COLUMNS = [
    'user,arn,user_creation_time',
    'access_key_1_active,access_key_1_last_rotated',
    'access_key_1_last_used_date,access_key_1_last_used_region,access_key_1_last_used_service',
    'access_key_2_active,access_key_2_last_rotated',
    'access_key_2_last_used_date,access_key_2_last_used_region,access_key_2_last_used_service',
  ];
  const START = '2020-01-01T00:00:00+00:00';
  const rootRow = `<root_account>,arn:aws:iam::111122223333:root,${START},false,N/A,N/A,N/A,N/A,false,N/A,N/A,N/A,N/A`;
  const made = '2025-05-01T10:00:00+00:00';
  const none = 'false,N/A,N/A,N/A,N/A';

  async function keysOf(first: string, second = none, header = COLUMNS.join(',')) {
    const row = `ada,arn:aws:iam::111122223333:user/ada,${START},${first},${second}`;
    stub().prepare(generate('COMPLETE'), report([header, rootRow, row].join('\n')));
    const client = new IAMClient(clientConfig());
    const users = (await new AwsIam({ retrying: client, single: client }).credentialReport())?.users;
    return users?.[0]?.keys;
  }
  const firstUse = async (columns: string) => (await keysOf(`true,${made},${columns}`))?.[0]?.lastUse;
  const at = Date.parse('2026-03-01T10:15:00Z');

  test('each key has its own', async () => {
    const [first, second] = [
      `true,${made},2026-03-01T10:15:00+00:00,eu-central-1,s3`,
      `false,${made},2025-06-01T00:00:00+00:00,us-east-1,sqs`,
    ];
    expect((await keysOf(first, second))?.map(({ lastUse }) => lastUse)).toEqual([
      { kind: 'used', at, region: 'eu-central-1', service: 's3' },
      { kind: 'used', at: Date.parse('2025-06-01T00:00:00Z'), region: 'us-east-1', service: 'sqs' },
    ]);
  });

  test('a key without a date was never used', async () => {
    expect(await firstUse('N/A,N/A,N/A')).toEqual({ kind: 'never' });
  });

  test('where there is no key, nothing is said of one', async () => {
    expect(await keysOf(none)).toEqual([{ active: false }, { active: false }]);
  });

  test('a use without a Region or service is a use', async () => {
    expect(await firstUse('2026-03-01T10:15:00+00:00,N/A,N/A')).toEqual({
      kind: 'used',
      at,
      region: 'N/A',
      service: 'N/A',
    });
  });

  test.each([
    'no_information,N/A,N/A',
    'not_supported,N/A,N/A',
    ',,',
    'yesterday,eu-central-1,s3',
    '2,eu-central-1,s3',
    '2026-13-45T10:00:00+00:00,eu-central-1,s3',
    '\u0000?,eu-central-1,s3',
  ])('%s tells nothing, and leaves everything else in the report as it is', async (columns) => {
    const keys = await keysOf(`true,${made},${columns}`);
    expect(keys).toEqual([{ active: true, lastRotated: Date.parse(made) }, { active: false }]);
  });

  test.each(['"<b>s3</b>"', '"s3 *bold* <!channel>"', `"${'x'.repeat(2_000)}"`, '""'])(
    'what is no name of a service is none: %s',
    async (service) => {
      expect(await firstUse(`2026-03-01T10:15:00+00:00,eu-central-1,${service}`)).toMatchObject({ service: 'N/A' });
    },
  );

  test('a report without these columns is as good as any, and says nothing of it', async () => {
    const without = COLUMNS.join(',')
      .split(',')
      .filter((name) => !name.includes('last_used'))
      .join(',');
    const keys = await keysOf(`true,${made}`, 'false,N/A', without);
    expect(keys).toEqual([{ active: true, lastRotated: Date.parse(made) }, { active: false }]);
  });

  test('a report that lacks one of them is read, too', async () => {
    const without = COLUMNS.join(',').replace('access_key_1_last_used_date,', '');
    const keys = await keysOf(`true,${made},eu-central-1,s3`, none, without);
    expect(keys).toEqual([{ active: true, lastRotated: Date.parse(made) }, { active: false }]);
  });
});

describe('the users in a report', () => {
  const FULL =
    'user,arn,user_creation_time,access_key_1_active,access_key_1_last_rotated,access_key_2_active,access_key_2_last_rotated';
  const rootRow = '<root_account>,arn:aws:iam::111122223333:root,2020-01-01T00:00:00+00:00,false,N/A,false,N/A';
  const usersOf = async (...lines: string[]) => {
    stub().prepare(generate('COMPLETE'), report([FULL, rootRow, ...lines].join('\n')));
    const client = new IAMClient(clientConfig());
    return (await new AwsIam({ retrying: client, single: client }).credentialReport())?.users;
  };
  const name = 'a_b+c=d,e.f@g-h';
  const arn = `arn:aws:iam::111122223333:user/team/${name}`;

  test.each([
    ['quoted', `"${name}","${arn}"`],
    ['not quoted, although the name holds a comma', `${name},${arn}`],
  ])('are read with what changes when a key does, %s', async (_, who) => {
    const row = `${who},2020-01-01T00:00:00+00:00,true,2025-05-01T10:00:00+00:00,false,N/A`;
    expect(await usersOf(row)).toEqual([
      {
        userName: name,
        arn,
        createdAt: Date.parse('2020-01-01T00:00:00Z'),
        keys: [{ active: true, lastRotated: Date.parse('2025-05-01T10:00:00Z') }, { active: false }],
      },
    ]);
  });

  test.each([
    ['torn at a comma', `x,${name},${arn},2020-01-01T00:00:00+00:00,true,N/A,false,N/A`],
    ['cut off half-way', `"${name}","${arn}",2020-01-01T00`],
    ['without a time of creation', `"${name}","${arn}",N/A,true,N/A,false,N/A`],
    ['with something else than a flag', `"${name}","${arn}",2020-01-01T00:00:00+00:00,maybe,N/A,false,N/A`],
  ])('one row %s: none is trusted, so that nobody looks absent', async (_what, row) => {
    expect(await usersOf(row)).toBeUndefined();
  });
});
