import { ImageInventory, ImageStorageClass, LifecyclePolicy } from '../../lib';

const WEB = { imageDigest: 'sha256:web', imagePushedAt: '2026-11-01T12:00:00.123000+01:00' };

function described(...imageDetails: object[]): string {
  return JSON.stringify({ imageDetails });
}

function manifests(...images: Array<[string, object | string]>): string {
  return JSON.stringify({
    images: images.map(([imageDigest, manifest]) => ({
      imageId: { imageDigest }, imageManifest: typeof manifest === 'string' ? manifest : JSON.stringify(manifest),
    })),
    failures: [],
  });
}

describe('ImageInventory', () => {
  test('reads images with all that the AWS CLI knows of them', () => {
    const images = ImageInventory.fromDescribeImages(described({
      ...WEB,
      registryId: '111122223333',
      repositoryName: 'team/web',
      imageTags: ['release-1', 'latest'],
      imageSizeInBytes: 52_428_800,
      imageStatus: 'ARCHIVED',
      lastRecordedPullTime: '2026-11-02T00:00:00+00:00',
      lastArchivedAt: '2026-11-03T00:00:00+00:00',
      lastActivatedAt: '2026-10-03T00:00:00+00:00',
      subjectManifestDigest: 'sha256:subject',
    }));

    expect(images).toEqual([{
      digest: 'sha256:web',
      pushedAt: new Date('2026-11-01T11:00:00.123Z'),
      tags: ['release-1', 'latest'],
      sizeInBytes: 52_428_800,
      storageClass: ImageStorageClass.ARCHIVE,
      lastPulledAt: new Date('2026-11-02T00:00:00Z'),
      archivedAt: new Date('2026-11-03T00:00:00Z'),
      activatedAt: new Date('2026-10-03T00:00:00Z'),
      subject: 'sha256:subject',
    }]);
  });

  test('reads an image of which little is known, and the seconds of version 1 of the AWS CLI', () => {
    expect(ImageInventory.fromDescribeImages(described({ imageDigest: 'sha256:web', imagePushedAt: 1_793_534_400 }))).toEqual([
      { digest: 'sha256:web', pushedAt: new Date('2026-11-01T12:00:00Z'), storageClass: ImageStorageClass.STANDARD },
    ]);
  });

  test.each([
    ['ACTIVE', ImageStorageClass.STANDARD],
    ['ARCHIVED', ImageStorageClass.ARCHIVE],
    ['ACTIVATING', ImageStorageClass.ARCHIVE],
  ])('the status %s is in storage class %s', (imageStatus, storageClass) => {
    expect(ImageInventory.fromDescribeImages(described({ ...WEB, imageStatus }))[0].storageClass).toBe(storageClass);
  });

  test('a repository without images has none', () => {
    expect(ImageInventory.fromDescribeImages('{"imageDetails":[]}')).toEqual([]);
  });

  test('knows what indexes refer to from their manifests, of several calls, so that a kept index keeps its images', () => {
    const details = described(
      { ...WEB, imageTags: ['release-1'] },
      { imageDigest: 'sha256:amd64', imagePushedAt: '2026-01-01T00:00:00Z' },
      { imageDigest: 'sha256:old', imagePushedAt: '2026-01-01T00:00:00Z' },
      { imageDigest: 'sha256:index', imagePushedAt: '2026-11-01T00:00:00Z', imageTags: ['release-2'] },
    );
    const images = ImageInventory.fromDescribeImages(
      details,
      manifests(['sha256:web', { manifests: [{ digest: 'sha256:amd64', platform: { architecture: 'amd64' } }] }]),
      manifests(['sha256:index', { manifests: [] }], ['sha256:old', { layers: [] }]),
    );

    expect(images.map(({ references }) => references)).toEqual([['sha256:amd64'], undefined, undefined, []]);
    expect(LifecyclePolicy.standard().preview({ images, at: new Date('2026-11-21') }).expired.map(({ image }) => image.digest)).toEqual(['sha256:old']);
  });

  test('knows that a NextToken of null is none', () => {
    expect(ImageInventory.fromDescribeImages('{"imageDetails":[],"NextToken":null}')).toEqual([]);
  });

  const INDEX = { ...WEB, imageDigest: 'sha256:index', imageManifestMediaType: 'application/vnd.oci.image.index.v1+json' };

  test('takes indexes without any manifests, or with all of them', () => {
    expect(ImageInventory.fromDescribeImages(described(INDEX))).toHaveLength(1);
    expect(ImageInventory.fromDescribeImages(described(INDEX), manifests(['sha256:index', { manifests: [] }]))).toHaveLength(1);
  });

  describe('fails with every problem at once', () => {
    test.each<[string, string[], string[]]>([
      ['no JSON', ['nonsense', '{'], [`'describeImages' must be JSON, got "nonsense"`, `'batchGetImage[0]' must be JSON, got "{"`]],
      ['null', ['null', 'null'], ["'describeImages' must be the JSON that the AWS CLI prints, with a list 'imageDetails', got null", "with a list 'images', got null"]],
      ['the output of another command', ['{"imageIds":[]}'], ["with a list 'imageDetails', got {\"imageIds\":[]}"]],
      ['a list of something else', ['{"imageDetails":[null]}'], ["with a list 'imageDetails', got {\"imageDetails\":[null]}"]],
      ['a part of the images', ['{"imageDetails":[],"NextToken":"x"}'], ["'describeImages' must have all of 'imageDetails', got a part that ends with a NextToken; leave out --max-items"]],
      ['a page of the API', ['{"imageDetails":[],"nextToken":"x"}'], ["'describeImages' must have all of 'imageDetails'"]],
      ['the manifests of some indexes only', [described(INDEX, { ...WEB, imageManifestMediaType: 'application/vnd.oci.image.manifest.v1+json' }), manifests(['sha256:web', {}])], [
        `'batchGetImage' must have the manifest of each index, got none of "sha256:index"; give an output for every 100 of them`,
      ]],
      ['an image without digest and date', [described({})], [
        "'describeImages.imageDetails[0].imageDigest' must be a string, got undefined",
        "'describeImages.imageDetails[0].imagePushedAt' must be a date or seconds since 1970, got undefined",
      ]],
      ['values of other types', [described({ imageDigest: 1, imagePushedAt: null, imageTags: 'latest', imageSizeInBytes: '1', subjectManifestDigest: null, lastArchivedAt: 'soon' })], [
        "imageDigest' must be a string, got 1",
        "imagePushedAt' must be a date or seconds since 1970, got null",
        `lastArchivedAt' must be a date or seconds since 1970, got "soon"`,
        `imageTags' must be a list of strings, got "latest"`,
        `imageSizeInBytes' must be a number, got "1"`,
        "subjectManifestDigest' must be a string, got null",
      ]],
      ['tags that are no strings', [described({ ...WEB, imageTags: [1] })], ["imageTags' must be a list of strings, got [1]"]],
      ['a manifest that is no JSON', [described(WEB), manifests(['sha256:web', 'x'])], [`'batchGetImage[0].images[0].imageManifest' must be JSON, got "x"`]],
      ['an image without a manifest', [described(WEB), '{"images":[{}]}'], [`'batchGetImage[0].images[0].imageManifest' must be JSON, got "undefined"`]],
      ['a manifest without digests', [described(WEB), manifests(['sha256:web', { manifests: [{}] }])], ["must have a digest for each of its 'manifests', got [{}]"]],
      ['a manifest of something else', [described(WEB), manifests(['sha256:web', { manifests: 'all' }])], [`must have a digest for each of its 'manifests', got "all"`]],
      ['a manifest that is null', [described(WEB), manifests(['sha256:other', 'null'], ['sha256:web', '{'])], [`'batchGetImage[0].images[1].imageManifest' must be JSON, got "{"`]],
    ])('%s', (_what, [describeImages, ...batchGetImage], messages) => {
      let message = '';
      try {
        ImageInventory.fromDescribeImages(describeImages, ...batchGetImage);
      } catch (error) {
        ({ message } = error as Error);
      }

      for (const expected of messages) {
        expect(message).toContain(expected);
      }
      expect(message.split('\n')).toHaveLength(messages.length);
    });
  });
});
