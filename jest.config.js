/** @type {import('jest').Config} */
export default {
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/', '/cdk.out/', '/.local/'],
  modulePathIgnorePatterns: ['<rootDir>/cdk.out', '<rootDir>/.local', '<rootDir>/dist'],
  transform: {
    '^.+\\.[tj]s$': [
      '@swc/jest',
      { jsc: { target: 'es2024', parser: { syntax: 'typescript' } }, module: { type: 'commonjs' } },
    ],
  },
  moduleNameMapper: {
    // The one file of zod that bundles need beside its index: jest wants its CommonJS twin, to share zod's settings.
    '^zod/v4/locales/en[.]js$': 'zod/v4/locales/en.cjs',
    // They ship as .mjs, which jest can't require.
    '^(d3-[a-z-]+)$': '<rootDir>/node_modules/$1/dist/$1.min.js',
  },
  // These ship ES modules only; jest runs CommonJS, so they are transformed like our own files.
  transformIgnorePatterns: ['/node_modules/(?!(p-limit|yocto-queue|ulid|listr2|commander|fflate|canonicalize)/)'],
  testSequencer: '<rootDir>/test/longest-first.js',
  testTimeout: 60_000,
  // jest would leave one core to itself; here it only waits.
  maxWorkers: '100%',
};
