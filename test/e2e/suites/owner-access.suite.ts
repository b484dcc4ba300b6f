import { GetResourcePolicyCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { parseAccountId, parseUserName } from '../../../lambda/domain/ids.ts';
import { secretNameOf } from '../../../lambda/domain/secret-name.ts';
import { cast } from '../../../local/demo/cast.ts';
import type { Story } from '../../../local/demo/story.ts';
import { defaultAccount as account } from '../../../local/emulator.ts';
import { secretArn } from '../support/authorization.ts';
import type { PolicyDocument } from '../support/deployed-roles.ts';
import { decisionOn } from '../support/simulate.ts';

const everything = {
  name: 'administrator',
  policy: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] },
} as const;

/** Everybody who might try, all of them administrators, beside the users themselves. */
const others = [
  `arn:aws:iam::${account}:user/somebody-else`,
  `arn:aws:iam::${account}:root`,
  `arn:aws:sts::${account}:assumed-role/Administrator/local`,
  `arn:aws:sts::${account}:assumed-role/KeyturnMember/run-1`,
  `arn:aws:sts::${account}:assumed-role/KeyturnWorker/function`,
  'arn:aws:iam::999988887777:user/build-bot',
];

/** The policies that Keyturn put on the users' secrets, evaluated. */
export function ownerAccessSuite(story: () => Story): void {
  const rotated = cast.filter(({ successors }) => successors > 0);
  const arnOf = (userName: string, path: string) => `arn:aws:iam::${account}:user${path}${userName}`;

  describe.each(rotated)('the secret of $userName', ({ userName, path }) => {
    const name = secretNameOf(parseAccountId(account), parseUserName(userName));
    const reading = { action: 'secretsmanager:GetSecretValue', resource: secretArn(name), context: {} };
    let policy: PolicyDocument;

    beforeAll(async () => {
      const client = new SecretsManagerClient(story().stage.emulator.client());
      const { ResourcePolicy = '' } = await client.send(new GetResourcePolicyCommand({ SecretId: name }));
      policy = JSON.parse(ResourcePolicy);
    });

    test('its user may read it, with no policy of its own', async () => {
      const own = { arn: arnOf(userName, path), policies: [] };
      expect((await decisionOn(reading, own, policy)).result).toBe('Allowed');
    });

    test('nobody else may, whatever they are allowed otherwise', async () => {
      const neighbours = cast.filter((other) => other.userName !== userName);
      const arns = [...others, ...neighbours.map((other) => arnOf(other.userName, other.path))];
      const decisions = await Promise.all(
        arns.map(async (arn) => [arn, (await decisionOn(reading, { arn, policies: [everything] }, policy)).result]),
      );
      expect(decisions.filter(([, result]) => result !== 'ExplicitlyDenied')).toEqual([]);
    });
  });

  test('an owner has fetched its new key with the old one by the command in its notice', () => {
    const { keyId } = story().people.key('build-bot', 'only');
    const { replacedBy } = story().keys.find((key) => key.keyId === keyId) ?? {};
    expect(replacedBy).toBeTruthy();
    expect([...story().people.held.keys()]).toContain(replacedBy);
  });
}
