import { join } from 'node:path';
import type { Mode } from '../../../lambda/domain/events.ts';
import { LAST_DAY } from '../../../local/demo/cast.ts';
import { setTheStage } from '../../../local/demo/stage.ts';
import { Story } from '../../../local/demo/story.ts';
import { projectRoot } from '../../../local/project-root.ts';

/** The demo's own story, deployed and lived through to its end. The first one on a machine also installs the emulator. */
export async function livedThrough(mode: Mode): Promise<Story> {
  const stage = await setTheStage({ mode });
  try {
    const story = new Story(stage);
    await story.begin(join(projectRoot, 'local', 'demo', 'owners.csv'));
    for (let day = 0; day <= LAST_DAY; day += 1) await story.live(day);
    await story.end(LAST_DAY);
    return story;
  } catch (error) {
    await stage.stop();
    throw error;
  }
}

/** Far more than it takes: what it guards against is a hang, not a busy machine. */
export const LIFETIME_MS = 900_000;
