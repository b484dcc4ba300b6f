import { inspect } from 'node:util';
import { CreateEmailIdentityCommand, SESv2Client } from '@aws-sdk/client-sesv2';
import { SesEmail } from '../../lambda/adapters/ses.ts';
import { clientSettings } from '../../lambda/platform/aws-clients.ts';
import { AccessDeniedError, UnavailableError } from '../../lambda/ports.ts';
import { aNotice, anOwner } from '../support/builders.ts';
import { emulated } from '../support/emulated.ts';
import type { StubAnswer } from '../support/http-stub.ts';
import { stubbed } from '../support/stubbed.ts';

const { emulator, freshAccount } = emulated();
const { stub, clientConfig } = stubbed();

const settings = { from: 'keys@example.com', region: 'eu-west-1' };
const notice = aNotice();

const answer = (body: unknown): StubAnswer => ({
  status: 200,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
});
const refusal = (status: number, type: string, message: string): StubAnswer => ({
  status,
  headers: { 'content-type': 'application/json', 'x-amzn-errortype': type },
  body: JSON.stringify({ message }),
});

async function sending(...answers: StubAnswer[]) {
  stub().prepare(...answers);
  const email = new SesEmail(new SESv2Client(clientConfig()), { ...settings, configurationSet: 'keyturn' });
  return await email.send(notice).catch((error: unknown) => error);
}

describe('on the local AWS', () => {
  test('a verified sender reaches the owner', async () => {
    const client = new SESv2Client({ ...clientSettings, ...emulator().client(freshAccount()) });
    await client.send(new CreateEmailIdentityCommand({ EmailIdentity: settings.from }));
    await new SesEmail(client, settings).send(notice);
  });

  test('a sender that is not verified is told what to do', async () => {
    const client = new SESv2Client({ ...clientSettings, ...emulator().client(freshAccount()) });
    await expect(new SesEmail(client, settings).send(notice)).rejects.toThrow(
      'SES did not take the e-mail: keys@example.com is not verified in eu-west-1: verify the address or its domain there (notices.email.from).',
    );
  });
});

test('the e-mail holds text and HTML, and asks for no automatic answer', async () => {
  stub().prepare(answer({ MessageId: '0100' }));
  const email = new SesEmail(new SESv2Client(clientConfig()), {
    ...settings,
    replyTo: 'platform@example.com',
    configurationSet: 'keyturn',
  });
  await email.send(notice);
  const [request] = stub().requests;
  expect(request).toMatchObject({ method: 'POST', path: '/v2/email/outbound-emails' });
  expect(JSON.parse(request?.body ?? '')).toEqual({
    FromEmailAddress: 'keys@example.com',
    Destination: { ToAddresses: ['payments@example.com'] },
    ReplyToAddresses: ['platform@example.com'],
    ConfigurationSetName: 'keyturn',
    Content: {
      Simple: {
        Subject: { Data: notice.subject, Charset: 'UTF-8' },
        Body: { Text: { Data: notice.text, Charset: 'UTF-8' }, Html: { Data: notice.html, Charset: 'UTF-8' } },
        Headers: [
          { Name: 'Auto-Submitted', Value: 'auto-generated' },
          { Name: 'X-Auto-Response-Suppress', Value: 'All' },
        ],
      },
    },
  });
  expect(email.name).toBe('email');
});

describe('what SES refuses is said with what to do', () => {
  const unverified = (address: string) =>
    refusal(
      400,
      'MessageRejected',
      `Email address is not verified. The following identities failed the check in region EU-WEST-1: ${address}`,
    );

  test.each<[string, StubAnswer, string]>([
    [
      'the sender',
      unverified('keys@example.com'),
      'keys@example.com is not verified in eu-west-1: verify the address or its domain',
    ],
    [
      'the sandbox',
      unverified('payments@example.com'),
      'in eu-west-1 the account is in the SES sandbox, and payments@example.com is not verified: ask for production access',
    ],
    [
      'a stopped account',
      refusal(400, 'AccountSuspendedException', 'Account is suspended'),
      'sending is stopped in eu-west-1',
    ],
    ['a paused set', refusal(400, 'SendingPausedException', 'Paused'), 'sending is stopped in eu-west-1'],
    ['a MAIL FROM domain', refusal(400, 'MailFromDomainNotVerifiedException', 'No'), 'complete its DNS records'],
    [
      'an unknown set',
      refusal(404, 'NotFoundException', 'Configuration set <keyturn> does not exist.'),
      "there is no configuration set 'keyturn' in eu-west-1",
    ],
    [
      'the quota',
      refusal(400, 'LimitExceededException', 'Daily message quota exceeded.'),
      'the sending quota of eu-west-1 is used up',
    ],
    [
      'a wrong message',
      refusal(400, 'MessageRejected', 'Illegal content'),
      'ses:SendEmail failed: MessageRejected (HTTP 400): Illegal content.',
    ],
    ['500', refusal(500, 'InternalFailure', ''), 'ses:SendEmail failed'],
    [
      'throttling',
      refusal(429, 'TooManyRequestsException', 'Rate exceeded'),
      'ses:SendEmail failed: TooManyRequestsException',
    ],
    [
      'a page of HTML',
      { status: 200, headers: { 'content-type': 'text/html' }, body: '<html>Sign in</html>' },
      'ses:SendEmail',
    ],
    ['an answer without an ID', answer({}), 'was answered without a message ID'],
    ['silence', 'hang', 'ses:SendEmail failed: TimeoutError'],
    ['a redirect', { status: 302, headers: { location: 'https://example.com/' } }, 'ses:SendEmail failed'],
  ])('%s', async (_name, given, what) => {
    const error = await sending(given);
    expect(error).toBeInstanceOf(UnavailableError);
    expect(String(error)).toContain(what);
  });

  test('want of permission', async () => {
    const error = await sending(
      refusal(403, 'AccessDeniedException', 'User is not authorized to perform ses:SendEmail'),
    );
    expect(error).toBeInstanceOf(AccessDeniedError);
  });

  test('after a throttled call the SDK tries again', async () => {
    stub().prepare(refusal(429, 'TooManyRequestsException', 'Rate exceeded'), answer({ MessageId: '0100' }));
    await new SesEmail(new SESv2Client({ ...clientConfig(), maxAttempts: 2 }), settings).send(notice);
    expect(stub().requests).toHaveLength(2);
  });

  test('no error shows the credentials', async () => {
    const error = await sending(refusal(403, 'AccessDeniedException', 'No'));
    expect(inspect(error, { depth: null })).not.toContain('AWS4-HMAC');
  });
});

describe('an address', () => {
  const email = () => new SesEmail(new SESv2Client(clientConfig()), settings);

  test.each([
    'a@example.com, b@example.com',
    'a@example.com;b@example.com',
    'A <a@example.com>',
    'a@example.com\nBcc: b',
  ])('that SES might read otherwise (%j) is refused', async (address) => {
    stub().prepare(answer({ MessageId: '0100' }));
    await expect(email().send(aNotice({ to: anOwner({ email: address }) }))).rejects.toThrow(
      "The e-mail address of owner 'payments' is not one",
    );
    expect(stub().requests).toEqual([]);
  });

  test('is what an owner needs, and operators are not reached so', async () => {
    const { email: _, ...withoutEmail } = anOwner();
    await expect(email().send(aNotice({ to: withoutEmail }))).rejects.toThrow("'payments' has no e-mail address");
    await expect(email().send(aNotice({ to: 'operators' }))).rejects.toThrow(UnavailableError);
  });
});
