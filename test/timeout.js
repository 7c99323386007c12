/* global jest */
/** Gives each test the time that `jest.config.js` states for its project. */
jest.setTimeout(globalThis.TEST_TIMEOUT);
