import { Duration } from 'aws-cdk-lib';
import { BRAND } from '../private/core/brand';
import { failUnscopedIfAny } from '../private/core/errors';
import { isLookupPending } from '../private/core/values';
import { SIGNATURE_TAG_KINDS } from '../private/ecr/signature-tags';
import { publicClass } from '../private/input/public-class';
import { ImageSelection } from './image-selection';
import type { LifecycleFinding, LifecycleFindingsOptions } from './lifecycle-finding';
import { LifecycleRule } from './lifecycle-rule';
import { findingsOf } from './policy-findings';
import { policyTextIn, readPolicy } from './policy-reader';
import { renderRules, type RuleModel } from './rule-model';
import { countProblems, policyProblems, policyTextProblems, unknownValueProblems } from './rule-problems';
import type { LifecycleFitProps } from './trial/lifecycle-fit-props';
import type { LifecycleFitPromise, LifecycleFitRule } from './trial/lifecycle-fit-report';
import type { LifecycleForecast } from './trial/lifecycle-forecast';
import type { LifecycleForecastProps } from './trial/lifecycle-forecast-props';
import type { LifecyclePreview, LifecyclePreviewProps } from './trial/lifecycle-preview';
import type { PolicyFit } from './trial/policy-fit';

/**
 * Options of `LifecyclePolicy.keepLatest`.
 */
export interface KeepLatestOptions {
  /**
   * The tag patterns of the images to keep, such as `v*`: the newest `count` images of each pattern. Signatures and attestations of
   * these images do not count, and images with other tags are kept.
   *
   * @default - every tagged image counts, also signatures and attestations with a tag
   */
  readonly tagPatterns?: string[];

  /**
   * The largest number of signature tags of one image, for `tagPatterns`: at least one. The policy keeps this many signatures for each
   * image that it keeps. An image of several platforms that are signed on their own needs more.
   *
   * @default 3 - a signature, an attestation and an SBOM
   */
  readonly signatureTagsPerImage?: number;
}

/**
 * A lifecycle policy of Amazon ECR: which images of a repository are deleted or archived, and when.
 *
 * A policy is an immutable value. One policy may serve any number of repositories and templates.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/LifecyclePolicies.html
 */
export class LifecyclePolicy {
  static {
    publicClass(this, 'LifecyclePolicy');
  }

