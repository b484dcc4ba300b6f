import { type SESv2Client, SendEmailCommand } from '@aws-sdk/client-sesv2';
import type { EmailSettings } from '../contracts/email.ts';
import { type Channel, type OutgoingNotice, UnavailableError } from '../ports.ts';
import { calling, hasCode } from './aws-errors.ts';

/** Owners' notices by e-mail, HTML and plain text, through Amazon SES. */
export class SesEmail implements Channel {
  readonly name = 'email';
  readonly #client: SESv2Client;
  readonly #settings: EmailSettings;

  /** `client` is one for `settings.region`. */
  constructor(client: SESv2Client, settings: EmailSettings) {
    this.#client = client;
    this.#settings = settings;
  }

  async send(notice: OutgoingNotice): Promise<void> {
    const { from, replyTo, configurationSet } = this.#settings;
    const to = addressOf(notice);
    const command = new SendEmailCommand({
      FromEmailAddress: from,
      Destination: { ToAddresses: [to] },
      ...(replyTo !== undefined && { ReplyToAddresses: [replyTo] }),
      ...(configurationSet !== undefined && { ConfigurationSetName: configurationSet }),
      Content: {
        Simple: {
          Subject: { Data: notice.subject, Charset: 'UTF-8' },
          Body: {
            Text: { Data: notice.text, Charset: 'UTF-8' },
            Html: { Data: notice.html, Charset: 'UTF-8' },
          },
          // So that no mail box answers that its owner is on holiday.
          Headers: [
            { Name: 'Auto-Submitted', Value: 'auto-generated' },
            { Name: 'X-Auto-Response-Suppress', Value: 'All' },
          ],
        },
      },
    });
    const { MessageId } = await calling(
      'ses:SendEmail',
      () => this.#client.send(command),
      (error) => this.#explained(error, to),
    );
    // The SDK takes any page that says 200 for an answer, such as a proxy's.
    if (MessageId === undefined) throw new UnavailableError('ses:SendEmail was answered without a message ID.');
  }

  /** The refusals that somebody can do something about, in words. */
  #explained(error: unknown, to: string): UnavailableError | undefined {
    const { from, region, configurationSet } = this.#settings;
    const said = error instanceof Error ? error.message : '';
    const because = (text: string) => new UnavailableError(`SES did not take the e-mail: ${text}`, { cause: error });
    if (hasCode(error, 'MessageRejected') && /not verified/i.test(said)) {
      return said.toLowerCase().includes(from.toLowerCase())
        ? because(`${from} is not verified in ${region}: verify the address or its domain there (notices.email.from).`)
        : because(
            `in ${region} the account is in the SES sandbox, and ${to} is not verified: ask for production access there, or verify the address for a trial.`,
          );
    }
    if (hasCode(error, 'AccountSuspended', 'SendingPaused')) {
      return because(
        `sending is stopped in ${region}: the SES console says why (Account dashboard, Configuration sets).`,
      );
    }
    if (hasCode(error, 'MailFromDomainNotVerified')) {
      return because(`the MAIL FROM domain of ${from} is not verified in ${region}: complete its DNS records.`);
    }
    if (hasCode(error, 'NotFound') && configurationSet !== undefined) {
      return because(
        `there is no configuration set '${configurationSet}' in ${region} (notices.email.configurationSet).`,
      );
    }
    if (hasCode(error, 'LimitExceeded') || /quota exceeded/i.test(said)) {
      return because(`the sending quota of ${region} is used up: ask for more in the SES console.`);
    }
    return undefined;
  }
}

/** One address, and nothing that SES would read as several. */
function addressOf({ to }: OutgoingNotice): string {
  if (to === 'operators') throw new UnavailableError('A notice to the operators does not go by SES.');
  if (to.email === undefined) throw new UnavailableError(`Owner '${to.id}' has no e-mail address.`);
  if (/^[^\s,;:<>()"@]+@[^\s,;:<>()"@]+$/.test(to.email)) return to.email;
  throw new UnavailableError(`The e-mail address of owner '${to.id}' is not one: correct it in the owners file.`);
}
