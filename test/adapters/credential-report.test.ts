import { IAMClient } from '@aws-sdk/client-iam';
import { isPassing } from '../../lambda/adapters/aws-errors.ts';
import { AwsIam } from '../../lambda/adapters/iam.ts';
import { AccessDeniedError, UnavailableError } from '../../lambda/ports.ts';
import { denied, queryAnswer, queryError, throttled } from '../support/aws-answers.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { fakePause, passingPause } from '../support/fake-pause.ts';
import type { PreparedAnswer, StubAnswer } from '../support/http-stub.ts';
import { stubbed } from '../support/stubbed.ts';

const { stub, asked, clientConfig } = stubbed();

async function rootKeys(...answers: StubAnswer[]) {
  stub().prepare(...answers);
  const { pause, total } = fakePause();
  const client = new IAMClient(clientConfig());
  const iam = new AwsIam({ retrying: client, single: client }, { pause });
  return { found: (await iam.credentialReport())?.rootKeys, waited: total() };
}

/** How it ends, and how long that took by a clock that passes by the pauses and by what answers move it on. */
async function lookUntilTheEnd(answers: (clock: FakeClock) => readonly PreparedAnswer[]) {
  const clock = new FakeClock();
  stub().prepare(...answers(clock));
  const began = clock.now();
  const client = new IAMClient(clientConfig());
  const iam = new AwsIam({ retrying: client, single: client }, { pause: passingPause(clock).pause, clock });
  const ended = await iam.credentialReport().catch((refusal: unknown) => refusal);
  return { ended, took: clock.now() - began };
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

describe('a call for the report that fails inside AWS, or on the way', () => {
  const failing = queryError(500, 'ServiceFailure', 'Something went wrong');
  const unavailable = queryError(503, 'ServiceUnavailable', 'Try later');
  const noXml: StubAnswer = { status: 502, headers: { 'content-type': 'text/html' }, body: '<html>Bad gateway' };
  const found = [generate('COMPLETE'), csv(root('true', 'false'))];

  test.each([
    ['to make it, with a 500', [failing]],
    ['to make it, with a 502 that is not even XML', [noXml]],
    ['to make it, with no answer', ['drop' as const]],
    ['to make it, with no answer in time', ['hang' as const]],
    ['to get it, with a 500', [generate('COMPLETE'), failing]],
    ['to get it, with a 503', [generate('COMPLETE'), unavailable]],
    ['to get it, with no answer', [generate('COMPLETE'), 'drop' as const]],
    ['to get it, with no answer in time', [generate('COMPLETE'), 'hang' as const]],
  ])('%s is made again', async (_name, answers) => {
    expect(await rootKeys(...answers, ...found)).toEqual({ found: 1, waited: 1_500 });
  });

  test('by an answer that breaks off, is one of them', () => {
    // As Node and the SDK have it, outside of the realm that tests run in.
    const cutOff = Object.assign(new Error('aborted'), { code: 'ECONNRESET', $metadata: { httpStatusCode: 200 } });
    expect(isPassing(cutOff)).toBe(true);
    expect(isPassing(Object.assign(new Error('no XML'), { $metadata: { httpStatusCode: 200 } }))).toBe(false);
  });

  test('on and on, in different ways, is made again as long as there is time', async () => {
    const answers = [failing, 'drop' as const, throttled, generate('COMPLETE'), unavailable, generate('INPROGRESS')];
    expect(await rootKeys(...answers, ...found)).toEqual({ found: 1, waited: 7_500 });
  });

  test.each([
    ['GenerateCredentialReport failed: ServiceFailureException (HTTP 500): Something went wrong.', [failing]],
    [
      'GetCredentialReport failed: ServiceUnavailable (HTTP 503): Try later.',
      [failing, ...Array.from({ length: 13 }, () => [generate('COMPLETE'), unavailable]).flat()],
    ],
  ])('to the end of twenty seconds is told by its last failure: %s', async (what, answers) => {
    const { ended, took } = await lookUntilTheEnd(() => answers);
    expect(String(ended)).toBe(`UnavailableError: iam:${what}`);
    expect(took).toBe(13 * 1_500);
  });

  test('and in the end is only not ready is not to be had', async () => {
    const { ended } = await lookUntilTheEnd(() => [failing, generate('INPROGRESS')]);
    expect(ended).toBeUndefined();
  });

  test('for want of an answer takes time too: none is begun after twenty seconds', async () => {
    const { ended, took } = await lookUntilTheEnd((clock) => [
      () => {
        clock.advance(15_000);
        return 'drop';
      },
    ]);
    expect(ended).toBeInstanceOf(UnavailableError);
    expect(String(ended)).toMatch(/^UnavailableError: iam:GenerateCredentialReport failed: .*socket hang up/);
    // The second began after 16.5 seconds.
    expect(stub().requests).toHaveLength(2);
    expect(took).toBe(15_000 + 1_500 + 15_000);
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

  test.each([
    ['making', [denied('iam:GenerateCredentialReport')]],
    ['reading', [generate('COMPLETE'), denied('iam:GetCredentialReport')]],
  ])('%s it is denied, which asking again does not change', async (_name, answers) => {
    await expect(rootKeys(...answers)).rejects.toThrow(AccessDeniedError);
    expect(stub().requests).toHaveLength(answers.length);
  });

  test('what AWS answers cannot be understood, which asking again does not change', async () => {
    const noXml: StubAnswer = { status: 200, headers: { 'content-type': 'text/xml' }, body: '<GetCredential' };
    await expect(rootKeys(generate('COMPLETE'), noXml)).rejects.toThrow(UnavailableError);
    expect(stub().requests).toHaveLength(2);
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
