import type { Settings } from '../../../lambda/contracts/settings.ts';
import type { AccessKeyId, UserName } from '../../../lambda/domain/ids.ts';
import { MINUTE, toIso } from '../../../lambda/domain/time.ts';
import type { CreatedKey } from '../../../lambda/ports.ts';
import { dispatch } from '../../../lambda/workflows/dispatch.ts';
import { someSettings } from '../../support/builders.ts';
import { FakeIds } from '../../support/fake-ids.ts';
import { FakeLog } from '../../support/fake-log.ts';
import { FakeOrganization } from '../../support/fake-organization.ts';
import { Account } from './account.ts';
import { onDay } from './calendar.ts';
import { heard } from './heard.ts';
import type { Knowledge } from './knowledge.ts';
import { Mischief } from './mischief.ts';
import type { Mutation } from './mutations.ts';
import { Post } from './post.ts';
import { Process, type Surroundings } from './process.ts';
import type { Deed, Happening, SimulatedCall, Story, Trouble } from './story.ts';
import { Watch } from './watch.ts';
import { type Worked, Workers, type WorkersWorld } from './workers.ts';

/** Keyturn's real workflows, living through a story. Throws a Violation as soon as something is as it must never be. */
export class Simulation implements Surroundings, WorkersWorld {
  readonly story: Story;
  readonly account: Account;
  readonly post: Post;
  readonly log: FakeLog = new FakeLog();
  readonly ids: FakeIds = new FakeIds();
  settings: Settings;
  callTime = 150;
  readonly mutations: Mutation[] = [];
  /** Called when a worker has ended. */
  readonly onWorked: ((worked: Worked) => void)[] = [];
  /** Called when Keyturn has made a key. */
  readonly onMade: ((keyId: AccessKeyId) => void)[] = [];
  readonly #workers: Workers;
  readonly #watch: Watch;
  readonly #mischief: Mischief;
  readonly #known = new WeakMap<Process, Knowledge>();
  /** Arguments of calls that delete what is gone already. */
  readonly #idle = new WeakSet<readonly unknown[]>();
  #violation: unknown;
  #day = 0;
  #processes = 0;

  constructor(story: Story) {
    this.story = story;
    this.settings = someSettings({ policy: story.policy, mode: story.mode });
    this.account = new Account(story);
    this.post = new Post(this.account);
    this.#watch = new Watch(this.account);
    this.#mischief = new Mischief(story.happenings, (deed) => this.#act(deed));
    this.#workers = new Workers(this);
  }

  get leases(): boolean {
    return this.story.leases;
  }

  get comesAgainAfter(): number {
    return this.story.comesAgainAfter;
  }

  /** From the first run to the last that the story tells of. */
  async live(): Promise<void> {
    await this.post.introduce(this.story.users.map(({ reach }) => reach));
    for (let day = 0; day < this.story.days; day += 1) await this.liveDay(day);
  }

  /** So many days after the story in which nobody does anything and nothing goes wrong. */
  async liveQuietly(days: number): Promise<void> {
    this.#mischief.calmDown();
    const last = this.#day;
    for (let day = last + 1; day <= last + days; day += 1) await this.liveDay(day);
  }

  /** From one run's hour to the next; the run is first. */
  async liveDay(day: number): Promise<void> {
    this.#day = day;
    const { happenings, days, runHour } = this.story;
    const isToday = (one: Happening) => !('at' in one) && one.day === day && day < days;
    const today = happenings.filter(isToday);
    const is = (kind: Happening['kind']) => today.some((one) => one.kind === kind);
    this.#moveTo(onDay(day, runHour));
    if (!is('no run')) await this.#schedule(today, is('scheduled twice'));
    await this.#sweep(today, is('no report'));
    const late = (one: Happening) => one.kind === 'stream late' && one.day <= day && day < one.day + one.days;
    if (day >= days || !happenings.some(late)) await this.#deliver(is('stream again'), is('stream reversed'));
    this.#liveOn(today);
    this.#check();
  }

