import { App, CfnParameter, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { PullThroughCache, SecureRepository, UpstreamAccess, UpstreamRegistry, type UpstreamAccessProps } from '../../lib';

const UPSTREAM = { account: '111122223333', region: 'eu-west-1' };
const ACTIONS = ['ecr:BatchGetImage', 'ecr:BatchImportUpstreamImage', 'ecr:GetDownloadUrlForLayer', 'ecr:GetImageCopyStatus'];

let app: App;
let stack: Stack;
let caching: Stack;

beforeEach(() => {
  app = new App();
  stack = new Stack(app, 'Upstream', { env: UPSTREAM });
  caching = new Stack(app, 'Caching', { env: { account: '444455556666', region: 'eu-central-1' } });
});

function make(props: Partial<UpstreamAccessProps> = {}): UpstreamAccess {
  return new UpstreamAccess(stack, 'Access', { accounts: ['444455556666'], ...props });
}

function statements(): unknown {
  const [policy] = Object.values(Template.fromStack(stack).findResources('AWS::ECR::RegistryPolicy'));
  return (policy as { Properties: { PolicyText: { Statement: unknown } } }).Properties.PolicyText.Statement;
}

function root(account: unknown): unknown {
  return { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ...(typeof account === 'string' ? [`:iam::${account}:root`] : [':iam::', account, ':root'])]] };
}

function repositories(path: string): unknown {
  return { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, `:ecr:eu-west-1:111122223333:repository/${path}`]] };
}

describe('UpstreamAccess', () => {
  test('lets the caches of an account take images of the whole registry', () => {
    make();

    expect(statements()).toEqual([{ Action: ACTIONS, Effect: 'Allow', Principal: { AWS: root('444455556666') }, Resource: repositories('*') }]);
  });

  test('lets the caches of several accounts take images of a part of the registry', () => {
    make({ accounts: ['444455556666', '777788889999'], repositoryPrefix: 'team/' });

    expect(statements()).toEqual([
      { Action: ACTIONS, Effect: 'Allow', Principal: { AWS: [root('444455556666'), root('777788889999')] }, Resource: repositories('team/*') },
    ]);
  });

  test('shares the registry policy of the stack', () => {
    make({ repositoryPrefix: 'team' });
    new UpstreamAccess(stack, 'More', { accounts: ['777788889999'], repositoryPrefix: 'other' });

    Template.fromStack(stack).resourceCountIs('AWS::ECR::RegistryPolicy', 1);
    expect(statements()).toHaveLength(2);
  });

  test('passes an account that is known only at deployment', () => {
    make({ accounts: [new CfnParameter(stack, 'Account').valueAsString] });

    expect(statements()).toEqual([{ Action: ACTIONS, Effect: 'Allow', Principal: { AWS: root({ Ref: 'Account' }) }, Resource: repositories('*') }]);
  });

  test.each<[Partial<UpstreamAccessProps>, string]>([
    [{ accounts: [] }, "'accounts' must have at least one account, got []"],
    [{ accounts: ['1234567890123'] }, "'accounts[0]' must be an AWS account id of 12 digits, got \"1234567890123\""],
    [{ accounts: ['444455556666', '444455556666'] }, "'accounts' must not have duplicates, got \"444455556666\" twice"],
    [{ accounts: ['111122223333'] }, "'accounts' must be other accounts, got \"111122223333\", the account of this registry, whose caches need no access"],
    [{ repositoryPrefix: 'a' }, "'repositoryPrefix' must be 2 to 30 characters long, got 1"],
    [{ repositoryPrefix: 'Team' }, "'repositoryPrefix' must be 'ROOT' or a path"],
  ])('fails for %p', (props, message) => {
    expect(() => make(props)).toThrow(message);
  });

  test('fails when the registry policy belongs to another stack', () => {
    make();

    expect(() => new UpstreamAccess(new Stack(app, 'Twin', { env: UPSTREAM }), 'Access', { accounts: ['444455556666'] }))
      .toThrow("'Upstream/Access' and 'Twin/Access' both define the registry policy");
  });

  describe('forCache', () => {
    test('knows the account of the cache and the part of the upstream', () => {
      const cache = new PullThroughCache(caching, 'Cache', { upstream: UpstreamRegistry.ecr(UPSTREAM), upstreamRepositoryPrefix: 'team' });
      UpstreamAccess.forCache(stack, 'Access', cache);

      expect(statements()).toEqual([{ Action: ACTIONS, Effect: 'Allow', Principal: { AWS: root('444455556666') }, Resource: repositories('team/*') }]);
    });

    test('fails for a cache of another kind of registry', () => {
      const cache = new PullThroughCache(caching, 'Cache', { upstream: UpstreamRegistry.QUAY });

      expect(() => UpstreamAccess.forCache(stack, 'Access', cache)).toThrow("'cache' must have an upstream of UpstreamRegistry.ecr, got quay.io");
    });

    test('fails for a cache whose account is not known', () => {
      const cache = new PullThroughCache(new Stack(app, 'Agnostic'), 'Cache', { upstream: UpstreamRegistry.ecr(UPSTREAM) });

      expect(() => UpstreamAccess.forCache(stack, 'Access', cache))
        .toThrow("'cache' must be in a stack with a known account, got \"Agnostic/Cache\"; set 'env' on its stack, or use 'new UpstreamAccess' with 'accounts'");
    });

    test('fails in a stack that is not for the upstream', () => {
      const cache = new PullThroughCache(caching, 'Cache', { upstream: UpstreamRegistry.ecr(UPSTREAM) });

      expect(() => UpstreamAccess.forCache(caching, 'Access', cache)).toThrow(
        /'scope' must be in the account of the upstream, 111122223333, got 444455556666; define .*\n'scope' must be in the region of the upstream, eu-west-1, got eu-central-1/,
      );
    });

    test('passes a stack whose account and Region are not known', () => {
      const cache = new PullThroughCache(caching, 'Cache', { upstream: UpstreamRegistry.ecr(UPSTREAM) });

      expect(() => UpstreamAccess.forCache(new Stack(app, 'Agnostic'), 'Access', cache)).not.toThrow();
    });
  });

  describe('repositoryStatement', () => {
    test('is for the policy of one repository', () => {
      new SecureRepository(stack, 'Api').addToResourcePolicy(UpstreamAccess.repositoryStatement(['444455556666']));

      Template.fromStack(stack).hasResourceProperties('AWS::ECR::Repository', {
        RepositoryPolicyText: { Statement: [{ Action: ACTIONS, Effect: 'Allow', Principal: { AWS: root('444455556666') } }] },
      });
    });

    test('fails for a bad account', () => {
      expect(() => UpstreamAccess.repositoryStatement(['x'])).toThrow("'accounts[0]' must be an AWS account id of 12 digits");
    });
  });
});
