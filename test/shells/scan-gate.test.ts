/**
 * Runs the script of a gate in real shells, against an AWS CLI that answers what Amazon ECR would.
 */
import { App, Duration, Stack } from 'aws-cdk-lib';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import { MissingScan, ScanGate, type ScanGateProps, SecureRepository } from '../../lib';
import { type Run, runScript, type Scan, SHELLS, type World } from './shell';

const AMD64 = `sha256:${'a'.repeat(64)}`;
const ARM64 = `sha256:${'b'.repeat(64)}`;
const INDEX = `sha256:${'c'.repeat(64)}`;
const ATTESTATION = `sha256:${'d'.repeat(64)}`;

function scriptOf(props: Partial<ScanGateProps> = {}): string {
  const stack = new Stack(new App(), 'Images', { env: { account: '111111111111', region: 'eu-west-1' } });
  return new ScanGate({ repository: new SecureRepository(stack, 'Api', { repositoryName: 'team/api' }), ...props }).toScript();
}

type Counts = Record<string, number>;

const list = (counts: Counts): object[] => Object.entries(counts).flatMap(([severity, count]) => Array.from({ length: count }, () => ({ severity })));

/** A finished scan of basic scanning. */
function basic(counts: Counts, more: object = {}): Scan {
  return {
    pages: [{
      imageScanFindings: { findings: list(counts), imageScanCompletedAt: '2026-11-21T10:00:00+00:00', findingSeverityCounts: counts },
      imageScanStatus: { status: 'COMPLETE', description: 'The scan was completed successfully.' },
    }],
    ...more,
  };
}

/** A finished scan of enhanced scanning, which goes on. */
function enhanced(counts: Counts, name = 'ACTIVE'): Scan {
  return {
    pages: [{
      imageScanFindings: { enhancedFindings: list(counts), imageScanCompletedAt: '2026-11-21T10:00:00+00:00', findingSeverityCounts: counts },
      imageScanStatus: { status: name, description: 'Continuous scan is selected for image.' },
    }],
  };
}

/** A scan without a result. */
function status(name: string, description = '', more: object = {}): Scan {
  return { pages: [{ imageScanStatus: { status: name, description }, imageScanFindings: { findings: [] } }], ...more };
}

const gate = (props: Partial<ScanGateProps>, world: Partial<World> = {}, shell = ['sh']): Run => runScript(
  scriptOf(props), { images: [{ digest: AMD64, tag: 'v1' }], ...world }, { args: ['v1'], shell },
);

/** Runs a gate on one image with one scan, or several one after another. */
const scanned = (scans: Scan | Scan[], props: Partial<ScanGateProps> = {}): Run => gate(props, { scans: { [AMD64]: [scans].flat() } });

const indexOf = (...manifests: object[]): World['images'][number] => ({
  digest: INDEX,
  tag: 'v1',
  mediaType: 'application/vnd.oci.image.index.v1+json',
  manifest: JSON.stringify({ schemaVersion: 2, manifests }, undefined, 2),
});
const child = (digest: string, os = 'linux', architecture = 'amd64'): object => ({
  mediaType: 'application/vnd.oci.image.manifest.v1+json', digest, size: 500, platform: { architecture, os },
});
const INDEXED: World['images'] = [
  indexOf(child(AMD64), child(ARM64, 'linux', 'arm64'), child(ATTESTATION, 'unknown', 'unknown')),
  { digest: AMD64 }, { digest: ARM64 }, { digest: ATTESTATION },
];

