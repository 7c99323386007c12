const { jest } = require('../../package.json');

/** The unit tests, unchanged, through what `npm run build` made: the shortened code that the package ships, not the sources. */
module.exports = {
  rootDir: '../..',
  testMatch: jest.testMatch,
  testPathIgnorePatterns: [...jest.testPathIgnorePatterns, '<rootDir>/test/private/', '<rootDir>/test/inventory.test.ts'], // of the sources
  transform: jest.transform,
  moduleNameMapper: { '^cdk-secure-ecr$': '<rootDir>/build/lib/index.js', '^(\\.\\./)+lib$': '<rootDir>/build/lib/index.js' },
  maxWorkers: 2,
};
