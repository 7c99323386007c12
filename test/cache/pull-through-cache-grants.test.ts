import { App, Stack, Validations } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { AwsSolutionsChecks } from 'cdk-nag';
import { PullThroughCache, PullThroughCacheGrants, UpstreamRegistry, type PullThroughCacheProps } from '../../lib';

const ENV = { account: '111122223333', region: 'eu-west-1' };
const EC2 = new iam.ServicePrincipal('ec2.amazonaws.com');
const PULL = ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:BatchImportUpstreamImage', 'ecr:CreateRepository', 'ecr:GetDownloadUrlForLayer'];
const LOGIN = { Action: 'ecr:GetAuthorizationToken', Effect: 'Allow', Resource: '*' };

let app: App;
let stack: Stack;
let foreign: Stack;

beforeEach(() => {
  app = new App();
  stack = new Stack(app, 'Stack', { env: ENV });
  foreign = new Stack(app, 'Foreign', { env: { account: '444455556666', region: 'eu-central-1' } });
});

function make(props: Partial<PullThroughCacheProps> = {}): PullThroughCache {
  return new PullThroughCache(stack, 'Cache', { upstream: UpstreamRegistry.QUAY, ...props });
}

function role(scope = stack, props: Partial<iam.RoleProps> = {}): iam.Role {
  return new iam.Role(scope, 'Role', { assumedBy: EC2, ...props });
}

function repositories(path: string, env = ENV): unknown {
  return { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, `:ecr:${env.region}:${env.account}:repository/${path}`]] };
}

function identityStatements(scope = stack): unknown {
  const [policy] = Object.values(Template.fromStack(scope).findResources('AWS::IAM::Policy'));
  return (policy as { Properties: { PolicyDocument: { Statement: unknown } } }).Properties.PolicyDocument.Statement;
}

function registryStatements(): unknown[] {
  const [policy] = Object.values(Template.fromStack(stack).findResources('AWS::ECR::RegistryPolicy'));
  return (policy as { Properties: { PolicyText: { Statement: unknown[] } } } | undefined)?.Properties.PolicyText.Statement ?? [];
}

function warnings(scope = stack): string[] {
  return Annotations.fromStack(scope).findWarning('*', Match.anyValue()).map(({ entry }) => entry.data as string);
}

function root(account: string): unknown {
  return { AWS: { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, `:iam::${account}:root`]] } };
}

