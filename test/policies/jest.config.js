/** `npm run test:policies`: every policy that the library writes, through an IAM evaluator. Not part of `npm test`. */
module.exports = {
  rootDir: '../..',
  testMatch: ['<rootDir>/test/policies/*.test.ts'],
  transform: { '^.+\\.ts$': ['ts-jest', { diagnostics: false }] },
  moduleNameMapper: { '^cdk-secure-ecr$': '<rootDir>/lib' },
  modulePathIgnorePatterns: ['<rootDir>/build', '<rootDir>/dist'],
  testTimeout: 60_000,
  maxWorkers: 2,
  reporters: ['default', '<rootDir>/test/policies/harness/reporter.js'],
  verbose: true,
};
