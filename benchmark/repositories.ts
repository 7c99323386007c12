/**
 * What a `SecureRepository` costs, against `ecr.Repository` and `CfnRepository` that write the same templates: `npm run bench`.
 * Every figure is the median of rounds in fresh processes; the last lines hold the figures to their targets, and so does the exit code.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import type { LoadTimes } from './repositories/load';
import type { Measurement } from './repositories/measure';

const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 5);
const SIZES = [1, 100, 1000, 4000];
const KINDS = { 'SecureRepository': 'secure-repository', 'ecr.Repository': 'repository', 'CfnRepository': 'cfn-repository' } as const;

type Kind = keyof typeof KINDS;

function child<T>(script: string, ...args: string[]): T {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(__dirname, 'repositories', `${script}.js`), ...args], {
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    env: { ...process.env, CDK_VALIDATION: 'false', JSII_DEPRECATED: 'quiet' }, // no built-in validation of templates
  });
  if (status !== 0) {
    throw new Error(`${script} ${args.join(' ')} failed:\n${stderr}`);
  }
  return JSON.parse(stdout) as T;
}

function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

function row(...cells: string[]): void {
  console.log(cells.map((cell, index) => index === 0 ? cell.padEnd(20) : cell.padStart(18)).join(''));
}

const results = new Map<string, Measurement[]>();
const resultsOf = (kind: Kind, size: number): Measurement[] => results.get(`${kind} ${size}`)!;
const kinds = Object.keys(KINDS) as Kind[];

for (let round = 0; round < ROUNDS; round++) {
  for (const size of SIZES) {
    for (let turn = 0; turn < kinds.length; turn++) {
      const kind = kinds[(turn + round) % kinds.length]; // no kind always runs first
      const key = `${kind} ${size}`;
      results.set(key, [...results.get(key) ?? [], child<Measurement>(KINDS[kind], String(size))]);
    }
  }
}
for (const size of SIZES) {
  const fingerprints = new Set(kinds.flatMap(kind => resultsOf(kind, size).map(result => result.fingerprint)));
  if (fingerprints.size !== 1) {
    throw new Error(`the templates of ${size} repositories differ: the comparison would mean nothing`);
  }
}

const time = (kind: Kind, size: number): number => median(resultsOf(kind, size).map(result => result.milliseconds));
const memory = (kind: Kind, size: number): number => median(resultsOf(kind, size).map(result => result.megabytes));

const folder = mkdtempSync(join(tmpdir(), 'cdk-secure-ecr-bench-'));
const list = join(folder, 'loaded.json');
writeFileSync(list, JSON.stringify(child<string[]>('load')));
const loads = Array.from({ length: 3 * ROUNDS }, () => child<LoadTimes>('load', list));
const load = (what: keyof LoadTimes): number => median(loads.map(times => times[what]));
rmSync(folder, { recursive: true });

const grants = (by: string): number => median(Array.from({ length: ROUNDS }, () => child<number>('grants', by)));
const [ourGrants, grantsOfCdk] = [grants('cdk-secure-ecr'), grants('aws-cdk-lib')];
const checks = new Map([1000, 4000].map(size => [size, median(Array.from({ length: ROUNDS }, () => child<number>('checks', String(size))))]));

console.log(`${cpus().length} cores (${cpus()[0].model}), ${(totalmem() / 2 ** 30).toFixed(0)} GiB, Node ${process.version}, ${process.platform}`);
console.log(`medians of ${ROUNDS} rounds, a fresh process each, built-in template validation off, equal templates\n`);
row('construct + synth', ...SIZES.map(String));
kinds.forEach(kind => row(kind, ...SIZES.map(size => `${time(kind, size).toFixed(0)} ms`)));
console.log();
row('a repository', ...SIZES.map(String));
kinds.forEach(kind => row(kind, ...SIZES.map(size => `${(time(kind, size) / size).toFixed(3)} ms`)));
console.log();
row('peak memory', ...SIZES.map(String));
kinds.forEach(kind => row(kind, ...SIZES.map(size => `${memory(kind, size).toFixed(0)} MB`)));
console.log();
row('loading the library', 'import', 'SecureRepository', 'everything');
row('', ...(['imported', 'repository', 'everything'] as const).map(what => `${load(what).toFixed(1)} ms`));
console.log();

row('100 repositories', 'SecureRepository', 'ecr.Repository');
row('granted to 20 roles', `${ourGrants.toFixed(0)} ms`, `${grantsOfCdk.toFixed(0)} ms`);
console.log();
row('EcrChecks', ...[...checks.keys()].map(String));
row('bare repositories', ...[...checks.values()].map(milliseconds => `${milliseconds.toFixed(0)} ms`));
console.log();

const LARGEST = 4000;
const further = (from: number, to: number): number => (time('SecureRepository', to) - time('SecureRepository', from)) / (to - from);
const targets: Array<[what: string, got: number, atMost: number]> = [
  [`time of ${LARGEST}, against ecr.Repository`, time('SecureRepository', LARGEST) / time('ecr.Repository', LARGEST), 0.75],
  [`time of ${LARGEST}, against CfnRepository`, time('SecureRepository', LARGEST) / time('CfnRepository', LARGEST), 1.1],
  ['growth: a further repository, from 1000 to 4000 against from 100 to 1000', further(1000, LARGEST) / further(100, 1000), 1.2],
  [`memory of ${LARGEST}, against ecr.Repository`, memory('SecureRepository', LARGEST) / memory('ecr.Repository', LARGEST), 1.1],
  ['milliseconds until the first use of SecureRepository', load('repository'), 20],
  ['100 repositories granted to 20 roles, against the grants of the CDK', ourGrants / grantsOfCdk, 1],
  ['milliseconds of EcrChecks over 4000 bare repositories', checks.get(4000)!, 600],
  ['growth: EcrChecks over 4000 repositories against 4 times 1000', checks.get(4000)! / (4 * checks.get(1000)!), 1.2],
];
for (const [what, got, atMost] of targets) {
  console.log(`${got <= atMost ? 'met   ' : 'MISSED'} ${what}: ${got.toFixed(2)}, at most ${atMost}`);
}
if (targets.some(([, got, atMost]) => got > atMost)) {
  process.exitCode = 1;
}
