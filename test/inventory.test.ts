/**
 * What other people build on, pinned: a change of these lists is a change that the changelog must tell.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { Construct } from 'constructs';
import * as library from '../lib';
import type { Check } from '../lib/checks/check';
import { CHECKS } from '../lib/checks/checks';

const PROJECT = join(__dirname, '..');
const README = read('README.md');
const TRACKED = execFileSync('git', ['ls-files', '-z'], { cwd: PROJECT, encoding: 'utf8' }).split('\0').filter(file => file !== '');
const SOURCES = TRACKED.filter(file => /^lib\/.+\.ts$/.test(file));
const WARNING_ID = /['"`](cdk-secure-ecr:[^:'"`][^'"`]*)['"`]/g;

function read(file: string): string {
  return readFileSync(join(PROJECT, file), 'utf8');
}

/** Public classes that users construct. */
const CONSTRUCTS = Object.entries(library)
  .filter(([, value]) => typeof value === 'function' && value.prototype instanceof Construct)
  .map(([name]) => name)
  .sort();

const findingIds = (folder: string): string[] => SOURCES
  .filter(file => file.startsWith(folder))
  .flatMap(file => [...read(file).matchAll(/\bid: '([a-zA-Z]+)'/g)].map(([, id]) => id));

/** Ids that the source puts together, and from what. */
const COMPUTED: Record<string, string[]> = {
  'cdk-secure-ecr:${className}.${id}': ['PublicRepository', 'RegistryPolicy', 'RepositoryTemplate', 'SecureRepository'].flatMap(className => {
    return ['serviceForAnyAccount', 'unknownAction', 'unknownConditionKey'].map(id => `cdk-secure-ecr:${className}.${id}`);
  }),
  'cdk-secure-ecr:${className}.existingPrincipal': [],
  'cdk-secure-ecr:${className}.foreignKey': ['RepositoryTemplate', 'ScanFindings', 'SecureRepository'].map(className => `cdk-secure-ecr:${className}.foreignKey`),
  'cdk-secure-ecr:SecureRepository.${id}': ['deletedWithImages', 'encryptionChanged', 'tagsMadeMutable'].map(id => `cdk-secure-ecr:SecureRepository.${id}`),
  'cdk-secure-ecr:${className}.existing${kind}': ['PublicRepository', 'RegistryPolicy', 'RepositoryTemplate', 'SecureRepository'].flatMap(className => {
    return ['Action', 'Condition', 'LockOut', 'Outsider', 'Principal', 'Sid', ...className === 'RegistryPolicy' ? ['Resource'] : []]
      .map(kind => `cdk-secure-ecr:${className}.existing${kind}`);
  }),
  'cdk-secure-ecr:CrossAccountPull.${id}': findingIds('lib/access/').map(id => `cdk-secure-ecr:CrossAccountPull.${id}`),
  'cdk-secure-ecr:${className}.lifecycle${id.charAt(0).toUpperCase()}${id.slice(1)}': ['RepositoryTemplate', 'SecureRepository'].flatMap(className => {
    return findingIds('lib/lifecycle/').map(id => `cdk-secure-ecr:${className}.lifecycle${id.charAt(0).toUpperCase()}${id.slice(1)}`);
  }),
};

/** The ids of warnings in the source. */
const WARNING_IDS = [...new Set(SOURCES
  .flatMap(file => [...read(file).matchAll(WARNING_ID)].map(([, id]) => id))
  .flatMap(id => COMPUTED[id] ?? id))].sort();

