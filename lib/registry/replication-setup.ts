import { type IResource, Resource, Stack, Validations } from 'aws-cdk-lib';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import type { Construct } from 'constructs';
import { isListedRegion } from '../private/core/environment';
import { failIfAny } from '../private/core/errors';
import { isKnown, show } from '../private/core/values';
import { REGISTRY_SETTINGS } from '../private/ecr/registry-resources';
import { checkArguments } from '../private/input/check-arguments';
import { injectable } from '../private/input/injectable';
import { publicClass } from '../private/input/public-class';
import { claimProblems, claimResource, type OwnedKind } from '../private/ownership/claims';
import { makeRegistrySetting } from '../private/ownership/logical-ids';
import { prefixesWithoutSlash, replicationRuleProblems, type NamedRule } from './replication-problems';
import type { ReplicationRule } from './replication-rule';
import type { ReplicationTarget } from './replication-target';
import { warnOfReplication } from './replication-warnings';

const REPLICATION_CONFIGURATION: OwnedKind = {
  ...REGISTRY_SETTINGS.replication,
  warningId: 'cdk-secure-ecr:ReplicationSetup.environmentUnknown',
  fix: "keep one ReplicationSetup and move the rules of the other to its 'rules'",
  fixForeign: "move the rules of the first into the 'rules' of the second",
};

/**
 * The replication of a registry.
 */
export interface IReplicationSetup extends IResource, ecr.IReplicationConfigurationRef {
  /**
   * The replication rules.
   */
  readonly rules: ReplicationRule[];
}

/**
 * Properties for defining a `ReplicationSetup`.
 */
export interface ReplicationSetupProps {
  /**
   * The destination registries: up to 25 different registries in all rules.
   *
   * @default - no destinations, use `rules`
   */
  readonly destinations?: ReplicationTarget[];

  /**
   * The name prefixes of the repositories to replicate to `destinations`: 1 to 100 prefixes of 2 to 256 characters, without
   * wildcards.
   *
   * A prefix is compared by character: `prod` also matches `production/api`, `prod/` does not. A prefix without a `/` that
   * ends in a letter or digit is therefore a warning.
   *
   * @default - all repositories of the registry
   */
  readonly repositoryPrefixes?: string[];

  /**
   * More rules, for destinations of other repositories: up to 10 rules, including the rule of `destinations`.
   *
   * @default - only the rule of `destinations`
   */
  readonly rules?: ReplicationRule[];
}

/**
 * Replicates the images of this registry to other Regions and accounts.
 *
 * A registry, which is one account in one Region, has one replication configuration: a second `ReplicationSetup` for it in the
 * same app is an error. Amazon ECR replicates:
 *
 * - images that are pushed, or restored from the archive storage class, after the setup. To copy existing images, start a replication
 *   backfill;
 * - images and their tags, not settings: the repository in the destination has mutable tags, no customer managed key, no
 *   lifecycle policy and no repository policy, unless a `ReplicationDestination` in the destination configures them;
 * - to the destinations of this registry only: a destination does not replicate replicas;
 * - no deletions and no archiving: each registry expires its own images;
 * - under the same repository name, most images within 30 minutes.
 *
 * Another account must allow the replication: deploy a `ReplicationDestination` there first.
 *
 * @resource AWS::ECR::ReplicationConfiguration
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/replication.html
 */
@injectable
export class ReplicationSetup extends Resource implements IReplicationSetup {
  static {
    publicClass(this, 'ReplicationSetup');
  }

  /**
   * Uniquely identifies this class.
   */
  public static readonly PROPERTY_INJECTION_ID: string = 'cdk-secure-ecr.ReplicationSetup';

  public readonly rules: ReplicationRule[];

  public readonly replicationConfigurationRef: ecr.ReplicationConfigurationReference;

  constructor(scope: Construct, id: string, props: ReplicationSetupProps = {}) {
    checkArguments('ReplicationSetup', [scope, id, props]);
    super(scope, id);

    const rules = namedRules(props);
    failIfAny(this, 'InvalidReplicationSetup', [
      ...presenceProblems(props),
      ...replicationRuleProblems(this, rules),
      ...claimProblems(this, REPLICATION_CONFIGURATION),
    ]);

    this.rules = rules.map(({ rule }) => rule);
    const resource = makeRegistrySetting(this, 'SecureEcrReplication', (at, name) => new ecr.CfnReplicationConfiguration(at, name, {
      replicationConfiguration: { rules: this.rules.map(rule => this.render(rule)) },
    }));
    this.replicationConfigurationRef = resource.replicationConfigurationRef;

    claimResource(this, REPLICATION_CONFIGURATION, resource);
    this.warn();
    warnOfReplication(this, resource, this.rules);
  }

  private render(rule: ReplicationRule): ecr.CfnReplicationConfiguration.ReplicationRuleProperty {
    return {
      destinations: rule.destinations.map(({ registryAccount, registryRegion }) => ({
        region: registryRegion,
        registryId: registryAccount ?? Stack.of(this).account,
      })),
      repositoryFilters: rule.repositoryPrefixes?.map(filter => ({ filter, filterType: 'PREFIX_MATCH' })),
    };
  }

  private warn(): void {
    for (const prefix of prefixesWithoutSlash(this.rules.flatMap(rule => rule.repositoryPrefixes ?? []))) {
      Validations.of(this).addWarning(
        'cdk-secure-ecr:ReplicationSetup.prefixWithoutSlash',
        `the prefix ${show(prefix)} also replicates repositories such as ${show(`${prefix}-other`)} and ${show(`${prefix}x/api`)}; `
        + `end it with '/' for repositories in ${show(`${prefix}/`)} only`,
      );
    }

    const regions = new Set(this.rules.flatMap(rule => rule.destinations.map(target => target.registryRegion)));
    for (const region of [...regions].filter(it => isKnown(it) && !isListedRegion(it))) {
      Validations.of(this).addWarning(
        'cdk-secure-ecr:ReplicationSetup.unknownRegion',
        `the deployment may fail, because this version of aws-cdk-lib does not know the Region ${show(region)}; check its spelling`,
      );
    }
  }
}

function namedRules({ destinations, repositoryPrefixes, rules = [] }: ReplicationSetupProps): NamedRule[] {
  const further = rules.map((rule, index) => ({ at: `rules[${index}].`, rule }));
  return destinations ? [{ at: '', rule: { destinations, repositoryPrefixes } }, ...further] : further;
}

function presenceProblems({ destinations, repositoryPrefixes, rules }: ReplicationSetupProps): string[] {
  if (destinations) {
    return [];
  }
  if (repositoryPrefixes) {
    return ["'repositoryPrefixes' must be used with 'destinations', got none; add a registry such as ReplicationTarget.region('eu-central-1')"];
  }
  return rules?.length ? [] : ["'destinations' must have a registry such as ReplicationTarget.region('eu-central-1'), got none and no 'rules'"];
}
