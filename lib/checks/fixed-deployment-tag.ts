import { show } from '../private/core/values';
import { matchesWildcards } from '../private/core/wildcards';
import type { Check } from './check';
import { isUnknown, type Properties } from './template-json';
import { ofType, relation, REPOSITORY, type TemplateResource, textAt, valueAt } from './template-resource';
import { withoutTokens } from './template-values';

// The custom resource of cdk-ecr-deployment. https://github.com/cdklabs/cdk-ecr-deployment
const DEPLOYMENT = 'Custom::CDKECRDeployment';

const TOKEN = /\$\{Token\[[^\]]*\]\}/g;
const REFERENCE = /^\$\{\w+(?:\.RepositoryUri)?\}$/;
const IMAGE = /^(?:docker:\/\/)?(?:[^/]*\/)?([^:@]+)(?::([^:@]*))?$/;

/** A tag with the hash of an image, which does not move. */
const HASH = /[0-9a-f]{32}/;

/**
 * A custom resource copies images to a tag that is immutable in the repository, so that the second image fails.
 */
export const fixedDeploymentTag: Check = {
  id: 'fixedDeploymentTag',
  severity: 'warning',
  fix: "copy to a tag that changes with the image, such as the hash of the asset, or name the tag in 'mutableTags' of the repository",
  find: resources => ofType(resources, DEPLOYMENT).flatMap(resource => {
    const { path, tag = 'latest' } = destinationOf(resource.properties);
    const repository = ofType(resources, REPOSITORY).find(it => isAt(it, path, resource));
    return tag.includes('$') || HASH.test(tag) || repository === undefined || !isImmutable(repository.properties, tag) ? [] : [{
      resource,
      property: 'DestImage',
      message: `'DestImage' must not have a fixed tag, got ${show(tag)}, which is immutable in '${repository.logicalId}': the deployment of a second image fails`,
    }];
  }),
};

/** The path and the tag of the image that is written, with `${…}` for references to a repository. */
function destinationOf(properties: Properties): { path?: string; tag?: string } {
  const image = valueAt(properties, 'DestImage');
  const text = typeof image !== 'string' ? '' : image.replace(TOKEN, token => REFERENCE.exec(withoutTokens(token))?.[0] ?? '$');
  const [, path, tag] = IMAGE.exec(text) ?? [];
  return { path, tag };
}

function isAt(repository: TemplateResource, path: string | undefined, { templatePath, ...deployment }: TemplateResource): boolean {
  const { logicalId, properties } = repository;
  return repository.templatePath === templatePath && (path === `\${${logicalId}}` || path === `\${${logicalId}.RepositoryUri}`)
    || (path !== undefined && valueAt(properties, 'RepositoryName') === path && relation(repository, { templatePath, ...deployment }) === 'same');
}

function isImmutable(properties: Properties, tag: string): boolean {
  const filters = valueAt(properties, 'ImageTagMutabilityExclusionFilters') ?? [];
  const texts = [filters].flat().map(filter => isUnknown(filter) ? filter : valueAt(filter as Properties, 'ImageTagMutabilityExclusionFilterValue'));
  const isExcluded = texts.some(text => isUnknown(text) || matchesWildcards(tag, String(text)));
  switch (textAt(properties, 'ImageTagMutability')) {
    case 'IMMUTABLE': return true;
    case 'IMMUTABLE_WITH_EXCLUSION': return !isExcluded;
    case 'MUTABLE_WITH_EXCLUSION': return isExcluded && !texts.some(isUnknown);
    default: return false;
  }
}
