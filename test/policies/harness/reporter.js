const { basename } = require('node:path');
const { countsTable, writeSection } = require('../../proven-page');

/** Sums a run up in `docs/proven.md` with `-u`. */
module.exports = class Reporter {
  constructor(globalConfig) {
    this.writes = globalConfig.updateSnapshot === 'all';
  }

  onRunComplete(_contexts, { testResults, numFailedTests }) {
    if (this.writes && numFailedTests === 0) {
      const versions = ['iam-simulate', 'iam-data'].map(name => `@cloud-copilot/${name} ${require('../../../package.json').devDependencies[`@cloud-copilot/${name}`]}`);
      writeSection('policies', 'npm run test:policies -- -u', [
        ...countsTable(testResults, (_result, file) => basename(file, '.test.ts').replaceAll('-', ' ')), '', `With ${versions.join(', ')}.`,
      ]);
    }
  }
};
