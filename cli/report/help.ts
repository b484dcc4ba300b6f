/** What stands below the flags of `keyturn report`. Fits 80 columns. */
export const help = `
Everything is read from history, by day: the period itself, and 400 days before
it, so that what was there at its beginning is known. Takes the right
dynamodb:Query on the history table and its index by-day, and nothing of IAM.

html is one page that needs no network, for reading and printing. json is all of
it, for programs. csv is one table: controls, keys, rotations, exemptions, runs,
late-steps or policies.

Examples:
  keyturn report --out october.html
  keyturn report --month 2026-10 --out october.html
  keyturn report --from 2026-07-01 --to 2026-10-01 --format json --out q3.json
  keyturn report --format csv --table rotations > rotations.csv`;
