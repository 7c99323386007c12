/** `npm run test:deploy`: real deployments to an AWS emulator on the loopback interface. Not part of `npm test`. */
module.exports = {
  rootDir: '../..',
  testMatch: ['<rootDir>/test/deploy/*.test.ts'],
  transform: { '^.+\\.ts$': ['ts-jest', { diagnostics: false }] },
  moduleNameMapper: { '^cdk-secure-ecr$': '<rootDir>/lib' },
  modulePathIgnorePatterns: ['<rootDir>/build', '<rootDir>/dist'],
  globalSetup: '<rootDir>/test/deploy/harness/setup.ts',
  globalTeardown: '<rootDir>/test/deploy/harness/teardown.ts',
  testTimeout: 300_000,
  maxWorkers: 2,
  reporters: [['default', { summaryThreshold: 100 }], '<rootDir>/test/deploy/harness/reporter.js'],
  verbose: true,
};
