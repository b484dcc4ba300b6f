import {
  GetSubscriptionAttributesCommand,
  paginateListSubscriptionsByTopic,
  SetSubscriptionAttributesCommand,
  SNSClient,
  SubscribeCommand,
  UnsubscribeCommand,
} from '@aws-sdk/client-sns';
import pLimit from 'p-limit';
import { z } from 'zod';
import { calling, hasCode } from '../lambda/adapters/aws-errors.ts';
import { clientSettings } from '../lambda/platform/aws-clients.ts';
import type { Own } from './aws-estate.ts';
import { type FilterPolicy, NoRoomError, type Subscription, type Subscriptions } from './subscriptions.ts';

const AT_ONCE = 5;

interface Listed {
  readonly arn: string;
  readonly email?: string;
}

/** Who is subscribed to the topic, with the caller's own credentials. */
export function awsSubscriptions(own: Own, topicArn: string): Subscriptions {
  const sns = new SNSClient({ ...clientSettings, ...own });
  return {
    async list() {
      const listed = await listedAt(sns, topicArn);
      const emails: Subscription[] = [];
      let filters = 0;
      await pLimit(AT_ONCE).map(listed, async ({ arn, email }) => {
        const { hasFilter, filter } = arn.startsWith('arn:') ? await filterOf(sns, arn) : { hasFilter: true };
        if (hasFilter) filters += 1;
        if (email === undefined) return;
        if (!arn.startsWith('arn:')) emails.push({ kind: 'pending', email });
        else emails.push(filter === undefined ? { kind: 'foreign', email } : { kind: 'confirmed', email, arn, filter });
      });
      return { emails, filters };
    },
    async subscribe(Endpoint, filter) {
      const Attributes = { FilterPolicy: JSON.stringify(filter) };
      const command = new SubscribeCommand({ TopicArn: topicArn, Protocol: 'email', Endpoint, Attributes });
      await calling(
        'sns:Subscribe',
        () => sns.send(command),
        (error) =>
          hasCode(error, 'FilterPolicyLimitExceeded', 'SubscriptionLimitExceeded')
            ? new NoRoomError(`${topicArn} takes no more filter policies.`, { cause: error })
            : undefined,
      );
    },
    async changeFilter(SubscriptionArn, filter) {
      const AttributeValue = JSON.stringify(filter);
      const command = new SetSubscriptionAttributesCommand({
        SubscriptionArn,
        AttributeName: 'FilterPolicy',
        AttributeValue,
      });
      await calling('sns:SetSubscriptionAttributes', () => sns.send(command));
    },
    async unsubscribe(SubscriptionArn) {
      await calling('sns:Unsubscribe', () => sns.send(new UnsubscribeCommand({ SubscriptionArn })));
    },
  };
}

/** Those that are confirmed or wait for it; what was just deleted is listed for a while too. */
async function listedAt(sns: SNSClient, TopicArn: string): Promise<readonly Listed[]> {
  return await calling('sns:ListSubscriptionsByTopic', async () => {
    const listed: Listed[] = [];
    for await (const { Subscriptions = [] } of paginateListSubscriptionsByTopic({ client: sns }, { TopicArn })) {
      for (const { SubscriptionArn: arn = '', Protocol, Endpoint } of Subscriptions) {
        if (!arn.startsWith('arn:') && arn !== 'PendingConfirmation') continue;
        listed.push({ arn, ...(Protocol === 'email' && Endpoint !== undefined && { email: Endpoint }) });
      }
    }
    return listed;
  });
}

const ownerFilter = z.looseObject({ owner: z.array(z.unknown()) }).catchall(z.array(z.unknown()));

/** `filter` is there when it is one on owners, by attributes. */
async function filterOf(
  sns: SNSClient,
  SubscriptionArn: string,
): Promise<{ readonly hasFilter: boolean; readonly filter?: FilterPolicy }> {
  const { Attributes = {} } = await calling('sns:GetSubscriptionAttributes', () =>
    sns.send(new GetSubscriptionAttributesCommand({ SubscriptionArn })),
  );
  const { FilterPolicy: text = '', FilterPolicyScope: scope = 'MessageAttributes' } = Attributes;
  if (text === '' || text === '{}') return { hasFilter: false };
  const filter = scope === 'MessageAttributes' ? ownerFilter.safeParse(fromJson(text)).data : undefined;
  return { hasFilter: true, ...(filter !== undefined && { filter }) };
}

function fromJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
