import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ACCESS_MISTAKES } from './access-mistakes';
import { CACHE_MISTAKES } from './cache-mistakes';
import { CI_MISTAKES } from './ci-mistakes';
import { EXCLUSION_MISTAKES } from './exclusion-mistakes';
import { FINDING_MISTAKES } from './finding-mistakes';
import { LIFECYCLE_MISTAKES } from './lifecycle-mistakes';
import type { Mistake } from './mistake';
import { NETWORK_MISTAKES } from './network-mistakes';
import { type Outcome, outcomeOf } from './outcome';
import { PAIR_MISTAKES } from './pair-mistakes';
import { PUBLIC_MISTAKES } from './public-mistakes';
import { REPLICATION_MISTAKES, TEMPLATE_MISTAKES } from './registry-mistakes';
import { REPOSITORY_MISTAKES } from './repository-mistakes';
import { GATE_MISTAKES, SCANNING_MISTAKES } from './scanning-mistakes';
import { SIGNING_MISTAKES } from './signing-mistakes';
import { countOf, KINDS } from './unset-values';

const { version } = JSON.parse(readFileSync(require.resolve('aws-cdk-lib/package.json'), 'utf8')) as { version: string };
const PAGE = join(__dirname, '../../docs/misconfigurations.md');
const VALIDATES = Number(version.split('.')[1]) >= 262; // the first version with built-in validation of templates
const AS_ERRORS = { '@aws-cdk/core:validateAgainstDefaultRules': true };

const ROOMS: Array<[string, Mistake[]]> = [
  ['Repositories', REPOSITORY_MISTAKES],
  ['Lifecycle policies', LIFECYCLE_MISTAKES],
  ['Pulls across accounts', ACCESS_MISTAKES],
  ['Pushes from CI', CI_MISTAKES],
  ['Replication', REPLICATION_MISTAKES],
  ['Creation templates', TEMPLATE_MISTAKES],
  ['Scanning', [...SCANNING_MISTAKES, ...GATE_MISTAKES]],
  ['Pull time exclusions', EXCLUSION_MISTAKES],
  ['Public repositories', PUBLIC_MISTAKES],
  ['Scan findings', FINDING_MISTAKES],
  ['Signing', SIGNING_MISTAKES],
  ['Pull through caches', CACHE_MISTAKES],
  ['VPC endpoints', NETWORK_MISTAKES],
  ['Two constructs that do not fit together', PAIR_MISTAKES],
];
const ALL = ROOMS.flatMap(([, mistakes]) => mistakes);
const ours = new Map<Mistake, Outcome>();
const core = new Map<Mistake, Outcome>();

test('are at least 120, each of them once', () => {
  expect(ALL.length).toBeGreaterThanOrEqual(120);
  expect(new Set(ALL.map(({ mistake }) => mistake)).size).toBe(ALL.length);
});

describe.each(ROOMS)('%s', (_, mistakes) => {
  test.each(mistakes.map(mistake => [mistake.mistake, mistake] as const))('%s', (__, mistake) => {
    const outcome = outcomeOf(mistake.ours, mistake.mends);
    ours.set(mistake, outcome);

    if (mistake.names === undefined) {
      expect(outcome).toEqual({ kind: 'mended', text: '' });
    } else {
      expect(outcome.text).toContain(mistake.names);
      expect(['error', 'warning']).toContain(outcome.kind);
    }
  });
});

test.each(KINDS)('$kind is an error in every prop and parameter', kind => {
  const { places, stopped } = countOf(kind);

  expect(places).toBeGreaterThan(5);
  expect(stopped).toBe(places);
});

