/** Test folders with a jest project of their own: `npm test` leaves them out. */
const OWN_PROJECT = ['deploy', 'hostile', 'policies', 'properties', 'shells'];

/**
 * Test folders of many small files. jest loads the CDK again for each file, which takes two seconds, so `all.ts` runs them as one file.
 * Naming such a folder or a file in it on the command line runs its files alone.
 */
const TOGETHER = ['checks', 'private'];
const alone = TOGETHER.filter(room => process.argv.some(argument => argument.includes(`test/${room}`)));
const together = TOGETHER.filter(room => !alone.includes(room));

/** Milliseconds that each test of a project may take. jest ignores the `testTimeout` of a project. */
const timeout = milliseconds => ({ globals: { TEST_TIMEOUT: milliseconds }, setupFilesAfterEnv: ['<rootDir>/test/timeout.js'] });

const project = (displayName, options) => ({
  displayName,
  transform: { '^.+\\.ts$': 'ts-jest' },
  moduleNameMapper: { '^cdk-secure-ecr$': '<rootDir>/lib' },
  modulePathIgnorePatterns: ['<rootDir>/build', '<rootDir>/dist'],
  ...options,
});

/** One project for each suite; the npm scripts select them by name. */
module.exports = {
  projects: [
    project('unit', {
      testMatch: ['<rootDir>/test/**/*.test.ts', '<rootDir>/examples/**/*.test.ts', ...together.map(room => `<rootDir>/test/${room}/all.ts`)],
      testPathIgnorePatterns: ['/node_modules/', ...OWN_PROJECT.map(folder => `<rootDir>/test/${folder}/`), ...together.map(room => `<rootDir>/test/${room}/.*\\.test\\.ts$`)],
    }),

    // The laws of lifecycle policies over many random policies and registries, with a new seed each time, and hostile values at every prop.
    // A failure prints the smallest example and its seed; to run it again:
    // `npm run test:properties -- --globals '{"LIFECYCLE_RUNS":20000,"LIFECYCLE_SEED":123}'`.
    project('properties', {
      testMatch: ['<rootDir>/test/{properties,hostile}/*.test.ts'],
      globals: { LIFECYCLE_RUNS: 20_000, LIFECYCLE_SEED: Date.now() % 2 ** 31 },
    }),

    // The step of a `ScanGate` in every POSIX shell of the machine.
    project('shells', { testMatch: ['<rootDir>/test/shells/*.test.ts'], ...timeout(60_000) }),

    // Every policy that the library writes, through an IAM evaluator.
    project('policies', { testMatch: ['<rootDir>/test/policies/*.test.ts'], ...timeout(60_000) }),

    // Deployments to an AWS emulator on the loopback interface.
    project('deploy', {
      testMatch: ['<rootDir>/test/deploy/*.test.ts'],
      globalSetup: '<rootDir>/test/deploy/harness/setup.ts',
      globalTeardown: '<rootDir>/test/deploy/harness/teardown.ts',
      ...timeout(300_000),
    }),
  ],
  collectCoverageFrom: ['lib/**/*.ts'],
  coverageThreshold: { global: { branches: 100, functions: 100, lines: 100, statements: 100 } },
  maxWorkers: 2,
};
