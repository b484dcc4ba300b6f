import type { AccountId } from '../../lambda/domain/ids.ts';
import type { Instant } from '../../lambda/domain/time.ts';
import type { MemberAccount } from '../../lambda/ports.ts';
import { ACCOUNT } from '../support/builders.ts';
import { FakeChannel } from '../support/fake-channel.ts';
import { FakeIam } from '../support/fake-iam.ts';
import { FakeLedger } from '../support/fake-ledger.ts';
import { FakeOrganization } from '../support/fake-organization.ts';
import { FakeOutbox } from '../support/fake-outbox.ts';
import { FakeOwners } from '../support/fake-owners.ts';
import { FakeProver } from '../support/fake-prover.ts';
import { FakeQueue } from '../support/fake-queue.ts';
import { FakeSecrets } from '../support/fake-secrets.ts';
import { Estate, type Hands } from './estate.ts';
import type { Strike } from './fault.ts';
import type { Observation } from './observation.ts';
import { PortLine } from './port-line.ts';
import type { Ports } from './ports.ts';
import { SecretSearch } from './secret-search.ts';

interface Member extends MemberAccount {
  readonly iam: FakeIam;
}

/** The estate in memory: thousands of lives in a minute. */
export class FakeEstate extends Estate {
  readonly victims: readonly string[] = ['ada', 'bob'];
  readonly organization: FakeOrganization = new FakeOrganization();
  readonly owners: FakeOwners = new FakeOwners();
  readonly sns: FakeChannel = new FakeChannel('sns');
  readonly slack: FakeChannel = new FakeChannel('slack');
  readonly operators: FakeChannel = new FakeChannel('operators-topic');
  readonly outbox: FakeOutbox = new FakeOutbox();
  readonly ports: Ports;
  readonly #queue = new FakeQueue();
  readonly #members: ReadonlyMap<AccountId, Member>;
  readonly #search = new SecretSearch();

  constructor(accounts: readonly AccountId[] = [ACCOUNT]) {
    super(accounts);
    const ledger = new FakeLedger(undefined, this.owners);
    this.#members = new Map(
      accounts.map((account) => {
        const iam = new FakeIam(this.clock, account);
        const prover = new FakeProver(iam);
        return [account, { iam, prover, secrets: new FakeSecrets(), region: 'eu-central-1' }];
      }),
    );
    this.ports = {
      openAccount: async (account) => this.#member(account),
      state: ledger,
      journal: ledger,
      history: ledger,
      outbox: this.outbox,
      owners: this.owners,
      queue: this.#queue,
      organization: this.organization,
      sns: this.sns,
      slack: this.slack,
      operators: this.operators,
    };
  }

  iam(account: AccountId = this.account): FakeIam {
    return this.#member(account).iam;
  }

  hands(account?: AccountId): Hands {
    const iam = this.iam(account);
    return {
      addUser: async (name) => iam.addUser(name).userName,
      deleteUser: async (userName) => iam.deleteUser(userName),
      createKey: async (userName, ageDays) =>
        iam.createKeyByHand(userName, { createdAt: this.clock.now() - ageDays * 86_400_000 }),
      deactivate: async (_, keyId) => iam.deactivate(keyId),
      reactivate: async (_, keyId) => iam.reactivate(keyId),
      deleteKey: async (_, keyId) => iam.deleteKeyByHand(keyId),
      useKey: async (keyId) => iam.useKey(keyId),
    };
  }

  line(strike?: Strike, afterEffect?: () => Promise<void>): PortLine {
    const onCall = () => this.clock.advance(this.callTakes);
    return new PortLine({ strike, onCall, ...(afterEffect && { afterEffect }) });
  }

  takeQueued() {
    return this.#queue.sent.splice(0);
  }

  async goTo(at: Instant): Promise<void> {
    this.clock.set(at);
  }

  freezeReport(frozen: boolean): void {
    for (const { iam } of this.#members.values()) frozen ? iam.freezeReport() : iam.thawReport();
  }

  secretsLeft({ records, cache, fullSweeps, history }: Observation): readonly string[] {
    const stored = {
      'a record of State': records,
      'the cache': cache,
      'the progress of a full sweep': fullSweeps.filter((sweep) => sweep !== undefined),
      history,
      'the outbox': this.outbox.everything(),
      'a message on the queue': [...this.#queue.sent, ...this.pending],
      'a notice': [...this.sns.sent, ...this.slack.sent, ...this.operators.sent],
    };
    return this.#search.newly(stored, this.log.lines);
  }

  #member(account: AccountId): Member {
    const member = this.#members.get(account);
    if (member === undefined) throw new Error(`there is no account ${account} in this estate`);
    return member;
  }
}
