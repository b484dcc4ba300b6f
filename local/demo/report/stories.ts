import { dayOf } from '../calendar.ts';
import { ownersStories, toldAbout } from '../owners-stories.ts';
import type { Story } from '../story.ts';
import type { Page } from './paint.ts';
import { heading } from './report.ts';

/** Two owners, the same key, and how it went for each: what they were told, and what they did. */
export function storiesReport(story: Story, page: Page): string {
  const { paint } = page;
  const stories = ownersStories.map(({ userName, owner, title }) => {
    const told = toldAbout(story, userName).map(({ day, type }) => ({
      day,
      line: `${paint.magenta('is told')}  ${subjectOf(story, owner, day, userName) ?? type}`,
    }));
    const done = story.deeds
      .filter((deed) => deed.told.includes(userName))
      .map((deed) => ({ day: deed.day, line: `${paint.cyan('happens')}  ${deed.told}` }));
    const lines = [...told, ...done]
      .toSorted((a, b) => a.day - b.day)
      .map(({ day, line }) => `  ${paint.dim(`day ${String(day).padStart(3)}`)}  ${line}`);
    return [`  ${paint.bold(title)} ${paint.dim(`(${userName}, owner ${owner})`)}`, ...lines].join('\n');
  });
  return [heading('Two owners, the same key', page), ...stories].join('\n\n');
}

/** The subject of the message that told it, as its reader saw it. */
function subjectOf({ deliveries }: Story, owner: string, day: number, userName: string): string | undefined {
  const found = deliveries.find(({ at, to, text }) => dayOf(at) === day && to === owner && text.includes(userName));
  return found?.subject.replace('[Keyturn] ', '');
}
