import { basename } from 'path';
import { REGISTRY_SETTINGS } from '../private/ecr/registry-resources';
import type { Check } from './check';
import { isSame, ofType, relation, type TemplateResource } from './template-resource';

/**
 * Two resources define a setting of which a registry has one.
 */
export const ownedTwice: Check = {
  id: 'ownedTwice',
  severity: 'error',
  fix: 'keep one of them, and put everything into it',
  find: resources => Object.values(REGISTRY_SETTINGS).flatMap(({ type, noun }) => {
    const owners = ofType(resources, type).filter(({ conditional }) => !conditional);
    return owners.flatMap(resource => {
      const others = owners.filter(other => !isSame(other, resource) && relation(other, resource) === 'same');
      return others.length === 0 ? [] : [{ resource, property: '', message: `a registry has one ${noun}, got ${list([resource, ...others])}` }];
    });
  }),
};

function list(resources: readonly TemplateResource[]): string {
  return resources.map(({ logicalId, templatePath }) => `'${logicalId}' in ${basename(templatePath)}`).sort().join(' and ');
}
