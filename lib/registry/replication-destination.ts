import { Stack, Validations } from 'aws-cdk-lib';
import type * as ecr from 'aws-cdk-lib/aws-ecr';
import * as events from 'aws-cdk-lib/aws-events';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { LifecyclePolicy } from '../lifecycle/lifecycle-policy';
import { failIfAny } from '../private/core/errors';
import { targetInStage } from '../private/core/event-target';
import { show } from '../private/core/values';
import { REPLICATE_ACTIONS } from '../private/ecr/actions';
import { checkArguments } from '../private/input/check-arguments';
import { publicClass } from '../private/input/public-class';
import { addToRegistryPolicy, registryPolicyProblems } from '../private/ownership/registry-policy';
import type { RepositoryEncryption } from '../repository/repository-encryption';
import { type IRepositoryTemplate, RepositoryTemplate } from '../repository/repository-template';
import { TemplateUse } from '../repository/template-use';
import { incomingImages, shortestPrefixes, sourceProblems, templatePrefixes, type IncomingImages } from './incoming-images';
import { warnOfReplicas } from './replica-warnings';
import { prefixesWithoutSlash } from './replication-problems';
import type { ReplicationSource } from './replication-source';

/**
 * Properties for defining a `ReplicationDestination`.
 */
export interface ReplicationDestinationProps {
  /**
   * The sources that may replicate to this registry, at least one.
   */
  readonly sources: ReplicationSource[];

  /**
   * The encryption of the replicas.
   *
   * @default - the customer managed key that the repositories of the stack share
   */
  readonly encryption?: RepositoryEncryption;

  /**
   * The lifecycle policy of the replicas. It is independent of the policy of the source.
   *
   * @default LifecyclePolicy.standard()
   */
  readonly lifecycle?: LifecyclePolicy;

  /**
   * The mutable tags, up to five filters such as `latest` or `prod-*`; `['*']` makes all tags mutable.
   *
   * Include the mutable tags of the source: when a tag moves at the source that is immutable here, the new image is replicated
   * without the tag, possibly untagged.
   *
   * @default - none
   */
  readonly mutableTags?: string[];

  /**
   * The repository policy of the replicas, up to 10,240 characters.
   * `ExistingPolicy.fromJson` takes the policy of a template that exists, word for word.
   *
   * @default - no repository policy: identity policies and the registry policy apply
   */
  readonly repositoryPolicy?: iam.PolicyDocument;

  /**
   * The tags of the repositories of the replicas, up to 50. With tags, the source also gets the permission to tag them.
   *
   * @default - no tags
   */
  readonly resourceTags?: { [key: string]: string };
}

/**
 * The destination of a `ReplicationSetup`: allows another account to replicate into this registry, and configures the replicas as
 * securely as their sources.
 *
 * - A source in another account gets permissions in the registry policy of this stack, which other constructs share, to replicate
 *   to repositories with the given prefixes and to create them. A source in another Region of this account needs no permissions.
 * - Amazon ECR does not copy the settings of a repository. Creation templates give the repositories that it creates for replicas
 *   immutable tags, a customer managed key and a lifecycle policy. Existing repositories do not change.
 *
 * A template matches a namespace, and a replication prefix is compared by character. Therefore the prefix `prod/` has the template
 * `prod`, but the prefix `prod`, which also matches `prod-eu/api`, has the template `ROOT`, which applies to all replicas in this
 * registry that no other template matches.
 *
 * Deploy it before the source, so that every image that is pushed can be replicated.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/registry-permissions-create-replication.html
 */
export class ReplicationDestination extends Construct {
  static {
    publicClass(this, 'ReplicationDestination');
  }

  /**
   * The registry policy that allows the sources.
   *
   * @default - no source is in another account
   */
  public readonly registryPolicy?: ecr.IRegistryPolicyRef;

  /**
   * The creation templates of the replicas.
   */
  public readonly templates: IRepositoryTemplate[];

  constructor(scope: Construct, id: string, props: ReplicationDestinationProps) {
    checkArguments('ReplicationDestination', [scope, id, props]);
    super(scope, id);

    const { sources, encryption, lifecycle, mutableTags, repositoryPolicy, resourceTags } = props;
    const incoming = incomingImages(this, sources);
    failIfAny(this, 'InvalidReplicationDestination', [
      ...sourceProblems(this, sources),
      ...(incoming.some(({ account }) => account) ? registryPolicyProblems(this) : []),
    ]);

    for (const statement of this.statements(incoming, resourceTags)) {
      this.registryPolicy = addToRegistryPolicy(this, statement);
    }

    const templates = new Construct(this, 'Templates');
    const appliedFor = [TemplateUse.REPLICATION];
    this.templates = templatePrefixes(incoming.flatMap(({ prefixes }) => prefixes)).map(prefix =>
      new RepositoryTemplate(templates, prefix.replaceAll('/', ':'), {
        prefix, appliedFor, encryption, lifecycle, mutableTags, repositoryPolicy, resourceTags,
      }));

    warnOfReplicas(this, this.templates[0].node.defaultChild!, props);
    for (const prefix of prefixesWithoutSlash(sources.flatMap(source => source.repositoryPrefixes ?? []))) {
      Validations.of(this).addWarning(
        'cdk-secure-ecr:ReplicationDestination.prefixWithoutSlash',
        `the source can also create repositories such as ${show(`${prefix}-other`)} and ${show(`${prefix}x/api`)}, `
        + `and one template applies to all replicas, because the prefix ${show(prefix)} does not end with '/'; end it with '/' on both sides for repositories in ${show(`${prefix}/`)} only`,
      );
    }
  }

  /**
   * Calls a target for every image that is replicated into this registry from any source, or fails to replicate.
   *
   * @param id the id of the rule
   * @param options the target
   */
  public onEvent(id: string, options: events.OnEventOptions = {}): events.Rule {
    return this.onReplication(id, options, { 'action-type': ['REPLICATE'] });
  }

  /**
   * Calls a target for images that fail to replicate into this registry from any source.
   *
   * Start a replication backfill to copy them after you fix the cause.
   *
   * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/replication-backfill.html
   * @param id the id of the rule
   * @param options the target
   */
  public onReplicationFailed(id: string, options: events.OnEventOptions = {}): events.Rule {
    return this.onReplication(id, options, { 'action-type': ['REPLICATE'], 'result': ['FAILED'] });
  }

  private onReplication(id: string, options: events.OnEventOptions, detail: { [field: string]: string[] }): events.Rule {
    const rule = new events.Rule(this, id, options);
    rule.addTarget(targetInStage(this, options.target));
    rule.addEventPattern({ source: ['aws.ecr'], detailType: ['ECR Replication Action'], detail });
    return rule;
  }

  private statements(incoming: readonly IncomingImages[], resourceTags: { [key: string]: string } = {}): iam.PolicyStatement[] {
    const actions = Object.keys(resourceTags).length > 0 ? [...REPLICATE_ACTIONS, 'ecr:TagResource'] : REPLICATE_ACTIONS;
    const accounts = new Set(incoming.flatMap(({ account }) => account ?? []));
    return [...accounts].map(account => new iam.PolicyStatement({
      principals: [new iam.AccountPrincipal(account)],
      actions,
      resources: shortestPrefixes(incoming.filter(it => it.account === account).flatMap(({ prefixes }) => prefixes))
        .map(prefix => Stack.of(this).formatArn({ service: 'ecr', resource: 'repository', resourceName: `${prefix}*` })),
    }));
  }
}
