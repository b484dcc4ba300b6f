import { type Estate, isLoud } from '../estate.ts';
import { type Kind, sweepKind } from '../kind.ts';
import { victims } from './victims.ts';

/** Each user replaced its old key by hand; the one of these two that is chosen is in use. */
async function replacedByHand(estate: Estate, inUse: 'old' | 'new'): Promise<void> {
  const users = await victims(estate, 1);
  const successors = [...estate.labels.keys()];
  const old = [];
  for (const userName of users) old.push(await estate.addKey(userName, 400));
  await estate.sweepOn(0);
  for (const keyId of inUse === 'old' ? old : successors) await estate.hands().useKey(keyId);
}

const stillUsed: Kind = sweepKind(
  'tell that a key is still used',
  { day: 5, produces: { victim: ['key-still-used'] } },
  (estate) => replacedByHand(estate, 'old'),
);

const adopted: Kind = {
  ...sweepKind('record that a successor is in use', { day: 2, produces: { victim: ['key-adopted'] } }, (estate) =>
    replacedByHand(estate, 'new'),
  ),
  // The report alone tells that, and that there was none is on record: the news comes with the next one.
  isLoud: (end) => isLoud(end) || !JSON.stringify(end).includes('"rootKeys"'),
};

const deletionComing: Kind = sweepKind(
  'tell that a deletion is coming',
  { day: 17, produces: { victim: ['deletion-upcoming rotated'] } },
  async (estate) => {
    await victims(estate, 400);
    for (const day of [0, 10]) await estate.sweepOn(day);
  },
);

/** What owners are told between two steps. */
export const reminding: readonly Kind[] = [stillUsed, adopted, deletionComing];
