import { Duration, Stack } from 'aws-cdk-lib';
import * as codebuild from 'aws-cdk-lib/aws-codebuild';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as iam from 'aws-cdk-lib/aws-iam';
import { MissingScan, RegistryScanning, type RegistryScanningProps, ScanGate, type ScanGateProps, ScanType, SecureRepository } from '../../lib';
import { another, type Mistake } from './mistake';

const REFUSED = 'PutRegistryScanningConfiguration: ValidationException';
const UNSCANNED = 'cdk-secure-ecr:RegistryScanning.unscannedRepositories';
const { ENHANCED } = ScanType;

type L1Rule = ecr.CfnRegistryScanningConfiguration.ScanningRuleProperty;
const rule = (scanFrequency: string, ...filters: string[]): L1Rule => ({
  scanFrequency, repositoryFilters: filters.map(filter => ({ filter, filterType: 'WILDCARD' })),
});
const l1 = (stack: Stack, scanType: string, rules: L1Rule[], id = 'Scanning'): ecr.CfnRegistryScanningConfiguration =>
  new ecr.CfnRegistryScanningConfiguration(stack, id, { scanType, rules });

function scanning(mistake: string, names: string, ours: RegistryScanningProps, core: L1Rule[], atAws = REFUSED): Mistake {
  return {
    mistake,
    atAws,
    names,
    ours: stack => new RegistryScanning(stack, 'Scanning', ours),
    core: stack => l1(stack, ours.scanType ?? ScanType.BASIC, core),
  };
}

const filters = (count: number): string[] => Array.from({ length: count }, (_, index) => `team-${index}/*`);

export const SCANNING_MISTAKES: Mistake[] = [
  scanning('continuous scanning without Amazon Inspector', "'continuousScan'", { continuousScan: ['prod/*'] }, [rule('CONTINUOUS_SCAN', 'prod/*')]),
  scanning('manual scans with Amazon Inspector', "'scanOnPush'", { scanType: ENHANCED, scanOnPush: [] }, [], 'nothing is scanned'),
  scanning('101 filters of scanning', "'scanOnPush'", { scanOnPush: filters(101) }, [rule('SCAN_ON_PUSH', ...filters(101))]),
  scanning('a scanning filter for a namespace, without a wildcard', "'scanOnPush[0]'", { scanOnPush: ['prod/'] }, [rule('SCAN_ON_PUSH', 'prod/')]),
  scanning('a scanning filter with capitals', "'scanOnPush[0]'", { scanOnPush: ['Prod*'] }, [rule('SCAN_ON_PUSH', 'Prod*')]),
  scanning('a scanning filter twice', "'scanOnPush'", { scanOnPush: ['prod/*', 'prod/*'] }, [rule('SCAN_ON_PUSH', 'prod/*', 'prod/*')], 'at best, one has no effect'),
  scanning('a scanning filter on push for what is scanned continuously', 'cdk-secure-ecr:RegistryScanning.scanOnPushWithoutEffect',
    { scanType: ENHANCED, scanOnPush: ['prod/*'], continuousScan: ['prod'] },
    [rule('SCAN_ON_PUSH', 'prod/*'), rule('CONTINUOUS_SCAN', 'prod')], 'continuous scans win, at their price'),
  {
    mistake: 'a repository that no filter of Amazon Inspector matches',
    atAws: 'it is never scanned, whatever its scanOnPush says',
    names: UNSCANNED,
    ours: stack => [
      new RegistryScanning(stack, 'Scanning', { scanType: ENHANCED, scanOnPush: ['prod/*'] }),
      new SecureRepository(stack, 'Api', { repositoryName: 'production/api' }),
    ],
    core: stack => [
      l1(stack, 'ENHANCED', [rule('SCAN_ON_PUSH', 'prod/*')]),
      new ecr.Repository(stack, 'Api', { repositoryName: 'production/api', imageScanOnPush: true }),
    ],
  },
  {
    mistake: 'a scanning filter for names that CloudFormation makes up',
    atAws: 'the images wait for somebody to scan them',
    names: UNSCANNED,
    ours: stack => [new RegistryScanning(stack, 'Scanning', { scanOnPush: ['api'] }), new SecureRepository(stack, 'Api')],
    core: stack => [l1(stack, 'BASIC', [rule('SCAN_ON_PUSH', 'api')]), new ecr.Repository(stack, 'Api')],
  },
  {
    mistake: 'a scanning configuration for each of two teams',
    atAws: 'the second overwrites the first, whose repositories nobody scans',
    names: 'Other/Second',
    ours: stack => [stack, another(stack)].map((it, index) => new RegistryScanning(it, ['First', 'Second'][index], { scanOnPush: [`team-${index}/*`] })),
    core: stack => [stack, another(stack)].map((it, index) => l1(it, 'BASIC', [rule('SCAN_ON_PUSH', `team-${index}/*`)])),
  },
];

const WAIT = 'aws ecr wait image-scan-complete --repository-name team/api --image-id imageTag=$TAG';
const countOf = (severity: string): string => 'aws ecr describe-image-scan-findings --repository-name team/api --image-id imageTag=$TAG '
  + `--query 'imageScanFindings.findingSeverityCounts.${severity}' --output text`;