describe.each([['basic', basic], ['enhanced', enhanced]] as const)('findings of %s scanning', (_, scan) => {
  test.each<[Counts, Partial<ScanGateProps>, number]>([
    [{}, {}, 0],
    [{ HIGH: 5 }, {}, 0],
    [{ HIGH: 6 }, {}, 1],
    [{ CRITICAL: 1 }, {}, 1],
    [{ CRITICAL: 2, HIGH: 9 }, { maxCritical: 2, maxHigh: 9 }, 0],
    [{ CRITICAL: 3 }, { maxCritical: 2 }, 1],
    [{ HIGH: 1 }, { maxHigh: 0 }, 1],
    [{ MEDIUM: 200, LOW: 300, UNDEFINED: 7, UNTRIAGED: 7, INFORMATIONAL: 1 }, {}, 0],
    [{ MEDIUM: 10 }, { maxMedium: 10 }, 0],
    [{ MEDIUM: 11 }, { maxMedium: 10 }, 1],
  ])('%j with %j ends with %i', (counts, props, code) => {
    expect(scanned(scan(counts), props)).toMatchObject({ code, slept: 0, errors: '' });
  });

  test('are told for the digest, with the limits', () => {
    expect(scanned(scan({ CRITICAL: 0, HIGH: 3 })).lines).toEqual([
      `team/api@${AMD64}: 0 CRITICAL (at most 0), 3 HIGH (at most 5)`,
      'PASSED team/api v1',
    ]);
    expect(scanned(scan({ CRITICAL: 1 }), { maxMedium: 7 }).lines).toEqual([
      `team/api@${AMD64}: too many: 1 CRITICAL (at most 0), 0 HIGH (at most 5), 0 MEDIUM (at most 7)`,
      'REFUSED team/api v1',
    ]);
  });
});

describe('findings', () => {
  test('of enhanced scanning on push are complete', () => {
    expect(scanned(enhanced({ CRITICAL: 1 }, 'COMPLETE')).code).toBe(1);
  });

  test('on several pages add up where the totals are of one page only', () => {
    const [{ pages: [first] = [] }, { pages: [second] = [] }] = [enhanced({ HIGH: 3 }), enhanced({ HIGH: 3 })];

    expect(scanned({ pages: [first, second] }).lines).toContain(`team/api@${AMD64}: too many: 0 CRITICAL (at most 0), 6 HIGH (at most 5)`);
  });

  test('on several pages count once where the totals are of all pages', () => {
    const pages = [3, 2].map(HIGH => ({
      imageScanStatus: { status: 'ACTIVE' },
      imageScanFindings: { enhancedFindings: list({ HIGH }), imageScanCompletedAt: 'now', findingSeverityCounts: { HIGH: 5 } },
    }));

    expect(scanned({ pages }).lines).toContain(`team/api@${AMD64}: 0 CRITICAL (at most 0), 5 HIGH (at most 5)`);
  });

  test('count by their totals where they are not listed, and by the list where there are no totals', () => {
    const page = (found: object): Scan => ({ pages: [{ imageScanStatus: { status: 'COMPLETE' }, imageScanFindings: { imageScanCompletedAt: 'now', ...found } }] });

    expect(scanned(page({ findingSeverityCounts: { CRITICAL: 1 } })).code).toBe(1);
    expect(scanned(page({ findings: list({ CRITICAL: 1 }) })).code).toBe(1);
    expect(scanned(page({})).code).toBe(0);
  });

  test('are found among warnings of the AWS CLI', () => {
    const scans = { [AMD64]: [basic({ HIGH: 6 })] };

    expect(gate({}, { scans, noise: 'Python 3.8 is deprecated\npage 1 of * is old\n' }).code).toBe(1);
  });

  test('are those of the image that the tag was when the gate began', () => {
    const { calls } = scanned(basic({}));

    expect(calls.filter(({ operation }) => operation === 'describe-image-scan-findings').map(({ options }) => options['--image-id']))
      .toEqual([[`imageDigest=${AMD64}`]]);
  });
});

describe('an image', () => {
  test('may be given by its digest', () => {
    const world: World = { images: [{ digest: AMD64 }], scans: { [AMD64]: [basic({})] } };

    expect(runScript(scriptOf(), world, { args: [AMD64] })).toMatchObject({ code: 0, lines: expect.arrayContaining([`PASSED team/api ${AMD64}`]) });
  });

  test('that does not exist cannot be judged', () => {
    expect(gate({}, { images: [] })).toMatchObject({ code: 3, lines: ['team/api has no imageTag=v1: Requested image not found'] });
  });

  test('is looked for in the registry and Region of the repository', () => {
    for (const { options } of scanned(basic({})).calls) {
      expect(options).toMatchObject({ '--registry-id': ['111111111111'], '--region': ['eu-west-1'], '--repository-name': ['team/api'] });
    }
  });

  test.each([[undefined], [''], ['v1 v2'], ['v1,imageDigest=sha256:1'], ['v1;exit 0'], ['$(exit 0)'], ['v1\nv2'], ["v1'"], ['*']])('cannot be %j', image => {
    const run = runScript(scriptOf(), { images: [{ digest: AMD64, tag: 'v1' }] }, { args: image === undefined ? [] : [image] });

    expect(run).toMatchObject({ code: 3, calls: [] });
    expect(run.output).toContain('scan gate: needs a tag or digest of team/api, got');
  });
});

