import type { TrailEvent } from '../../cli/trail.ts';
import { type AccessKeyId, parseUserName } from '../../lambda/domain/ids.ts';
import { ACCOUNT } from '../support/builders.ts';
import { onDay } from '../workflows/support/sweep-story.ts';
import { lived } from './past-cli.ts';

const KEYTURN = `arn:aws:sts::${ACCOUNT}:assumed-role/KeyturnMember/run-2026-01-01`;
let count = 0;

/** What CloudTrail says of a key of `old`. */
export const change = (day: number, keyId: AccessKeyId, what: TrailEvent['change'], actor = KEYTURN): TrailEvent => {
  count += 1;
  const userName = parseUserName('old');
  return { id: `trail-${count}`, at: onDay(day) + 5_000, change: what, keyId, userName, actor };
};

/** CloudTrail as it would be after 25 days. */
export async function traced() {
  const { story, cli, old, young } = await lived(25);
  const [incoming] = (await story.iam.keys(old.userName)).map(({ keyId }) => keyId);
  if (incoming === undefined) throw new Error('the old key has a successor');
  const trail = [change(0, incoming, 'created'), change(10, old.keyId, 'disabled'), change(20, old.keyId, 'deleted')];
  cli.trail = trail;
  return { story, cli, old, young, incoming, trail };
}
