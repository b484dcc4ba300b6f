import type { HistoryEvent } from '../../../lambda/domain/events.ts';
import type { AccessKeyId, UserName } from '../../../lambda/domain/ids.ts';
import { deleteGapDays, disableGapDays } from '../../../lambda/domain/policy.ts';
import { secretNameOf, userNameOf } from '../../../lambda/domain/secret-name.ts';
import { DAY, fromIso, MINUTE, toIso } from '../../../lambda/domain/time.ts';
import { exemptionFor } from '../../../lambda/domain/user-match.ts';
import type { ListedKey } from '../../../lambda/ports.ts';
import { ACCOUNT } from '../../support/builders.ts';
import type { Account } from './account.ts';
import { Evidence } from './evidence.ts';
import { Gates, GRAIN } from './gates.ts';
import type { Knowledge } from './knowledge.ts';
import type { SimulatedCall } from './story.ts';
import { must } from './violation.ts';
import type { Worked } from './workers.ts';

const announcements: ReadonlySet<HistoryEvent['type']> = new Set([
  'key-replaced',
  'retirement-started',
  'key-reactivated',
  'key-disabled',
  'key-restored',
  'key-snoozed',
]);

/**
 * Looks at every change right before it takes effect, and throws a Violation when DESIGN section 4 forbids it. It goes by
 * the world as it is, by history, and by what IAM told the worker; never by Keyturn's own state.
 */
export class Watch {
  readonly #account: Account;
  readonly #evidence: Evidence;
  readonly #gates: Gates;
  readonly #taken = new Map<string, number>();

  constructor(account: Account) {
    this.#account = account;
    this.#evidence = new Evidence(account.ledger);
    this.#gates = new Gates(account, this.#evidence);
  }

  /** A worker has ended. */
  worked(worked: Worked): void {
    this.#gates.worked(worked);
  }

  look(worker: Knowledge, call: SimulatedCall, args: readonly unknown[]): void {
    const [first, second] = args as [UserName, AccessKeyId];
    if (call === 'iam.createKey') this.#createKey(worker, first);
    else if (call === 'iam.disableKey') this.#disableKey(worker, first, second);
    else if (call === 'iam.enableKey') this.#enableKey(worker, first, second);
    else if (call === 'iam.deleteKey') this.#deleteKey(worker, first, second);
    else if (call === 'secrets.publish') this.#publish(worker, first, second, userNameOf(first));
    else if (call.startsWith('secrets.') && call !== 'secrets.versions') {
      must(worker.mode === 'enforce', () => `${call} in observe mode`);
    }
  }

