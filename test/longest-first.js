import Sequencer from '@jest/test-sequencer';

/** Suites that take a minute, or share the machine with a local AWS: begun last, one core would wait for them. */
const LONG = [
  'e2e/enforce',
  'crash/in-memory',
  'e2e/observe',
  'crash/local-aws',
  'properties/',
  'e2e/',
  'cli/tampered-table',
  'bench/sweep',
];

const rank = ({ path }) => {
  const found = LONG.findIndex((part) => path.includes(`/test/${part}`));
  return found === -1 ? LONG.length : found;
};

/** The longest suites first, whether or not an earlier run is remembered; the rest as jest would have them. */
export default class LongestFirst extends Sequencer {
  sort(tests) {
    return [...super.sort(tests)].sort((a, b) => rank(a) - rank(b));
  }
}
