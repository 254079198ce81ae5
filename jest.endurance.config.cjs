/** Overload, stops, a database that dies, migrations and restores, at the full bars: `npm run test:endurance`. */
module.exports = {
  ...require('./jest.config.cjs'),
  roots: ['<rootDir>/test/endurance'],
  globals: { ENDURANCE_BARS: 'full' },
  testTimeout: 900_000,
}
