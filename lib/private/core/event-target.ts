import { Stage } from 'aws-cdk-lib';
import type * as events from 'aws-cdk-lib/aws-events';
import type { IConstruct } from 'constructs';
import { failIfAny } from './errors';

/**
 * A target of an event rule. It fails with a fix if it is in another stage of the app than the rule.
 *
 * @param source the construct whose events the rule matches
 * @param target the target
 */
export function targetInStage<T extends events.IRuleTarget | undefined>(source: IConstruct, target: T): T | events.IRuleTarget {
  return target && {
    bind: (rule, id) => {
      const config = target.bind(rule, id);
      const resource = config.targetResource;
      failIfAny(source, 'TargetInAnotherStage', resource && Stage.of(resource) !== Stage.of(source)
        ? [`'target' must be in the stage of '${source.node.path}', got '${resource.node.path}'; import what the rule listens to into the stage of the target, and add the rule there`]
        : []);
      return config;
    },
  };
}
