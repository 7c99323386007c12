const { readFileSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');

const PROJECT = join(__dirname, '..', '..', '..');
const PAGE = join(PROJECT, 'docs', 'proven.md');
const [START, END] = ['<!-- deployed: written by npm run test:deploy -- -u -->', '<!-- end of deployed -->'];

/** Sums a run up; with `-u`, in `docs/proven.md`, too. */
module.exports = class Reporter {
  constructor(globalConfig) {
    this.writes = globalConfig.updateSnapshot === 'all';
  }

  onRunComplete(_contexts, { testResults, numFailedTests }) {
    const tests = testResults.flatMap(({ testResults: results }) => results);
    const done = group(tests);
    const proven = [...done].filter(([, results]) => results.some(({ status }) => status === 'passed'));
    const missing = tests.filter(({ status }) => status === 'todo').map(test => test.title);
    const lines = [
      '| what | checks that passed |',
      '| --- | --- |',
      ...proven.map(([what, results]) => `| ${what} | ${results.filter(({ status }) => status === 'passed').length} |`).sort(),
      '',
      `With ${versions().join(', ')}. Not proven, because the emulator does not do it:`,
      '',
      ...missing.sort().map(what => `- ${what}`),
    ];
    console.log(`\n${lines.join('\n')}`);
    if (this.writes && numFailedTests === 0) {
      const page = readFileSync(PAGE, 'utf8');
      const [before, after] = [page.split(START)[0], page.split(END)[1]];
      writeFileSync(PAGE, `${before}${START}\n\n${lines.join('\n')}\n\n${END}${after}`);
    }
  }
};

function title({ ancestorTitles }) {
  return ancestorTitles[0];
}

function group(tests) {
  const groups = new Map();
  for (const test of tests) {
    groups.set(title(test), [...groups.get(title(test)) ?? [], test]);
  }
  return groups;
}

function versions() {
  const requirements = readFileSync(join(__dirname, '..', 'requirements.txt'), 'utf8');
  const crane = /CRANE_VERSION = 'v(.+)'/.exec(readFileSync(join(__dirname, 'tools.ts'), 'utf8'))[1];
  return [
    ...['ministack', 'botocore'].map(name => `${name} ${new RegExp(`^${name}==(.+)$`, 'm').exec(requirements)[1]}`),
    ...['aws-cdk', '@aws-sdk/client-ecr'].map(name => `${name} ${require(`${name}/package.json`).version}`),
    `crane ${crane}`,
  ];
}
