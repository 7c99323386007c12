import { Stack } from 'aws-cdk-lib';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type { IConstruct } from 'constructs';
import { warnAtSynthesis } from '../private/core/late-warnings';
import { isKnown, show } from '../private/core/values';
import { matchesWildcards } from '../private/core/wildcards';
import { normalPrefix, ROOT } from '../private/ecr/prefixes';
import { inRegistry, nameOf, rendered } from '../private/ownership/app-registry';
import { TemplateUse } from '../repository/template-use';

/**
 * Warns about a role whose pushes do not match the rest of the app.
 *
 * @param owner the construct that the user wrote
 * @param policy the policy of the role
 * @param repositories the repositories to push to
 * @param prefixes the prefixes below which a push creates repositories
 */
export function warnOfPushes(
  owner: IConstruct,
  policy: iam.ManagedPolicy,
  repositories: readonly ecr.IRepository[],
  prefixes: readonly string[],
): void {
  const at = policy.node.defaultChild ?? owner; // no resource if `Role.customizeRoles` applies
  warnAtSynthesis(owner, at, 'cdk-secure-ecr:CiPushRole.noTemplate', () => {
    const templates = inRegistry(owner, it => ecr.CfnRepositoryCreationTemplate.isCfnRepositoryCreationTemplate(it), ['same', 'unknown'])
      .filter(({ appliedFor }) => !isKnown(appliedFor) || appliedFor.includes(TemplateUse.CREATE_ON_PUSH))
      .map(({ prefix }) => prefix);
    const without = prefixes.filter(prefix => isKnown(prefix) && !templates.some(template => !isKnown(template) || covers(template, prefix)));
    return without.length === 0 ? undefined
      : `pushes to new repositories below ${without.map(show).join(', ')} fail, because the app has no creation template for them; define a RepositoryTemplate for TemplateUse.CREATE_ON_PUSH, or acknowledge this if another app does`;
  });
  warnAtSynthesis(owner, at, 'cdk-secure-ecr:CiPushRole.unsignedPushes', () => {
    const signs = JSON.stringify(Stack.of(owner).resolve(policy.document)).includes('signer:');
    const unsigned = signs ? [] : repositories.filter(repository =>
      inRegistry(repository, it => ecr.CfnSigningConfiguration.isCfnSigningConfiguration(it))
        .some(configuration => isSigned(configuration, repository)));
    return unsigned.length === 0 ? undefined
      : `images that this role pushes to ${unsigned.map(({ node }) => `'${node.path}'`).join(', ')} are not signed, because the registry signs with the identity of the principal that pushes, and this role has no permission to sign; call grants.sign of the ImageSigning with this role`;
  });
}

/** Whether a template is for the repositories below a prefix. */
function covers(template: string, prefix: string): boolean {
  return template === ROOT || `${normalPrefix(prefix)}/`.startsWith(`${normalPrefix(template)}/`);
}

/** Whether a signing configuration has a rule for a repository of this app. */
function isSigned(configuration: ecr.CfnSigningConfiguration, { node }: ecr.IRepository): boolean {
  const resource = node.defaultChild;
  const name = ecr.CfnRepository.isCfnRepository(resource) ? nameOf(resource) : undefined;
  const rules = rendered<Array<{ repositoryFilters?: Array<{ filter: unknown }> }>>(configuration, configuration.rules);
  return rules!.some(({ repositoryFilters: filters }) => filters === undefined
    || filters.some(({ filter }) => name !== undefined && typeof filter === 'string' && matchesWildcards(name, filter)));
}