describe('the name of a repository', () => {
  test.each([["x'; exit 0; '"], ['$(exit 0)'], ['`exit 0`'], ['a"b'], ['a\nb'], ['\\'], ["'"], ['* ?']])('is never part of a command: %j', name => {
    const stack = new Stack(new App(), 'Images');
    const script = new ScanGate({ repository: ecr.Repository.fromRepositoryName(stack, 'Api', name) }).toScript();
    const { code, calls } = runScript(script, { images: [{ digest: AMD64, tag: 'v1' }] }, { args: ['v1'] });

    expect(code).toBe(3);
    expect(calls.map(({ options }) => options['--repository-name'])).toEqual([[name]]);
  });
});

describe('an index', () => {
  const index = (amd64: Scan, arm64: Scan, props: Partial<ScanGateProps> = {}, images = INDEXED): Run => (
    gate(props, { images, scans: { [AMD64]: [amd64], [ARM64]: [arm64] } })
  );

  test('passes if the image of every platform does', () => {
    expect(index(basic({ HIGH: 5 }), enhanced({ HIGH: 4 }))).toMatchObject({
      code: 0,
      lines: [
        `team/api@${AMD64} (linux/amd64): 0 CRITICAL (at most 0), 5 HIGH (at most 5)`,
        `team/api@${ARM64} (linux/arm64): 0 CRITICAL (at most 0), 4 HIGH (at most 5)`,
        'PASSED team/api v1',
      ],
    });
  });

  test.each([[basic({ HIGH: 6 }), basic({})], [basic({}), basic({ CRITICAL: 1 })]])('is refused if one does not, whichever', (amd64, arm64) => {
    expect(index(amd64, arm64).code).toBe(1);
  });

  test('is refused rather than unknown, and tells of all images', () => {
    const { code, lines } = index(status('FAILED', 'boom'), basic({ CRITICAL: 1 }));

    expect(code).toBe(1);
    expect(lines).toHaveLength(3);
  });

  test('is unknown if an image is', () => {
    expect(index(basic({}), status('FAILED', 'boom')).code).toBe(2);
  });

  test('is a list of Docker as well', () => {
    const [first, ...others] = INDEXED;
    const images = [{ ...first, mediaType: 'application/vnd.docker.distribution.manifest.list.v2+json' }, ...others];

    expect(index(basic({ CRITICAL: 1 }), basic({}), {}, images).code).toBe(1);
  });

  test('leaves out attestations, whatever the scanner says of them, and nothing that only looks like one', () => {
    const annotated = (digest: string, annotations: object): object => ({ ...child(digest), annotations });
    const images = [
      indexOf(annotated(AMD64, { os: 'unknown', architecture: 'unknown', note: '"platform":{"architecture":"unknown","os":"unknown"}' }),
        child(ARM64, 'unknown', 'arm64'), child(ATTESTATION, 'unknown', 'unknown')),
      ...INDEXED.slice(1),
    ];
    const { calls } = index(basic({}), basic({}), {}, images);

    expect(calls.filter(({ operation }) => operation === 'describe-image-scan-findings').map(({ options }) => options['--image-id'][0]))
      .toEqual([`imageDigest=${AMD64}`, `imageDigest=${ARM64}`]);
  });

  test('may say nothing about platforms', () => {
    const images = [indexOf({ digest: AMD64 }), { digest: AMD64 }];

    expect(gate({}, { images, scans: { [AMD64]: [basic({ CRITICAL: 1 })] } })).toMatchObject({
      code: 1, lines: expect.arrayContaining([expect.stringContaining('(any/any): too many')]),
    });
  });

  test('may hold an index', () => {
    const outer = { ...indexOf({ digest: INDEX }), digest: `sha256:${'e'.repeat(64)}` };
    const images = [outer, { ...indexOf(child(AMD64)), tag: undefined }, { digest: AMD64 }];

    expect(gate({}, { images, scans: { [AMD64]: [basic({ CRITICAL: 1 })] } }).code).toBe(1);
  });

  test('without an image has no verdict', () => {
    expect(gate({}, { images: [indexOf(child(ATTESTATION, 'unknown', 'unknown'))] })).toMatchObject({
      code: 2, lines: ['NO VERDICT on team/api v1: it holds no image'],
    });
    expect(gate({}, { images: [indexOf()] }).code).toBe(2);
  });

  test.each([
    ['the image of a platform is gone', [indexOf(child(AMD64)), { digest: ARM64 }]],
    ['it is no JSON', [{ ...indexOf(), manifest: 'broken' }]],
    ['its text would end the query', [{ ...indexOf(), manifest: '{"manifests":[]}`.x || `[]' }]],
  ])('cannot be judged if %s', (_, images) => {
    expect(gate({}, { images, scans: { [AMD64]: [basic({})] } }).code).toBe(3);
  });
});

