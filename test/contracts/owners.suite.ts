import { parseOwnerId, parseUserName } from '../../lambda/domain/ids.ts';
import type { Owners } from '../../lambda/ports.ts';
import {
  ACCOUNT,
  AWKWARD_USER,
  anAssignment,
  anExemption,
  anOwner,
  aRequest,
  exemptionId,
  keyId,
  OTHER_ACCOUNT,
  requestId,
} from '../support/builders.ts';
import { collect } from '../support/collect.ts';

/** What every Owners does. Each one made is empty at first. */
export function ownersSuite(name: string, makeOwners: () => Promise<Owners>): void {
  describe(`Owners contract: ${name}`, () => {
    let owners: Owners;
    beforeEach(async () => {
      owners = await makeOwners();
    });
    const inAnyOrder = <T>(items: readonly T[]) => expect.arrayContaining([...items]);

    describe('owners', () => {
      const payments = anOwner();
      const search = anOwner({
        id: parseOwnerId('search'),
        name: 'Søk & Søn',
        slackChannel: '#search',
        snsTopicArn: 'arn:aws:sns:eu-central-1:111122223333:search',
        timeZone: 'Europe/Oslo',
      });

      test('nobody is there at first', async () => {
        expect(await owners.owner(payments.id)).toBeUndefined();
        expect(await collect(owners.owners())).toEqual([]);
      });

      test('are read as they were put, one or all', async () => {
        await owners.putOwner(payments);
        await owners.putOwner(search);
        expect(await owners.owner(search.id)).toEqual(search);
        const all = await collect(owners.owners());
        expect(all).toHaveLength(2);
        expect(all).toEqual(inAnyOrder([payments, search]));
      });

      test('put again are replaced whole', async () => {
        await owners.putOwner(search);
        const { slackChannel: _, ...withoutSlack } = search;
        await owners.putOwner(withoutSlack);
        expect(await owners.owner(search.id)).toEqual(withoutSlack);
      });

      test('deleted are gone, and deleting again is harmless', async () => {
        await owners.putOwner(payments);
        await owners.putOwner(search);
        await owners.deleteOwner(payments.id);
        await owners.deleteOwner(payments.id);
        expect(await collect(owners.owners())).toEqual([search]);
      });
    });

    describe('assignments', () => {
      const byUser = anAssignment({ match: { kind: 'user', userName: AWKWARD_USER } });
      const byName = anAssignment({ match: { kind: 'name', pattern: 'ci-*' } });
      const byPath = anAssignment({ match: { kind: 'path', pattern: '/team/*' } });
      const ofAccount = anAssignment({ match: { kind: 'account' } });
      const everywhere = anAssignment({ account: '*', match: { kind: 'account' } });
      const elsewhere = anAssignment({ account: OTHER_ACCOUNT });
      const all = [byUser, byName, byPath, ofAccount, everywhere, elsewhere];
      beforeEach(async () => {
        for (const assignment of all) await owners.putAssignment(assignment);
      });

      test('of an account are its own and those of every account', async () => {
        const found = await owners.assignments(ACCOUNT);
        expect(found).toHaveLength(5);
        expect(found).toEqual(inAnyOrder([byUser, byName, byPath, ofAccount, everywhere]));
      });

      test('can be listed all', async () => {
        const found = await collect(owners.allAssignments());
        expect(found).toHaveLength(6);
        expect(found).toEqual(inAnyOrder(all));
      });

      test('of the same match are one: the later owner replaces the earlier', async () => {
        const later = { ...byName, ownerId: parseOwnerId('search') };
        await owners.putAssignment(later);
        const found = await owners.assignments(ACCOUNT);
        expect(found).toHaveLength(5);
        expect(found).toContainEqual(later);
      });

      test('of the same text but another kind are two', async () => {
        await owners.putAssignment(anAssignment({ match: { kind: 'path', pattern: 'ci-*' } }));
        expect(await owners.assignments(ACCOUNT)).toHaveLength(6);
      });

      test('deleted are gone, and deleting again is harmless', async () => {
        await owners.deleteAssignment(byUser);
        await owners.deleteAssignment(byUser);
        expect(await owners.assignments(ACCOUNT)).not.toContainEqual(byUser);
        expect(await collect(owners.allAssignments())).toHaveLength(5);
      });
    });

    describe('exemptions', () => {
      const own = anExemption();
      const everywhere = anExemption({ id: exemptionId(2), account: '*' });
      const elsewhere = anExemption({ id: exemptionId(3), account: OTHER_ACCOUNT });
      const expired = anExemption({ id: exemptionId(4), expiresAt: own.grantedAt + 1 });
      beforeEach(async () => {
        for (const exemption of [own, everywhere, elsewhere, expired]) await owners.putExemption(exemption);
      });

      test('of an account are its own and those of every account, expired ones too', async () => {
        const found = await owners.exemptions(ACCOUNT);
        expect(found).toHaveLength(3);
        expect(found).toEqual(inAnyOrder([own, everywhere, expired]));
      });

      test('can be listed all', async () => {
        expect(await collect(owners.allExemptions())).toHaveLength(4);
      });

      test('deleted are gone, and deleting again is harmless', async () => {
        await owners.deleteExemption(own);
        await owners.deleteExemption(own);
        expect(await owners.exemptions(ACCOUNT)).not.toContainEqual(own);
        expect(await collect(owners.allExemptions())).toHaveLength(3);
      });
    });

    describe('requests', () => {
      const [rotation, restore, snooze] = [
        aRequest({ kind: 'rotate', keyId: keyId(1), disableOldNow: true }),
        aRequest({ kind: 'restore', keyId: keyId(1), hours: 48 }, { id: requestId(2) }),
        aRequest({ kind: 'snooze', keyId: keyId(1), days: 7 }, { id: requestId(3), userName: AWKWARD_USER }),
      ];
      const elsewhere = aRequest(
        { kind: 'rotate', disableOldNow: false },
        { id: requestId(4), account: OTHER_ACCOUNT },
      );
      beforeEach(async () => {
        for (const request of [rotation, restore, snooze, elsewhere]) await owners.putRequest(request);
      });

      test('of an account are read as they were put, without those of others', async () => {
        const found = await owners.requests(ACCOUNT);
        expect(found).toHaveLength(3);
        expect(found).toEqual(inAnyOrder([rotation, restore, snooze]));
        expect(await owners.requests(OTHER_ACCOUNT)).toEqual([elsewhere]);
      });

      test('deleted are gone, and deleting again is harmless', async () => {
        const { id, account } = rotation;
        await owners.deleteRequest({ id, account });
        await owners.deleteRequest({ id, account });
        expect(await owners.requests(ACCOUNT)).toEqual(inAnyOrder([restore, snooze]));
        expect(await owners.requests(ACCOUNT)).toHaveLength(2);
      });

      test('are nobody’s exemptions', async () => {
        expect(await owners.exemptions(ACCOUNT)).toEqual([]);
      });
    });

    test('more than a page is found whole', async () => {
      // Together beyond the 1 MB that one page of a DynamoDB query holds.
      const many = Array.from({ length: 8 }, (_, n) =>
        anExemption({
          id: exemptionId(n),
          match: { kind: 'user', userName: parseUserName(`user-${n}`) },
          reason: 'x'.repeat(200_000),
        }),
      );
      for (const exemption of many) await owners.putExemption(exemption);
      expect(await owners.exemptions(ACCOUNT)).toEqual(many);
      expect(await collect(owners.allExemptions())).toEqual(many);
    });
  });
}
