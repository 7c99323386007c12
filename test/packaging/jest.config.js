const unitTests = require('../../jest.config');

/** The unit tests, unchanged, through what `npm run build` made: the shortened code that the package ships, not the sources. */
module.exports = {
  rootDir: '../..',
  testMatch: unitTests.testMatch,
  testPathIgnorePatterns: [...unitTests.testPathIgnorePatterns, '<rootDir>/test/private/', '<rootDir>/test/inventory.test.ts'], // of the sources
  transform: unitTests.transform,
  moduleNameMapper: { '^cdk-secure-ecr$': '<rootDir>/build/lib/index.js', '^(\\.\\./)+lib$': '<rootDir>/build/lib/index.js' },
  maxWorkers: 2,
};
