import { EVERY_REPOSITORY, isCovered, matchesFilter } from '../private/ecr/scan-filters';
import type { Check, Finding } from './check';
import { isIntrinsic, isUnknown, type Properties } from './template-json';
import { ofType, relation, REPOSITORY, type TemplateResource, valueAt } from './template-resource';

/** What a registry scans: filters, or undefined if only the deployment knows them. */
interface Scanning {
  readonly resource: TemplateResource;
  readonly filters: string[] | undefined;
}

/**
 * Images are not scanned for vulnerabilities: not by the setting of the repository, and not by the setting of its registry, which takes precedence.
 */
export const notScanned: Check = {
  id: 'notScanned',
  severity: 'error',
  fix: 'set ImageScanningConfiguration.ScanOnPush, use SecureRepository, or match the repository with a filter of RegistryScanning',
  controls: { 'AWS Security Hub': 'ECR.1', 'AWS Control Tower': 'CT.ECR.PR.2', 'CIS Amazon EKS Benchmark': '5.1.1', 'checkov': 'CKV_AWS_163' },
  find: resources => {
    const registries = ofType(resources, 'AWS::ECR::RegistryScanningConfiguration').map(resource => ({ resource, filters: filtersOf(resource) }));
    return ofType(resources, REPOSITORY).flatMap(repository => findingsFor(repository, registries));
  },
};

function findingsFor(resource: TemplateResource, registries: readonly Scanning[]): Finding[] {
  const property = 'ImageScanningConfiguration';
  if (scansOnPush(resource.properties)) {
    const own = registries.find(registry => relation(resource, registry.resource) === 'same');
    return !own || typeof valueAt(resource.properties, 'RepositoryName') !== 'string' || isMatched(resource, own) ? [] : [{
      resource,
      property,
      message: `'${property}.ScanOnPush' has no effect, because '${own.resource.logicalId}' configures the scans of the registry, and none of its filters matches the repository`,
    }];
  }
  return registries.some(registry => relation(resource, registry.resource) !== 'different' && isMatched(resource, registry)) ? [] : [{
    resource,
    property,
    message: `'${property}.ScanOnPush' must be true, unless a scanning configuration outside these templates matches the repository: otherwise its images are not scanned for vulnerabilities`,
  }];
}

function scansOnPush(properties: Properties): boolean {
  const value = valueAt(properties, 'ImageScanningConfiguration', 'ScanOnPush');
  return isIntrinsic(value) || String(value) === 'true';
}

function isMatched({ properties }: TemplateResource, { filters }: Scanning): boolean {
  const name = valueAt(properties, 'RepositoryName');
  if (filters === undefined || isUnknown(name)) {
    return true;
  }
  return typeof name === 'string' ? filters.some(filter => matchesFilter(name, filter)) : isCovered(EVERY_REPOSITORY, filters);
}

function filtersOf({ properties }: TemplateResource): string[] | undefined {
  const rules = valueAt(properties, 'Rules');
  const lists = entriesOf(rules).filter(rule => valueAt(rule, 'ScanFrequency') !== 'MANUAL').map(rule => valueAt(rule, 'RepositoryFilters'));
  const filters = lists.flatMap(entriesOf).map(filter => valueAt(filter, 'Filter'));
  return [rules, ...entriesOf(rules), ...lists, ...lists.flatMap(entriesOf), ...filters].some(isUnknown) ? undefined : filters.filter(it => typeof it === 'string');
}

function entriesOf(value: unknown): Properties[] {
  return Array.isArray(value) ? value as Properties[] : [];
}
