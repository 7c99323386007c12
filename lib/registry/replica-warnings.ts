import * as ecr from 'aws-cdk-lib/aws-ecr';
import type { IConstruct } from 'constructs';
import { LifecyclePolicy } from '../lifecycle/lifecycle-policy';
import { warnAtSynthesis } from '../private/core/late-warnings';
import { isKnown, show } from '../private/core/values';
import { matchesWildcards } from '../private/core/wildcards';
import { inRegistry, nameOf, rendered } from '../private/ownership/app-registry';
import { incomingImages } from './incoming-images';
import type { ReplicationSource } from './replication-source';

interface ReplicaSettings {
  readonly sources: readonly ReplicationSource[];
  readonly lifecycle?: LifecyclePolicy;
  readonly mutableTags?: readonly string[];
}

/** The placeholder of a wildcard, which only a wildcard matches. */
const ANY_TEXT = '\0';

/**
 * Warns about settings of replicas that do not match their sources, if both are in the app.
 *
 * @param owner the construct that the user wrote
 * @param at a resource of it
 * @param settings the settings of the replicas
 */
export function warnOfReplicas(owner: IConstruct, at: IConstruct, { sources, lifecycle, mutableTags = [] }: ReplicaSettings): void {
  warnAtSynthesis(owner, at, 'cdk-secure-ecr:ReplicationDestination.movingTags', () => {
    const moving = new Set(sources.flatMap(source => originalsOf(owner, source)).flatMap(movingTags));
    const missing = [...moving].filter(tag => !mutableTags.some(filter => !isKnown(filter) || matchesWildcards(tag.replaceAll('*', ANY_TEXT), filter)));
    return missing.length === 0 ? undefined
      : `replicas lose tags that move at the source, because ${missing.map(show).join(', ')} is mutable there and immutable here; add it to 'mutableTags'`;
  });
  if (lifecycle === undefined) {
    warnAtSynthesis(owner, at, 'cdk-secure-ecr:ReplicationDestination.otherLifecycle', () => {
      const standard = LifecyclePolicy.standard().toJson();
      const others = sources.flatMap(source => originalsOf(owner, source)).filter(original => lifecycleOf(original) !== standard);
      return others.length === 0 ? undefined
        : `replicas of ${others.map(({ node }) => `'${node.path.replace(/\/Resource$/, '')}'`).join(', ')} can expire before their originals, because they get the default lifecycle policy; set 'lifecycle' to the policy of the source, or to LifecyclePolicy.standard()`;
    });
  }
}

/** The repositories of the app whose images a source replicates to the registry of a construct. */
function originalsOf(owner: IConstruct, source: ReplicationSource): ecr.CfnRepository[] {
  if (!source.replicationSetup) {
    return [];
  }
  const prefixes = incomingImages(owner, [source]).flatMap(images => images.prefixes);
  return inRegistry(source.replicationSetup, it => ecr.CfnRepository.isCfnRepository(it)).filter(original => {
    const name = nameOf(original);
    return prefixes.some(prefix => prefix === '' || name?.startsWith(prefix));
  });
}

function movingTags(original: ecr.CfnRepository): string[] {
  const mutability = rendered<string>(original, original.imageTagMutability);
  if (mutability !== 'IMMUTABLE' && mutability !== 'IMMUTABLE_WITH_EXCLUSION') {
    return ['*'];
  }
  const filters = rendered<Array<{ imageTagMutabilityExclusionFilterValue: string }>>(original, original.imageTagMutabilityExclusionFilters) ?? [];
  return filters.map(filter => filter.imageTagMutabilityExclusionFilterValue).filter(isKnown);
}

function lifecycleOf(original: ecr.CfnRepository): string {
  return rendered<{ lifecyclePolicyText?: string }>(original, original.lifecyclePolicy)?.lifecyclePolicyText ?? '';
}
