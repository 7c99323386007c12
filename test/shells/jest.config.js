/** `npm run test:shells`: the step of a `ScanGate` in every POSIX shell that this machine has. Not part of `npm test`, which renders it only. */
module.exports = {
  rootDir: '../..',
  testMatch: ['<rootDir>/test/shells/*.test.ts'],
  transform: { '^.+\\.ts$': ['ts-jest', { diagnostics: false }] },
  modulePathIgnorePatterns: ['<rootDir>/build', '<rootDir>/dist'],
  testTimeout: 60_000,
};
