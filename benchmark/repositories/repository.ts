import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import { makeKey } from './key';
import { measure } from './measure';

measure(stack => {
  const encryptionKey = makeKey(stack);
  return id => new ecr.Repository(stack, id, {
    encryption: ecr.RepositoryEncryption.KMS,
    encryptionKey,
    imageScanOnPush: true,
    imageTagMutability: ecr.TagMutability.IMMUTABLE,
    lifecycleRules: [
      { rulePriority: 1, tagStatus: ecr.TagStatus.UNTAGGED, maxImageAge: Duration.days(7) },
      { rulePriority: 2, tagStatus: ecr.TagStatus.TAGGED, tagPatternList: ['*'], maxImageCount: 500 },
    ],
    removalPolicy: RemovalPolicy.RETAIN,
  });
});