describe('a message', () => {
  const messages = (): string[] => [...ours.values()].filter(({ kind }) => kind === 'error').flatMap(({ text }) => text.split('\n')).filter(line => line.includes("' must "));

  test('says what a value must be, and what it is', () => {
    expect(messages().length).toBeGreaterThan(80);
    expect(messages().filter(line => !/ got |; /.test(line))).toEqual([]);
  });

  test('never comes from inside the library or the CDK', () => {
    expect([...ours.values()].map(({ text }) => text).filter(text => /Cannot read|is not a function|undefined \(|Resolution error|\[object/.test(text))).toEqual([]);
  });
});

test('the CDK alone, for comparison', () => {
  jest.spyOn(console, 'error').mockReturnValue();
  jest.spyOn(console, 'warn').mockReturnValue();
  for (const mistake of ALL) {
    core.set(mistake, outcomeOf(mistake.core, mistake.mends, AS_ERRORS));
  }
  jest.restoreAllMocks();

  const caught = [...core.values()].filter(({ kind }) => kind !== 'unnoticed').length;
  process.stdout.write(`of ${ALL.length} mistakes: cdk-secure-ecr stops or mends ${[...ours.values()].filter(({ kind }) => kind !== 'unnoticed').length}, `
    + `aws-cdk-lib ${version}${VALIDATES ? ' with its validation as errors' : ', which has no validation of templates,'} ${caught}\n`);
  expect(caught).toBeLessThan(ALL.length);
}, 300_000);

test('the page in the docs says the same', () => {
  const recorded = /aws-cdk-lib (\S+)/.exec(readFileSync(PAGE, { encoding: 'utf8', flag: 'a+' }))?.[1];
  if (process.env.UPDATE_DOCS === '1') {
    writeFileSync(PAGE, page(true));
  }
  const text = readFileSync(PAGE, 'utf8');
  // The column of the CDK belongs to the version that the page names; what is ours holds on every version.
  expect(withoutCore(text)).toBe(withoutCore(page(false)));
  if (recorded === version) {
    expect(text).toBe(page(true));
  }
});

function page(withCore: boolean): string {
  const count = (outcomes: Map<Mistake, Outcome>): number => [...outcomes.values()].filter(({ kind }) => kind !== 'unnoticed').length;
  return [
    '# Misconfigurations',
    '',
    'What people get wrong with Amazon ECR, what would have happened at AWS, and who notices before the deployment. The list is data of a test',
    '(`test/misconfigurations`) that makes every mistake, with this library and with `aws-cdk-lib` alone: its L2 constructs where there are some,',
    'otherwise its L1, and its built-in validation of templates with findings as errors.',
    '',
    `| | stopped or mended, of ${ALL.length} |`,
    '| --- | --- |',
    `| cdk-secure-ecr | ${count(ours)} |`,
    `| aws-cdk-lib ${version} | ${withCore ? count(core) : ''} |`,
    '',
    'An *error* stops the synthesis, a *warning* has an id to acknowledge it by, and *mended* means that the template is right in spite of the mistake.',
    ...ROOMS.flatMap(([room, mistakes]) => [
      '',
      `## ${room}`,
      '',
      '| mistake | at AWS | cdk-secure-ecr | aws-cdk-lib |',
      '| --- | --- | --- | --- |',
      ...mistakes.map(mistake => `| ${mistake.mistake} | ${mistake.atAws} | ${kindOf(ours, mistake)} | ${kindOf(core, mistake)} |`),
    ]),
    '',
    '## Unset variables',
    '',
    'Values such as `process.env.ACCOUNT!` of a variable that is not set, in each parameter and prop of the public classes. The table is generated from the',
    'jsii assembly, and each of these values is an error that names its parameter or prop. They do not count in the figures above.',
    '',
    '| value | parameters and props that can have it | errors that name it |',
    '| --- | --- | --- |',
    ...KINDS.map(kind => ({ ...kind, ...countOf(kind) })).map(({ kind, places, stopped }) => `| ${kind} | ${places} | ${stopped} |`),
    '',
  ].join('\n');
}

function kindOf(outcomes: Map<Mistake, Outcome>, mistake: Mistake): string {
  return outcomes.get(mistake)?.kind ?? '';
}

function withoutCore(text: string): string {
  return text.replace(/ \| \w*( \|)$/gm, '$1').replace(/aws-cdk-lib \d\S+ \|.*/g, 'aws-cdk-lib');
}
