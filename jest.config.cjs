/** @type {import('jest').Config} */
module.exports = {
  testEnvironment: 'node',
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  transform: {
    '^.+\\.[jt]s$': [
      '@swc/jest',
      {
        jsc: {
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
          target: 'es2022',
          keepClassNames: true,
        },
        module: { type: 'commonjs' },
      },
    ],
  },
  // jose is published as ES modules only, which Jest cannot require.
  transformIgnorePatterns: ['/node_modules/(?!jose/)'],
  // One throw-away PostgreSQL for the whole run; each test file gets its own clone of a migrated database.
  globalSetup: '<rootDir>/test/support/database-setup.ts',
  globalTeardown: '<rootDir>/test/support/database-teardown.ts',
  setupFiles: ['<rootDir>/test/support/fixed-seed.ts'],
  testTimeout: 20_000,
}
