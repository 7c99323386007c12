import { isKnown, show } from '../private/core/values';
import type { Check } from './check';
import { isObject, isUnknown } from './template-json';
import { ofType, PUBLIC_REPOSITORY, REPOSITORY, TEMPLATE, type TemplateResource, valueAt } from './template-resource';

const PROPERTIES: { readonly [type: string]: string } = { [REPOSITORY]: 'Tags', [PUBLIC_REPOSITORY]: 'Tags', [TEMPLATE]: 'ResourceTags' };

/**
 * A repository does not have the tags that the organization requires, or not with the values that they may have.
 */
export const missingTag: Check = {
  id: 'missingTag',
  severity: 'error',
  isOptional: true,
  fix: 'add the tag with Tags.of(scope).add(key, value), for a creation template with resourceTags',
  find: (resources, { requiredTags = {} }) => ofType(resources, ...Object.keys(PROPERTIES)).flatMap(resource => {
    const property = PROPERTIES[resource.type];
    const tags = tagsOf(resource, property);
    return tags === undefined ? [] : Object.entries(requiredTags).flatMap(([key, values]) => {
      const value = tags.get(key);
      const mayBe = values.length === 0 ? '' : ` with one of ${values.map(show).join(', ')}`;
      const isAllowed = tags.has(key) && (values.length === 0 || typeof value !== 'string' || !isKnown(value) || values.includes(value));
      return isAllowed ? [] : [{ resource, property, message: `'${property}' must have the tag ${show(key)}${mayBe}, got ${tags.has(key) ? show(value) : 'none'}` }];
    });
  }),
};

/** The tags of a resource and those that CloudFormation adds for the stack; undefined if they are not known. */
function tagsOf({ properties, place, type }: TemplateResource, property: string): Map<string, unknown> | undefined {
  const list = valueAt(properties, property) ?? [];
  const entries: unknown[] | undefined = Array.isArray(list) ? list : undefined;
  if (entries === undefined || entries.some(entry => isUnknown(entry) || isUnknown(valueAt({ entry }, 'entry', 'Key')))) {
    return undefined;
  }
  const ofStack = type === TEMPLATE ? {} : place.tags ?? {};
  return new Map([...Object.entries(ofStack), ...entries.filter(isObject).map(entry => [String(entry.Key), entry.Value] as const)]);
}
