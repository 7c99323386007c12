/** `npm run test:cli`: the tests of the command. */
module.exports = {
  rootDir: '..',
  testMatch: ['<rootDir>/cli/test/**/*.test.ts'],
  transform: { '^.+\\.ts$': ['ts-jest', { tsconfig: '<rootDir>/cli/tsconfig.json' }] },
  moduleNameMapper: { '^cdk-secure-ecr$': '<rootDir>/lib' },
  modulePathIgnorePatterns: ['<rootDir>/build', '<rootDir>/dist', '<rootDir>/cli/build', '<rootDir>/cli/dist'],
  testTimeout: 60_000,
  maxWorkers: 2,
};
