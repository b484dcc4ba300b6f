import type { HistoryEvent } from '../../lambda/domain/events.ts';
import { type Instant, MINUTE } from '../../lambda/domain/time.ts';
import { runAndTell, tellAt } from '../runtime/daily-run.ts';
import { at, dateOf, dayOf, runAt } from './calendar.ts';
import { collect, type Delivery } from './deliveries.ts';
import { type Happening, ownerActions, past } from './happenings.ts';
import { type Breach, breachesIn, SECRETS_STAY_SECRET } from './invariants/always-true.ts';
import { leaks, type WrittenText } from './invariants/secrets-stay-secret.ts';
import { type KeyLife, KeyLives } from './key-lives.ts';
import type { CommandResult } from './keyturn-command.ts';
import { People } from './people.ts';
import { type Observer, observe, type Snapshot } from './snapshot.ts';
import type { Stage } from './stage.ts';
import {
  deadLetters,
  type ReadSoFar,
  writtenByCdk,
  writtenByFunctions,
  writtenInNotices,
  writtenInStores,
} from './written-texts.ts';

/** Something that people did, on which day. */
export interface Deed {
  readonly day: number;
  readonly told: string;
}

export interface Violation extends Breach {
  readonly day: number;
}

export const NOTHING_LOST = 'nothing ends in the dead-letter queue';
export const OWNERS_CAN_ACT = 'owners can do what their notices tell them to';
export const COMMANDS_WORK = 'the command line does what it is asked';

/** Day by day: the run, what arrived, what people did, and whether everything that must always be true still is. */
export class Story {
  readonly stage: Stage;
  readonly people: People;
  readonly deeds: Deed[] = [];
  readonly deliveries: Delivery[] = [];
  readonly history: HistoryEvent[] = [];
  readonly violations: Violation[] = [];
  readonly commands: CommandResult[] = [];
  /** How IAM looked after each day's run. */
  readonly afterRuns: Snapshot[] = [];
  readonly #observer: Observer;
  readonly #lives: KeyLives;
  readonly #read: ReadSoFar = { logLines: 0, calls: 0 };
  #now: Snapshot;

  constructor(stage: Stage) {
    const { hub: account } = stage.deployment.settings;
    this.stage = stage;
    this.people = new People(stage.emulator);
    this.#observer = observe(stage.emulator.client(), account);
    this.#lives = new KeyLives(account);
    this.#now = { at: at(0, 0), users: [], secrets: new Map() };
  }

  /** What became of every key so far. */
  get keys(): readonly KeyLife[] {
    return this.#lives.all;
  }

  /** How IAM looked the last time. */
  get snapshot(): Snapshot {
    return this.#now;
  }

  /** Everything before the first run: the users and their old keys, then what the platform team does on day 0. */
  async begin(ownersFile: string): Promise<void> {
    for (const happening of past()) await this.#live(happening);
    await this.#goTo(at(0, 6, 10));
    await this.keyturn('owners', 'import', ownersFile);
    const until = dateOf(45);
    const reason = 'vendor cannot switch keys before its February release';
    await this.keyturn(
      ...['exempt', 'add', '--user', 'warehouse-sync', '--expires', until],
      ...['--reason', reason, '--approver', 'Dana Smith'],
    );
  }

