import { BRAND } from '../private/core/brand';
import { SIGNATURE_TAG_PATTERN } from '../private/ecr/signature-tags';
import { publicClass } from '../private/input/public-class';
import type { TagModel } from './rule-model';

/**
 * The images that a lifecycle rule looks at.
 *
 * A rule acts on images, not on tags: one matching tag selects the whole image with all its tags.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/lifecycle_policy_parameters.html
 */
export class ImageSelection {
  static {
    publicClass(this, 'ImageSelection');
  }

  /**
   * Every image, tagged or not; must be the last rule of its storage class.
   */
  public static readonly ANY = new ImageSelection([{ status: 'any', entries: [] }], false);

  /**
   * Images without a tag; one rule for each storage class.
   *
   * The images that a multi-architecture index refers to have no tag either; ECR keeps them as long as the index.
   */
  public static readonly UNTAGGED = new ImageSelection([{ status: 'untagged', entries: [] }], false);

  /**
   * The pattern of tags that carry signatures, attestations and SBOMs: `sha256-*`.
   *
   * Also usable in `mutableTags` of a repository: Cosign moves the tag of an attestation when it adds a second one. Signatures that
   * refer to their image as a referrer, such as those of `ImageSigning`, have no tag.
   *
   * @see https://github.com/sigstore/cosign/blob/main/specs/SIGNATURE_SPEC.md
   * @see https://github.com/opencontainers/distribution-spec/blob/main/spec.md#referrers-tag-schema
   */
  public static readonly SIGNATURE_TAG_PATTERN = SIGNATURE_TAG_PATTERN;

  /**
   * Signatures, attestations and SBOMs that have a tag.
   */
  public static readonly SIGNATURES = ImageSelection.tagPattern(SIGNATURE_TAG_PATTERN);

  /**
   * Every image with a tag. Unlike `ANY`, it does not count the untagged images that a moved tag leaves behind, nor the platforms of
   * an index.
   */
  public static readonly TAGGED = ImageSelection.tagPattern('*');

  /**
   * Images with a tag that begins with a prefix.
   *
   * @param prefix such as `release-`; `*` would stand for itself, and no tag contains it
   */
  public static tagPrefix(prefix: string): ImageSelection {
    return ImageSelection.anyOfTagPrefixes(prefix);
  }

  /**
   * Images with a tag that a pattern describes from its first to its last character.
   *
   * @param pattern a tag such as `latest`, or, with up to four `*` for any text, `v*-rc*`
   */
  public static tagPattern(pattern: string): ImageSelection {
    return ImageSelection.anyOfTagPatterns(pattern);
  }

  /**
   * Images with a tag that begins with one of several prefixes.
   *
   * Becomes one rule for each prefix, because a list of prefixes in one rule means "all of them" in ECR. A number of images to
   * keep holds for each prefix.
   *
   * @param prefixes the prefixes, in the order of their rules
   */
  public static anyOfTagPrefixes(...prefixes: string[]): ImageSelection {
    return new ImageSelection(prefixes.map(prefix => ({ status: 'tagged', list: 'tagPrefixList', entries: [prefix] })), false);
  }

  /**
   * Images with a tag that one of several patterns describes.
   *
   * Becomes one rule for each pattern, because a list of patterns in one rule means "all of them" in ECR. A number of images to
   * keep holds for each pattern.
   *
   * @param patterns the patterns, in the order of their rules
   */
  public static anyOfTagPatterns(...patterns: string[]): ImageSelection {
    return new ImageSelection(patterns.map(pattern => ({ status: 'tagged', list: 'tagPatternList', entries: [pattern] })), false);
  }

  /**
   * Images that carry, for each of several prefixes, a tag that begins with it.
   *
   * @param prefixes the prefixes; an image with a tag for only one of them is not selected
   */
  public static allOfTagPrefixes(...prefixes: string[]): ImageSelection {
    return new ImageSelection([{ status: 'tagged', list: 'tagPrefixList', entries: prefixes }], true);
  }

  /**
   * Images that carry, for each of several patterns, a tag that it describes.
   *
   * @param patterns the patterns; an image with a tag for only one of them is not selected
   */
  public static allOfTagPatterns(...patterns: string[]): ImageSelection {
    return new ImageSelection([{ status: 'tagged', list: 'tagPatternList', entries: patterns }], true);
  }

  /**
   * What the policy text selects: one entry for each rule.
   *
   * @internal
   */
  public readonly _alternatives: TagModel[];

  /**
   * Whether the entries of a list were asked for together.
   *
   * @internal
   */
  public readonly _allOf: boolean;
  private declare readonly [BRAND]: 'ImageSelection';

  private constructor(alternatives: TagModel[], allOf: boolean) {
    this._alternatives = alternatives;
    this._allOf = allOf;
  }
}
