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
  wayOut: "keep one ReplicationSetup and move the rules of the other into its 'rules'",
  wayOutForeign: "move the rules of the first into the 'rules' of the second",
};

/**
 * The replication of a registry.
 */
export interface IReplicationSetup extends IResource, ecr.IReplicationConfigurationRef {
  /**
   * What is replicated, and where to.
   */
  readonly rules: ReplicationRule[];
}

/**
 * Properties for defining a `ReplicationSetup`.
 */
export interface ReplicationSetupProps {
  /**
   * The registries that get a copy of every image: up to 25 different ones over all rules.
   *
   * @default - none, `rules` say it
   */
  readonly destinations?: ReplicationTarget[];

  /**
   * How the names of the repositories begin that are replicated to `destinations`: 1 to 100 prefixes of 2 to 256 characters,
   * without wildcards.
   *
   * A prefix is compared letter by letter: `prod` also matches `production/api`, `prod/` does not. A prefix without a `/` that
   * ends in a letter or digit is therefore a warning.
   *
   * @default - all repositories of the registry
   */
  readonly repositoryPrefixes?: string[];

  /**
   * Further rules, for destinations that get other repositories. Up to 10 rules, with the one that `destinations` make.
   *
   * @default - only the rule that `destinations` make
   */
  readonly rules?: ReplicationRule[];
}

/**
 * Replicates the images of this registry to other Regions and accounts.
 *
 * A registry, which is one account in one Region, has one replication configuration: a second `ReplicationSetup` for it in the
 * same app is an error. What Amazon ECR replicates is less than many expect:
 *
 * - images that are pushed or restored from the archive class after the setup; a replication backfill, which somebody must start,
 *   copies those that were there before;
 * - images and their tags, never settings: the repository in the destination has mutable tags, no customer managed key, no
 *   lifecycle policy and no repository policy, unless a `ReplicationDestination` over there gives it better ones;
 * - one hop: the destination does not pass a replica on;
 * - no deletions and no archiving: each side expires its own images;
 * - under the same repository name, most images within 30 minutes.
 *
 * Another account must allow it: deploy a `ReplicationDestination` there first.
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
        `the prefix ${show(prefix)} also matches repositories such as ${show(`${prefix}-other`)} and ${show(`${prefix}x/api`)}; `
        + `end it with '/' to mean what is inside ${show(`${prefix}/`)} only`,
      );
    }

    const regions = new Set(this.rules.flatMap(rule => rule.destinations.map(target => target.registryRegion)));
    for (const region of [...regions].filter(it => isKnown(it) && !isListedRegion(it))) {
      Validations.of(this).addWarning(
        'cdk-secure-ecr:ReplicationSetup.unknownRegion',
        `this version of aws-cdk-lib knows no Region ${show(region)}; check its spelling`,
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
    return ["'repositoryPrefixes' must come with 'destinations', got none; name a registry such as ReplicationTarget.region('eu-central-1')"];
  }
  return rules?.length ? [] : ["'destinations' must name a registry such as ReplicationTarget.region('eu-central-1'), got none and no 'rules'"];
}