  async #schedule(today: readonly Happening[], twice: boolean): Promise<void> {
    const time = toIso(this.account.clock.now());
    for (let n = 0; n < (twice ? 2 : 1); n += 1) await this.#dispatch(time);
    const late = today.find((one) => one.kind === 'delivered late');
    const again = today.filter((one) => one.kind === 'delivered again').length;
    this.#workers.collect(1 + again, late?.hours);
  }

  /** Lambda tries an event three times. */
  async #dispatch(time: string): Promise<void> {
    const { clock, ledger } = this.account;
    const { ids, log, settings } = this;
    for (let attempt = 0; attempt < 3; attempt += 1) {
      const process = this.startProcess('dispatch');
      const queue = process.port('queue', this.#workers.queue);
      const history = process.port('history', ledger);
      const world = { organization: new FakeOrganization(), queue, history, ids, clock, log, settings };
      const ended = await process.run(() => dispatch(world, { id: `fake-day-${this.#day}`, time }));
      this.#check();
      if (ended.kind === 'returned') return;
      clock.advance(2 * MINUTE);
    }
  }

  async #sweep(today: readonly Happening[], noReport: boolean): Promise<void> {
    const { iam } = this.account;
    iam.activeRootKeys = noReport ? undefined : 0;
    const atOnce = today.some((one) => one.kind === 'delivered again' && one.atOnce);
    const short = today.find((one) => one.kind === 'short of time');
    await this.#workers.work(atOnce, short?.seconds);
    this.#check();
    iam.activeRootKeys = 0;
    iam.thawReport();
  }

  async #deliver(again: boolean, reversed: boolean): Promise<void> {
    for (let attempt = 0; attempt < 3; attempt += 1) {
      await this.post.gather(this.startProcess('notify'), this.log, { again, reversed });
      this.account.clock.advance(15 * MINUTE);
      await this.post.tell(this.startProcess('deliver'), this);
      this.#check();
      if (this.post.isEmpty) return;
    }
  }

  /** What people do until the next run, and the report that this will get. */
  #liveOn(today: readonly Happening[]): void {
    const deeds = today.filter((one) => one.kind === 'deed').toSorted((a, b) => a.hour - b.hour);
    const { oldReports, runHour } = this.story;
    const inReport = ({ hour }: { readonly hour: number }) => !oldReports || hour <= 20;
    for (const one of deeds) if (inReport(one)) this.#actAt(onDay(this.#day, runHour + one.hour), one.deed);
    if (oldReports) this.account.iam.freezeReport();
    for (const one of deeds) if (!inReport(one)) this.#actAt(onDay(this.#day, runHour + one.hour), one.deed);
  }

  #actAt(at: number, deed: Deed): void {
    this.#moveTo(at);
    this.#act(deed);
  }

  #act(deed: Deed): void {
    if (deed.what === 'mode') this.settings = { ...this.settings, mode: deed.mode };
    else if (deed.what === 'policy') this.settings = { ...this.settings, policy: deed.policy };
    else this.account.act(deed);
  }

  startProcess(role: string): Process {
    this.#processes += 1;
    return new Process(`${role}-${this.#processes}`, this.account.clock, this);
  }

  follows(process: Process, knowledge: Knowledge): void {
    this.#known.set(process, knowledge);
  }

  ended(worked: Worked): void {
    this.#watch.worked(worked);
    for (const look of this.onWorked) this.#guarded(() => look(worked));
  }

  before(process: Process, call: SimulatedCall, args: readonly unknown[]): Trouble | undefined {
    const trouble = this.#mischief.before(process, call, this.#day);
    if (call === 'iam.deleteKey' && this.account.iam.key(args[1] as AccessKeyId) === undefined) this.#idle.add(args);
    const takesEffect = trouble === undefined || trouble === 'is slow' || trouble.endsWith('after');
    const knowledge = this.#known.get(process);
    if (takesEffect && knowledge !== undefined) this.#guarded(() => this.#watch.look(knowledge, call, args));
    return trouble;
  }

  took(process: Process, call: SimulatedCall, args: readonly unknown[], answer: unknown): void {
    const knowledge = this.#known.get(process);
    if (knowledge === undefined) return;
    const kind = heard(this.account, knowledge, call, args, answer);
    if (kind === undefined || this.#idle.has(args)) return;
    const userName = args[0] as UserName;
    const keyId = kind === 'create' ? (answer as CreatedKey).keyId : (args[1] as AccessKeyId);
    this.mutations.push({ kind, keyId, userName, runId: knowledge.runId, at: this.account.clock.now() });
    if (kind === 'create') for (const look of this.onMade) look(keyId);
  }

  after(process: Process, call: SimulatedCall): void {
    this.#mischief.after(process, call);
  }

  #moveTo(at: number): void {
    this.account.clock.set(Math.max(at, this.account.clock.now()));
  }

  /** Remembered, and thrown where no workflow can catch it. */
  #guarded(look: () => void): void {
    try {
      look();
    } catch (error) {
      this.#violation ??= error;
    }
  }

  #check(): void {
    if (this.#violation !== undefined) throw this.#violation;
  }
}
