/**
 * The processor time and memory that the command takes: `npm run bench:cli`. Each figure is the median of fresh processes, and other work on
 * the machine does not change it; the exit code is 1 if a target is missed. A number as argument is the share of the largest registry to measure.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';

const MAIN = join(process.cwd(), 'cli/build/main.js');
const ROUNDS = 5;
const share = Number(process.argv[2] ?? 1);

interface Measure {
  readonly seconds: number;
  readonly megabytes: number;
}

/** Runs the command in a process that reports its processor time and its peak memory. */
function measure(...args: string[]): Measure {
  const script = 'process.on("exit", () => require("fs").writeSync(3, JSON.stringify(process.resourceUsage())));'
    + `process.argv.splice(1, 0, ${JSON.stringify(MAIN)}); require(${JSON.stringify(MAIN)});`;
  const { status, stderr, output } = spawnSync(process.execPath, ['-e', script, ...args], { stdio: ['ignore', 'ignore', 'pipe', 'pipe'], encoding: 'utf8' });
  if (status !== 0 && status !== 1) {
    throw new Error(`${args.join(' ')} failed:\n${stderr}`);
  }
  const { userCPUTime, systemCPUTime, maxRSS } = JSON.parse(output[3]!) as NodeJS.ResourceUsage;
  return { seconds: (userCPUTime + systemCPUTime) / 1e6, megabytes: maxRSS / 1024 };
}

function median(rounds: number, action: () => number): number {
  return Array.from({ length: rounds }, action).sort((a, b) => a - b)[Math.floor(rounds / 2)];
}

/** A template with repositories and other resources, each with findings. */
function template(resources: number, yaml: boolean): string {
  const parts = Array.from({ length: resources }, (_, index) => index % 2 === 0
    ? [`R${index}`, { Type: 'AWS::ECR::Repository', Properties: { RepositoryName: `team/service-${index}`, ImageTagMutability: 'MUTABLE', Tags: [{ Key: 'a', Value: 'b' }] } }]
    : [`R${index}`, { Type: 'AWS::IAM::Role', Properties: { Policies: [{ PolicyName: 'x', PolicyDocument: { Statement: [{ Effect: 'Allow', Action: ['ecr:BatchGetImage'], Resource: { 'Fn::Sub': '*' } }] } }] } }]);
  const json = { Resources: Object.fromEntries(parts) as object };
  return yaml ? stringify(json) : JSON.stringify(json, undefined, 2);
}

/** Writes the dump of a registry with images of several ages, some of them untagged. */
function writeDump(folder: string, repositories: number, imagesOfEach: number): void {
  const names = Array.from({ length: repositories }, (_, index) => `team-${index % 40}/service-${index}`);
  const write = (path: string, value: unknown) => writeFileSync(join(folder, path), JSON.stringify(value));
  mkdirSync(join(folder, 'repositories'), { recursive: true });
  write('describe-repositories.json', { repositories: names.map(repositoryName => ({
    repositoryName,
    repositoryArn: `arn:aws:ecr:eu-west-1:111122223333:repository/${repositoryName}`,
    createdAt: '2024-01-01T00:00:00Z',
    imageTagMutability: 'MUTABLE',
    imageScanningConfiguration: { scanOnPush: false },
    encryptionConfiguration: { encryptionType: 'AES256' },
  })) });
  const policy = { rules: [
    { rulePriority: 1, selection: { tagStatus: 'tagged', tagPatternList: ['release-*'], countType: 'imageCountMoreThan', countNumber: 50 }, action: { type: 'expire' } },
    { rulePriority: 2, selection: { tagStatus: 'untagged', countType: 'sinceImagePushed', countUnit: 'days', countNumber: 7 }, action: { type: 'expire' } },
  ] };
  names.forEach((name, index) => {
    const path = `repositories/${name.replace('/', '%2F')}`;
    mkdirSync(join(folder, path));
    write(`${path}/describe-images.json`, { imageDetails: Array.from({ length: imagesOfEach }, (_, image) => ({
      registryId: '111122223333',
      repositoryName: name,
      imageDigest: `sha256:${(index * imagesOfEach + image).toString(16).padStart(64, '0')}`,
      imageTags: image % 3 === 0 ? undefined : [`${image % 3 === 1 ? 'release' : 'pr'}-${image}`],
      imageSizeInBytes: 100_000_000 + image,
      imagePushedAt: new Date(Date.UTC(2026, 9, 1) - image * 43_200_000).toISOString(),
      imageScanStatus: { status: 'COMPLETE', description: 'The scan was completed successfully.' },
      imageManifestMediaType: 'application/vnd.docker.distribution.manifest.v2+json',
      lastRecordedPullTime: image % 5 === 0 ? '2026-09-01T00:00:00Z' : undefined,
    })) });
    write(`${path}/get-lifecycle-policy.json`, { lifecyclePolicyText: JSON.stringify(policy) });
    write(`${path}/list-tags-for-resource.json`, { tags: [{ Key: 'team', Value: `team-${index % 40}` }, { Key: 'service', Value: `${index}` }] });
    write(`${path}/get-repository-policy.json`, { policyText: JSON.stringify({ Statement: [{ Effect: 'Allow', Principal: { AWS: '444455556666' }, Action: 'ecr:BatchGetImage' }] }) });
  });
}

