/** `npm test`: the unit tests, all of `lib/` covered. Slower suites have configurations of their own, in their folders. */
module.exports = {
  testMatch: ['<rootDir>/test/**/*.test.ts', '<rootDir>/examples/**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/', '<rootDir>/test/deploy/', '<rootDir>/test/hostile/', '<rootDir>/test/policies/', '<rootDir>/test/shells/'],
  transform: { '^.+\\.ts$': 'ts-jest' },
  moduleNameMapper: { '^cdk-secure-ecr$': '<rootDir>/lib' },
  modulePathIgnorePatterns: ['<rootDir>/build', '<rootDir>/dist'],
  collectCoverageFrom: ['lib/**/*.ts'],
  coverageThreshold: { global: { branches: 100, functions: 100, lines: 100, statements: 100 } },
  maxWorkers: 2,
};