describe('a scan', () => {
  const later = basic({ HIGH: 1 }, { after: 35 });

  test.each([
    ['was not found yet', undefined],
    ['is pending', status('PENDING', 'Pending start of the image scan.')],
    ['is in progress', status('IN_PROGRESS')],
    ['has no findings yet', status('FINDINGS_UNAVAILABLE')],
    ['says that it is complete before the findings are there', status('COMPLETE', 'The scan was completed successfully.')],
    ['says that it is active before the findings are there', status('ACTIVE', 'Continuous scan is selected for image.')],
  ])('that %s is waited for', (_, before) => {
    const { code, slept, lines } = scanned([...before ? [before] : [], later]);

    expect({ code, slept }).toEqual({ code: 0, slept: 40 });
    expect(lines).toHaveLength(3); // waits in one line, however long
    expect(lines[0]).toMatch(/^team\/api@sha256:a{64}: waiting: [A-Z_]+$/);
  });

  test('is waited for as long as the timeout, and not longer', () => {
    expect(scanned(status('IN_PROGRESS'), { timeout: Duration.seconds(25) })).toMatchObject({
      code: 2,
      slept: 25,
      lines: [`team/api@${AMD64}: waiting: IN_PROGRESS`, `team/api@${AMD64}: no result within 25 seconds: IN_PROGRESS`, 'NO VERDICT on team/api v1'],
    });
    expect(scanned([status('PENDING'), basic({}, { after: 25 })], { timeout: Duration.seconds(25) })).toMatchObject({ code: 0, slept: 25 });
    expect(scanned([status('PENDING'), basic({}, { after: 26 })], { timeout: Duration.seconds(25) })).toMatchObject({ code: 2, slept: 25 });
  });

  test('is asked for once with a timeout of 0', () => {
    expect(scanned(status('IN_PROGRESS'), { timeout: Duration.seconds(0) })).toMatchObject({ code: 2, slept: 0 });
    expect(scanned(basic({}), { timeout: Duration.seconds(0) })).toMatchObject({ code: 0, slept: 0 });
  });

  test('of one platform does not get the time of another again', () => {
    const scans = { [AMD64]: [status('PENDING')], [ARM64]: [status('PENDING'), basic({}, { after: 30 })] };

    expect(gate({ timeout: Duration.seconds(60) }, { images: INDEXED, scans })).toMatchObject({ code: 2, slept: 60 });
  });

  test.each([
    ['FAILED', 'The scan failed.'],
    ['SCAN_ELIGIBILITY_EXPIRED', 'The image is too old.'],
    ['LIMIT_EXCEEDED', ''],
    ['IMAGE_ARCHIVED', ''],
    ['SOMETHING_NEW', ''],
  ])('that ended as %s gives no verdict at once', (name, description) => {
    expect(scanned(status(name, description), { allowUnsupported: true, missingScan: MissingScan.PASS })).toMatchObject({
      code: 2, slept: 0, lines: [expect.stringContaining(`no result: ${name} ${description}`), 'NO VERDICT on team/api v1'],
    });
  });
});