const folder = mkdtempSync(join(tmpdir(), 'cdk-secure-ecr-cli-bench-'));
const targets: Array<[string, number, number, string]> = [];
try {
  console.log(`${cpus().length} cores (${cpus()[0].model}), ${(totalmem() / 2 ** 30).toFixed(0)} GiB, Node ${process.version}, ${process.platform}`);
  const help = median(ROUNDS, () => measure('check', '--help').seconds);
  console.log(`check --help ${(help * 1000).toFixed(0)} ms`);
  targets.push(['check --help', help * 1000, 150, 'ms']);

  for (const yaml of [false, true]) {
    const extension = yaml ? 'yaml' : 'json';
    writeFileSync(join(folder, `small.${extension}`), template(2, yaml));
    writeFileSync(join(folder, `large.${extension}`), template(2000, yaml));
    const startUp = median(ROUNDS, () => measure('check', join(folder, `small.${extension}`)).seconds);
    const large = median(ROUNDS, () => measure('check', join(folder, `large.${extension}`)).seconds);
    console.log(`check of 2,000 resources in ${extension}: ${large.toFixed(2)} s, of 2 resources ${startUp.toFixed(2)} s`);
    targets.push([`check of 2,000 resources in ${extension} beyond start-up`, large - startUp, 1, 's']);
  }

  for (const size of [0.1, 0.5, 1].filter(it => it <= share)) {
    const dump = join(folder, `dump-${size}`, '111122223333', 'eu-west-1');
    const repositories = 10_000 * size;
    writeDump(dump, repositories, 100);
    const { seconds, megabytes } = measure('audit', dump, '--at', '2026-11-25', '--html', join(folder, 'report.html'));
    console.log(`audit of ${repositories} repositories with ${repositories * 100} images: ${seconds.toFixed(1)} s, ${megabytes.toFixed(0)} MB`);
    targets.push([`audit of ${repositories} repositories`, seconds, 60, 's'], [`memory of the audit of ${repositories} repositories`, megabytes, 2048, 'MB']);
    rmSync(join(folder, `dump-${size}`), { recursive: true });
  }

  const dump = join(folder, 'dump-adopt');
  writeDump(join(dump, '111122223333', 'eu-west-1'), 1000, 1);
  const { seconds, megabytes } = measure('adopt', dump, '--out', join(folder, 'app'));
  console.log(`adopt of 1000 repositories: ${seconds.toFixed(1)} s, ${megabytes.toFixed(0)} MB`);
  targets.push(['adopt of 1000 repositories', seconds, 20, 's']);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

console.log();
for (const [name, value, most, unit] of targets) {
  console.log(`${value <= most ? 'met   ' : 'MISSED'} ${name}: ${value.toFixed(2)} ${unit}, at most ${most} ${unit}`);
}
process.exitCode = targets.every(([, value, most]) => value <= most) ? 0 : 1;
