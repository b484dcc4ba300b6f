import picocolors from 'picocolors';
import { run } from '../../cli/run.ts';
import type { ConnectionOptions, OwnerName, Session } from '../../cli/session.ts';
import type { TrailEvent } from '../../cli/trail.ts';
import type { Deployment } from '../../lambda/contracts/deployment.ts';
import type { ScheduleEvent } from '../../lambda/contracts/messages.ts';
import type { Settings } from '../../lambda/contracts/settings.ts';
import type { AccountId } from '../../lambda/domain/ids.ts';
import type { AnchoredSeal, Anchors } from '../../lambda/workflows/verify-seals.ts';
import { ACCOUNT, someSettings } from '../support/builders.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { FakeIam } from '../support/fake-iam.ts';
import { FakeIds } from '../support/fake-ids.ts';
import { FakeLedger } from '../support/fake-ledger.ts';
import { FakeOutbox } from '../support/fake-outbox.ts';
import { FakeOwners } from '../support/fake-owners.ts';
import { FakeSeals } from '../support/fake-seals.ts';
import { FakeEstate } from './fake-estate.ts';
import { FakeSubscriptions } from './fake-subscriptions.ts';

export const CALLER = `arn:aws:sts::${ACCOUNT}:assumed-role/Security/ada`;

/** What a command line left behind. */
export interface Outcome {
  readonly exitCode: number;
  readonly out: string;
  readonly err: string;
}

/** The command line over fakes, on a terminal of 80 columns without colours. */
export class FakeCli {
  readonly clock = new FakeClock('2026-06-01T00:00:00.000Z');
  readonly iam: FakeIam = new FakeIam(this.clock, ACCOUNT);
  readonly owners: FakeOwners = new FakeOwners();
  /** What the table answers whoever asks for names alone. */
  ownerNames: readonly OwnerName[] = [];
  readonly ledger: FakeLedger = new FakeLedger(undefined, this.owners);
  readonly outbox: FakeOutbox = new FakeOutbox();
  readonly seals: FakeSeals = new FakeSeals();
  /** What the evidence bucket holds; an error is what it answers with. */
  anchors: readonly AnchoredSeal[] | undefined | Error;
  /** What is wrong with how they are kept. */
  anchorFaults: Anchors['faults'] = [];
  /** What CloudTrail recorded; an error is what it answers with. */
  trail: readonly TrailEvent[] | Error = [];
  readonly connections: ConnectionOptions[] = [];
  readonly estate: FakeEstate = new FakeEstate();
  readonly subscriptions: FakeSubscriptions = new FakeSubscriptions();
  /** How owners' e-mail is sent. */
  emailBy: 'topic' | 'ses' = 'topic';
  /** What the deployment recorded; deployments of earlier versions did not. */
  workerRoleName?: string = 'KeyturnWorker';
  /** What earlier versions did not record either. */
  recorded: Pick<Deployment, 'externalId' | 'organizationId' | 'memberStackSet'> = {
    externalId: 'keyturn',
    memberStackSet: 'none',
  };
  readonly runsStarted: ScheduleEvent[] = [];
  /** What happens when a run is to be started; may throw. */
  onRunStarted: (event: ScheduleEvent) => Promise<void> = async () => undefined;
  /** What happens while a command waits. */
  onPause: () => Promise<void> = async () => undefined;
  settings: Settings = someSettings();
  /** Where --member-profile leads. */
  memberAccount: AccountId = ACCOUNT;
  width: number | undefined = 80;
  colours = false;
  /** Of the command line; what is deployed is 0.1.0. */
  version = '0.1.0';

  get session(): Session {
    return {
      deployment: {
        schema: 1,
        version: '0.1.0',
        settings: this.settings,
        tables: { owners: 'owners', state: 'state', history: 'history' },
        topics: {
          notices: 'arn:aws:sns:eu-central-1:111122223333:notices',
          operators: 'arn:aws:sns:eu-central-1:111122223333:operators',
        },
        emailBy: this.emailBy,
        memberRoleName: 'KeyturnMember',
        ...(this.workerRoleName !== undefined && { workerRoleName: this.workerRoleName }),
        ...this.recorded,
        stack: 'KeyturnHub',
        functions: {
          dispatch: 'dispatch',
          rotateAccount: 'rotate-account',
          notify: 'notify',
          deliver: 'deliver',
          seal: 'seal',
        },
        queues: { sweeps: 'https://sqs/sweeps', deadLetters: 'https://sqs/dead-letters' },
        longestGapHours: 24,
      },
      owners: this.owners,
      ownerNames: async () => this.ownerNames,
      history: this.ledger,
      stored: this.ledger,
      seals: this.seals,
      anchors: async () => {
        if (this.anchors instanceof Error) throw this.anchors;
        return this.anchors && { seals: this.anchors, faults: this.anchorFaults };
      },
      trail: async () => ({ changes: () => this.#trailSince() }),
      state: this.ledger,
      outbox: this.outbox,
      member: { account: this.memberAccount, iam: this.iam },
      estate: async () => this.estate,
      subscriptions: async () => this.subscriptions,
      startRun: async (event) => {
        await this.onRunStarted(event);
        this.runsStarted.push(event);
      },
      pause: async (milliseconds) => {
        this.clock.advance(milliseconds);
        await this.onPause();
      },
      clock: this.clock,
      ids: new FakeIds(),
      callerArn: CALLER,
    };
  }

  async *#trailSince(): AsyncIterable<TrailEvent> {
    if (this.trail instanceof Error) throw this.trail;
    yield* this.trail;
  }

  /** Runs `keyturn <argv>`. */
  async run(...argv: readonly string[]): Promise<Outcome> {
    const [out, err]: [string[], string[]] = [[], []];
    const exitCode = await run(argv, {
      version: this.version,
      clock: this.clock,
      terminal: {
        screen: { width: this.width, paint: picocolors.createColors(this.colours) },
        out: (text) => out.push(text),
        stream: async (lines) => {
          for await (const line of lines) out.push(line);
        },
        page: async (text) => void out.push(text),
        err: (text) => err.push(text),
        ask: () => Promise.reject(new Error('nothing is to be asked here')),
      },
      connect: async (options) => {
        this.connections.push(options);
        return this.session;
      },
    });
    return { exitCode, out: out.join('\n'), err: err.join('\n') };
  }

  /** Runs `keyturn <argv> --json`, which has to succeed, and reads what it prints. */
  async json(...argv: readonly string[]): Promise<unknown> {
    const { exitCode, out, err } = await this.run(...argv, '--json');
    if (exitCode !== 0) throw new Error(`exit code ${exitCode}: ${err}`);
    return JSON.parse(out);
  }
}
