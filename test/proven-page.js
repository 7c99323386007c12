const { readFileSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');

const PAGE = join(__dirname, '..', 'docs', 'proven.md');

/** How many checks of each outermost `describe`, or of each file, passed, as a table. */
exports.countsTable = (testResults, nameOf = ({ ancestorTitles }) => ancestorTitles[0]) => {
  const counts = new Map();
  for (const { testFilePath, testResults: results } of testResults) {
    for (const result of results.filter(({ status }) => status === 'passed')) {
      const name = nameOf(result, testFilePath);
      counts.set(name, (counts.get(name) ?? 0) + 1);
    }
  }
  return ['| what | checks that passed |', '| --- | --- |', ...[...counts].map(([name, count]) => `| ${name} | ${count} |`).sort()];
};

/** Puts lines between the comments that begin and end a section of `docs/proven.md`. */
exports.writeSection = (name, command, lines) => {
  const [start, end] = [`<!-- ${name}: written by ${command} -->`, `<!-- end of ${name} -->`];
  const page = readFileSync(PAGE, 'utf8');
  const [before, after] = [page.split(start)[0], page.split(end)[1]];
  writeFileSync(PAGE, `${before}${start}\n\n${lines.join('\n')}\n\n${end}${after}`);
};
