import { basename } from 'path';
import { isKnown, show } from '../private/core/values';
import { normalPrefix } from '../private/ecr/prefixes';
import { KEYED_RESOURCES, REGISTRY_SETTINGS, type RegistryResource } from '../private/ecr/registry-resources';
import type { Check, Finding } from './check';
import { isSame, ofType, relation, type TemplateResource, valueAt } from './template-resource';

const KINDS: readonly RegistryResource[] = [...Object.values(REGISTRY_SETTINGS), ...Object.values(KEYED_RESOURCES)];

/**
 * Two resources define a setting that a registry has once, or have the same name or prefix.
 */
export const ownedTwice: Check = {
  id: 'ownedTwice',
  severity: 'error',
  fix: 'merge them into one resource, or give them different names',
  find: resources => KINDS.flatMap(kind => {
    const groups = new Map<string, TemplateResource[]>();
    for (const resource of ofType(resources, kind.type).filter(({ conditional }) => !conditional)) {
      const key = keyOf(resource, kind);
      if (key !== undefined) {
        groups.set(key, [...groups.get(key) ?? [], resource]);
      }
    }
    return [...groups.values()].filter(({ length }) => length > 1).flatMap(group => findingsIn(group, kind));
  }),
};

function findingsIn(group: readonly TemplateResource[], { noun, keyProperty }: RegistryResource): Finding[] {
  return group.flatMap(resource => {
    const others = group.filter(other => !isSame(other, resource) && relation(other, resource) === 'same');
    const named = keyProperty === undefined ? '' : ` for ${show(valueAt(resource.properties, keyProperty))}`;
    return others.length === 0 ? [] : [{ resource, property: keyProperty ?? '', message: `a registry has one ${noun}${named}, got ${list([resource, ...others])}` }];
  });
}

/** What resources have in common of which there may be one; undefined if only the deployment knows it. */
function keyOf({ properties }: TemplateResource, { keyProperty }: RegistryResource): string | undefined {
  const value = keyProperty === undefined ? '' : valueAt(properties, keyProperty);
  return typeof value === 'string' && isKnown(value) ? normalPrefix(value) : undefined;
}

function list(resources: readonly TemplateResource[]): string {
  return [...new Set(resources.map(({ logicalId, templatePath }) => `'${logicalId}' in ${basename(templatePath)}`))].sort().join(' and ');
}
