import { Match } from 'aws-cdk-lib/assertions';
import { METRIC_NAMESPACE } from '../../lambda/contracts/environment.ts';
import { metric } from '../../lambda/contracts/metrics.ts';
import { synth } from './synth.ts';

const { hub } = synth();
const [dashboard] = Object.values(hub.findResources('AWS::CloudWatch::Dashboard'));
/** What is between references to resources, which are names only. */
const text: string = dashboard?.Properties.DashboardBody['Fn::Join'][1]
  .map((part: unknown) => (typeof part === 'string' ? part : 'X'))
  .join('');
interface Widget {
  readonly type: string;
  readonly properties: {
    readonly markdown?: string;
    readonly title?: string;
    readonly metrics?: unknown[];
    readonly alarms?: unknown[];
  };
}
const { widgets }: { widgets: Widget[] } = JSON.parse(text);

test('there is one, named after the stack and the Region', () => {
  hub.resourceCountIs('AWS::CloudWatch::Dashboard', 1);
  expect(dashboard?.Properties.DashboardName).toBe('KeyturnHub-eu-west-1');
  hub.hasOutput('*', { Value: 'KeyturnHub-eu-west-1', Description: Match.stringLikeRegexp('CloudWatch') });
});

test('it is read from top to bottom: alarms, runs, keys, trouble, notices, queues and functions', () => {
  expect(widgets[0]?.type).toBe('alarm');
  const headings = widgets.flatMap(({ properties }) => /^## (.+)$/m.exec(properties.markdown ?? '')?.[1] ?? []);
  expect(headings).toEqual(['Runs', 'Keys', 'Trouble', 'Notices', 'Queues and functions']);
});

test('it shows all alarms there are', () => {
  const [status] = widgets;
  expect(status?.properties.alarms).toHaveLength(Object.keys(hub.findResources('AWS::CloudWatch::Alarm')).length);
});

// Users that failed are shown by what was being done.
test.each(Object.values(metric).filter((name) => name !== metric.usersFailed))('it shows %s', (name) => {
  const shown = widgets.flatMap(({ properties }) => properties.metrics ?? []);
  expect(shown).toContainEqual(expect.arrayContaining([METRIC_NAMESPACE, name, 'service', expect.any(String)]));
});

test('keys retired for good are counted over a quarter, whatever range the page shows', () => {
  const widget = widgets.find(({ properties }) => properties.title?.includes('retired for good'));
  expect(widget?.properties).toMatchObject({
    view: 'singleValue',
    start: '-P90D',
    setPeriodToTimeRange: true,
    metrics: [[METRIC_NAMESPACE, 'KeysRetiredForGood', 'service', 'rotate-account', expect.objectContaining({})]],
  });
});

/** A metric as a template names it; references as their text. */
const named = (namespace: string, name: string, dimensions: readonly (readonly unknown[])[]) =>
  JSON.stringify([namespace, name, dimensions.toSorted()]);

test('whatever an alarm rests on is shown', () => {
  const { hub: whole } = synth({ evidence: {} });
  const [page] = Object.values(whole.findResources('AWS::CloudWatch::Dashboard'));
  const body: string = page?.Properties.DashboardBody['Fn::Join'][1]
    .map((part: unknown) => (typeof part === 'string' ? part : JSON.stringify(part).replaceAll('"', "'")))
    .join('');
  const shown = JSON.parse(body).widgets.flatMap(({ properties }: Widget) => properties.metrics ?? []);
  const names = shown.map(([namespace, name, ...rest]: unknown[]) => {
    const dimensions = rest.filter((part) => typeof part === 'string');
    const pairs = Array.from({ length: dimensions.length / 2 }, (_, n) => dimensions.slice(2 * n, 2 * n + 2));
    return named(String(namespace), String(name), pairs);
  });
  interface Watched {
    readonly Namespace: string;
    readonly MetricName: string;
    readonly Dimensions: readonly { readonly Name: string; readonly Value: unknown }[];
  }
  const alarms = Object.values(whole.findResources('AWS::CloudWatch::Alarm')).map(({ Properties }) => Properties);
  const watched: readonly Watched[] = alarms.flatMap((alarm) =>
    alarm.Metrics === undefined
      ? [alarm]
      : alarm.Metrics.flatMap(({ MetricStat }: { MetricStat?: { Metric: Watched } }) => MetricStat?.Metric ?? []),
  );
  const inText = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value).replaceAll('"', "'"));
  expect(watched.length).toBeGreaterThanOrEqual(alarms.length);
  for (const { Namespace, MetricName, Dimensions } of watched) {
    expect(names).toContain(
      named(
        Namespace,
        MetricName,
        Dimensions.map(({ Name, Value }) => [Name, inText(Value)]),
      ),
    );
  }
});

test('nobody is a dimension: neither a run nor an account', () => {
  expect(text).not.toMatch(/runId|RunId|"account"|"Account"/);
});