  /**
   * Deletes untagged images after 7 days and keeps the newest 500 tagged images.
   *
   * Tags that move often, and the platforms of an index, do not use up the 500: ECR would count their untagged images in a rule for
   * any image. Signatures with a tag count.
   */
  public static standard(): LifecyclePolicy {
    // Immutable, so that thousands of repositories can share one.
    return LifecyclePolicy.standardPolicy ??= LifecyclePolicy.of(
      LifecycleRule.expire({ images: ImageSelection.UNTAGGED, olderThan: Duration.days(7) }),
      LifecycleRule.expire({ images: ImageSelection.TAGGED, keepNewest: 500 }),
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
   * Deletes untagged images after 3 days and keeps the newest 50 tagged images.
   *
   * Images do not expire by age, because ECR would then delete the only image, which may be running, when nothing is pushed for a while.
   */
  public static development(): LifecyclePolicy {
    return LifecyclePolicy.of(
      LifecycleRule.expire({ images: ImageSelection.UNTAGGED, olderThan: Duration.days(3) }),
      LifecycleRule.expire({ images: ImageSelection.TAGGED, keepNewest: 50 }),
    );
  }

  /**
   * Keeps the newest tagged images and deletes all others, untagged ones after 7 days.
   *
   * Signatures and attestations with tags such as `sha256-….sig` count, so that 30 may be 10 signed images. With `tagPatterns`, they do
   * not count.
   *
   * @param count how many images to keep: at least one
   */
  public static keepLatest(count: number, options: KeepLatestOptions = {}): LifecyclePolicy {
    const { tagPatterns, signatureTagsPerImage = SIGNATURE_TAG_KINDS.length } = options;
    failUnscopedIfAny('InvalidLifecyclePolicy', [
      ...countProblems('count', count),
      ...countProblems('signatureTagsPerImage', signatureTagsPerImage),
      ...tagPatterns?.length === 0 ? ["'tagPatterns' must name at least one tag pattern, got none; leave it out to count every tagged image"] : [],
    ]);
    const expireUntagged = LifecycleRule.expire({ images: ImageSelection.UNTAGGED, olderThan: Duration.days(7) });
    return tagPatterns === undefined
      ? LifecyclePolicy.of(expireUntagged, LifecycleRule.expire({ images: ImageSelection.TAGGED, keepNewest: count }))
      : LifecyclePolicy.of(
        LifecycleRule.expire({ images: ImageSelection.SIGNATURES, keepNewest: count * tagPatterns.length * signatureTagsPerImage }),
        LifecycleRule.expire({ images: ImageSelection.anyOfTagPatterns(...tagPatterns), keepNewest: count }),
        expireUntagged,
      );
  }

  /**
   * No lifecycle policy: every image is kept, and storage costs grow with each push, which is a warning.
   *
   * For a repository that had none before it became a `SecureRepository`: a policy would delete its images within 24 hours.
   */
  public static none(): LifecyclePolicy {
    return LifecyclePolicy.noPolicy ??= new LifecyclePolicy([], []);
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
      problems.push("'rules' must have at least one rule, got none; use LifecyclePolicy.none() to keep every image");
    }
    return new LifecyclePolicy(models, problems);
  }

  /**
   * Reads a policy that was written by hand or comes from a repository.
   *
   * Throws with every problem at once when ECR would refuse the text: unknown, null and duplicate keys, combinations that do not go
   * together, equal priorities, misplaced rules, limits. Priorities and descriptions stay as they are. White space does not count.
   *
   * @param text the policy text, or the output of `aws ecr get-lifecycle-policy`: up to 30,720 characters without white space
   */
  public static fromJson(text: string): LifecyclePolicy {
    if (isLookupPending(text)) {
      return LifecyclePolicy.standard();
    }
    const { rules, problems } = readPolicy(policyTextIn(text));
    return new LifecyclePolicy(rules, problems);
  }

  /**
   * Searches the cheapest policy that keeps promises, for pushes that are known or learned.
   *
   * The search space is one rule at most for each tag that is pushed, in a fixed order: tags without `*` first, then the pattern with the
   * longest promised rollback, but a narrower pattern before a wider one. A tag without `*` is protected or has no rule. A pattern has no
   * rule, is protected, expires by age (1, 2, 3, 5, 7, 10, 14, 21, 30, 45, 60, 90, 120, 150, 180, 270, 365, 540, 730, 1095, 1460, 1825
   * days) or by count (1, 2, 3, 5, 7, 10, 15, 20, 30, 50, 70, 100, 150, 200, 300, 500, 700, 1000, 1500, 2000, 3000, 5000, 7000, 10,000),
   * or by a value near those that its promises need. A rule at the end may expire untagged images after `keepUntagged`. At most
   * four tags may have rules that select the same images. Nothing is archived, because an archived
   * image cannot be pulled.
   *
   * With `inventory`, the pushes are learned from the images of a repository. Rules are then for the tags in `keep`, and for one tag of
   * images that have none of them. Of more than two tags that may select the same images, only those in `keep` get a rule.
   *
   * The result is the policy of that space that takes up the least storage on the last day, and of equal ones the one with the fewest
   * rules. The same input gives the same policy. Promises hold on every day, with pushes at equal intervals and in each of the `runs`.
   *
   * Throws with every problem at once when the input makes no sense. When no policy keeps everything, the result says so.
   */
  public static fit(props: LifecycleFitProps): LifecycleFit {
    const fit = new (fitting().PolicyFit)(props);
    return LifecycleFit._of(new LifecyclePolicy(fit.rules, []), fit);
  }

  private static standardPolicy?: LifecyclePolicy;
  private static noPolicy?: LifecyclePolicy;

  private readonly text: string;
  private readonly found = new Map<string, LifecycleFinding[]>();
  private declare readonly [BRAND]: 'LifecyclePolicy';

  private constructor(private readonly rules: RuleModel[], problems: string[]) {
    this.text = rules.length > 0 ? renderRules(rules) : '';
    failUnscopedIfAny('InvalidLifecyclePolicy', [
      ...problems,
      ...rules.length > 0 ? [...policyProblems(rules), ...policyTextProblems('rules', this.text)] : [],
    ]);
  }

  /**
   * The policy text that ECR takes: minified JSON, sorted by priority. An empty string for `LifecyclePolicy.none()`.
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
   * Pushes are given, or learned from the images of a repository with `inventory`.
   *
   * Throws when the input makes no sense, and when the policy holds tokens.
   */
  public forecast(props: LifecycleForecastProps): LifecycleForecast {
    failUnscopedIfAny('UnknownLifecyclePolicy', unknownValueProblems(this.rules));
    return forecasting().LifecycleForecast._of(this.rules, props);
  }

  /**
   * Reports parts of the policy that are legal but probably unintended. Constructs that take a policy turn each finding into a warning.
   *
   * A finding that loses images has an example, which a preview has confirmed, and a rewritten policy that keeps the image, if ECR can
   * express one.
   *
   * - `ageWithoutFloor`: any tagged image expires by age, also the only one.
   * - `andList`: a list of tags in a policy text that reads like "one of them" but means "all of them".
   * - `archiveBelowMinimum`: images are archived within 90 days, and are charged for 90 days from then on.
   * - `archiveSavesNothing`: images are archived, which costs as much as standard storage for most registries.
   * - `archivedIndexLosesPlatforms`: an index is archived, and its untagged platforms expire.
   * - `countIncludesProtected`: a rule counts images that higher rules hold, and may have no place left for others.
   * - `countIncludesSignatures`: a rule counts signatures, and keeps a fraction of its number of images.
   * - `countIncludesUntagged`: a rule counts untagged images, and may have no place left for tagged ones.
   * - `impossibleTag`: no tag can match a prefix or pattern.
   * - `protectionBelow`: a rule takes images with two tags that a lower rule protects.
   * - `scannersCountAsPulls`: a rule waits for a last pull, which scanners put off.
   * - `keepsEveryImage`: there is no policy.
   * - `sharedTag`: two rules list the same prefix or pattern, which ECR may refuse.
   * - `unreachableRule`: higher rules claim every image of a rule.
   *
   * Rules with tokens are ignored where their values matter.
   */
  public findings(options: LifecycleFindingsOptions = {}): LifecycleFinding[] {
    if (this.rules.length === 0) {
      return [NO_POLICY];
    }
    const key = JSON.stringify(options.mutableTags ?? []);
    const found = this.found.get(key) ?? findingsOf(this.rules, options);
    this.found.set(key, found);
    return [...found];
  }
}

const NO_POLICY: LifecycleFinding = {
  id: 'keepsEveryImage',
  message: 'no image ever expires: storage costs grow with each push, and pushes fail when the repository reaches its quota of images; '
    + 'preview a policy on the images that exist with LifecyclePolicy.preview, then set it',
};

/**
 * The outcome of a search for a lifecycle policy.
 */
export class LifecycleFit {
  static {
    publicClass(this, 'LifecycleFit');
  }

