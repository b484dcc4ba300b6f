import {
  CreateAccessKeyCommand,
  CreateUserCommand,
  DeleteAccessKeyCommand,
  DeleteUserCommand,
  GenerateCredentialReportCommand,
  IAMClient,
  ListAccessKeysCommand,
  UpdateAccessKeyCommand,
} from '@aws-sdk/client-iam';
import {
  type AccessKeyId,
  parseAccessKeyId,
  parseAccountId,
  parseUserName,
  type UserName,
} from '../../lambda/domain/ids.ts';
import { DAY, type Instant } from '../../lambda/domain/time.ts';
import { clientSettings } from '../../lambda/platform/aws-clients.ts';
import type { MemberAccount } from '../../lambda/ports.ts';
import { FakeQueue } from '../support/fake-queue.ts';
import { Estate, type Hands } from './estate.ts';
import type { Strike } from './fault.ts';
import type { LocalAws } from './local-aws.ts';
import type { Ports } from './ports.ts';
import { WireLine } from './wire-line.ts';

/** The estate in an account of the local AWS, under the real adapters. */
export class EmulatedEstate extends Estate {
  readonly victims: readonly string[] = ['ada'];
  readonly ports: Ports;
  readonly #aws: LocalAws;
  readonly #queue = new FakeQueue();
  readonly #iam: IAMClient;
  #member: Promise<MemberAccount> | undefined;

  constructor(aws: LocalAws, account: string) {
    super([parseAccountId(account)]);
    this.#aws = aws;
    this.ports = { ...aws.direct, queue: this.#queue };
    this.#iam = new IAMClient({ ...clientSettings, ...aws.emulator.client(account) });
  }

  static async begin(aws: LocalAws): Promise<EmulatedEstate> {
    const estate = new EmulatedEstate(aws, aws.freshAccount());
    await estate.goTo(estate.clock.now());
    // The first one ever takes a while; a sweep would wait for it.
    await estate.#iam.send(new GenerateCredentialReportCommand({}));
    return estate;
  }

  /** The same account over and over: entered once. */
  override get eyes() {
    const { ports } = this;
    const openAccount: Ports['openAccount'] = (account, runId) => {
      this.#member ??= ports.openAccount(account, runId);
      return this.#member;
    };
    return { ...ports, openAccount };
  }

  hands(): Hands {
    const iam = this.#iam;
    const setStatus = async (UserName: UserName, AccessKeyId: AccessKeyId, Status: 'Active' | 'Inactive') => {
      await iam.send(new UpdateAccessKeyCommand({ UserName, AccessKeyId, Status }));
    };
    return {
      async addUser(name) {
        await iam.send(new CreateUserCommand({ UserName: name }));
        return parseUserName(name);
      },
      async deleteUser(UserName) {
        const { AccessKeyMetadata = [] } = await iam.send(new ListAccessKeysCommand({ UserName }));
        for (const { AccessKeyId } of AccessKeyMetadata) {
          await iam.send(new DeleteAccessKeyCommand({ UserName, AccessKeyId }));
        }
        await iam.send(new DeleteUserCommand({ UserName }));
      },
      createKey: (userName, ageDays) => this.#createKey(userName, ageDays),
      deactivate: (userName, keyId) => setStatus(userName, keyId, 'Inactive'),
      reactivate: (userName, keyId) => setStatus(userName, keyId, 'Active'),
      async deleteKey(UserName, AccessKeyId) {
        await iam.send(new DeleteAccessKeyCommand({ UserName, AccessKeyId }));
      },
      useKey: (keyId) => {
        const use = { date: new Date(this.clock.now()), service: 's3', region: 'eu-central-1' };
        return this.#aws.emulator.setLastUsed(keyId, use);
      },
    };
  }

  line(strike?: Strike): WireLine {
    return new WireLine(this.#aws.recorder, this.#aws.recorded, strike);
  }

  takeQueued() {
    return this.#queue.sent.splice(0);
  }

  async goTo(at: Instant): Promise<void> {
    this.clock.set(at);
    await this.#aws.emulator.clock.set(new Date(at));
  }

  /** The local AWS makes its report when it is asked. */
  freezeReport(): void {}

  /** The local AWS makes secrets that nobody knows here; the demo's proxy sees them, and searches. */
  secretsLeft(): readonly string[] {
    return [];
  }

  async #createKey(UserName: UserName, ageDays: number): Promise<AccessKeyId> {
    const { clock } = this.#aws.emulator;
    await clock.set(new Date(this.clock.now() - ageDays * DAY));
    const { AccessKey } = await this.#iam.send(new CreateAccessKeyCommand({ UserName }));
    await clock.set(new Date(this.clock.now()));
    return parseAccessKeyId(AccessKey?.AccessKeyId ?? '');
  }
}
