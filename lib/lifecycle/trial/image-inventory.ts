import { BRAND } from '../../private/core/brand';
import { failUnscopedIfAny } from '../../private/core/errors';
import { parseJson } from '../../private/core/json';
import { show } from '../../private/core/values';
import { INDEX_MEDIA_TYPES } from '../../private/ecr/media-types';
import { publicClass } from '../../private/input/public-class';
import { ImageStorageClass, type RegistryImage } from './registry-image';

type Json = Record<string, unknown>;

const DATES = ['imagePushedAt', 'lastRecordedPullTime', 'lastArchivedAt', 'lastActivatedAt'];
const ARCHIVED = ['ARCHIVED', 'ACTIVATING'];

/**
 * Reads the images of a repository from what the AWS CLI prints, so that a policy can be tried on images that exist.
 */
export abstract class ImageInventory {
  static {
    publicClass(this, 'ImageInventory');
  }

  /**
   * The images in the output of `aws ecr describe-images --repository-name NAME`.
   *
   * That output does not say what an index (manifest list) refers to, so that the untagged images of multi-architecture builds look as if
   * nothing kept them, and a preview asks for the manifests. Pass the manifests of all indexes too, up to 100 in each output of
   * `aws ecr batch-get-image --repository-name NAME --image-ids imageDigest=…`.
   *
   * Throws with every problem at once when an output is not what the AWS CLI prints, or not all of it.
   *
   * @param describeImages the JSON with `imageDetails`
   * @param batchGetImage the JSON with `images`, once for each call; with none, the preview does not know which images an index keeps
   * @see https://docs.aws.amazon.com/cli/latest/reference/ecr/describe-images.html
   */
  public static fromDescribeImages(describeImages: string, ...batchGetImage: string[]): RegistryImage[] {
    const problems: string[] = [];
    const details = listIn(describeImages, 'describeImages', 'imageDetails', problems);
    details.forEach((detail, index) => problems.push(...detailProblems(`describeImages.imageDetails[${index}]`, detail)));
    const manifests = new Map(batchGetImage.flatMap((text, index) => manifestsIn(text, `batchGetImage[${index}]`, problems)));
    const indexes = details.filter(({ imageManifestMediaType }) => INDEX_MEDIA_TYPES.includes(imageManifestMediaType as string));
    const withoutManifest = indexes.filter(({ imageDigest }) => !manifests.has(imageDigest));
    problems.push(...(batchGetImage.length > 0 ? withoutManifest : []).map(({ imageDigest }) =>
      `'batchGetImage' must have the manifest of each index, got none of ${show(imageDigest)}; give an output for every 100 of them`));
    failUnscopedIfAny('InvalidImageInventory', problems);
    return details.map(detail => imageOf(detail, manifests.get(detail.imageDigest)));
  }

  private declare readonly [BRAND]: 'ImageInventory';
}

/** The objects of a list that the AWS CLI prints. */
function listIn(text: string, argument: string, key: string, problems: string[]): Json[] {
  const { value, problem } = parseJson(argument, text);
  const { [key]: list, nextToken, NextToken = nextToken } = (value ?? {}) as Json;
  if (NextToken) {
    problems.push(`'${argument}' must have all of '${key}', got a part that ends with a NextToken; leave out --max-items and --no-paginate`);
  }
  if (areObjects(list)) {
    return list;
  }
  problems.push(problem ?? `'${argument}' must be the JSON that the AWS CLI prints, with a list '${key}', got ${show(value)}`);
  return [];
}

function detailProblems(path: string, detail: Json): string[] {
  const { imageDigest, imageTags = [], imageSizeInBytes = 0, subjectManifestDigest = '' } = detail;
  return [
    ...typeof imageDigest === 'string' ? [] : [`'${path}.imageDigest' must be a string, got ${show(imageDigest)}`],
    ...DATES.filter(key => (detail[key] !== undefined || key === 'imagePushedAt') && !isDate(detail[key]))
      .map(key => `'${path}.${key}' must be a date or seconds since 1970, got ${show(detail[key])}`),
    ...areStrings(imageTags) ? [] : [`'${path}.imageTags' must be a list of strings, got ${show(imageTags)}`],
    ...typeof imageSizeInBytes === 'number' ? [] : [`'${path}.imageSizeInBytes' must be a number, got ${show(imageSizeInBytes)}`],
    ...typeof subjectManifestDigest === 'string' ? [] : [`'${path}.subjectManifestDigest' must be a string, got ${show(subjectManifestDigest)}`],
  ];
}

/** Manifests by digest. They are JSON in a string, in one of the formats of Docker and OCI. */
function manifestsIn(text: string, argument: string, problems: string[]): Array<[unknown, Json]> {
  return listIn(text, argument, 'images', problems).map(({ imageId, imageManifest }, index) => {
    const path = `${argument}.images[${index}].imageManifest`;
    const { value, problem } = parseJson(path, String(imageManifest));
    const { manifests = [] } = (value ?? {}) as Json;
    if (problem || !areObjects(manifests) || !areStrings(manifests.map(({ digest }) => digest))) {
      problems.push(problem ?? `'${path}' must have a digest for each of its 'manifests', got ${show(manifests)}`);
    }
    return [(imageId as Json | undefined)?.imageDigest, value as Json];
  });
}

function imageOf(detail: Json, manifest: Json | undefined): RegistryImage {
  const children = manifest?.manifests as Json[] | undefined;
  return {
    digest: detail.imageDigest as string,
    pushedAt: dateOf(detail.imagePushedAt)!,
    tags: detail.imageTags as string[] | undefined,
    lastPulledAt: dateOf(detail.lastRecordedPullTime),
    storageClass: ARCHIVED.includes(detail.imageStatus as string) ? ImageStorageClass.ARCHIVE : ImageStorageClass.STANDARD,
    archivedAt: dateOf(detail.lastArchivedAt),
    activatedAt: dateOf(detail.lastActivatedAt),
    sizeInBytes: detail.imageSizeInBytes as number | undefined,
    manifestMediaType: detail.imageManifestMediaType as string | undefined,
    references: children?.map(child => child.digest as string),
    subject: detail.subjectManifestDigest as string | undefined,
  };
}

function areObjects(list: unknown): list is Json[] {
  return Array.isArray(list) && list.every(entry => typeof entry === 'object' && entry !== null);
}

function areStrings(list: unknown): list is string[] {
  return Array.isArray(list) && list.every(entry => typeof entry === 'string');
}

function isDate(value: unknown): boolean {
  return ['number', 'string'].includes(typeof value) && !Number.isNaN(dateOf(value)!.getTime());
}

/** A date as the AWS CLI prints it: a text in version 2, seconds in version 1. */
function dateOf(value: unknown): Date | undefined {
  return value === undefined ? undefined : new Date(typeof value === 'number' ? value * 1000 : value as string);
}
