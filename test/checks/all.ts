// One file for jest, which loads the CDK again for each test file: two seconds for tests of milliseconds. See jest.config.js.
import { requireTests } from '../require-tests';

requireTests(__dirname);
