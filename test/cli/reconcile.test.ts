import type { TrailEvent } from '../../cli/trail.ts';
import type { AccessKeyId } from '../../lambda/domain/ids.ts';
import { DAY } from '../../lambda/domain/time.ts';
import { AccessDeniedError, UnavailableError } from '../../lambda/ports.ts';
import { ACCOUNT } from '../support/builders.ts';
import { DAY_0, onDay } from '../workflows/support/sweep-story.ts';
import { inOneLine, lived } from './past-cli.ts';

describe('keyturn reconcile', () => {
  const KEYTURN = `arn:aws:sts::${ACCOUNT}:assumed-role/KeyturnMember/run-2026-01-01`;
  let count = 0;
  const change = (day: number, keyId: AccessKeyId, what: TrailEvent['change'], actor = KEYTURN): TrailEvent => {
    count += 1;
    const userName = 'old' as TrailEvent['userName'];
    return { id: `trail-${count}`, at: onDay(day) + 5_000, change: what, keyId, userName, actor };
  };

  /** CloudTrail as it would be after 25 days. */
  async function traced() {
    const { story, cli, old, young } = await lived(25);
    const [incoming] = (await story.iam.keys(old.userName)).map(({ keyId }) => keyId);
    if (incoming === undefined) throw new Error('the old key has a successor');
    const trail = [change(0, incoming, 'created'), change(10, old.keyId, 'disabled'), change(20, old.keyId, 'deleted')];
    cli.trail = trail;
    return { story, cli, old, young, incoming, trail };
  }

  test('finds that all agree', async () => {
    const { cli } = await traced();
    const { exitCode, out } = await cli.run('reconcile');
    expect(out).toContain('✔ History and AWS agree.');
    expect(out).toContain('3 changes by Keyturn found in both');
    expect(exitCode).toBe(0);
  });

  test('names an act of Keyturn that history does not tell of', async () => {
    const { cli, trail, incoming } = await traced();
    cli.trail = [...trail, change(15, incoming, 'disabled')];
    const { exitCode, out } = await cli.run('reconcile');
    expect(exitCode).toBe(1);
    expect(inOneLine(out)).toContain(`Key ${incoming} of old was disabled by Keyturn on 2026-01-16 06:00`);
  });

  test('names an event that CloudTrail does not know', async () => {
    const { cli, trail, old } = await traced();
    cli.trail = trail.slice(0, 2);
    const { exitCode, out } = await cli.run('reconcile');
    expect(exitCode).toBe(1);
    expect(inOneLine(out)).toMatch(
      new RegExp(`Event \\w{26} \\(key-deleted of key ${old.keyId}, .*\\) is not in CloudTrail`),
    );
  });

  test('finds a key that is not as history says, and who did it', async () => {
    const { story, cli, trail, incoming } = await traced();
    story.iam.deactivate(incoming);
    const mallory = `arn:aws:iam::${ACCOUNT}:user/mallory`;
    cli.trail = [...trail, change(25, incoming, 'disabled', mallory)];
    const { exitCode, out } = await cli.run('reconcile');
    expect(exitCode).toBe(1);
    const told = inOneLine(out);
    expect(told).toContain(`Key ${incoming} of old is Active by history and Inactive in IAM: disabled by ${mallory}`);
    expect(told).toContain('Changed by others, by CloudTrail:');
  });

  test('without the right to read CloudTrail compares the rest, and says so', async () => {
    const { cli } = await traced();
    cli.trail = new AccessDeniedError('AWS denied cloudtrail:LookupEvents: no policy allows it.');
    const { exitCode, out } = await cli.run('reconcile');
    expect(exitCode).toBe(0);
    expect(out).toContain('✔ History and IAM agree.');
    expect(out).not.toContain('History and AWS agree');
    expect(out).toContain('CloudTrail was left out: AWS denied cloudtrail:LookupEvents');
  });

  describe.each([
    ['without CloudTrail', false],
    ['with CloudTrail', true],
  ])('%s', (_name, allowed) => {
    async function compared(change: (world: Awaited<ReturnType<typeof traced>>) => void) {
      const world = await traced();
      if (!allowed) world.cli.trail = new AccessDeniedError('AWS denied cloudtrail:LookupEvents: no policy allows it.');
      change(world);
      const { exitCode, out } = await world.cli.run('reconcile');
      return { exitCode, told: inOneLine(out) };
    }

    test('finds a key that history calls deleted and IAM still has', async () => {
      const { exitCode, told } = await compared(({ story: { iam }, old }) => {
        const listed = iam.keys.bind(iam);
        iam.keys = async (userName) => [
          ...(await listed(userName)),
          ...(userName === old.userName ? [{ ...old, status: 'Active' as const, createdAt: DAY_0 - 400 * DAY }] : []),
        ];
      });
      expect(told).toMatch(/Key \w+ of old is gone by history since 2026-01-21 06:00 and Active in IAM/);
      expect(exitCode).toBe(1);
    });

    test('finds a key that is older than the last inventory and not in history', async () => {
      let made = '';
      const { exitCode, told } = await compared(({ story, young }) => {
        made = story.iam.createKeyByHand(young.userName, { createdAt: DAY_0 - DAY });
      });
      expect(told).toContain(`Key ${made} of young, Active in IAM and created 2025-12-31 06:00, is not in history`);
      expect(exitCode).toBe(1);
    });

    test('finds a user that history knows nothing of', async () => {
      const { exitCode, told } = await compared(({ story }) => {
        story.userWithKey('brandnew', 300);
      });
      expect(told).toMatch(/Key \w+ of brandnew, Active in IAM/);
      expect(exitCode).toBe(1);
    });

    test('does not call it a difference that a key is younger than the last inventory; it is told', async () => {
      const { exitCode, told } = await compared(({ story, young }) => {
        story.iam.createKeyByHand(young.userName, { createdAt: onDay(25) });
      });
      expect(told).toMatch(
        /Not in history yet, because they are younger than the inventory of 2026-01-2\d 06:00.*: \w+ of young/,
      );
      expect(exitCode).toBe(0);
    });

    test('finds a key that is gone from IAM although history has it', async () => {
      const { exitCode, told } = await compared(({ story, young }) => story.iam.deleteKeyByHand(young.keyId));
      expect(told).toMatch(/Key \w+ of young is Active by history and gone in IAM/);
      expect(exitCode).toBe(1);
    });
  });

  test.each([
    ['throttled', new UnavailableError('cloudtrail:LookupEvents failed: Throttling')],
    ['not read', new Error("CloudTrail's event 1 cannot be read: it has no ID or time")],
  ])('when CloudTrail is %s, tells the rest first, and fails because not all was compared', async (_name, fault) => {
    const { story, cli, incoming } = await traced();
    cli.trail = fault;
    const agreeing = await cli.run('reconcile');
    expect(agreeing.exitCode).toBe(1);
    expect(inOneLine(agreeing.out)).toMatch(/✔ History and IAM agree\..*CloudTrail could not be compared: /);
    expect(agreeing.err).toContain('Not everything could be compared');
    story.iam.deactivate(incoming);
    const { out, err } = await cli.run('reconcile');
    expect(inOneLine(out)).toMatch(/is Active by history and Inactive in IAM.*CloudTrail could not be compared: /);
    expect(err).toContain('History and AWS do not agree');
  });

  test('an answer that is no answer of AWS is told in one sentence, without its text', async () => {
    const { cli } = await traced();
    const answer = Object.assign(new SyntaxError(`Unexpected token '<', "<!doctype "... is not valid JSON`), {
      $metadata: {},
    });
    cli.trail = new UnavailableError(`cloudtrail:LookupEvents failed: ${answer.message}`, { cause: answer });
    const { out, exitCode } = await cli.run('reconcile');
    expect(inOneLine(out)).toContain('CloudTrail could not be compared: What answered is not AWS');
    expect(out).not.toContain('doctype');
    expect(exitCode).toBe(1);
  });

  test('what a sweep changes while the two are read is no difference', async () => {
    const {
      story: { iam },
      cli,
      young,
    } = await traced();
    const listed = iam.keys.bind(iam);
    let readings = 0;
    iam.keys = async (userName) => {
      const keys = await listed(userName);
      if (userName !== young.userName) return keys;
      readings += 1;
      return readings > 1 ? keys : keys.map((key) => ({ ...key, status: 'Inactive' as const }));
    };
    const { exitCode, out } = await cli.run('reconcile');
    expect(out).toContain('✔ History and AWS agree.');
    expect([exitCode, readings]).toEqual([0, 2]);
  });

  test('a user that cannot be read is named, and the comparison is not called whole', async () => {
    const {
      story: { iam },
      cli,
      young,
    } = await traced();
    const listed = iam.keys.bind(iam);
    iam.keys = (userName) =>
      userName === young.userName
        ? Promise.reject(new UnavailableError('iam:ListAccessKeys failed'))
        : listed(userName);
    const { exitCode, out, err } = await cli.run('reconcile');
    expect(inOneLine(out)).toContain('young: iam:ListAccessKeys failed');
    expect(out).not.toContain('young is Active by history');
    expect(exitCode).toBe(1);
    expect(err).toContain('Not everything could be compared');
  });

  test('when users cannot be listed those of history are compared, and the rest is said to be missing', async () => {
    const {
      story: { iam },
      cli,
    } = await traced();
    iam.users = async function* () {
      yield* [];
      throw new AccessDeniedError('AWS denied iam:ListUsers: no policy allows it.');
    };
    const { exitCode, out } = await cli.run('reconcile');
    expect(inOneLine(out)).toContain('AWS denied iam:ListUsers');
    expect(inOneLine(out)).toContain('2 keys of 2 users');
    expect(exitCode).toBe(1);
  });
});
