/**
 * Places of what does not stand in its order: all that is outside one longest run of rising keys. Of one that was moved,
 * however far, that is the one and none of those it was moved past; of two neighbours that changed places, one.
 */
export function outsideTheRise(keys: readonly string[]): readonly number[] {
  // For each length, the place of the least key that ends a run of it; and for each place, the one before it in its run.
  const ends: number[] = [];
  const before = new Int32Array(keys.length).fill(-1);
  const keyAt = (place: number | undefined) => (place === undefined ? '' : (keys[place] ?? ''));
  for (const [place, key] of keys.entries()) {
    let [low, high] = [0, ends.length];
    // Nearly always it goes on rising.
    if (keyAt(ends.at(-1)) < key) low = high;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (keyAt(ends[middle]) < key) low = middle + 1;
      else high = middle;
    }
    before[place] = ends[low - 1] ?? -1;
    ends[low] = place;
  }
  const outside: number[] = [];
  let kept = ends.at(-1) ?? -1;
  for (let place = keys.length - 1; place >= 0; place -= 1) {
    if (place === kept) kept = before[place] ?? -1;
    else outside.push(place);
  }
  return outside.reverse();
}
