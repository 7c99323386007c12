import { App, Stack } from 'aws-cdk-lib';
import { LifecyclePolicy, RepositoryEncryption, SecureRepository } from 'cdk-secure-ecr';

const text = '{"rules":[{"rulePriority":1,"selection":{"tagStatus":"any","countType":"sinceImagePushed","countNumber":90,"countUnit":"days"},"action":{"type":"expire"}}]}';
const stack = new Stack(new App(), 'Images');
new SecureRepository(stack, 'Api', {
  repositoryName: 'team/api',
  encryption: RepositoryEncryption.AES_256,
  lifecycle: LifecyclePolicy.fromJson(text),
  mutableTags: ['*'],
  scanOnPush: false,
});
