import { Duration, Size } from 'aws-cdk-lib';
import { ImageInventory, ImageSelection, LifecyclePolicy, LifecycleRule } from 'cdk-secure-ecr';

const policy = LifecyclePolicy.of(
  LifecycleRule.protect({ images: ImageSelection.tagPattern('release-*') }),
  LifecycleRule.expire({ images: ImageSelection.tagPattern('pr-*'), olderThan: Duration.days(30) }),
  LifecycleRule.expire({ images: ImageSelection.UNTAGGED, olderThan: Duration.days(7) }),
);
const dump = `{ "imageDetails": [
  { "imageDigest": "sha256:1", "imageTags": ["release-1.0"], "imagePushedAt": "2026-01-01T00:00:00Z" },
  { "imageDigest": "sha256:2", "imageTags": ["pr-8"], "imagePushedAt": "2026-01-02T00:00:00Z" }
] }`; // aws ecr describe-images --repository-name team/web --output json
console.log(policy.preview({ images: ImageInventory.fromDescribeImages(dump), at: new Date('2026-11-21') }).toTable());
console.log(policy.forecast({ pushesPerDay: { 'release-*': 0.5, 'pr-*': 20 }, imageSize: Size.mebibytes(300) }).toTable());