describe('an image that the scanner does not support', () => {
  const UNSUPPORTED: Array<[string, Scan]> = [
    ['basic', status('FAILED', 'UnsupportedImageError: The operating system and/or package manager are not supported.')],
    ['enhanced', status('UNSUPPORTED_IMAGE', '')],
  ];

  test.each(UNSUPPORTED)('has no verdict: %s', (_, scan) => {
    expect(scanned(scan)).toMatchObject({ code: 2, slept: 0, lines: [`team/api@${AMD64}: the scanner does not support it`, 'NO VERDICT on team/api v1'] });
  });

  test.each(UNSUPPORTED)('passes if that is allowed: %s', (_, scan) => {
    expect(scanned(scan, { allowUnsupported: true })).toMatchObject({
      code: 0, lines: [`team/api@${AMD64}: passed, as allowed: the scanner does not support it`, 'PASSED team/api v1'],
    });
  });

  test('does not let the image of another platform pass', () => {
    const scans = { [AMD64]: [UNSUPPORTED[0][1]], [ARM64]: [basic({ CRITICAL: 1 })] };

    expect(gate({ allowUnsupported: true }, { images: INDEXED, scans }).code).toBe(1);
  });
});

describe('an image without a scan', () => {
  test('has no verdict after the timeout', () => {
    expect(scanned([], { timeout: Duration.seconds(15) })).toMatchObject({
      code: 2, slept: 15, lines: expect.arrayContaining([expect.stringContaining('no result within 15 seconds: SCAN_NOT_FOUND')]),
    });
  });

  test('passes after the timeout if that is allowed', () => {
    expect(scanned([], { missingScan: MissingScan.PASS, timeout: Duration.seconds(15) })).toMatchObject({
      code: 0, slept: 15, lines: expect.arrayContaining([`team/api@${AMD64}: passed, as allowed: it was not scanned`]),
    });
  });

  test('does not pass if its scan only came late, or only did not end', () => {
    expect(scanned(basic({ CRITICAL: 1 }, { after: 15 }), { missingScan: MissingScan.PASS }).code).toBe(1);
    expect(scanned(status('PENDING'), { missingScan: MissingScan.PASS, timeout: Duration.seconds(5) }).code).toBe(2);
  });

  test('is scanned if that is asked for, once', () => {
    const { code, lines, calls } = scanned({ ...basic({ HIGH: 6 }, { after: 20 }), started: true }, { missingScan: MissingScan.START_SCAN });

    expect(code).toBe(1);
    expect(lines[0]).toBe(`team/api@${AMD64}: started a scan`);
    expect(calls.filter(({ operation }) => operation === 'start-image-scan').map(({ options }) => options['--image-id'])).toEqual([[`imageDigest=${AMD64}`]]);
  });

  test('is not scanned if nobody asked for it', () => {
    expect(scanned([], { timeout: Duration.seconds(5) }).calls.map(({ operation }) => operation)).not.toContain('start-image-scan');
  });

  test('is waited for where a scan cannot be started', () => {
    const startError: World['startError'] = ['LimitExceededException', 'The scan quota per image has been exceeded.'];
    const { code, lines } = gate({ missingScan: MissingScan.START_SCAN }, { startError, scans: { [AMD64]: [basic({}, { after: 30 })] } });

    expect(code).toBe(0);
    expect(lines).toContainEqual(expect.stringMatching(/cannot start a scan: *$/));
  });

  test('has no verdict where it cannot be scanned', () => {
    const startError: World['startError'] = ['UnsupportedImageTypeException', 'The image type is not supported.'];

    expect(gate({ missingScan: MissingScan.START_SCAN }, { startError })).toMatchObject({ code: 2, slept: 0 });
    expect(gate({ missingScan: MissingScan.START_SCAN, allowUnsupported: true }, { startError })).toMatchObject({ code: 0, slept: 0 });
  });
});