  /** One simulated day: its run at the run's hour, and its news told; then what people do. */
  async live(day: number): Promise<void> {
    const { runtime, recorder, emulator } = this.stage;
    const callsBefore = recorder.calls().length;
    const before = this.#now;
    const scheduled = runAt(day);
    await runAndTell({ runtime, clock: emulator.clock }, new Date(scheduled));
    const arrived = await this.#collectMail();
    await this.#readHistory(day);
    await this.#look();
    this.afterRuns.push(this.#now);
    const { mode, deployment } = this.stage;
    const found = breachesIn({
      runAt: scheduled,
      mode,
      policy: deployment.settings.policy,
      before,
      after: this.#now,
      history: this.history,
      calls: recorder.calls().slice(callsBefore),
      deliveries: this.deliveries,
      heldByOwners: this.#held(),
    });
    this.#report(day, found);
    this.#reportLeaks(day, [...writtenByFunctions(this.stage, this.#read), ...writtenInNotices(arrived)]);
    for (const action of ownerActions) {
      if (dayOf(action.at) === day && (mode === 'enforce' || !action.onlyIfEnforced)) await this.#try(day, action);
    }
  }

  /** What is looked at once, when all is over: everything that is stored, and what nobody could process. */
  async end(day: number): Promise<void> {
    const outputs = this.commands.map(({ line, output }) => ({ where: `what ${line} printed`, text: output }));
    this.#reportLeaks(day, [...(await writtenInStores(this.stage)), ...(await writtenByCdk(this.stage)), ...outputs]);
    const letters = await deadLetters(this.stage);
    this.#report(
      day,
      letters.map((letter) => ({ promise: NOTHING_LOST, what: JSON.stringify(letter).slice(0, 300) })),
    );
  }

  /** Runs the real command line; a failure is a violation. */
  async keyturn(...args: readonly string[]): Promise<CommandResult> {
    const result = await this.stage.keyturn.run(...args);
    this.commands.push(result);
    if (result.exitCode !== 0) {
      const what = `${result.line} failed: ${result.output.trim()}`;
      this.#report(dayOf(this.#now.at), [{ promise: COMMANDS_WORK, what }]);
    }
    return result;
  }

  #report(day: number, found: readonly Breach[]): void {
    this.violations.push(...found.map((breach) => ({ day, ...breach })));
  }

  #reportLeaks(day: number, written: readonly WrittenText[]): void {
    const found = leaks(this.#secrets(), written);
    this.#report(
      day,
      found.map((what) => ({ promise: SECRETS_STAY_SECRET, what })),
    );
  }

  async #live(happening: Happening): Promise<void> {
    await this.#goTo(happening.at);
    const { people, deliveries, stage } = this;
    const { emulator, runtime } = stage;
    const keyturn = (...args: readonly string[]) => this.keyturn(...args);
    await happening.act({ emulator, people, deliveries, keyturn, ownersKeyturn: stage.keyturn });
    if (happening.startsRun) {
      await runtime.drain();
      await tellAt({ runtime, clock: emulator.clock }, new Date(happening.at + 15 * MINUTE));
      await this.#collectMail();
    }
    if (happening.told !== undefined) this.deeds.push({ day: dayOf(happening.at), told: happening.told });
    await this.#look();
  }

  /** What an owner does may fail because Keyturn did something wrong; the story goes on, and tells. */
  async #try(day: number, action: Happening): Promise<void> {
    try {
      await this.#live(action);
    } catch (error) {
      const what = `${action.told ?? 'An action'}: ${error instanceof Error ? error.message : String(error)}`;
      this.#report(day, [{ promise: OWNERS_CAN_ACT, what }]);
      await this.#look();
    }
  }

  async #goTo(moment: Instant): Promise<void> {
    await this.stage.emulator.clock.set(new Date(moment));
  }

  async #look(): Promise<void> {
    this.#now = await this.#observer.look(this.stage.emulator.clock.now().getTime());
    this.#lives.follow(this.#now, this.#held());
  }

  async #collectMail(): Promise<readonly Delivery[]> {
    const arrived = await collect(this.stage.mailboxes, this.stage.emulator.clock.now().getTime());
    this.deliveries.push(...arrived);
    return arrived;
  }

  /** What was recorded since the last time; people do things after the day's run, too. */
  async #readHistory(day: number): Promise<void> {
    const read = this.history.at(-1)?.id ?? '';
    for (const date of [dateOf(day - 1), dateOf(day)]) {
      for await (const event of this.stage.history.query({ by: { kind: 'day', day: date } })) {
        if (event.id > read) this.history.push(event);
      }
    }
  }

  #held(): ReadonlySet<KeyLife['keyId']> {
    return new Set(this.people.held.keys());
  }

  #secrets(): readonly string[] {
    const held = [...this.people.held.values()].map(({ secretAccessKey }) => secretAccessKey);
    return [...held, ...this.#observer.secretAccessKeys, ...this.stage.webhooks];
  }
}
