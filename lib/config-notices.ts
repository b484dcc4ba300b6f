import * as z from 'zod';
import { DEFAULT_COMMAND } from '../lambda/domain/notices/house-style.ts';
import { region } from './config-secrets.ts';
import { type TextsProps, texts } from './config-texts.ts';

/** Who is told, and how. */
export interface NoticesProps {
  /**
   * Name of a secret in Secrets Manager that you made: a JSON object from channel name to the URL of its Slack incoming
   * webhook, such as `{"#payments": "https://hooks.slack.com/…"}`. Beside these it may hold the token of a bot,
   * `"botToken": "xoxb-…"`, which posts to the channels that have no webhook and sends direct messages (the owners file's
   * `slack_user`); its Slack app needs the scope `chat:write`. Only the sending function may read the secret.
   * @default - no Slack
   */
  readonly slack?: { readonly secretName: string } | undefined;
  /**
   * Sends owners' e-mail by Amazon SES, as HTML and plain text.
   * @default - e-mail goes by the notices topic, as plain text, to the at most 200 addresses that are subscribed to it
   */
  readonly email?: EmailProps | undefined;
  /**
   * Name of a secret in Secrets Manager that you made: a JSON object from webhook name to its address and the key that
   * messages are signed with, such as `{"payments-bot": {"url": "https://…", "key": "…"}}`. See docs/webhook.md. Only the
   * sending function may read it.
   * @default - no webhooks
   */
  readonly webhooks?: { readonly secretName: string } | undefined;
  /**
   * Who runs Keyturn: gets the alarms, and the notices of owners that can't be reached. Either e-mail addresses, which
   * are subscribed to a topic made here, or the ARN of a topic of yours.
   * @default - a topic that nobody is subscribed to, and a warning at synth
   */
  readonly operators?:
    | { readonly emails?: readonly string[] | undefined; readonly topicArn?: string | undefined }
    | undefined;
  /**
   * ARNs of topics that owners in the owners' table may name as their own. A topic that is not listed is refused by IAM.
   * @default - none
   */
  readonly ownerTopicArns?: readonly string[] | undefined;
  /**
   * How the people who get notices call Keyturn's command line: it stands in every command of a notice. Name what fetches
   * the tool from your own registry, such as `npx @acme/keyturn`, or where it is installed. Never `npx keyturn`, which is
   * refused: outside a project that has it installed that runs whatever the public registry holds under this name.
   * docs/pull.md tells how to hand the tool out.
   * @default 'keyturn' - the installed tool
   */
  readonly command?: string | undefined;
  /**
   * Where you have published docs/leaving-access-keys.md: an https URL, to which notices add the anchor of a section.
   * @default - notices name guide and section in words
   */
  readonly guideUrl?: string | undefined;
  /**
   * Texts of notices in your own words, by ID, such as `{ 'footer.owner': 'Questions? #platform-help' }`. docs/notices.md
   * lists every ID with its text and the placeholders that it may, or must, hold.
   * @default - the texts that Keyturn has
   */
  readonly texts?: TextsProps | undefined;
}

export interface EmailProps {
  /** The sender: an address that is verified with SES in `region`, or whose domain is. */
  readonly from: string;
  /**
   * Region that SES sends from.
   * @default - the Region of the deployment
   */
  readonly region?: string | undefined;
  /**
   * Where answers go.
   * @default - to the sender
   */
  readonly replyTo?: string | undefined;
  /**
   * Name of an SES configuration set, such as one that reports bounces.
   * @default - the sender's own, if it has one
   */
  readonly configurationSet?: string | undefined;
}

export const topicArn = z
  .string()
  .regex(/^arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[\w-]{1,256}$/, 'is not the ARN of a standard SNS topic');

const secretName = z
  .string()
  .regex(/^[\w/+=.@-]{1,512}$/, 'is not the name of a secret (its name, not its ARN)')
  .refine(
    (name) => !/-.{6}$/.test(name),
    'must not end in a hyphen and six characters: in an ARN these look like a suffix',
  )
  .refine((name) => !name.startsWith('keyturn/'), 'must not begin with keyturn/: that is where the keys are kept');

const address = z.email('is not an e-mail address').max(320);

const email = z.strictObject({
  from: address,
  region: region.optional(),
  replyTo: address.optional(),
  configurationSet: z
    .string()
    .regex(/^[\w-]{1,64}$/, 'is not the name of a configuration set')
    .optional(),
} satisfies Record<keyof EmailProps, z.ZodType>);

/** What fetches a package that is not installed, unless it is told not to, or which one of a scope. */
const FETCHING =
  /^(npx|bunx|pnpx|npm (exec|x)|pnpm dlx|yarn dlx) (?!.*--(no|no-install|offline)( |$))(?!(.* )?(-p |--package[ =])@)/;

/** One line to paste into any shell, which needs no quotes and holds no operators. */
const command = z
  .string()
  .regex(
    /^[\w@./:~=-]+( [\w@./:~=-]+)*$/,
    'is not a command: words without quotes or operators, such as npx @acme/keyturn',
  )
  .max(100)
  .refine(
    (line) => !FETCHING.test(line) || !/ keyturn(@\S*)?( |$)/.test(line),
    'fetches a package of the name keyturn from the public registry, where it is not ours: publish it under your own scope (npx @acme/keyturn), or have it installed (keyturn)',
  )
  .default(DEFAULT_COMMAND);

const guideUrl = z
  .url({ protocol: /^https$/, error: 'is not an https URL' })
  .regex(
    /^[^\s#<>|]{1,300}$/,
    'must have no # (the anchor of a section comes there), no < > | and at most 300 characters',
  );

/** The `notices` setting. */
export const notices = z
  .strictObject({
    slack: z.strictObject({ secretName }).optional(),
    email: email.optional(),
    webhooks: z.strictObject({ secretName }).optional(),
    operators: z
      .strictObject({
        emails: z.array(z.email('is not an e-mail address')).readonly().default([]),
        topicArn: topicArn.optional(),
      })
      .refine(
        ({ emails, topicArn }) => emails.length === 0 || topicArn === undefined,
        'name either emails or a topicArn, not both: subscribe people to your own topic yourself',
      )
      .prefault({}),
    ownerTopicArns: z.array(topicArn).max(50).readonly().default([]),
    command,
    guideUrl: guideUrl.optional(),
    texts,
  } satisfies Record<keyof NoticesProps, z.ZodType>)
  .refine(
    ({ slack, webhooks }) => slack === undefined || slack.secretName !== webhooks?.secretName,
    'slack and webhooks name the same secret: they hold different things',
  )
  .prefault({});