  #createKey(worker: Knowledge, userName: UserName): void {
    const { policy, now } = worker;
    const [outgoing, ...more] = listedTo(worker, userName);
    const isRequested = this.#evidence.isRequested('rotate', userName, outgoing?.keyId);
    this.#withinCap(worker, 'rotate', isRequested);
    this.#mayTouch(worker, userName, 'a key is created', isRequested);
    must(
      outgoing?.status === 'Active' && more.length === 0,
      () => `a key is created for ${userName} beside ${show([...listedTo(worker, userName)])}`,
    );
    must(
      isRequested || outgoing === undefined || now >= outgoing.createdAt + policy.rotateAfterDays * DAY,
      () => `${outgoing?.keyId} is replaced before its time`,
    );
    this.#evidence.mustBeIntended('rotation-intended', worker, userName, outgoing?.keyId);
    const unstored = this.#account
      .keysOf(userName)
      .filter(
        (key) =>
          key.status === 'Active' && this.#account.madeByKeyturn.has(key.keyId) && !this.#account.stored.has(key.keyId),
      );
    must(
      unstored.length === 0,
      () => `a second key is created for ${userName} while nobody has the secret of ${show(unstored)}`,
    );
    const name = secretNameOf(ACCOUNT, userName);
    must(
      this.#account.secrets.readerOf(name) !== undefined,
      () => `a key is created before there is a secret ${name} for it`,
    );
  }

  #disableKey(worker: Knowledge, userName: UserName, keyId: AccessKeyId): void {
    if (this.#account.iam.key(keyId) === undefined) return;
    const { policy, now } = worker;
    const isRequested = this.#evidence.isRequested('stop', userName, keyId);
    this.#withinCap(worker, 'disable', isRequested);
    this.#mayTouch(worker, userName, `${keyId} is disabled`, isRequested);
    const keys = listedTo(worker, userName);
    const key = keys.find((one) => one.keyId === keyId);
    must(key?.status === 'Active', () => `${keyId} is disabled although it was listed as ${key?.status ?? 'gone'}`);
    this.#evidence.mustBeIntended('disable-intended', worker, userName, keyId);
    const others = keys.filter((one) => one.keyId !== keyId);
    const keepsAKey = others.some((one) => one.status === 'Active' && this.#account.isInHands(one.keyId, userName));
    // Whoever asks that it stop at once keeps a key; otherwise it goes as any other does.
    if (isRequested && keepsAKey) return;
    const told = this.#evidence.announced(keyId, [...announcements]);
    const promised = 'until' in told.details ? fromIso(told.details.until ?? told.time) : undefined;
    must(
      promised !== undefined || key === undefined || now >= key.createdAt + policy.disableAfterDays * DAY,
      () => `${keyId} is disabled before its age`,
    );
    must(told.type !== 'key-disabled', () => `${keyId} is disabled again, and nobody was told that it was reactivated`);
    must(
      now >= (promised ?? fromIso(told.time) + disableGapDays(policy) * DAY) - GRAIN,
      () => `${keyId} is disabled too soon after ${told.type} of ${told.time}`,
    );
    this.#evidence.mustBeDelivered(told);
    this.#gates.dateToldHasCome(worker, 'disable', told, userName);
    this.#gates.windowOpen(worker, keyId);
    // Whoever had its time put off has been told when it stops, in use or not.
    if (promised === undefined) this.#gates.notInUse(worker, keyId, told);
    if (this.#evidence.whyRetiring(keyId) === 'never-used') {
      must(
        worker.lastUses.get(keyId)?.kind === 'never',
        () => `${keyId} is disabled as never used, although it was used`,
      );
      return;
    }
    must(keepsAKey, () => `${keyId} is disabled, and ${userName} is left with ${show(others)}: nothing to live on`);
  }

  #enableKey(worker: Knowledge, userName: UserName, keyId: AccessKeyId): void {
    if (this.#account.iam.key(keyId) === undefined) return;
    must(worker.mode === 'enforce', () => `${keyId} is restored in observe mode`);
    must(this.#evidence.isRequested('restore', userName, keyId), () => `${keyId} is restored, and nobody asked for it`);
    this.#evidence.mustBeIntended('restore-intended', worker, userName, keyId);
    const disabled = this.#evidence.eventsOf(keyId).findLast(({ type }) => type === 'key-disabled');
    must(
      disabled !== undefined && 'by' in disabled.details && disabled.details.by === 'keyturn',
      () => `${keyId} is restored although Keyturn did not disable it`,
    );
  }

  #deleteKey(worker: Knowledge, userName: UserName, keyId: AccessKeyId): void {
    must(worker.mode === 'enforce', () => `${keyId} is deleted in observe mode`);
    // Deleting again what is gone changes nothing.
    if (this.#account.iam.key(keyId) === undefined || this.#isOrphan(worker, userName, keyId)) return;
    const { policy, now } = worker;
    this.#withinCap(worker, 'delete');
    this.#mayTouch(worker, userName, `${keyId} is deleted`);
    const key = listedTo(worker, userName).find((one) => one.keyId === keyId);
    must(
      key !== undefined && key.status !== 'Active',
      () => `${keyId} is deleted although it was listed as ${key?.status ?? 'gone'}`,
    );
    const told = this.#evidence.announced(keyId, ['retirement-started', 'key-disabled']);
    const since = told.type === 'key-disabled' ? this.#account.lastListedActive.get(keyId) : fromIso(told.time);
    must(
      now >= (since ?? 0) + deleteGapDays(policy) * DAY - GRAIN,
      () => `${keyId} is deleted too soon: it was Active on ${toIso(since ?? 0)}`,
    );
    const why = this.#evidence.whyRetiring(keyId);
    must(
      why === 'blocks-slot' || key === undefined || now >= key.createdAt + policy.deleteAfterDays * DAY,
      () => `${keyId} is deleted before its age`,
    );
    const snoozed = this.#evidence.snoozedSince(told);
    must(
      snoozed === undefined || now >= fromIso(snoozed.details.until) - GRAIN,
      () => `${keyId} is deleted although its deletion was put off`,
    );
    this.#evidence.mustBeDelivered(snoozed ?? told);
    this.#gates.dateToldHasCome(worker, 'delete', snoozed ?? told, userName);
    this.#gates.windowOpen(worker, keyId);
    this.#evidence.mustBeIntended('delete-intended', worker, userName, keyId);
  }

  #publish(worker: Knowledge, secretName: string, keyId: AccessKeyId, userName: UserName): void {
    must(worker.mode === 'enforce', () => `${keyId} is published in observe mode`);
    const made = [...this.#account.madeByKeyturn.keys()];
    const newer = made.slice(made.indexOf(keyId) + 1).find((one) => this.#account.iam.key(one)?.userName === userName);
    must(newer === undefined, () => `${keyId} is published to ${secretName} over the newer ${newer}`);
    must(
      this.#account.secrets.isStored(secretName, keyId),
      () => `${keyId} is published to ${secretName}, which does not hold it`,
    );
  }

  /** The caps are for the account and the run, however many messages and parts it takes. */
  #withinCap({ runId, policy }: Knowledge, kind: 'rotate' | 'disable' | 'delete', isRequested = false): void {
    const slot = `${runId} ${kind}`;
    const before = this.#taken.get(slot) ?? 0;
    this.#taken.set(slot, before + 1);
    must(
      isRequested || before < policy.maxStepsPerSweep,
      () => `${kind} was done ${before + 1} times in ${runId}, more often than its cap`,
    );
  }

  #mayTouch({ mode, now, ...known }: Knowledge, userName: UserName, what: string, isRequested = false): void {
    must(mode === 'enforce', () => `${what} in observe mode`);
    // An exemption permits not to rotate; it does not forbid what somebody asks for.
    if (isRequested) return;
    // One that was granted to a former user of the name holds no more.
    const recreatedAt = this.#account.recreatedAt.get(userName) ?? 0;
    const exemptions = known.exemptions.filter(({ userId, grantedAt }) => !userId || grantedAt > recreatedAt);
    const exemption = exemptionFor(exemptions, { account: ACCOUNT, userName, path: '/' }, now);
    must(exemption === undefined, () => `${what} although ${userName} is exempt`);
  }

  /** A key whose secret nobody has; or one made by hand while a rotation was open, which looks the same. */
  #isOrphan(worker: Knowledge, userName: UserName, keyId: AccessKeyId): boolean {
    const events = this.#evidence.eventsOf(keyId);
    if (events.some(({ type }) => announcements.has(type))) return false;
    const { iam, used } = this.#account;
    const createdAt = iam.key(keyId)?.createdAt ?? 0;
    const nearest = this.#evidence
      .rotationsOf(userName)
      .filter(({ time }) => createdAt >= fromIso(time) - 3 * MINUTE && createdAt <= fromIso(time) + 15 * MINUTE);
    must(nearest.length > 0, () => `${keyId} is deleted although nobody intended a rotation when it was made`);
    must(
      events.every(({ type }) => type !== 'key-published'),
      () => `${keyId} is deleted as an orphan although it is published`,
    );
    must(
      !used.has(keyId) || worker.lastUses.get(keyId)?.kind === 'never',
      () => `${keyId} is deleted as an orphan although it is in use`,
    );
    must(
      events.some(({ type }) => type === 'delete-intended'),
      () => `${keyId} is deleted as an orphan without delete-intended on record`,
    );
    return true;
  }
}

const listedTo = ({ listed, deleted }: Knowledge, userName: UserName): readonly ListedKey[] =>
  (listed.get(userName) ?? []).filter(({ keyId }) => !deleted.has(keyId));
const show = (keys: readonly ListedKey[]): string =>
  keys.map(({ keyId, status }) => `${keyId} (${status})`).join(', ') || 'no key';
