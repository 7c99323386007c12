import { Duration } from 'aws-cdk-lib';
import { BRAND, brand } from '../private/core/brand';
import { failUnscopedIfAny } from '../private/core/errors';
import { ImageSelection } from './image-selection';
import type { LifecycleFinding } from './lifecycle-finding';
import { LifecycleRule } from './lifecycle-rule';
import { findingsOf } from './policy-findings';
import { readPolicy } from './policy-reader';
import { renderRules, type RuleModel } from './rule-model';
import { countProblems, policyProblems, policyTextProblems, unknownValueProblems } from './rule-problems';
import type { LifecycleForecast, LifecycleForecastProps } from './trial/lifecycle-forecast';
import type { LifecyclePreview, LifecyclePreviewProps } from './trial/lifecycle-preview';

/**
 * A lifecycle policy of Amazon ECR: which images of a repository are deleted or archived, and when.
 *
 * A policy is an immutable value. One policy may serve any number of repositories and templates.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/LifecyclePolicies.html
 */
export class LifecyclePolicy {
  static {
    brand(this, 'LifecyclePolicy');
  }

  /**
   * Deletes untagged images after 7 days and keeps the newest 500 images.
   */
  public static standard(): LifecyclePolicy {
    // Immutable, so that thousands of repositories can share one.
    return LifecyclePolicy.standardPolicy ??= LifecyclePolicy.of(
      LifecycleRule.expire({ images: ImageSelection.UNTAGGED, olderThan: Duration.days(7) }),
      LifecycleRule.expire({ images: ImageSelection.ANY, keepNewest: 500 }),
    );
  }

  /**
   * Protects images tagged `release-*`, deletes images tagged `pr-*` after 30 days and untagged images after 7 days.
   */
  public static production(): LifecyclePolicy {
    return LifecyclePolicy.of(
      LifecycleRule.protect({ images: ImageSelection.tagPattern('release-*') }),
      LifecycleRule.expire({ images: ImageSelection.tagPattern('pr-*'), olderThan: Duration.days(30) }),
      LifecycleRule.expire({ images: ImageSelection.UNTAGGED, olderThan: Duration.days(7) }),
    );
  }

  /**
   * Deletes every image after 14 days.
   */
  public static development(): LifecyclePolicy {
    return LifecyclePolicy.of(LifecycleRule.expire({ images: ImageSelection.ANY, olderThan: Duration.days(14) }));
  }

  /**
   * Keeps the newest images and deletes all others.
   *
   * @param count how many images to keep: at least one
   */
  public static keepLatest(count: number): LifecyclePolicy {
    failUnscopedIfAny('InvalidLifecyclePolicy', countProblems('count', count));
    return LifecyclePolicy.of(LifecycleRule.expire({ images: ImageSelection.ANY, keepNewest: count }));
  }

  /**
   * A policy of own rules.
   *
   * Throws with every problem at once when ECR would refuse the policy.
   *
   * @param rules the rules, the first one first: 1 to 50
   */
  public static of(...rules: LifecycleRule[]): LifecyclePolicy {
    const problems: string[] = [];
    const models: RuleModel[] = [];
    rules.forEach((rule, index) => {
      const path = `rules[${index}]`;
      const ruleProblems = rule._problems(path);
      problems.push(...ruleProblems);
      models.push(...ruleProblems.length > 0 ? [] : rule._models(path, models.length + 1));
    });
    if (rules.length === 0) {
      problems.push("'rules' must have at least one rule, got none; leave the policy out to keep every image");
    }
    return new LifecyclePolicy(models, problems);
  }

  /**
   * A policy that was written by hand or comes from a repository.
   *
   * Throws with every problem at once when ECR would refuse the text: unknown and null keys, combinations that do not go together,
   * equal priorities, misplaced rules, limits. Priorities and descriptions stay as they are.
   *
   * @param text the policy text, such as `aws ecr get-lifecycle-policy` prints it: 100 to 30,720 characters
   */
  public static fromJson(text: string): LifecyclePolicy {
    const { rules, problems } = readPolicy(text);
    return new LifecyclePolicy(rules, problems);
  }

  private static standardPolicy?: LifecyclePolicy;

  private readonly text: string;
  private found?: LifecycleFinding[];
  private declare readonly [BRAND]: 'LifecyclePolicy';

  private constructor(private readonly rules: RuleModel[], problems: string[]) {
    this.text = renderRules(rules);
    failUnscopedIfAny('InvalidLifecyclePolicy', [...problems, ...policyProblems(rules), ...policyTextProblems('rules', this.text)]);
  }

  /**
   * The policy text that ECR takes: minified JSON, sorted by priority.
   */
  public toJson(): string {
    return this.text;
  }

  /**
   * What the policy does to the images of a repository, and why.
   *
   * Throws when an image cannot exist as described, and when the policy holds tokens.
   */
  public preview(props: LifecyclePreviewProps): LifecyclePreview {
    failUnscopedIfAny('UnknownLifecyclePolicy', unknownValueProblems(this.rules));
    return previewing().LifecyclePreview._of(this.rules, props);
  }

  /**
   * How a repository grows under the policy: images, storage and cost over time, and how far back each tag can be rolled back.
   *
   * Throws when the input makes no sense, and when the policy holds tokens.
   */
  public forecast(props: LifecycleForecastProps): LifecycleForecast {
    failUnscopedIfAny('UnknownLifecyclePolicy', unknownValueProblems(this.rules));
    return forecasting().LifecycleForecast._of(this.rules, props);
  }

  /**
   * What is legal in the policy but surely not meant. Constructs that take a policy turn each finding into a warning.
   *
   * - `andList`: a list of tags in a policy text that reads like "one of them" but means "all of them".
   * - `anyEndsProtection`: a rule deletes any archived image, also tagged ones that another rule archives to keep them.
   * - `archiveBelowMinimum`: images are archived while they are so young that the 90 days of the archive outlast them.
   * - `archiveSavesNothing`: images are archived, which costs as much as standard storage for most registries.
   * - `countIncludesProtected`: a rule counts images that higher rules hold, and may have no place left for others.
   * - `impossibleTag`: no tag can match a prefix or pattern.
   * - `scannersCountAsPulls`: a rule waits for a last pull, which scanners put off.
   * - `sharedTag`: two rules list the same prefix or pattern, which ECR may refuse.
   * - `unreachableRule`: higher rules claim every image of a rule.
   *
   * Values that are tokens are not looked at.
   */
  public findings(): LifecycleFinding[] {
    this.found ??= findingsOf(this.rules);
    return [...this.found];
  }
}

// Most apps write policies and never try one: what only a preview or a forecast needs is loaded with the first of them.
const previewing = () => require('./trial/lifecycle-preview') as typeof import('./trial/lifecycle-preview');
const forecasting = () => require('./trial/lifecycle-forecast') as typeof import('./trial/lifecycle-forecast');
