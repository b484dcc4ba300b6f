import { AccessDeniedError, UnavailableError } from '../../lambda/ports.ts';
import { ACCOUNT } from '../support/builders.ts';
import { inOneLine } from './past-cli.ts';
import { change, traced } from './traced.ts';

describe('keyturn reconcile', () => {
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
});