describe('a gate that cannot ask', () => {
  test.each([
    ['batch-get-image', 'ecr:BatchGetImage'],
    ['describe-image-scan-findings', 'inspector2:ListFindings on resource: arn:aws:inspector2:eu-west-1:111111111111:/findings/list'],
  ])('says which permission is missing: %s', (operation, action) => {
    const run = gate({}, { scans: { [AMD64]: [basic({})] }, denied: { [operation]: action } });

    expect(run).toMatchObject({ code: 3, slept: 0 });
    expect(run.output + run.errors).toContain(`is not authorized to perform: ${action}`);
  });

  test('says that there is no AWS CLI', () => {
    const run = runScript(scriptOf(), { images: [] }, { args: ['v1'], withoutAws: true, shell: ['/bin/sh'] });

    expect(run).toMatchObject({ code: 3, lines: ['needs the AWS CLI'] });
  });

  test('says that there is no such repository', () => {
    const run = gate({}, { repository: 'team/other' });

    expect(run.code).toBe(3);
    expect(run.errors).toContain("The repository with name 'team/api' does not exist");
    expect(run.lines).toEqual(['cannot read imageTag=v1 of team/api']);
  });
});

describe('limits that the deployment knows first', () => {
  const resolved = (line: RegExp, by: string): string => scriptOf({ maxMedium: 7 }).replace(line, by);

  test.each([
    [/max_high=5/, "max_high=''"], [/max_high=5/, "max_high='5.5'"], [/max_critical=0/, "max_critical='-1'"], [/max_critical=0/, "max_critical='x[$(exit 9)]'"],
    [/timeout=600/, "timeout='x[$(exit 9)]'"], [/timeout=600/, "timeout='1 0'"], [/max_medium=7/, "max_medium='7 '"],
  ])('must be whole numbers: %s', (line, by) => {
    const script = resolved(line, by);
    expect(script).toContain(by);

    expect(runScript(script, { images: [{ digest: AMD64, tag: 'v1' }], scans: { [AMD64]: [basic({ CRITICAL: 9, HIGH: 9 })] } }, { args: ['v1'] }))
      .toMatchObject({ code: 3, calls: [], lines: [expect.stringContaining('limits and timeout must be whole numbers')] });
  });
});

describe.each(SHELLS)('in %s', (_, ...shell) => {
  test('waits, judges every platform and refuses', () => {
    const scans = { [AMD64]: [basic({ HIGH: 5 }, { after: 15 })], [ARM64]: [enhanced({ MEDIUM: 3 })] };

    expect(gate({ maxMedium: 2 }, { images: INDEXED, scans }, shell)).toMatchObject({ code: 1, slept: 20, errors: '' });
    expect(gate({ maxMedium: 3 }, { images: INDEXED, scans }, shell)).toMatchObject({ code: 0, slept: 20, errors: '' });
  });

  test('starts a scan, and tells unsupported images apart', () => {
    const scans = { [AMD64]: [status('FAILED', 'UnsupportedImageError: no', { started: true })] };

    expect(gate({ missingScan: MissingScan.START_SCAN, maxMedium: 3 }, { scans }, shell)).toMatchObject({ code: 2, slept: 10, errors: '' });
  });

  test('gives up when the time is over', () => {
    expect(gate({ timeout: Duration.seconds(5) }, { scans: { [AMD64]: [status('PENDING')] } }, shell)).toMatchObject({ code: 2, slept: 5, errors: '' });
  });

  test('cannot ask', () => {
    expect(gate({}, { denied: { 'describe-image-scan-findings': 'x' } }, shell)).toMatchObject({ code: 3, errors: '' });
    expect(runScript(scriptOf(), { images: [] }, { args: ['$(exit 0)'], shell })).toMatchObject({ code: 3, calls: [], errors: '' });
  });
});

test('sh is one of the shells', () => {
  process.stdout.write(`the gate ran in: ${SHELLS.map(([name]) => name).join(', ')}\n`);
  expect(SHELLS.map(([name]) => name)).toContain('sh');
});
