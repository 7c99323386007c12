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
   * Whose images this registry takes, at least one source.
   */
  readonly sources: ReplicationSource[];

  /**
   * How the replicas are encrypted.
   *
   * @default - the customer managed key that the repositories of the stack share
   */
  readonly encryption?: RepositoryEncryption;

  /**
   * When the replicas expire, which neither follows the source nor affects it.
   *
   * @default LifecyclePolicy.standard()
   */
  readonly lifecycle?: LifecyclePolicy;

  /**
   * Tags that may move to another image, up to five filters such as `latest` or `prod-*`; `['*']` lets every tag move.
   *
   * Name what may move at the source: when a tag moves there that must not move here, the new image arrives without it, possibly
   * without any tag.
   *
   * @default - none
   */
  readonly mutableTags?: string[];

  /**
   * Who may do what in the repositories of the replicas, up to 10,240 characters.
   * `ExistingPolicy.fromJson` takes the policy of a template that exists, word for word.
   *
   * @default - only what the policies of IAM and of the registry allow
   */
  readonly repositoryPolicy?: iam.PolicyDocument;

  /**
   * Tags of the repositories of the replicas, up to 50. The source may then tag them.
   *
   * @default - no tags
   */
  readonly resourceTags?: { [key: string]: string };
}

/**
 * The other side of a `ReplicationSetup`: lets another account replicate into this registry, and makes the replicas as strict as
 * their originals.
 *
 * - A source in another account gets permission in the registry policy of this stack, which other constructs share: to replicate,
 *   and to create repositories, that begin with the given prefixes. A source in another Region of this account needs none.
 * - Amazon ECR does not copy the settings of a repository. Creation templates give the repositories that it creates for replicas
 *   immutable tags, a customer managed key and a lifecycle policy. Repositories that exist already stay as they are.
 *
 * A template matches everything inside a namespace, while the prefixes of replication are compared letter by letter. So the prefix
 * `prod/` has the template `prod`; but `prod`, which `prod-eu/api` also begins with, has `ROOT`, which applies to all replicas in
 * this registry that no other template matches.
 *
 * Deploy it before the source, so that no image is pushed that cannot be replicated yet.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/registry-permissions-create-replication.html
 */
export class ReplicationDestination extends Construct {
  static {
    publicClass(this, 'ReplicationDestination');
  }

  /**
   * The registry policy that lets the sources in.
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
        `the prefix ${show(prefix)} also lets the source create repositories such as ${show(`${prefix}-other`)} and ${show(`${prefix}x/api`)}, `
        + `and makes a template for all replicas; end it with '/' on both sides to mean what is inside ${show(`${prefix}/`)} only`,
      );
    }
  }

  /**
   * Reacts to everything that is replicated into this registry, from any source, or could not be.
   *
   * @param id the id of the rule
   * @param options where the events go
   */
  public onEvent(id: string, options: events.OnEventOptions = {}): events.Rule {
    return this.onReplication(id, options, { 'action-type': ['REPLICATE'] });
  }

  /**
   * Reacts to images that could not be replicated into this registry, from any source.
   *
   * A replication backfill copies them once the cause is gone.
   *
   * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/replication-backfill.html
   * @param id the id of the rule
   * @param options where the events go
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
