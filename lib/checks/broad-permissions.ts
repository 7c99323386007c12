import { show } from '../private/core/values';
import { matchesWildcards } from '../private/core/wildcards';
import { PULL_ACTIONS, PUSH_ACTIONS } from '../private/ecr/actions';
import type { StatementJson } from '../private/policy/repository-policy';
import { flattened } from '../private/policy/statement-text';
import type { Check } from './check';
import { identityPolicies, resourcePolicies } from './policy-statements';

/** Resources that include every repository: `*`, and an ARN that ends like that. */
const EVERY_REPOSITORY = /^(?:\*+|arn:.*:(?:\*+|repository\/\*+))$/;

/** What changes images or settings of a repository; reading is another matter. */
const CHANGES = [
  ...PUSH_ACTIONS.filter(action => !PULL_ACTIONS.includes(action)),
  'ecr:BatchDeleteImage',
  'ecr:DeleteLifecyclePolicy',
  'ecr:DeleteRepository',
  'ecr:DeleteRepositoryPolicy',
  'ecr:PutImageScanningConfiguration',
  'ecr:PutImageTagMutability',
  'ecr:PutLifecyclePolicy',
  'ecr:ReplicateImage',
  'ecr:SetRepositoryPolicy',
  'ecr:UpdateImageStorageClass',
].map(action => action.toLowerCase());

/**
 * Somebody may do more than pull and push, or change every repository of the account.
 */
export const broadPermissions: Check = {
  id: 'broadPermissions',
  severity: 'warning',
  fix: 'use repository.grants.pull, push or pullPush, which name the actions and the repository',
  controls: { 'CIS Amazon EKS Benchmark': '5.1.2' },
  find: resources => [
    ...resourcePolicies(resources).map(policy => ({ ...policy, identity: false })),
    ...identityPolicies(resources).map(policy => ({ ...policy, identity: true })),
  ].flatMap(({ resource, property, statements, identity }) => (
    statements.filter(({ Effect }) => Effect === 'Allow').flatMap(statement => problemsOf(property, statement, identity)).map(message => ({ resource, property, message }))
  )),
};

function problemsOf(property: string, { Action, Resource, Condition }: StatementJson, identity: boolean): string[] {
  const actions = [Action].flat().filter(action => typeof action === 'string');
  const every = actions.find(action => /^ecr:\??\*+\??$/i.test(action));
  if (every !== undefined) {
    return [`'${property}' must name actions of Amazon ECR, got ${show(every)}: it also deletes images and decides who gets in`];
  }
  const change = actions.find(changes);
  const everywhere = [flattened(Resource)].flat().find(it => typeof it === 'string' && EVERY_REPOSITORY.test(it));
  return identity && change !== undefined && everywhere !== undefined && !/"(?:aws|ecr):ResourceTag\//i.test(JSON.stringify(Condition ?? {}))
    ? [`'${property}' must name the repositories for ${show(change)}, got the resource ${show(everywhere)}: it changes every repository of the account`]
    : [];
}

/** Whether a pattern of actions of Amazon ECR includes one that changes something; all actions of AWS are another matter. */
function changes(pattern: string): boolean {
  return /^ecr:/i.test(pattern) && CHANGES.some(action => matchesWildcards(action, pattern.toLowerCase()));
}
