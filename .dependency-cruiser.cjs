/** Import directions of DESIGN section 8: who may know of whom. */
const only = (from, allowed, why) => ({
  name: `${from.name} imports only what it may`,
  comment: why,
  severity: 'error',
  from: { path: from.path },
  to: { path: '^(lambda|lib|cli|bin|local|bench|test)/', pathNot: allowed },
});

module.exports = {
  forbidden: [
    { name: 'no cycles', severity: 'error', from: {}, to: { circular: true, dependencyTypesNot: ['type-only'] } },
    only({ name: 'domain', path: '^lambda/domain/' }, ['^lambda/domain/'], 'The rules know nothing but themselves.'),
    {
      name: 'domain is pure',
      severity: 'error',
      from: { path: '^lambda/domain/' },
      to: { dependencyTypes: ['npm', 'npm-dev', 'core'] },
    },
    only(
      { name: 'contracts', path: '^lambda/contracts/' },
      ['^lambda/(domain|contracts)/'],
      'Shared by stacks and functions.',
    ),
    only(
      { name: 'ports', path: '^lambda/ports\\.ts$' },
      ['^lambda/(domain|contracts)/'],
      'Ports are told in domain words.',
    ),
    only(
      { name: 'workflows', path: '^lambda/workflows/' },
      ['^lambda/(domain|contracts|workflows)/', '^lambda/ports\\.ts$'],
      'Workflows meet the world through ports alone.',
    ),
    only(
      { name: 'adapters', path: '^lambda/adapters/' },
      ['^lambda/(domain|contracts|platform|adapters)/', '^lambda/ports\\.ts$'],
      'Adapters do not know who uses them.',
    ),
    only(
      { name: 'platform', path: '^lambda/platform/' },
      ['^lambda/(domain|contracts|platform)/', '^lambda/ports\\.ts$'],
      'Platform is what every handler needs.',
    ),
    only(
      { name: 'rendering', path: '^lambda/rendering/' },
      ['^lambda/(domain|rendering)/'],
      'What writes a report knows nothing but the report.',
    ),
    only(
      { name: 'handlers', path: '^lambda/handlers/([^/]+)\\.ts$' },
      ['^lambda/(?!handlers/)', '^lambda/handlers/$1\\.ts$'],
      'Handlers do not know each other.',
    ),
    only(
      { name: 'lib', path: '^lib/' },
      ['^lib/', '^lambda/(contracts|domain)/'],
      'What is deployed agrees with the functions through contracts and rules.',
    ),
    only({ name: 'cli', path: '^cli/' }, ['^cli/', '^lambda/(?!handlers/)'], 'The CLI reuses workflows and adapters.'),
    {
      name: 'only adapters speak to AWS',
      severity: 'error',
      from: {
        path: '^lambda/(domain|contracts|workflows|platform|ports)',
        pathNot: '^lambda/platform/aws-clients\\.ts$',
      },
      to: { path: 'node_modules/@aws-sdk/' },
    },
    {
      name: 'nothing deployed knows that it is local',
      severity: 'error',
      from: { path: '^(lambda|lib|cli|bin)/' },
      to: { path: '^(local|test|bench)/' },
    },
  ],
  options: {
    parser: 'swc',
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(dist|cdk\\.out|\\.local)/' },
    enhancedResolveOptions: {
      extensions: ['.ts', '.js'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};
