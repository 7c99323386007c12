/**
 * `npm run test:properties`: the laws of lifecycle policies over many more random policies and registries than `npm test` has time
 * for, with a new seed each time, and hostile values at every prop. A failure prints the smallest example and its seed; to run it again:
 * `npm run test:properties -- --globals '{"LIFECYCLE_RUNS":20000,"LIFECYCLE_SEED":123}'`.
 */
module.exports = {
  rootDir: '../..',
  testMatch: ['<rootDir>/test/lifecycle/lifecycle-laws.test.ts', '<rootDir>/test/hostile/*.test.ts'],
  transform: { '^.+\\.ts$': ['ts-jest', { diagnostics: false }] },
  modulePathIgnorePatterns: ['<rootDir>/build', '<rootDir>/dist'],
  globals: { LIFECYCLE_RUNS: 20_000, LIFECYCLE_SEED: Date.now() % 2 ** 31 },
  verbose: true,
};
