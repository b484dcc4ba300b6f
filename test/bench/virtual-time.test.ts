import { VirtualTime } from '../../bench/fleet/virtual-time.ts';

test('waits end in the order of their ends, and time is what was waited for', async () => {
  const time = new VirtualTime(1_000);
  const ends: string[] = [];
  const wait = async (name: string, ...steps: readonly number[]) => {
    for (const ms of steps) {
      await time.wait(ms);
      ends.push(`${name} ${time.now()}`);
    }
  };
  await time.passUntil(Promise.all([wait('a', 30, 5), wait('b', 10, 10, 10), wait('c', 20)]));
  expect(ends).toEqual(['b 1010', 'c 1020', 'b 1020', 'a 1030', 'b 1030', 'a 1035']);
});

test('what nobody will ever end is a failure, not a hang', async () => {
  const time = new VirtualTime(0);
  await expect(time.passUntil(new Promise(() => undefined))).rejects.toThrow('never happen');
});

test("the work's own failure is passed on", async () => {
  const time = new VirtualTime(0);
  const failing = async () => {
    await time.wait(5);
    throw new Error('it failed');
  };
  await expect(time.passUntil(failing())).rejects.toThrow('it failed');
});