describe('PullThroughCacheGrants', () => {
  describe('pull, for an identity of the account', () => {
    test('allows to pull, import and create below the prefix, and to log in, and nothing else', () => {
      const grant = make().grants.pull(role());

      expect(grant.success).toBe(true);
      expect(identityStatements()).toEqual([{ Action: PULL, Effect: 'Allow', Resource: repositories('quay/*') }, LOGIN]);
      expect(registryStatements()).toEqual([]);
      expect(warnings()).toEqual([]);
    });

    test('leaves creation to others if asked to', () => {
      make({ resourceTags: { team: 'payments' } }).grants.pull(role(), { createRepository: false });

      expect(identityStatements()).toEqual([
        { Action: PULL.filter(action => action !== 'ecr:CreateRepository'), Effect: 'Allow', Resource: repositories('quay/*') }, LOGIN,
      ]);
    });

    test('allows to tag repositories that get tags', () => {
      make({ resourceTags: { team: 'payments' } }).grants.pull(role());

      expect(identityStatements()).toEqual([{ Action: [...PULL, 'ecr:TagResource'], Effect: 'Allow', Resource: repositories('quay/*') }, LOGIN]);
    });

    test.each([['ROOT', '*'], ['team/', 'team/*']])('of the prefix %p is about %p', (prefix, path) => {
      make({ prefix }).grants.pull(role());

      expect(identityStatements()).toEqual([{ Action: PULL, Effect: 'Allow', Resource: repositories(path) }, LOGIN]);
    });

    test('leaves cdk-nag only the login to acknowledge, which has no resource type', () => {
      make().grants.pull(role());

      expect(new AwsSolutionsChecks().validateScope(app).violations.map(({ ruleName }) => ruleName)).toEqual(['AwsSolutions-IAM5[Resource::*]']);
    });

    test('works for an imported role and for a cache that was imported where it is', () => {
      const imported = PullThroughCache.fromPullThroughCacheAttributes(stack, 'Import', { prefix: 'quay', upstream: UpstreamRegistry.QUAY });
      PullThroughCacheGrants.fromPullThroughCache(imported).pull(iam.Role.fromRoleArn(stack, 'Role', 'arn:aws:iam::111122223333:role/nodes'));

      expect(identityStatements()).toEqual([{ Action: PULL, Effect: 'Allow', Resource: repositories('quay/*') }, LOGIN]);
      expect(warnings()).toEqual([]);
    });
  });

  describe('pull, for several at once', () => {
    test('gives each what it needs', () => {
      make().grants.pull(new iam.CompositePrincipal(role(), new iam.AccountPrincipal('444455556666')));

      expect(identityStatements()).toEqual([{ Action: PULL, Effect: 'Allow', Resource: repositories('quay/*') }, LOGIN]);
      expect(registryStatements()).toEqual([{ Action: PULL, Effect: 'Allow', Principal: root('444455556666'), Resource: repositories('quay/*') }]);
    });

    test('keeps the conditions of a principal on both sides', () => {
      const conditions = { StringEquals: { 'aws:PrincipalTag/team': 'payments' } };
      make().grants.pull(new iam.PrincipalWithConditions(role(foreign, { roleName: 'nodes' }), conditions));

      expect(identityStatements(foreign)).toEqual([{ Action: PULL, Condition: conditions, Effect: 'Allow', Resource: repositories('quay/*') }, LOGIN]);
      expect(registryStatements()).toEqual([expect.objectContaining({ Condition: expect.objectContaining(conditions) as unknown })]);
    });
  });

  describe('pull, for another account', () => {
    test('as a whole is a statement in the registry policy', () => {
      const grant = make().grants.pull(new iam.AccountPrincipal('444455556666'));

      expect(grant.success).toBe(true);
      expect(registryStatements()).toEqual([{ Action: PULL, Effect: 'Allow', Principal: root('444455556666'), Resource: repositories('quay/*') }]);
    });

    test('and an organization share one registry policy', () => {
      const { grants } = make();
      grants.pull(new iam.AccountPrincipal('444455556666'));
      grants.pull(new iam.OrganizationPrincipal('o-a1b2c3d4e5'), { createRepository: false });

      Template.fromStack(stack).resourceCountIs('AWS::ECR::RegistryPolicy', 1);
      expect(registryStatements()).toContainEqual({
        Action: PULL.filter(action => action !== 'ecr:CreateRepository'),
        Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' }, StringNotEquals: { 'aws:PrincipalAccount': '111122223333' } },
        Effect: 'Allow',
        Principal: { AWS: '*' },
        Resource: repositories('quay/*'),
      });
    });

    test('gives a role of this app both halves, and tagging to the identity only', () => {
      make({ resourceTags: { team: 'payments' } }).grants.pull(role(foreign, { roleName: 'nodes' }));

      expect(identityStatements(foreign)).toEqual([{ Action: [...PULL, 'ecr:TagResource'], Effect: 'Allow', Resource: repositories('quay/*') }, LOGIN]);
      expect(registryStatements()).toEqual([{
        Action: PULL,
        Condition: { ArnEquals: { 'aws:PrincipalArn': { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':iam::444455556666:role/nodes']] } } },
        Effect: 'Allow',
        Principal: root('444455556666'),
        Resource: repositories('quay/*'),
      }]);
      expect(warnings()).toEqual([]);
    });

    test('warns of an imported role with the statements that its owner has to attach', () => {
      const cache = make();
      cache.grants.pull(iam.Role.fromRoleArn(stack, 'Role', 'arn:aws:iam::444455556666:role/nodes'));

      expect(registryStatements()).toHaveLength(1);
      expect(warnings()).toEqual([expect.stringContaining(
        "the grant has no effect until the owner of 'Stack/Role', whose policies this app cannot change, attaches these statements: "
        + `[{"Action":${JSON.stringify(PULL)},"Effect":"Allow","Resource":"arn:aws:ecr:eu-west-1:111122223333:repository/quay/*"},`
        + '{"Action":"ecr:GetAuthorizationToken","Effect":"Allow","Resource":"*"}]',
      )]);
      Validations.of(cache).acknowledge({ id: 'cdk-secure-ecr:PullThroughCacheGrants.importedPrincipal', reason: 'attached' });
      expect(warnings()).toEqual([]);
    });

    test('does not warn of a role imported into a stack of its account', () => {
      make().grants.pull(iam.Role.fromRoleArn(foreign, 'Role', 'arn:aws:iam::444455556666:role/nodes'));

      expect(identityStatements(foreign)).toEqual([{ Action: PULL, Effect: 'Allow', Resource: repositories('quay/*') }, LOGIN]);
      expect(warnings()).toEqual([]);
    });

    test('warns of an imported cache with the statement that its owner has to add', () => {
      const cache = PullThroughCache.fromPullThroughCacheAttributes(foreign, 'Import', { prefix: 'quay', upstream: UpstreamRegistry.QUAY, ...ENV });
      const grant = cache.grants.pull(role(foreign, { roleName: 'nodes' }));

      expect(grant.success).toBe(true);
      expect(identityStatements(foreign)).toEqual([{ Action: PULL, Effect: 'Allow', Resource: repositories('quay/*') }, LOGIN]);
      expect(warnings(foreign)).toEqual([expect.stringMatching(
        /^the grant has no effect until the owner of the registry of the imported cache 'Foreign\/Import', whose policy this app cannot change, adds this statement: \{"Action":\["ecr:BatchCheck.*"Principal":.*444455556666:root/,
      )]);
      Validations.of(cache).acknowledge({ id: 'cdk-secure-ecr:PullThroughCacheGrants.importedCache', reason: 'added' });
      expect(warnings(foreign)).toEqual([]);
    });
  });

  describe('pull, for those who cannot', () => {
    test('fails for a group of another account, which no policy can name', () => {
      expect(() => make().grants.pull(iam.Group.fromGroupArn(stack, 'Group', 'arn:aws:iam::444455556666:group/ops')))
        .toThrow("'grantee' must be a valid principal of a resource policy, got the group 'Stack/Group'; grant to a role");
    });

    test('leaves a resource that was imported without its role to the warning of the CDK', () => {
      make().grants.pull({ grantPrincipal: new iam.UnknownPrincipal({ resource: stack }) });

      expect(warnings()).toEqual([
        expect.stringMatching(/^Add statement to this resource's role: .*ecr:BatchImportUpstreamImage/), expect.stringContaining('ecr:GetAuthorizationToken'),
      ]);
      expect(registryStatements()).toEqual([]);
    });

    test('fails for the service AWS Lambda', () => {
      expect(() => make().grants.pull(new iam.ServicePrincipal('lambda.amazonaws.com'))).toThrow("'grantee' must not be AWS Lambda, which cannot pull through a cache");
    });

    test.each<[string, iam.IGrantable, string]>([
      ['another service', new iam.ServicePrincipal('codebuild.amazonaws.com'), "'grantee' must be an AWS identity, account or organization, got \"codebuild.amazonaws.com\"; grant to the role that it pulls with"],
      ['a federated identity', new iam.FederatedPrincipal('accounts.google.com', {}), "'grantee' must be an AWS identity, got \"FederatedPrincipal(accounts.google.com)\"; grant to the role that its users or jobs assume"],
      ['a canonical user', new iam.CanonicalUserPrincipal('abc'), "'grantee' must be an AWS identity, got \"CanonicalUserPrincipal(abc)\", which only Amazon S3 accepts"],
    ])('fails for %s', (_, grantee, message) => {
      expect(() => make().grants.pull(grantee)).toThrow(message);
    });

    test.each([new iam.AnyPrincipal(), new iam.StarPrincipal()])('fails for everybody, %#', grantee => {
      expect(() => make().grants.pull(grantee)).toThrow("'grantee' must not allow the principal '*' without a condition");
    });

    test('warns of a Lambda function, whose image cannot come through a cache', () => {
      const cache = make();
      cache.grants.pull(new lambda.Function(stack, 'Function', { code: lambda.Code.fromInline('x'), handler: 'index.handler', runtime: lambda.Runtime.NODEJS_22_X }));

      expect(warnings()).toEqual([expect.stringContaining('AWS Lambda cannot pull the image of a function through a cache')]);
      Validations.of(cache).acknowledge({ id: 'cdk-secure-ecr:PullThroughCacheGrants.lambda', reason: 'its code pulls' });
      expect(warnings()).toEqual([]);
    });
  });
});
