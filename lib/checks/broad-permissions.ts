import { isKnown, show } from '../private/core/values';
import { actionsMatching, type EcrAction, isChange } from '../private/ecr/action-table';
import { IMPORT_ACTIONS, START_SCAN_ACTIONS, TEMPLATE_ACTIONS } from '../private/ecr/actions';
import { conditionOperator } from '../private/ecr/condition-operators';
import type { ConditionsJson } from '../private/policy/condition-problems';
import { type StatementJson, textsOf } from '../private/policy/statement-json';
import { flattened } from '../private/policy/statement-text';
import type { Check } from './check';
import { identityPolicies, managedPolicies, resourcePolicies, statementPath } from './policy-statements';

/** Resources that include every repository: `*`, and an ARN that ends like that. */
const EVERY_REPOSITORY = /^(?:\*+|arn:.*:(?:\*+|repository\/\*+))$/;
const EVERY_ACTION = /^ecr(?:-public)?:\??\*+\??$/i;

/** Changes that harm no image that exists: Amazon ECR makes them for caches, replication and templates. */
const HARMLESS = [...TEMPLATE_ACTIONS, ...IMPORT_ACTIONS, ...START_SCAN_ACTIONS, 'ecr:StartLifecyclePolicyPreview', 'ecr-public:CreateRepository', 'ecr-public:TagResource'];

// https://docs.aws.amazon.com/AmazonECR/latest/userguide/security-iam-awsmanpol.html
const MANAGED = /^Amazon(?:EC2ContainerRegistry|ElasticContainerRegistryPublic)(?:FullAccess|PowerUser)$/;

/**
 * The principal may do more than pull and push, or change every repository of the account.
 */
export const broadPermissions: Check = {
  id: 'broadPermissions',
  severity: 'warning',
  fix: 'use repository.grants.pull, push or pullPush, which list the actions and the repository',
  controls: { 'CIS Amazon EKS Benchmark': '5.1.2' },
  find: resources => [
    ...[
      ...resourcePolicies(resources).map(policy => ({ policy, identity: false })),
      ...identityPolicies(resources).map(policy => ({ policy, identity: true })),
    ].flatMap(({ policy, identity }) => policy.statements.filter(({ Effect }) => Effect === 'Allow').flatMap(statement => (
      problemsOf(policy.property, statement, identity)
        .map(message => ({ resource: policy.resource, property: statementPath(policy, statement), message }))
    ))),
    ...managedPolicies(resources).filter(({ name }) => MANAGED.test(name)).map(({ resource, property, name }) => ({
      resource,
      property,
      message: `'${property}' must be a policy for named repositories, got ${show(name)}: it changes every repository of the account`,
    })),
  ],
};

function problemsOf(property: string, statement: StatementJson, identity: boolean): string[] {
  const actions = textsOf(statement.Action);
  const every = actions.find(action => EVERY_ACTION.test(action) || (!identity && /^\*+$/.test(action)));
  if (every !== undefined) {
    return [`'${property}' must name actions of Amazon ECR, got ${show(every)}: it also deletes images and changes policies`];
  }
  const kept = textsOf(statement.NotAction);
  if (statement.NotAction !== undefined && !kept.some(action => /^(?:\*|ecr(?:-public)?:\*)$/i.test(action)) && includesRepositories(statement)) {
    return [`'${property}' must name actions of Amazon ECR, got all but ${show(kept)}: they also delete images and change policies`];
  }
  if (!identity) {
    return [];
  }

  const changes = actions.filter(action => isKnown(action) && /^ecr(?:-public)?:/i.test(action))
    .flatMap(pattern => actionsMatching(pattern).filter(isHarmful).map(action => ({ pattern, action })));
  const onRegistry = changes.find(({ action }) => action.resource !== 'repository');
  const onRepository = changes.find(({ action }) => action.resource === 'repository');
  const everywhere = everyRepositoryOf(statement);
  if (onRepository !== undefined && everywhere !== undefined && !dependsOnTags(statement.Condition)) {
    return [`'${property}' must name the repositories for ${show(onRepository.pattern)}, got the resource ${show(everywhere)}: it changes every repository of the account`];
  }
  return onRegistry !== undefined && everywhere !== undefined
    ? [`'${property}' must not include ${show(onRegistry.pattern)}, which changes a setting of the whole registry and is for administrators`]
    : [];
}

function isHarmful(action: EcrAction): boolean {
  return isChange(action) && !HARMLESS.includes(action.name);
}

/** The resource that stands for every repository, if a statement has one. */
function everyRepositoryOf({ Resource, NotResource }: StatementJson): string | undefined {
  return NotResource === undefined ? textsOf(Resource).map(arn => String(flattened(arn))).find(arn => EVERY_REPOSITORY.test(arn)) : `all but ${show(NotResource)}`;
}

/** Whether the resources of a statement may be repositories; a repository policy needs none. */
function includesRepositories({ Resource, NotResource }: StatementJson): boolean {
  return NotResource !== undefined || Resource === undefined || textsOf(Resource).some(arn => arn === '*' || /^arn:[^:]*:(?:ecr|\*)/.test(arn));
}

/** Whether a condition names tags that a repository must have. */
function dependsOnTags(conditions: ConditionsJson | undefined): boolean {
  return Object.entries(conditions ?? {}).some(([operator, keys]) => {
    const parts = conditionOperator(operator);
    return /^(?:string(?:equals|like)|stringequalsignorecase)$/.test(parts?.base ?? '') && !parts?.ifExists && parts?.set !== 'forallvalues'
      && Object.entries(keys ?? {}).some(([key, values]) => /^(?:aws|ecr|ecr-public):ResourceTag\//i.test(key) && !textsOf(values).includes('*'));
  });
}