  /**
   * @internal
   */
  public static _of(policy: LifecyclePolicy, fit: PolicyFit): LifecycleFit {
    return new LifecycleFit(policy, fit);
  }

  /**
   * The cheapest policy that keeps all promises that can be kept.
   */
  public readonly policy: LifecyclePolicy;

  /**
   * The promises or the budget that no policy of the search space can keep, in sentences; empty when the policy keeps everything.
   */
  public readonly problems: string[];

  /**
   * Each promise, and what the policy makes of it.
   */
  public readonly promises: LifecycleFitPromise[];

  /**
   * Each rule of the policy, and why it is so.
   */
  public readonly rules: LifecycleFitRule[];

  /**
   * The forecast of the policy for the same pushes.
   */
  public readonly forecast: LifecycleForecast;

  private declare readonly [BRAND]: 'LifecycleFit';

  private constructor(policy: LifecyclePolicy, { problems, promises, explanations, forecast }: PolicyFit) {
    this.policy = policy;
    this.problems = problems;
    this.promises = promises;
    this.rules = explanations;
    this.forecast = forecast;
  }

  /**
   * Whether the policy keeps all promises within the budget.
   */
  public get isFeasible(): boolean {
    return this.problems.length === 0;
  }

  /**
   * The policy rule by rule, the promises with their margins, and the problems, as text.
   */
  public toTable(): string {
    return fitting().fitTable(this);
  }
}

// Most apps write policies and never try one: what only a preview or a forecast needs is loaded with the first of them.
const previewing = () => require('./trial/lifecycle-preview') as typeof import('./trial/lifecycle-preview');
const forecasting = () => require('./trial/lifecycle-forecast') as typeof import('./trial/lifecycle-forecast');
const fitting = () => require('./trial/policy-fit') as typeof import('./trial/policy-fit');
