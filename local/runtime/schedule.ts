import { randomUUID } from 'node:crypto';
import type { ScheduledRule } from './deployed.ts';

/** The event that EventBridge sends when a scheduled rule fires; its time has whole seconds. */
export function scheduledEvent(rule: ScheduledRule, at: Date, account: string, region: string): object {
  return {
    version: '0',
    id: randomUUID(),
    'detail-type': 'Scheduled Event',
    source: 'aws.events',
    account,
    time: `${at.toISOString().slice(0, 19)}Z`,
    region,
    resources: [rule.arn],
    detail: {},
  };
}