describe('the public names', () => {
  test('are these', () => {
    expect(Object.keys(library).sort()).toMatchInlineSnapshot(`
[
  "CheckSeverity",
  "CiPushRole",
  "CiSubject",
  "CrossAccountPull",
  "CrossAccountPullGrants",
  "DefaultPropsInjector",
  "EcrChecks",
  "EcrVpcEndpoints",
  "EndpointCompanions",
  "ExistingPolicy",
  "FindingGranularity",
  "FindingSeverity",
  "ImageInventory",
  "ImageSelection",
  "ImageSigning",
  "ImageStorageClass",
  "LifecycleAction",
  "LifecycleComparison",
  "LifecycleDecision",
  "LifecycleFit",
  "LifecycleForecast",
  "LifecyclePolicy",
  "LifecyclePreview",
  "LifecycleRule",
  "MissingScan",
  "PublicRepository",
  "PublicRepositoryGrants",
  "PullConsumer",
  "PullThroughCache",
  "PullThroughCacheGrants",
  "PullTimeExclusions",
  "QuotaAlarm",
  "RegistryApi",
  "RegistryMetrics",
  "RegistryPolicy",
  "RegistryScanning",
  "ReplicationDestination",
  "ReplicationSetup",
  "ReplicationSource",
  "ReplicationTarget",
  "RepositoryDefaults",
  "RepositoryEncryption",
  "RepositoryGrants",
  "RepositoryNamespace",
  "RepositoryNamespaceGrants",
  "RepositoryNaming",
  "RepositoryTemplate",
  "ScanFindings",
  "ScanFindingsFormat",
  "ScanGate",
  "ScanType",
  "SecureRepository",
  "SigningGrants",
  "TemplateUse",
  "UpstreamAccess",
  "UpstreamRegistry",
]
`);
  });

  test('are, for constructs, these', () => {
    expect(CONSTRUCTS).toMatchInlineSnapshot(`
[
  "CiPushRole",
  "CrossAccountPull",
  "EcrVpcEndpoints",
  "ImageSigning",
  "PublicRepository",
  "PullThroughCache",
  "PullTimeExclusions",
  "QuotaAlarm",
  "RegistryPolicy",
  "RegistryScanning",
  "ReplicationDestination",
  "ReplicationSetup",
  "RepositoryNamespace",
  "RepositoryTemplate",
  "ScanFindings",
  "SecureRepository",
  "UpstreamAccess",
]
`);
  });

  test('carry these ids for property injectors', () => {
    const ids = Object.values(library).flatMap(value => 'PROPERTY_INJECTION_ID' in value ? [value.PROPERTY_INJECTION_ID] : []);
    expect(ids.sort()).toMatchInlineSnapshot(`
[
  "aws-cdk-lib.aws-cloudwatch.Alarm",
  "cdk-secure-ecr.ImageSigning",
  "cdk-secure-ecr.PublicRepository",
  "cdk-secure-ecr.PullThroughCache",
  "cdk-secure-ecr.RegistryScanning",
  "cdk-secure-ecr.ReplicationSetup",
  "cdk-secure-ecr.RepositoryNamespace",
  "cdk-secure-ecr.RepositoryTemplate",
  "cdk-secure-ecr.SecureRepository",
]
`);
  });
});

