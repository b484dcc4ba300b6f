/** @type {import('jest').Config} */
export default {
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/', '/cdk.out/', '/.local/'],
  modulePathIgnorePatterns: ['<rootDir>/cdk.out', '<rootDir>/.local', '<rootDir>/dist'],
  transform: {
    '^.+\\.[tj]s$': ['@swc/jest', { jsc: { target: 'es2024', parser: { syntax: 'typescript' } }, module: { type: 'commonjs' } }],
  },
  // These ship ES modules only; jest runs CommonJS, so they are transformed like our own files.
  transformIgnorePatterns: ['/node_modules/(?!(p-limit|yocto-queue|ulid|listr2|commander|fflate)/)'],
  testTimeout: 20_000,
};
