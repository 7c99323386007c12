const { readFileSync } = require('node:fs');
const { join } = require('node:path');
const { countsTable, writeSection } = require('../../proven-page');

/** Sums a run up; with `-u`, in `docs/proven.md`, too. */
module.exports = class Reporter {
  constructor(globalConfig) {
    this.writes = globalConfig.updateSnapshot === 'all';
  }

  onRunComplete(_contexts, { testResults, numFailedTests }) {
    const missing = testResults.flatMap(file => file.testResults).filter(({ status }) => status === 'todo').map(test => test.title);
    const lines = [
      ...countsTable(testResults),
      '',
      `With ${versions().join(', ')}. Not proven, because the emulator does not do it:`,
      '',
      ...missing.sort().map(what => `- ${what}`),
    ];
    console.log(`\n${lines.join('\n')}`);
    if (this.writes && numFailedTests === 0) {
      writeSection('deployed', 'npm run test:deploy -- -u', lines);
    }
  }
};

function versions() {
  const requirements = readFileSync(join(__dirname, '..', 'requirements.txt'), 'utf8');
  const crane = /CRANE_VERSION = 'v(.+)'/.exec(readFileSync(join(__dirname, 'tools.ts'), 'utf8'))[1];
  return [
    ...['ministack', 'botocore', 'awscli'].map(name => `${name} ${new RegExp(`^${name}==(.+)$`, 'm').exec(requirements)[1]}`),
    ...['aws-cdk', '@aws-sdk/client-ecr'].map(name => `${name} ${require(`${name}/package.json`).version}`),
    `crane ${crane}`,
  ];
}