describe('the warnings', () => {
  test('have these ids', () => {
    expect(WARNING_IDS).toMatchInlineSnapshot(`
[
  "cdk-secure-ecr:CiPushRole.anyBranch",
  "cdk-secure-ecr:CiPushRole.environmentOfAnyBranch",
  "cdk-secure-ecr:CiPushRole.environmentUnknown",
  "cdk-secure-ecr:CiPushRole.longTrustPolicy",
  "cdk-secure-ecr:CiPushRole.noTemplate",
  "cdk-secure-ecr:CiPushRole.recyclableName",
  "cdk-secure-ecr:CiPushRole.recyclablePath",
  "cdk-secure-ecr:CiPushRole.unsignedPushes",
  "cdk-secure-ecr:CiPushRole.workflowOfAnyBranch",
  "cdk-secure-ecr:CrossAccountPull.codeBuildCredentials",
  "cdk-secure-ecr:CrossAccountPull.consumerWithoutEffect",
  "cdk-secure-ecr:CrossAccountPull.generatedName",
  "cdk-secure-ecr:CrossAccountPull.importedPrincipal",
  "cdk-secure-ecr:CrossAccountPull.importedRepository",
  "cdk-secure-ecr:CrossAccountPull.noConsumers",
  "cdk-secure-ecr:CrossAccountPull.ownAccount",
  "cdk-secure-ecr:DefaultPropsInjector.encryption",
  "cdk-secure-ecr:EcrVpcEndpoints.addOnsUnreachable",
  "cdk-secure-ecr:EcrVpcEndpoints.addressesAddedLater",
  "cdk-secure-ecr:EcrVpcEndpoints.isolatedSubnetsLeftOut",
  "cdk-secure-ecr:EcrVpcEndpoints.layersOverInternet",
  "cdk-secure-ecr:EcrVpcEndpoints.manyRules",
  "cdk-secure-ecr:EcrVpcEndpoints.noIncomingRule",
  "cdk-secure-ecr:EcrVpcEndpoints.noLogin",
  "cdk-secure-ecr:EcrVpcEndpoints.oneAvailabilityZone",
  "cdk-secure-ecr:EcrVpcEndpoints.openCompanion",
  "cdk-secure-ecr:EcrVpcEndpoints.openPolicy",
  "cdk-secure-ecr:EcrVpcEndpoints.peersNotApplied",
  "cdk-secure-ecr:EcrVpcEndpoints.s3RestrictedToImageLayers",
  "cdk-secure-ecr:ImageSigning.environmentUnknown",
  "cdk-secure-ecr:ImageSigning.undocumentedPartition",
  "cdk-secure-ecr:PublicRepository.environmentUnknown",
  "cdk-secure-ecr:PublicRepository.existingAction",
  "cdk-secure-ecr:PublicRepository.existingCondition",
  "cdk-secure-ecr:PublicRepository.existingLockOut",
  "cdk-secure-ecr:PublicRepository.existingOutsider",
  "cdk-secure-ecr:PublicRepository.existingPrincipal",
  "cdk-secure-ecr:PublicRepository.existingSid",
  "cdk-secure-ecr:PublicRepository.notInGallery",
  "cdk-secure-ecr:PublicRepository.regionUnknown",
  "cdk-secure-ecr:PublicRepository.serviceForAnyAccount",
  "cdk-secure-ecr:PublicRepository.unknownAction",
  "cdk-secure-ecr:PublicRepository.unknownConditionKey",
  "cdk-secure-ecr:PublicRepositoryGrants.importedPrincipal",
  "cdk-secure-ecr:PublicRepositoryGrants.importedRepository",
  "cdk-secure-ecr:PullThroughCache.archivesImages",
  "cdk-secure-ecr:PullThroughCache.circularRoot",
  "cdk-secure-ecr:PullThroughCache.environmentUnknown",
  "cdk-secure-ecr:PullThroughCache.importedRole",
  "cdk-secure-ecr:PullThroughCache.noUpstreamAccess",
  "cdk-secure-ecr:PullThroughCache.partialSecretArn",
  "cdk-secure-ecr:PullThroughCache.rootPrefix",
  "cdk-secure-ecr:PullThroughCache.taskWithoutGrant",
  "cdk-secure-ecr:PullThroughCache.undocumentedPartition",
  "cdk-secure-ecr:PullThroughCacheGrants.importedCache",
  "cdk-secure-ecr:PullThroughCacheGrants.importedPrincipal",
  "cdk-secure-ecr:PullThroughCacheGrants.lambda",
  "cdk-secure-ecr:PullTimeExclusions.environmentUnknown",
  "cdk-secure-ecr:RegistryPolicy.allActions",
  "cdk-secure-ecr:RegistryPolicy.deniesScanning",
  "cdk-secure-ecr:RegistryPolicy.environmentUnknown",
  "cdk-secure-ecr:RegistryPolicy.existingAction",
  "cdk-secure-ecr:RegistryPolicy.existingCondition",
  "cdk-secure-ecr:RegistryPolicy.existingLockOut",
  "cdk-secure-ecr:RegistryPolicy.existingOutsider",
  "cdk-secure-ecr:RegistryPolicy.existingPrincipal",
  "cdk-secure-ecr:RegistryPolicy.existingResource",
  "cdk-secure-ecr:RegistryPolicy.existingSid",
  "cdk-secure-ecr:RegistryPolicy.serviceForAnyAccount",
  "cdk-secure-ecr:RegistryPolicy.unknownAction",
  "cdk-secure-ecr:RegistryPolicy.unknownConditionKey",
  "cdk-secure-ecr:RegistryScanning.environmentUnknown",
  "cdk-secure-ecr:RegistryScanning.scanOnPushWithoutEffect",
  "cdk-secure-ecr:RegistryScanning.undocumentedPartition",
  "cdk-secure-ecr:RegistryScanning.unscannedRepositories",
  "cdk-secure-ecr:ReplicationDestination.movingTags",
  "cdk-secure-ecr:ReplicationDestination.otherLifecycle",
  "cdk-secure-ecr:ReplicationDestination.prefixWithoutSlash",
  "cdk-secure-ecr:ReplicationSetup.environmentUnknown",
  "cdk-secure-ecr:ReplicationSetup.noDestination",
  "cdk-secure-ecr:ReplicationSetup.prefixWithoutRepository",
  "cdk-secure-ecr:ReplicationSetup.prefixWithoutSlash",
  "cdk-secure-ecr:ReplicationSetup.secondHop",
  "cdk-secure-ecr:ReplicationSetup.unknownRegion",
  "cdk-secure-ecr:RepositoryDefaults.changes",
  "cdk-secure-ecr:RepositoryDefaults.policyNotInTemplate",
  "cdk-secure-ecr:RepositoryGrants.importedPrincipal",
  "cdk-secure-ecr:RepositoryGrants.importedRepository",
  "cdk-secure-ecr:RepositoryGrants.lambdaRegion",
  "cdk-secure-ecr:RepositoryGrants.serviceWithoutEffect",
  "cdk-secure-ecr:RepositoryGrants.sourceOfAnotherService",
  "cdk-secure-ecr:RepositoryGrants.unknownAction",
  "cdk-secure-ecr:RepositoryNamespace.insideAnother",
  "cdk-secure-ecr:RepositoryNamespaceGrants.importedPrincipal",
  "cdk-secure-ecr:RepositoryTemplate.environmentUnknown",
  "cdk-secure-ecr:RepositoryTemplate.existingAction",
  "cdk-secure-ecr:RepositoryTemplate.existingCondition",
  "cdk-secure-ecr:RepositoryTemplate.existingLockOut",
  "cdk-secure-ecr:RepositoryTemplate.existingOutsider",
  "cdk-secure-ecr:RepositoryTemplate.existingPrincipal",
  "cdk-secure-ecr:RepositoryTemplate.existingSid",
  "cdk-secure-ecr:RepositoryTemplate.foreignKey",
  "cdk-secure-ecr:RepositoryTemplate.immutableCache",
  "cdk-secure-ecr:RepositoryTemplate.importedRole",
  "cdk-secure-ecr:RepositoryTemplate.keyRemoved",
  "cdk-secure-ecr:RepositoryTemplate.lifecycleAgeWithoutFloor",
  "cdk-secure-ecr:RepositoryTemplate.lifecycleAndList",
  "cdk-secure-ecr:RepositoryTemplate.lifecycleArchiveBelowMinimum",
  "cdk-secure-ecr:RepositoryTemplate.lifecycleArchiveSavesNothing",
  "cdk-secure-ecr:RepositoryTemplate.lifecycleArchivedIndexLosesPlatforms",
  "cdk-secure-ecr:RepositoryTemplate.lifecycleCountIncludesProtected",
  "cdk-secure-ecr:RepositoryTemplate.lifecycleCountIncludesSignatures",
  "cdk-secure-ecr:RepositoryTemplate.lifecycleCountIncludesUntagged",
  "cdk-secure-ecr:RepositoryTemplate.lifecycleImpossibleTag",
  "cdk-secure-ecr:RepositoryTemplate.lifecycleKeepsEveryImage",
  "cdk-secure-ecr:RepositoryTemplate.lifecycleProtectionBelow",
  "cdk-secure-ecr:RepositoryTemplate.lifecycleScannersCountAsPulls",
  "cdk-secure-ecr:RepositoryTemplate.lifecycleSharedTag",
  "cdk-secure-ecr:RepositoryTemplate.lifecycleUnreachableRule",
  "cdk-secure-ecr:RepositoryTemplate.mutableTagWildcards",
  "cdk-secure-ecr:RepositoryTemplate.serviceForAnyAccount",
  "cdk-secure-ecr:RepositoryTemplate.unknownAction",
  "cdk-secure-ecr:RepositoryTemplate.unknownConditionKey",
  "cdk-secure-ecr:ScanFindings.findingsOfBasicScanning",
  "cdk-secure-ecr:ScanFindings.foreignKey",
  "cdk-secure-ecr:ScanFindings.foreignRepository",
  "cdk-secure-ecr:ScanFindings.longPattern",
  "cdk-secure-ecr:ScanGate.foreignRepository",
  "cdk-secure-ecr:ScanGate.passesUnscanned",
  "cdk-secure-ecr:ScanGate.startScanWithEnhanced",
  "cdk-secure-ecr:SecureRepository.aliasKey",
  "cdk-secure-ecr:SecureRepository.allTagsMutable",
  "cdk-secure-ecr:SecureRepository.deletedWithImages",
  "cdk-secure-ecr:SecureRepository.encryptionChanged",
  "cdk-secure-ecr:SecureRepository.environmentUnknown",
  "cdk-secure-ecr:SecureRepository.existingAction",
  "cdk-secure-ecr:SecureRepository.existingCondition",
  "cdk-secure-ecr:SecureRepository.existingLockOut",
  "cdk-secure-ecr:SecureRepository.existingOutsider",
  "cdk-secure-ecr:SecureRepository.existingPrincipal",
  "cdk-secure-ecr:SecureRepository.existingSid",
  "cdk-secure-ecr:SecureRepository.foreignEvents",
  "cdk-secure-ecr:SecureRepository.foreignKey",
  "cdk-secure-ecr:SecureRepository.keyLeft",
  "cdk-secure-ecr:SecureRepository.keyRemoved",
  "cdk-secure-ecr:SecureRepository.lifecycleAgeWithoutFloor",
  "cdk-secure-ecr:SecureRepository.lifecycleAndList",
  "cdk-secure-ecr:SecureRepository.lifecycleArchiveBelowMinimum",
  "cdk-secure-ecr:SecureRepository.lifecycleArchiveSavesNothing",
  "cdk-secure-ecr:SecureRepository.lifecycleArchivedIndexLosesPlatforms",
  "cdk-secure-ecr:SecureRepository.lifecycleCountIncludesProtected",
  "cdk-secure-ecr:SecureRepository.lifecycleCountIncludesSignatures",
  "cdk-secure-ecr:SecureRepository.lifecycleCountIncludesUntagged",
  "cdk-secure-ecr:SecureRepository.lifecycleImpossibleTag",
  "cdk-secure-ecr:SecureRepository.lifecycleKeepsEveryImage",
  "cdk-secure-ecr:SecureRepository.lifecycleProtectionBelow",
  "cdk-secure-ecr:SecureRepository.lifecycleScannersCountAsPulls",
  "cdk-secure-ecr:SecureRepository.lifecycleSharedTag",
  "cdk-secure-ecr:SecureRepository.lifecycleUnreachableRule",
  "cdk-secure-ecr:SecureRepository.mutableTagWildcards",
  "cdk-secure-ecr:SecureRepository.neverScanned",
  "cdk-secure-ecr:SecureRepository.serviceForAnyAccount",
  "cdk-secure-ecr:SecureRepository.tagsMadeMutable",
  "cdk-secure-ecr:SecureRepository.unknownAction",
  "cdk-secure-ecr:SecureRepository.unknownConditionKey",
  "cdk-secure-ecr:SigningGrants.importedPrincipal",
  "cdk-secure-ecr:SigningGrants.importedProfile",
]
`);
  });
});