/** What people write into a build specification. */
const handWritten = (...commands: string[]) => (stack: Stack): void => {
  const project = new codebuild.Project(stack, 'Gate', {
    buildSpec: codebuild.BuildSpec.fromObject({ version: '0.2', phases: { build: { commands } } }),
  });
  const images = new ecr.Repository(stack, 'Api', { repositoryName: 'team/api' });
  images.grant(project, 'ecr:DescribeImageScanFindings');
};

const gate = (stack: Stack, props: Partial<ScanGateProps> = {}, image = '$TAG'): ScanGate => {
  const result = new ScanGate({ repository: new SecureRepository(stack, 'Api', { repositoryName: 'team/api' }), ...props });
  const project = new codebuild.Project(stack, 'Gate', { buildSpec: result.toBuildSpec(image) });
  result.grantRead(project);
  return result;
};

function gated(mistake: string, names: string, props: Partial<ScanGateProps>, core: string[], atAws: string, image = '$TAG'): Mistake {
  return { mistake, atAws, names, ours: stack => gate(stack, props, image), core: handWritten(...core) };
}

/** A mistake of a script that the gate does not make. */
function mended(mistake: string, core: string[], atAws: string, right: RegExp): Mistake {
  return {
    mistake,
    atAws,
    mends: template => {
      expect(JSON.stringify(template.toJSON())).toMatch(right);
    },
    ours: gate,
    core: handWritten(...core),
  };
}

export const GATE_MISTAKES: Mistake[] = [
  gated('a gate with a negative limit', "'maxHigh'", { maxHigh: -1 }, [WAIT, `test $(${countOf('HIGH')}) -le -1`], 'every image is refused'),
  gated('a gate with a limit that is no whole number', "'maxHigh'", { maxHigh: 5.5 },
    [WAIT, `if [ $(${countOf('HIGH')}) -gt 5.5 ]; then exit 1; fi`], 'every image passes: the comparison fails'),
  gated('a gate that waits longer than any build', "'timeout'", { timeout: Duration.days(2) }, [`until ${WAIT}; do sleep 60; done`], 'the build ends first'),
  gated('a gate with a command for the tag', "'image'", {}, [WAIT.replace('$TAG', '$(git describe)')], 'the name of a branch or tag becomes part of a command', '$(git describe)'),
  gated('a gate for a URI instead of a tag', "'image'", {}, [WAIT.replace('$TAG', 'team/api:v1')], 'DescribeImageScanFindings: InvalidParameterException', 'team/api:v1'),
  gated('a gate that starts a scan under enhanced scanning', "'missingScan'", { scanType: ENHANCED, missingScan: MissingScan.START_SCAN },
    ['aws ecr start-image-scan --repository-name team/api --image-id imageTag=$TAG', WAIT], 'StartImageScan: ValidationException: This feature is disabled'),
  gated('a gate that lets images without a scan pass', 'cdk-secure-ecr:ScanGate.passesUnscanned', { missingScan: MissingScan.PASS },
    [`${WAIT} || exit 0`, `test $(${countOf('CRITICAL')}) = None`], 'turned off, scanning lets every image pass'),
  {
    mistake: 'a gate in another account than the repository, under enhanced scanning',
    atAws: 'DescribeImageScanFindings: ScanNotFoundException',
    names: 'cdk-secure-ecr:ScanGate.foreignRepository',
    ours: stack => {
      const other = new Stack(stack.node.root, 'Ci', { env: { account: '222222222222', region: stack.region } });
      const role = new iam.Role(other, 'Role', { roleName: 'ci', assumedBy: new iam.AccountRootPrincipal() });
      new ScanGate({ repository: new SecureRepository(stack, 'Api', { repositoryName: 'team/api' }) }).grantRead(role);
    },
    core: stack => {
      const other = new Stack(stack.node.root, 'Ci', { env: { account: '222222222222', region: stack.region } });
      const role = new iam.Role(other, 'Role', { roleName: 'ci', assumedBy: new iam.AccountRootPrincipal() });
      new ecr.Repository(stack, 'Api', { repositoryName: 'team/api' }).grant(role, 'ecr:DescribeImageScanFindings');
    },
  },
  mended('a gate that waits for COMPLETE, under continuous scanning', [WAIT, `test $(${countOf('CRITICAL')}) = None`], 'the status stays ACTIVE: no image ever passes', /ACTIVE,yes/),
  mended('a gate that believes COMPLETE before the findings are there', [WAIT, `test $(${countOf('CRITICAL')}) = None`], 'images with critical findings pass', /imageScanCompletedAt/),
  mended('a gate for a tag of several architectures', [WAIT, `test $(${countOf('CRITICAL')}) = None`], 'an index has no scan: no image ever passes', /image\.index/),
  mended('a gate that reads findings of enhanced scanning with the permission of Amazon ECR alone', [`test $(${countOf('CRITICAL')}) = None`],
    'AccessDeniedException: inspector2:ListFindings', /inspector2:ListFindings/),
  mended('a gate that compares a number which may be None', [WAIT, `if [ $(${countOf('CRITICAL')}) -gt 0 ]; then exit 1; fi`], 'images pass if the output is not a number', /not_null/),
];
