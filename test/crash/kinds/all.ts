import { FakeEstate } from '../fake-estate.ts';
import type { Kind } from '../kind.ts';
import { account } from './account.ts';
import { dispatching, organization } from './dispatching.ts';
import { lifecycle } from './lifecycle.ts';
import { notifying } from './notifying.ts';
import { recovery } from './recovery.ts';
import { reminding } from './reminding.ts';
import { requested } from './requested.ts';

export interface Story {
  readonly kind: Kind<FakeEstate>;
  /** Makes the estate that it begins with. */
  readonly begin: () => FakeEstate;
}

const inOneAccount = (kind: Kind<FakeEstate>): Story => ({ kind, begin: () => new FakeEstate() });

/** Every kind of step, in memory. */
export const stories: readonly Story[] = [
  ...[...lifecycle, ...reminding, ...recovery, ...requested, ...account, notifying].map(inOneAccount),
  { kind: dispatching, begin: organization },
];
