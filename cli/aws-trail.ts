import { CloudTrailClient, type Event, LookupEventsCommand } from '@aws-sdk/client-cloudtrail';
import { z } from 'zod';
import { calling } from '../lambda/adapters/aws-errors.ts';
import { type Pause, pause as realPause } from '../lambda/adapters/pause.ts';
import { parseAccessKeyId, parseUserName } from '../lambda/domain/ids.ts';
import type { Instant } from '../lambda/domain/time.ts';
import { clientSettings } from '../lambda/platform/aws-clients.ts';
import type { Own } from './aws-estate.ts';
import type { Trail, TrailChange, TrailEvent } from './trail.ts';

/** CloudTrail allows two LookupEvents a second, and one attribute in each. */
const BETWEEN_LOOKUPS = 550;

const names = ['CreateAccessKey', 'UpdateAccessKey', 'DeleteAccessKey'] as const;

/** Where the events of IAM, which is no Region's, are recorded. */
export function trailRegion(region: string): string {
  if (region.startsWith('cn-')) return 'cn-north-1';
  return region.startsWith('us-gov-') ? 'us-gov-west-1' : 'us-east-1';
}

const record = z.object({
  errorCode: z.string().optional(),
  userIdentity: z.object({ arn: z.string().optional(), invokedBy: z.string().optional(), type: z.string().optional() }),
  requestParameters: z
    .object({ userName: z.string().optional(), accessKeyId: z.string().optional(), status: z.string().optional() })
    .nullish(),
  responseElements: z
    .object({ accessKey: z.object({ accessKeyId: z.string(), userName: z.string() }).optional() })
    .nullish(),
});

/** CloudTrail's event history of the account that the credentials belong to. */
export async function awsTrail(own: Own, pause: Pause = realPause): Promise<Trail> {
  const region = await new CloudTrailClient({ ...clientSettings, ...own }).config.region();
  const client = new CloudTrailClient({ ...clientSettings, ...own, region: trailRegion(region) });
  return {
    async *changes(since: Instant) {
      for (const name of names) {
        let token: string | undefined;
        do {
          const command = new LookupEventsCommand({
            LookupAttributes: [{ AttributeKey: 'EventName', AttributeValue: name }],
            StartTime: new Date(since),
            MaxResults: 50,
            ...(token !== undefined && { NextToken: token }),
          });
          const { Events = [], NextToken } = await calling('cloudtrail:LookupEvents', () => client.send(command));
          for (const event of Events) {
            const change = changeIn(name, event);
            if (change !== undefined) yield change;
          }
          token = NextToken;
          await pause(BETWEEN_LOOKUPS);
        } while (token !== undefined);
      }
    },
  };
}

/** Undefined: the call was refused or changed no key's status. */
function changeIn(
  name: (typeof names)[number],
  { EventId, EventTime, CloudTrailEvent = '' }: Event,
): TrailEvent | undefined {
  const parsed = record.safeParse(JSON.parse(CloudTrailEvent));
  if (!parsed.success || EventId === undefined || EventTime === undefined) {
    throw new Error(
      `CloudTrail's event ${EventId ?? '(without ID)'} cannot be read: ${parsed.error?.message ?? 'it has no ID or time'}`,
    );
  }
  const { errorCode, userIdentity, requestParameters, responseElements } = parsed.data;
  const created = responseElements?.accessKey;
  const keyId = created?.accessKeyId ?? requestParameters?.accessKeyId;
  const userName = requestParameters?.userName ?? created?.userName;
  const change = changeOf(name, requestParameters?.status);
  if (errorCode !== undefined || keyId === undefined || change === undefined) return undefined;
  return {
    id: EventId,
    at: EventTime.getTime(),
    change,
    keyId: parseAccessKeyId(keyId),
    // Whoever changes a key of their own need not name themselves.
    userName: parseUserName(userName ?? userIdentity.arn?.split('/').at(-1) ?? 'unknown'),
    actor: userIdentity.arn ?? userIdentity.invokedBy ?? userIdentity.type ?? 'unknown',
  };
}

function changeOf(name: (typeof names)[number], status: string | undefined): TrailChange | undefined {
  if (name === 'CreateAccessKey') return 'created';
  if (name === 'DeleteAccessKey') return 'deleted';
  if (status === 'Active') return 'enabled';
  return status === 'Inactive' ? 'disabled' : undefined;
}
