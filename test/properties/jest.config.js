// The laws of lifecycle policies over many more random policies and registries than `npm test` has time for, with a new seed each time.
// A failure prints the seed and the smallest example; repeat it with `npm run test:properties -- --globals '{"LIFECYCLE_SEED":123}'`.
module.exports = {
  ...require('../../package.json').jest,
  rootDir: '../..',
  testMatch: ['<rootDir>/test/lifecycle/lifecycle-laws.test.ts'],
  collectCoverage: false,
  coverageThreshold: undefined,
  verbose: true,
  globals: { LIFECYCLE_RUNS: 20_000, LIFECYCLE_SEED: Date.now() % 2 ** 31 },
};