describe('the version', () => {
  test('is that of the package, also in the plugin', () => {
    expect(new library.EcrChecks().version).toBe((JSON.parse(read('package.json')) as { version: string }).version);
  });
});

describe('the documentation', () => {
  /** Rows of the table of warnings: ids, when, what to do. */
  const rows = [...read('docs/warnings.md').matchAll(/^\| *(`cdk-secure-ecr:[^|]+) *\| *[^|]{20,}\| *[^|]{10,}\|$/gm)]
    .flatMap(([, ids]) => [...ids.matchAll(/`([^`]+)`/g)].map(([, id]) => id));
  const PAGES = TRACKED.filter(file => /^(README\.md|docs\/.+\.md)$/.test(file));

  test('tells in the README what each construct is for', () => {
    expect(CONSTRUCTS.filter(name => !new RegExp(`\\b${name}\\b`).test(README))).toEqual([]);
  });

  test('has a README of at most 250 lines', () => {
    expect(README.split('\n').length).toBeLessThanOrEqual(250);
  });

  test('has a guide for each task of the README, and no other', () => {
    const linked = [...README.matchAll(/\]\((docs\/guide\/[\w-]+\.md)/g)].map(([, guide]) => guide);
    expect([...new Set(linked)].sort()).toEqual(TRACKED.filter(file => /^docs\/guide\/.+\.md$/.test(file)).sort());
  });

  test.each(TRACKED.filter(file => /^docs\/guide\/.+\.md$/.test(file)))('begins %s with a picture', guide => {
    expect(read(guide)).toMatch(/^# .+\n\n!\[[^\]]{20,}\]\(\.\.\/pictures\/[\w-]+\.svg\)\n/);
  });

  test('tells when each warning appears and what to do, and of no other', () => {
    expect([...rows].sort()).toEqual(WARNING_IDS);
  });

  test('tells what each rule of EcrChecks finds, how bad that is, and who else asks for it', () => {
    const rules = [...read('docs/guide/checks.md').matchAll(/^\| `EcrChecks\.(\w+)` \| (\w+) \| [^|]{20,} \| ?([^|]*?) ?\|$/gm)].map(([, ...columns]) => columns);
    const controls = (check: Check) => Object.entries(check.controls ?? {}).map(([standard, ids]) => `${standard} ${ids}`).join(', ');
    expect(rules).toEqual(CHECKS.map(check => [check.id, check.severity, controls(check)]));
  });

  test.each(PAGES)('has no dead link in %s', page => {
    expect(linksOf(page).filter(({ target, heading }) => {
      const exists = TRACKED.includes(target) || TRACKED.some(file => file.startsWith(`${target}/`));
      return !exists || heading !== undefined && !anchorsOf(target).includes(heading);
    })).toEqual([]);
  });
});

describe('the repository', () => {
  const FORBIDDEN: Array<[what: string, pattern: RegExp]> = [
    ['a path of somebody\'s machine', /(?<![\w.:/-])\/(home|Users|root|work|private\/tmp|tmp\/[a-z])\/?[a-z]/],
    ['a download address in the lock file', /"resolved": "[a-z]+:/],
    ['a private key', /-----BEGIN [A-Z ]*PRIVATE KEY-----/],
    ['an access key', /\b(AKIA|ASIA)[0-9A-Z]{16}\b/],
  ];

  test.each(FORBIDDEN)('does not hold %s', (_what, pattern) => {
    const binary = /\.(png|jpg|gz|zip|tgz)$/;
    expect(TRACKED.filter(file => !binary.test(file) && file !== 'test/inventory.test.ts').filter(file => pattern.test(read(file)))).toEqual([]);
  });

  test('has one name for test files', () => {
    expect(TRACKED.filter(file => /\.spec\.[jt]s$/.test(file))).toEqual([]);
  });

  test('has no circular import, of types included', () => {
    const imports = new Map(SOURCES.map(file => [file, importsOf(file)]));
    expect(cycleIn(imports)).toEqual([]);
  });
});

/** The text of a page without blocks of code. */
const proseOf = (page: string): string => read(page).replace(/^```.*?^```$/gms, '');

/** Links to files of the repository, and to headings in them. */
function linksOf(page: string): Array<{ target: string; heading?: string }> {
  return [...proseOf(page).matchAll(/\]\((?![a-z]+:)([^)#\s]*)(?:#([^)\s]+))?\)/g)].map(([, path, heading]) => {
    return { target: path === '' ? page : posix.join(posix.dirname(page), path), heading };
  });
}

/** What GitHub calls the headings of a page. */
function anchorsOf(page: string): string[] {
  return [...proseOf(page).matchAll(/^#+ (.+)$/gm)].map(([, title]) => title.toLowerCase().replace(/[^\w -]/g, '').replaceAll(' ', '-'));
}

function importsOf(file: string): string[] {
  return [...read(file).matchAll(/(?:\bfrom |\b(?:import|require)\()'(\.[^']+)'/g)].map(([, target]) => {
    const path = join(file, '..', target);
    return SOURCES.includes(`${path}.ts`) ? `${path}.ts` : `${path}/index.ts`;
  });
}

/** The first circle of files that import each other, or nothing. */
function cycleIn(imports: Map<string, string[]>): string[] {
  const done = new Set<string>();
  const visit = (file: string, path: string[]): string[] => {
    if (path.includes(file)) {
      return [...path.slice(path.indexOf(file)), file];
    }
    if (done.has(file)) {
      return [];
    }
    const cycle = imports.get(file)!.map(next => visit(next, [...path, file])).find(found => found.length > 0) ?? [];
    done.add(file);
    return cycle;
  };
  return [...imports.keys()].map(file => visit(file, [])).find(found => found.length > 0) ?? [];
}
