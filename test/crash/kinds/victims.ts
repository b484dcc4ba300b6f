import type { UserName } from '../../../lambda/domain/ids.ts';
import type { ListedKey } from '../../../lambda/ports.ts';
import type { Estate } from '../estate.ts';

/** Users with one key of that age, and beside them one whose key is young: nobody's trouble is to be theirs. */
export async function victims(estate: Estate, ageDays: number): Promise<readonly UserName[]> {
  const hands = estate.hands();
  const names: UserName[] = [];
  await estate.addKey(await hands.addUser('young'), 1);
  for (const name of estate.victims) {
    const userName = await hands.addUser(name);
    await estate.addKey(userName, ageDays);
    names.push(userName);
  }
  return names;
}

/** The user, the keys that people made for it, and those that Keyturn made. */
export async function keysOf(estate: Estate, userName: UserName) {
  const { users } = await estate.observe();
  const user = users.find((one) => one.userName === userName);
  if (user === undefined) throw new Error(`there is no user ${userName}`);
  const isOwn = ({ keyId }: ListedKey) => estate.labels.has(keyId);
  return { user, own: user.keys.filter(isOwn), made: user.keys.filter((key) => !isOwn(key)) };
}
