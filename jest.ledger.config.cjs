/** The ledger's tests at the full bars: `npm run test:ledger`. */
module.exports = {
  ...require('./jest.config.cjs'),
  roots: ['<rootDir>/test/ledger', '<rootDir>/test/store'],
  testMatch: ['**/test/ledger/*.test.ts', '**/ledger.test.ts'],
  globals: { LEDGER_BARS: 'full' },
  testTimeout: 900_000,
}
