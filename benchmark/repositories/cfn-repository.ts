import { RemovalPolicy } from 'aws-cdk-lib';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import { makeKey } from './key';
import { measure } from './measure';

const LIFECYCLE = JSON.stringify({
  rules: [
    {
      rulePriority: 1,
      selection: { tagStatus: 'untagged', countType: 'sinceImagePushed', countUnit: 'days', countNumber: 7 },
      action: { type: 'expire' },
    },
    {
      rulePriority: 2,
      selection: { tagStatus: 'tagged', tagPatternList: ['*'], countType: 'imageCountMoreThan', countNumber: 500 },
      action: { type: 'expire' },
    },
  ],
});

measure(stack => {
  const kmsKey = makeKey(stack).keyArn;
  return id => new ecr.CfnRepository(stack, id, {
    encryptionConfiguration: { encryptionType: 'KMS', kmsKey },
    imageScanningConfiguration: { scanOnPush: true },
    imageTagMutability: 'IMMUTABLE',
    lifecyclePolicy: { lifecyclePolicyText: LIFECYCLE },
  }).applyRemovalPolicy(RemovalPolicy.RETAIN);
});
