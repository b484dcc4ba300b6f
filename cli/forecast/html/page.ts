import { escapeHtml } from '../../../lambda/domain/escape.ts';
import { count, dayOf } from '../../dates.ts';
import type { ForecastReport } from '../forecast-report.ts';
import { sourceInWords } from '../wording.ts';
import { list, number } from './markup.ts';
import { comparison, policySection } from './policy-section.ts';
import { style } from './style.ts';

/** The forecast as one HTML page that needs nothing else: no network, no script. */
export function forecastPage(report: ForecastReport): string {
  const { source, from, to, runs, accounts, users, usersWithoutKeys, keys, policies } = report;
  const title = `Keyturn forecast, ${dayOf(from)} to ${dayOf(to)}`;
  const scope = `${count(runs, 'run')}, one a day; ${count(accounts, 'account')}, ${number(users)} ${users === 1 ? 'user' : 'users'} (${number(usersWithoutKeys)} without keys), ${number(keys)} keys.`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<title>${escapeHtml(title)}</title>
<style>${style}</style>
</head>
<body>
<main>
<h1>${escapeHtml(title)}</h1>
<p>What would happen to the keys of ${escapeHtml(sourceInWords(source))}. Nothing has been changed.</p>
<p class="soft">${escapeHtml(scope)}</p>
${rootKeys(report)}
${policies.length > 1 ? comparison(policies) : ''}
${policies.map((policy) => policySection(policy, report)).join('\n')}
<section><h2>Taken for granted</h2>${list(report.assumed)}</section>
<section><h2>Not certain</h2>${list(report.uncertain)}</section>
</main>
</body>
</html>
`;
}

function rootKeys({ rootKeys: found }: ForecastReport): string {
  if (found.length === 0) return '';
  const accounts = found.map(({ account }) => account).join(', ');
  return `<p class="warn">The root user has Active access keys in ${escapeHtml(accounts)}: delete them, Keyturn does not touch them.</p>`;
}
