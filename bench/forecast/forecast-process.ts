/** One forecast in a process of its own, as the command does it, so that its memory can be told. */
import { forecastReports } from '../../cli/verbs/forecast.ts';
import { type Measurement, order } from './messages.ts';

process.once('message', async (message) => {
  const { files, start, days, policies } = order.parse(message);
  const started = performance.now();
  const options = { days, runAt: 6 * 60 + 17, from: start, compare: policies };
  const { report } = await forecastReports(files, options, start);
  const bytes = JSON.stringify(report).length;
  const { user, system } = process.cpuUsage();
  const measured: Measurement = {
    wallMs: performance.now() - started,
    cpuMs: (user + system) / 1000,
    peakRssBytes: process.resourceUsage().maxRSS * 1024,
    users: report.users,
    steps: report.policies.reduce((sum, { totals }) => sum + totals.rotate + totals.disable + totals.delete, 0),
    bytes,
  };
  process.send?.(measured, () => process.exit(0));
});
