import { cast } from '../../local/demo/cast.ts';
import { disappointments } from '../../local/demo/expectations.ts';
import type { Story } from '../../local/demo/story.ts';
import { wouldBeLives } from '../../local/demo/would-be-days.ts';
import { LIFETIME_MS, livedThrough } from './support/lived.ts';

let story: Story;
beforeAll(async () => {
  story = await livedThrough('observe');
}, LIFETIME_MS);
afterAll(() => story?.stage.stop());

describe('the same 125 days in observe mode', () => {
  test('nothing is changed in IAM or Secrets Manager, nor is any such call made', () => {
    expect(story.violations).toEqual([]);
    expect(story.keys.filter(({ madeBy }) => madeBy === 'keyturn')).toEqual([]);
    expect([...story.snapshot.secrets.keys()].filter((name) => name.startsWith('keyturn/'))).toEqual([]);
    const changes = story.stage.recorder
      .calls()
      .filter(({ service }) => service === 'iam' || service === 'secretsmanager')
      .filter(({ action }) => !/^(Get|List|Describe|Generate)/.test(action));
    expect(changes).toEqual([]);
    const byKeyturn = story.keys.filter(({ deletedDay, user }) => deletedDay !== null && user !== 'ci-runner');
    expect(byKeyturn).toEqual([]);
  });

  test('history holds what would have been done, and when', () => {
    const lives = wouldBeLives(story.keys, story.history);
    const daysOf = (userName: string) => {
      const { keyId } = story.people.key(userName, 'only');
      const life = lives.find((key) => key.keyId === keyId);
      return [life?.rotatedDay, life?.disabledDay, life?.deletedDay];
    };
    expect(daysOf('build-bot')).toEqual([90, 100, 110]);
    expect(daysOf('billing-export')).toEqual([0, 10, 20]);
    expect(daysOf('warehouse-sync')).toEqual([45, 55, 65]);
    expect(disappointments(story, 125)).toEqual([]);
    const told = story.history.filter(({ actor }) => actor === 'keyturn');
    expect(new Set(told.map(({ mode }) => mode))).toEqual(new Set(['observe']));
  });

  test('owners are left in peace; the operators are told of every user that would be touched', () => {
    expect(new Set(story.deliveries.map(({ to }) => to))).toEqual(new Set(['operators']));
    const texts = story.deliveries.map(({ text }) => text).join('\n');
    for (const { userName } of cast) expect(texts).toContain(userName);
  });
});
