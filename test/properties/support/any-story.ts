import * as fc from 'fast-check';
import { happenings } from './any-happening.ts';
import { anyPolicy, withOpenHours } from './any-policy.ts';
import type { FirstKey, FirstUser, Happening, Story } from './story.ts';

const firstKey: fc.Arbitrary<FirstKey> = fc.record(
  {
    ageDays: fc.oneof(fc.integer({ min: 0, max: 30 }), fc.integer({ min: 0, max: 400 })),
    status: fc.constantFrom('Active', 'Active', 'Active', 'Inactive'),
    usedDaysAgo: fc.integer({ min: 0, max: 20 }),
  },
  { requiredKeys: ['ageDays', 'status'] },
);

const firstUser: fc.Arbitrary<FirstUser> = fc.record({
  reach: fc.constantFrom('mail', 'mail and Slack', 'nobody knows the owner', 'unreachable'),
  keys: fc.oneof({ weight: 9, arbitrary: fc.array(firstKey, { maxLength: 2 }) }, fc.array(firstKey, { maxLength: 3 })),
});

export interface StoryLimits {
  readonly mostDays: number;
  readonly mostHappenings: number;
}

/** Any story: its users, its policy, and what people, networks and processes do to them. */
export const anyStory = ({ mostDays, mostHappenings }: StoryLimits): fc.Arbitrary<Story> =>
  fc
    .record({
      policy: anyPolicy,
      mode: fc.constantFrom('enforce', 'enforce', 'enforce', 'observe'),
      users: fc.array(firstUser, { minLength: 1, maxLength: 3 }),
      days: fc.integer({ min: 3, max: mostDays }),
      happenings: happenings(mostDays, mostHappenings),
      runHour: fc.tuple(fc.nat({ max: 23 }), fc.constantFrom(0, 0, 0.5)).map(([hour, more]) => hour + more),
      lagSeconds: fc.constantFrom(0, 0, 5, 60),
      oldReports: fc.boolean(),
      comesAgainAfter: fc.constantFrom(26, 1),
      leases: fc.constantFrom(true, true, true, false),
    })
    .map((story) => ({
      ...story,
      policy: withOpenHours(story.policy, story.runHour),
      happenings: story.happenings.map((happening) => withOpenPolicy(happening, story.runHour)),
    }));

function withOpenPolicy(happening: Happening, runHour: number): Happening {
  if (!('deed' in happening) || happening.deed.what !== 'policy') return happening;
  return { ...happening, deed: { ...happening.deed, policy: withOpenHours(happening.deed.policy, runHour) } };
}
