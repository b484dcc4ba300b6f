/** What stands below the flags of `forecast`. Fits 80 columns. */
export const forecastHelp = `
Tells what the runs of a time ahead would do: how many keys they rotate, disable
and delete on each day and in each account, how far the caps reach, how many
messages owners get, who is held up and why, what it costs. Changes nothing.

Of credential reports (IAM console, Credential report, Download) it needs no AWS
access. Without any it takes the sample that comes with keyturn. With --live it
reads an account as plan does, and takes the same rights.

A policy is a preset (default, cis), a JSON file such as
  {"preset": "cis", "maxStepsPerSweep": 20}
or settings such as keyturn.config.ts, of which it takes policy. Such a file is
run as a program. More in docs/forecast.md.

Examples:
  keyturn forecast
  keyturn forecast --compare default,cis --html forecast.html
  keyturn forecast status_reports_*.csv --policy cis
  keyturn forecast report.csv --policy keyturn.config.ts --days 90
  keyturn forecast report.csv --csv > forecast.csv
  keyturn forecast --live --compare default,cis`;
