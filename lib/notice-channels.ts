import { ArnFormat, Stack } from 'aws-cdk-lib';
import { Grant } from 'aws-cdk-lib/aws-iam';
import type { EmailSettings } from '../lambda/contracts/email.ts';
import { environment, HOUSE_STYLE } from '../lambda/contracts/environment.ts';
import type { HouseStyle } from '../lambda/domain/notices/house-style.ts';
import type { KeyturnFunction } from './function.ts';
import type { ResolvedProps } from './resolve-config.ts';
import type { Topics } from './topics.ts';

/** Every way to owners and operators that the settings name. */
export class NoticeChannels {
  readonly #topics: Topics;
  readonly #notices: ResolvedProps['notices'];

  constructor(topics: Topics, notices: ResolvedProps['notices']) {
    this.#topics = topics;
    this.#notices = notices;
  }

  /** What the function that sends is built with: what the settings have notices say. */
  get builtIn(): Readonly<Record<string, string>> {
    const { texts, command, guideUrl } = this.#notices;
    const style: HouseStyle = { texts, command, ...(guideUrl !== undefined && { guideUrl }) };
    return { [HOUSE_STYLE]: JSON.stringify(style) };
  }

  /** Lets the function send over each of them; it, and no other, may read the secrets of Slack and of the webhooks. */
  grantSend(fn: KeyturnFunction): void {
    const { slack, webhooks, email } = this.#notices;
    this.#topics.grantPublish(fn);
    if (slack !== undefined) grantSecret(fn, environment.slackSecretName, slack.secretName);
    if (webhooks !== undefined) grantSecret(fn, environment.webhooksSecretName, webhooks.secretName);
    if (email !== undefined) grantEmail(fn, email);
  }
}

function grantSecret(fn: KeyturnFunction, variable: string, secretName: string): void {
  fn.addEnvironment(variable, secretName);
  // A secret's ARN ends in a hyphen and six characters of AWS's choice.
  const resource = { service: 'secretsmanager', resource: 'secret', resourceName: `${secretName}-??????` };
  const secretArn = Stack.of(fn).formatArn({ ...resource, arnFormat: ArnFormat.COLON_RESOURCE_NAME });
  Grant.addToPrincipal({ grantee: fn, actions: ['secretsmanager:GetSecretValue'], resourceArns: [secretArn] });
}

function grantEmail(fn: KeyturnFunction, email: NonNullable<ResolvedProps['notices']['email']>): void {
  const { from, region = Stack.of(fn).region, replyTo, configurationSet } = email;
  const settings: EmailSettings = {
    from,
    region,
    ...(replyTo !== undefined && { replyTo }),
    ...(configurationSet !== undefined && { configurationSet }),
  };
  fn.addEnvironment(environment.email, Stack.of(fn).toJsonString(settings));
  const arn = (resource: string, resourceName: string) =>
    Stack.of(fn).formatArn({ service: 'ses', region, resource, resourceName });
  Grant.addToPrincipal({
    grantee: fn,
    actions: ['ses:SendEmail'],
    resourceArns: [
      ...identitiesOf(from).map((identity) => arn('identity', identity)),
      ...(configurationSet === undefined ? [] : [arn('configuration-set', configurationSet)]),
    ],
    conditions: { StringEquals: { 'ses:FromAddress': from } },
  });
}

/** SES asks for the right to whichever is verified: the address, its domain, or a domain above that. */
function identitiesOf(address: string): readonly string[] {
  const labels = address.slice(address.lastIndexOf('@') + 1).split('.');
  return [address, ...labels.slice(0, -1).map((_, at) => labels.slice(at).join('.').toLowerCase())];
}
