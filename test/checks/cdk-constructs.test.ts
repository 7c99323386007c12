/**
 * Rules for constructs of others that act on repositories.
 */
import { CfnParameter, Fn, RemovalPolicy, Stack, Tags } from 'aws-cdk-lib';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import { EcrChecks, SecureRepository } from '../../lib';
import { ENVIRONMENT } from '../environment';
import { add, newStack, repository } from './fixtures';

function found(stack: Stack, rule: string): string[] {
  return new EcrChecks().validateScope(stack.node.root).violations.filter(({ ruleName }) => ruleName === `EcrChecks.${rule}`).map(({ description }) => description);
}

describe('autoDeleteTag', () => {
  const ORPHAN = "'Tags' must not have 'aws-cdk:auto-delete-images' without a 'Custom::ECRAutoDeleteImages': the deployment that removes the custom resource deletes all images of the repository";

  test('finds autoDeleteImages of ecr.Repository', () => {
    const { JSII_DEPRECATED } = process.env;
    process.env.JSII_DEPRECATED = 'quiet'; // 'autoDeleteImages' is deprecated
    const stack = newStack();
    new ecr.Repository(stack, 'Api', { removalPolicy: RemovalPolicy.DESTROY, autoDeleteImages: true });
    process.env.JSII_DEPRECATED = JSII_DEPRECATED ?? '';
    expect(found(stack, 'autoDeleteTag')).toEqual([
      expect.stringMatching(/^'Tags' must not have 'aws-cdk:auto-delete-images': all images are deleted when 'ApiAutoDeleteImagesCustomResource\w+' is removed or replaced while the repository keeps the tag$/),
    ]);
  });

  test('finds the tag that remains after the exchange', () => {
    const stack = newStack();
    Tags.of(new SecureRepository(stack, 'Api', { removalPolicy: RemovalPolicy.DESTROY, emptyOnDelete: true })).add('aws-cdk:auto-delete-images', 'true');
    expect(found(stack, 'autoDeleteTag')).toEqual([ORPHAN]);
  });

  test('takes the handler of another repository for none', () => {
    const stack = newStack();
    repository(stack, { Tags: [{ Key: 'aws-cdk:auto-delete-images', Value: 'true' }] });
    add(stack, 'Handler', 'Custom::ECRAutoDeleteImages', { ServiceToken: 'x', RepositoryName: { Ref: 'Other' } });
    expect(found(stack, 'autoDeleteTag')).toEqual([ORPHAN]);
  });

  test.each([{}, { Tags: [{ Key: 'aws-cdk:auto-delete-images', Value: 'false' }] }, { Tags: [{ Key: 'team', Value: 'true' }] }, { Tags: { 'Fn::ImportValue': 'Tags' } }])('passes %j', properties => {
    const stack = newStack();
    repository(stack, properties);
    expect(found(stack, 'autoDeleteTag')).toEqual([]);
  });
});

describe('fixedDeploymentTag', () => {
  const deploy = (stack: Stack, DestImage: unknown) => add(stack, 'Deployment', 'Custom::CDKECRDeployment', { ServiceToken: 'x', SrcImage: 'docker://a', DestImage });
  const finding = (tag: string) => `'DestImage' must not have a fixed tag, got "${tag}", which is immutable in 'Api': the deployment of a second image fails`;
  const HASH = 'd0a1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7e8f';

  test.each<[string, (api: ecr.IRepository) => string, string[]]>([
    ['a fixed tag', api => `docker://${api.repositoryUri}:latest`, ['latest']],
    ['the URI for a tag', api => `docker://${api.repositoryUriForTag('v1')}`, ['v1']],
    ['no tag', api => `docker://${api.repositoryUri}`, ['latest']],
    ['the hash of an asset', api => `docker://${api.repositoryUri}:${HASH}`, []],
    ['a digest', api => `docker://${api.repositoryUri}@sha256:${HASH}`, []],
    ['a tag that is known at deployment', api => `docker://${api.repositoryUri}:${Fn.importValue('Tag')}`, []],
    ['another registry', () => 'docker://quay.io/team/api:latest', []],
  ])('finds a copy to %s of a repository in the stack', (_what, image, tags) => {
    for (const make of [
      (stack: Stack) => new SecureRepository(stack, 'Api'),
      (stack: Stack) => new ecr.Repository(stack, 'Api', { imageTagMutability: ecr.TagMutability.IMMUTABLE }),
    ]) {
      const stack = newStack();
      const api = make(stack);
      const logicalId = (stack.resolve((api.node.defaultChild as ecr.CfnRepository).logicalId) as string);
      deploy(stack, image(api));
      expect(found(stack, 'fixedDeploymentTag')).toEqual(tags.map(tag => finding(tag).replace('Api', logicalId)));
    }
  });

  test.each<[string, object, boolean]>([
    ['mutable tags', { ImageTagMutability: 'MUTABLE' }, false],
    ['no mutability', { ImageTagMutability: undefined }, false],
    ['immutable tags', { ImageTagMutability: 'IMMUTABLE' }, true],
    ['an exclusion for the tag', { ImageTagMutability: 'IMMUTABLE_WITH_EXCLUSION', ImageTagMutabilityExclusionFilters: [{ ImageTagMutabilityExclusionFilterValue: 'lat*' }] }, false],
    ['an exclusion for others', { ImageTagMutability: 'IMMUTABLE_WITH_EXCLUSION', ImageTagMutabilityExclusionFilters: [{ ImageTagMutabilityExclusionFilterValue: 'dev' }] }, true],
    ['exclusions that are known at deployment', { ImageTagMutability: 'IMMUTABLE_WITH_EXCLUSION', ImageTagMutabilityExclusionFilters: Fn.importValue('F') }, false],
    ['immutability of the tag', { ImageTagMutability: 'MUTABLE_WITH_EXCLUSION', ImageTagMutabilityExclusionFilters: [{ ImageTagMutabilityExclusionFilterValue: 'latest' }] }, true],
    ['immutability of others', { ImageTagMutability: 'MUTABLE_WITH_EXCLUSION', ImageTagMutabilityExclusionFilters: [{ ImageTagMutabilityExclusionFilterValue: 'dev' }] }, false],
    ['an immutability that is known at deployment', { ImageTagMutability: 'MUTABLE_WITH_EXCLUSION', ImageTagMutabilityExclusionFilters: [{ ImageTagMutabilityExclusionFilterValue: Fn.importValue('F') }] }, false],
  ])('knows %s', (_what, properties, isFound) => {
    const stack = newStack();
    repository(stack, { ...properties, RepositoryName: 'team/api' });
    deploy(stack, 'docker://111122223333.dkr.ecr.eu-west-1.amazonaws.com/team/api:latest');
    expect(found(stack, 'fixedDeploymentTag')).toEqual(isFound ? [finding('latest')] : []);
  });

  test.each<[string, string, string[]]>([['in the registry', ENVIRONMENT.account, ['latest']], ['in another account', '444455556666', []]])('finds the name of a repository in another stack %s', (_where, account, tags) => {
    const stack = newStack();
    repository(new Stack(stack.node.root, 'Other', { env: { ...ENVIRONMENT, account } }), { RepositoryName: 'team/api' });
    deploy(stack, 'docker://x/team/api:latest');
    expect(found(stack, 'fixedDeploymentTag')).toEqual(tags.map(finding));
  });

  test('passes an image that is known at deployment', () => {
    const stack = newStack();
    repository(stack, {});
    deploy(stack, new CfnParameter(stack, 'Image').valueAsString);
    expect(found(stack, 'fixedDeploymentTag')).toEqual([]);
  });
});
