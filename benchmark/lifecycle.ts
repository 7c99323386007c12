/**
 * What a lifecycle preview and a forecast cost: `npm run bench:lifecycle`. Each figure is the median of rounds in a fresh process;
 * the last lines hold the figures to their targets, and so does the exit code.
 */
import { spawnSync } from 'node:child_process';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';

const SIZES = [1000, 10_000, 100_000, 1_000_000];
const RULES = [1, 20, 50];
const ROUNDS = 5;

function child<T>(script: string, ...args: number[]): T {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(__dirname, 'lifecycle', `${script}.js`), ...args.map(String)], { encoding: 'utf8' });
  if (status !== 0) {
    throw new Error(`${script} ${args.join(' ')} failed:\n${stderr}`);
  }
  return JSON.parse(stdout) as T;
}

function median(values: number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
}

function row(...cells: string[]): void {
  console.log(cells.map((cell, index) => index === 0 ? cell.padEnd(20) : cell.padStart(20)).join(''));
}

console.log(`${cpus().length} cores (${cpus()[0].model}), ${(totalmem() / 2 ** 30).toFixed(0)} GiB, Node ${process.version}, ${process.platform}`);
console.log(`medians of ${ROUNDS} rounds, three tags an image\n`);

const previews = new Map(SIZES.flatMap(size => RULES.map(rules => {
  const { milliseconds, megabytes } = child<{ milliseconds: number[]; megabytes: number }>('preview', size, rules, ROUNDS);
  return [`${size} ${rules}`, { milliseconds: median(milliseconds), megabytes }];
})));
const preview = (size: number, rules: number) => previews.get(`${size} ${rules}`)!;
const perImage = (size: number, rules: number) => preview(size, rules).milliseconds * 1000 / size;

row('preview', ...SIZES.map(size => `${size} images`));
RULES.forEach(rules => row(`${rules} rules`, ...SIZES.map(size => `${preview(size, rules).milliseconds.toFixed(0)} ms`)));
console.log();
row('an image', ...SIZES.map(size => `${size} images`));
RULES.forEach(rules => row(`${rules} rules`, ...SIZES.map(size => `${perImage(size, rules).toFixed(2)} us`)));
console.log();
row('peak memory', ...SIZES.map(size => `${size} images`));
RULES.forEach(rules => row(`${rules} rules`, ...SIZES.map(size => `${preview(size, rules).megabytes.toFixed(0)} MB`)));
console.log();

const LENGTHS = [75, 150, 300];
const { nanoseconds } = child<{ nanoseconds: number[] }>('pattern', ...LENGTHS);
row('*a*a*a*a', ...LENGTHS.map(length => `${length} characters`));
row('a tag', ...nanoseconds.map(time => `${time.toFixed(0)} ns`));
console.log();

const forecasts = child<{ milliseconds: Record<string, number> }>('forecast').milliseconds;
row('forecast of a year', ...Object.keys(forecasts));
row('20 pushes a day', ...Object.values(forecasts).map(time => `${time.toFixed(0)} ms`));
console.log();

const searches = child<{ milliseconds: Record<string, number> }>('fit').milliseconds;
row('20 pushes a day', ...Object.keys(searches));
row('a year', ...Object.values(searches).map(time => `${time.toFixed(0)} ms`));
console.log();

const findings = child<{ milliseconds: Record<string, number> }>('findings').milliseconds;
row('findings', ...Object.keys(findings));
row('50 rules', ...Object.values(findings).map(time => `${time.toFixed(1)} ms`));
console.log();

const targets: Array<[string, number, number, string]> = [
  ['100,000 images, 20 pattern rules', preview(100_000, 20).milliseconds, 1500, 'ms'],
  ['1,000,000 images, 20 pattern rules', preview(1_000_000, 20).milliseconds, 2500, 'ms'],
  ['1,000,000 images, 20 pattern rules, peak memory', preview(1_000_000, 20).megabytes, 660, 'MB'],
  ...RULES.map((rules): [string, number, number, string] =>
    [`an image of 1,000,000 against one of 10,000, ${rules} rules`, perImage(1_000_000, rules) / perImage(10_000, rules), 2, 'times']),
  ['a tag of 300 characters against one of 75, *a*a*a*a', nanoseconds[2] / nanoseconds[0], 4, 'times'],
  ['findings for 50 rules', Math.max(...Object.values(findings)), 50, 'ms'],
  ['a forecast of a year', Math.max(...Object.values(forecasts)), 1000, 'ms'],
  ['50 runs of a year', Math.max(searches['50 runs, standard'], searches['50 runs, production']), 6000, 'ms'],
  ['a fit of a year', Math.max(searches.fit, searches['fit in bursts']), 5000, 'ms'],
];
for (const [name, value, most, unit] of targets) {
  console.log(`${value <= most ? 'met   ' : 'MISSED'}  ${name}: ${value.toFixed(value < 10 ? 2 : 0)} ${unit}, at most ${most}`);
}
process.exitCode = targets.every(([, value, most]) => value <= most) ? 0 : 1;
