import { Duration, type Stack } from 'aws-cdk-lib';
import type * as ecr from 'aws-cdk-lib/aws-ecr';
import * as efs from 'aws-cdk-lib/aws-efs';
import {
  type ImageInventory, ImageSelection, type LifecycleComparison, type LifecycleDecision, type LifecycleFit, type LifecycleForecast, LifecyclePolicy,
  type LifecyclePreview, LifecycleRule, SecureRepository,
} from 'cdk-secure-ecr';
import { lookAlike, take } from './refuse';

declare const scope: Stack;
declare const ruleOfCdk: ecr.LifecycleRule;

// @ts-expect-error -- text
take<ImageInventory>('images.json');
// @ts-expect-error -- look-alike
take<ImageInventory>(lookAlike<ImageInventory>());
// @ts-expect-error -- text
take<ImageSelection>('release-*');
// @ts-expect-error -- look-alike
take<ImageSelection>(lookAlike<ImageSelection>());
// @ts-expect-error -- text
take<LifecycleComparison>('comparison');
// @ts-expect-error -- look-alike
take<LifecycleComparison>(lookAlike<LifecycleComparison>());
// @ts-expect-error -- text
take<LifecycleDecision>('EXPIRE');
// @ts-expect-error -- look-alike
take<LifecycleDecision>(lookAlike<LifecycleDecision>());
// @ts-expect-error -- text
take<LifecycleFit>('fit');
// @ts-expect-error -- look-alike
take<LifecycleFit>(lookAlike<LifecycleFit>());
// @ts-expect-error -- text
take<LifecycleForecast>('forecast');
// @ts-expect-error -- look-alike
take<LifecycleForecast>(lookAlike<LifecycleForecast>());
// @ts-expect-error -- text
take<LifecyclePolicy>('{"rules":[]}');
// @ts-expect-error -- look-alike
take<LifecyclePolicy>(lookAlike<LifecyclePolicy>());
// @ts-expect-error -- the enum of the CDK has the same name
take<LifecyclePolicy>(efs.LifecyclePolicy.AFTER_7_DAYS);
// @ts-expect-error -- text
take<LifecyclePreview>('preview');
// @ts-expect-error -- look-alike
take<LifecyclePreview>(lookAlike<LifecyclePreview>());
// @ts-expect-error -- text
take<LifecycleRule>('expire release-*');
// @ts-expect-error -- look-alike
take<LifecycleRule>(lookAlike<LifecycleRule>());
// @ts-expect-error -- the rule of the CDK has the same name
take<LifecycleRule>(ruleOfCdk);

LifecyclePolicy.of(LifecycleRule.expire({ images: ImageSelection.UNTAGGED, olderThan: Duration.days(7) }));
// @ts-expect-error -- text
LifecyclePolicy.of('keep 500');
// @ts-expect-error -- the rule of the CDK
LifecyclePolicy.of({ maxImageCount: 500 });
// @ts-expect-error -- a pattern is not a selection
LifecycleRule.expire({ images: 'release-*', olderThan: Duration.days(7) });
// @ts-expect-error -- the text of a policy is not a policy: LifecyclePolicy.fromJson reads it
new SecureRepository(scope, 'ByText', { lifecycle: LifecyclePolicy.standard().toJson() });
// @ts-expect-error -- the rules of the CDK
new SecureRepository(scope, 'ByRules', { lifecycle: [{ maxImageCount: 500 }] });
