import { basename } from 'path';
import type { Check } from './check';
import { ofType, relation, type TemplateResource } from './template-resource';

/** What a registry has once: the last deployment wins, or fails. */
const ONCE: { readonly [type: string]: string } = {
  'AWS::ECR::RegistryPolicy': 'registry policy',
  'AWS::ECR::RegistryScanningConfiguration': 'scanning configuration',
  'AWS::ECR::ReplicationConfiguration': 'replication configuration',
  'AWS::ECR::SigningConfiguration': 'signing configuration',
};

/**
 * Two resources fight for a setting of which a registry has one.
 */
export const ownedTwice: Check = {
  id: 'ownedTwice',
  severity: 'error',
  fix: 'keep one of them, and put everything into it',
  find: resources => Object.entries(ONCE).flatMap(([type, noun]) => {
    const owners = ofType(resources, type).filter(({ conditional }) => !conditional);
    return owners.flatMap(resource => {
      const others = owners.filter(other => other !== resource && relation(other, resource) === 'same');
      return others.length === 0 ? [] : [{ resource, property: '', message: `a registry has one ${noun}, got ${list([resource, ...others])}` }];
    });
  }),
};

function list(resources: readonly TemplateResource[]): string {
  return resources.map(({ logicalId, templatePath }) => `'${logicalId}' in ${basename(templatePath)}`).sort().join(' and ');
}
