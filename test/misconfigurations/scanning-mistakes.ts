import type { Stack } from 'aws-cdk-lib';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import { RegistryScanning, type RegistryScanningProps, ScanType, SecureRepository } from '../../lib';
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
