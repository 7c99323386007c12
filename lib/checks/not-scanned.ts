import { EVERY_REPOSITORY, isCovered, matchesFilter } from '../private/scan-filters';
import type { Check } from './check';
import { isIntrinsic, ofType, type Properties, REPOSITORY, type TemplateResource, textsAt, valueAt } from './template-resource';

/**
 * Nobody looks for vulnerabilities in what is pushed, neither by the setting of the repository nor by that of its registry.
 */
export const notScanned: Check = {
  id: 'notScanned',
  severity: 'error',
  fix: 'set ImageScanningConfiguration.ScanOnPush, use SecureRepository, or match the repository with a filter of RegistryScanning',
  controls: { 'AWS Security Hub': 'ECR.1', 'AWS Control Tower': 'CT.ECR.PR.2', 'CIS Amazon EKS Benchmark': '5.1.1', 'checkov': 'CKV_AWS_163' },
  find: resources => ofType(resources, REPOSITORY)
    .filter(repository => !scansOnPush(repository.properties) && !isMatched(repository, resources))
    .map(resource => ({
      resource,
      property: 'ImageScanningConfiguration',
      message: "'ImageScanningConfiguration.ScanOnPush' must be true, or the registry scan the repository: nobody looks for vulnerabilities in its images",
    })),
};

function scansOnPush(properties: Properties): boolean {
  const value = valueAt(properties, 'ImageScanningConfiguration', 'ScanOnPush');
  return isIntrinsic(value) || String(value) === 'true';
}

function isMatched({ properties, registry }: TemplateResource, resources: readonly TemplateResource[]): boolean {
  const name = valueAt(properties, 'RepositoryName');
  const filters = ofType(resources, 'AWS::ECR::RegistryScanningConfiguration').filter(it => it.registry === registry).flatMap(filtersOf);
  return typeof name === 'string' ? filters.some(filter => matchesFilter(name, filter)) : isCovered(EVERY_REPOSITORY, filters);
}

function filtersOf({ properties }: TemplateResource): string[] {
  return lists(valueAt(properties, 'Rules'))
    .filter(rule => !textsAt(rule, 'ScanFrequency').includes('MANUAL'))
    .flatMap(rule => lists(valueAt(rule, 'RepositoryFilters')))
    .flatMap(filter => textsAt(filter, 'Filter'));
}

function lists(value: unknown): Properties[] {
  return Array.isArray(value) ? value as Properties[] : [];
}
