import { App, Lazy, Stack, Validations } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import { LifecyclePolicy, RepositoryEncryption, RepositoryNamespace, RepositoryNamespaceGrants, type RepositoryNamespaceProps } from '../../lib';
import { ENVIRONMENT } from '../environment';
import { messageOf } from '../message-of';
import { nagFindings } from '../nag';

const PULL = ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'];
const PUSH = ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:CompleteLayerUpload', 'ecr:InitiateLayerUpload', 'ecr:PutImage', 'ecr:UploadLayerPart'];
const LOGIN = { Action: 'ecr:GetAuthorizationToken', Effect: 'Allow', Resource: '*' };
const BELOW = { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':ecr:eu-west-1:111122223333:repository/team-a/*']] };

let app: App;
let stack: Stack;

beforeEach(() => {
  app = new App({ analyticsReporting: false });
  stack = new Stack(app, 'Stack', { env: ENVIRONMENT });
});

const namespaceOf = (props: Partial<RepositoryNamespaceProps> = {}, scope = stack) => new RepositoryNamespace(scope, `Namespace${scope.node.children.length}`, { prefix: 'team-a', ...props });
const roleIn = (scope = stack, id = 'Role') => new iam.Role(scope, id, { assumedBy: new iam.ServicePrincipal('ecs-tasks.amazonaws.com') });

function warnings(scope = stack): string[] {
  return Annotations.fromStack(scope).findWarning('*', Match.anyValue()).map(({ entry }) => entry.data as string);
}

function statementsOf(scope = stack): unknown[] {
  return Object.values(Template.fromStack(scope).findResources('AWS::IAM::Policy'))
    .flatMap(policy => (policy as { Properties: { PolicyDocument: { Statement: unknown[] } } }).Properties.PolicyDocument.Statement);
}

describe('RepositoryNamespace', () => {
  test('creates the repositories that CI pushes, as strict as SecureRepository', () => {
    const namespace = namespaceOf();
    expect(namespace.prefix).toBe('team-a');
    expect(namespace.template?.repositoryCreationTemplateRef.prefix).toBe('team-a');
    Template.fromStack(stack).hasResourceProperties('AWS::ECR::RepositoryCreationTemplate', {
      Prefix: 'team-a', AppliedFor: ['CREATE_ON_PUSH'], ImageTagMutability: 'IMMUTABLE', LifecyclePolicy: LifecyclePolicy.standard().toJson(), EncryptionConfiguration: { EncryptionType: 'KMS' },
    });
    expect(stack.resolve(namespace.repositoriesArn)).toEqual(BELOW);
  });

  test('gives all repositories its settings', () => {
    const repositoryPolicy = new iam.PolicyDocument({ statements: [new iam.PolicyStatement({ actions: ['ecr:BatchGetImage'], principals: [new iam.AccountPrincipal('444455556666')] })] });
    const namespace = namespaceOf({
      prefix: 'team-a/', encryption: RepositoryEncryption.AWS_MANAGED_KEY, lifecycle: LifecyclePolicy.keepLatest(3), mutableTags: ['latest'], resourceTags: { team: 'a' }, repositoryPolicy,
    });
    const repository = namespace.addRepository('api');
    expect(repository.node.path).toBe(`${namespace.node.path}/api`);
    const common = { ImageTagMutability: 'IMMUTABLE_WITH_EXCLUSION', EncryptionConfiguration: { EncryptionType: 'KMS' } };
    const template = Template.fromStack(stack);
    template.hasResourceProperties('AWS::ECR::RepositoryCreationTemplate', {
      ...common, Prefix: 'team-a', ResourceTags: [{ Key: 'team', Value: 'a' }], LifecyclePolicy: LifecyclePolicy.keepLatest(3).toJson(), RepositoryPolicy: Match.anyValue(),
    });
    template.hasResourceProperties('AWS::ECR::Repository', {
      ...common, RepositoryName: 'team-a/api', Tags: [{ Key: 'team', Value: 'a' }], LifecyclePolicy: { LifecyclePolicyText: LifecyclePolicy.keepLatest(3).toJson() },
    });
  });

  test('leaves the decision to a repository', () => {
    namespaceOf({ mutableTags: ['latest'] }).addRepository('web/shop', { mutableTags: [], scanOnPush: false });
    Template.fromStack(stack).hasResourceProperties('AWS::ECR::Repository', {
      RepositoryName: 'team-a/web/shop', ImageTagMutability: 'IMMUTABLE', ImageScanningConfiguration: { ScanOnPush: false },
    });
  });

  test('creates nothing without createOnPush', () => {
    expect(namespaceOf({ createOnPush: false }).template).toBeUndefined();
    expect(Template.fromStack(stack).toJSON()).not.toHaveProperty('Resources');
  });

  test.each<[string, () => unknown, string]>([
    ['all of the registry', () => namespaceOf({ prefix: 'ROOT' }), "'prefix' must be a part of the registry such as 'team-a', got 'ROOT', which stands for all repositories"],
    ['an invalid namespace', () => namespaceOf({ prefix: 'Team' }), "'prefix' must be 'ROOT' or a path of lowercase names such as 'team/docker-hub', got \"Team\""],
    ['a policy for nothing', () => namespaceOf({ createOnPush: false, repositoryPolicy: new iam.PolicyDocument() }), "'repositoryPolicy' must go with 'createOnPush'"],
    ['a second one', () => [namespaceOf(), namespaceOf()], 'both define the repository creation template "team-a"'],
    ['a name of a repository', () => namespaceOf().addRepository('api', { repositoryName: 'api' }), "'repositoryName' must be left out"],
    ['a repository twice', () => {
      const namespace = namespaceOf();
      return [namespace.addRepository('api'), namespace.addRepository('api')];
    }, "There is already a Construct with name 'api'"],
    ['an import of an invalid namespace', () => RepositoryNamespaceGrants.fromPrefix(stack, 'ROOT'), "'prefix' must be a part of the registry"],
  ])('refuses %s', (_what, make, message) => {
    expect(messageOf(make)).toContain(message);
  });

  describe('inside another one', () => {
    test.each([['team-a', 'team-a/web'], ['team-a/web', 'team-a']])('is a warning, %s before %s', (first, second) => {
      namespaceOf({ prefix: first });
      const { node } = namespaceOf({ prefix: second });
      expect(warnings()).toEqual([expect.stringMatching(/^the grants of 'Stack\/Namespace\d' on team-a\/\* also reach the repositories of 'Stack\/Namespace\d', team-a\/web\/\*/)]);
      Validations.of(stack.node.findChild(node.id)).acknowledge({ id: 'cdk-secure-ecr:RepositoryNamespace.insideAnother', reason: 'One team, with a part for its web shop' });
      expect(warnings()).toEqual([]);
    });

    test.each<[string, Partial<RepositoryNamespaceProps>]>([
      ['beside it', { prefix: 'team-a-b' }],
      ['a name that is known at deployment', { prefix: Lazy.string({ produce: () => 'team-a/b' }) }],
    ])('is not one %s', (_where, props) => {
      namespaceOf();
      namespaceOf(props);
      expect(warnings()).toEqual([]);
    });

    test('is not one of another Region', () => {
      namespaceOf();
      const other = new Stack(app, 'Other', { env: { ...ENVIRONMENT, region: 'us-east-1' } });
      namespaceOf({ prefix: 'team-a/b' }, other);
      expect(warnings(other)).toEqual([]);
    });
  });
});

describe('RepositoryNamespaceGrants', () => {
  const statement = (actions: string[]) => ({ Action: actions, Effect: 'Allow', Resource: BELOW });

  test.each<[string, (grants: RepositoryNamespaceGrants, role: iam.IRole) => unknown, string[]]>([
    ['pull', (grants, role) => grants.pull(role), PULL],
    ['push', (grants, role) => grants.push(role), [...PUSH, 'ecr:CreateRepository'].sort()],
    ['push to what exists', (grants, role) => grants.push(role, { createRepository: false }), PUSH],
    ['pullPush', (grants, role) => grants.pullPush(role), [...new Set([...PULL, ...PUSH, 'ecr:CreateRepository'])].sort()],
  ])('grant one statement for all repositories: %s', (_what, grant, actions) => {
    const namespace = namespaceOf();
    Array.from({ length: 5 }, (_, index) => namespace.addRepository(`service-${index}`));
    grant(namespace.grants, roleIn());
    expect(statementsOf()).toEqual([statement(actions), LOGIN]);
  });

  test('do not create repositories if the namespace does not', () => {
    namespaceOf({ createOnPush: false }).grants.push(roleIn());
    expect(statementsOf()).toEqual([statement(PUSH), LOGIN]);
  });

  test.each([false, true])('are for a namespace of another app too, with creation %s', createRepository => {
    RepositoryNamespaceGrants.fromPrefix(stack, 'team-a').push(roleIn(), createRepository ? { createRepository } : undefined);
    expect(statementsOf()).toEqual([statement(createRepository ? [...PUSH, 'ecr:CreateRepository'].sort() : PUSH), LOGIN]);
  });

  test('need no acknowledgement of cdk-nag', () => {
    const role = roleIn();
    const { grants } = namespaceOf();
    grants.pull(role);
    grants.push(new iam.Group(stack, 'Group'));
    expect(nagFindings(app).filter(({ path }) => !/Group/.test(path) && !/\[Resource::\*\]/.test(path)).filter(({ rule }) => /IAM5\[Resource::arn/.test(rule))).toEqual([]);
  });

  test('are refused for principals that need a policy of each repository', () => {
    const { grants } = namespaceOf();
    const foreign = new iam.Role(new Stack(app, 'Foreign', { env: { account: '444455556666', region: 'eu-west-1' } }), 'Role', {
      roleName: 'puller', assumedBy: new iam.ServicePrincipal('ecs-tasks.amazonaws.com'),
    });
    expect(messageOf(() => grants.pull(foreign))).toContain("'grantee' must be of account 111122223333, got");
    expect(messageOf(() => grants.pull(new iam.AccountPrincipal('444455556666')))).toContain('use CrossAccountPull for its repositories');
    expect(messageOf(() => grants.pull(new iam.ServicePrincipal('lambda.amazonaws.com')))).toContain("'grantee' must be a role, user or group, got");
    expect(messageOf(() => grants.pull(new iam.OrganizationPrincipal('o-a1b2c3d4e5')))).toContain('which has no identity policy; grant to the role that it uses');
  });

  test('warn with the statement for a role whose policies the app cannot change', () => {
    namespaceOf().grants.pull(iam.Role.fromRoleArn(stack, 'Import', 'arn:aws:iam::111122223333:role/puller', { mutable: false }));
    expect(warnings()).toEqual([expect.stringMatching(/^the grant has no effect until the owner of .*"arn:aws:ecr:eu-west-1:111122223333:repository\/team-a\/\*"/)]);
  });

  test('warn with the statement for an import into a stack of another account', () => {
    const foreign = new Stack(app, 'Foreign', { env: { account: '444455556666' } });
    namespaceOf().grants.pull(iam.Role.fromRoleArn(foreign, 'Import', 'arn:aws:iam::111122223333:role/puller'));
    expect(warnings()).toEqual([expect.stringContaining('the grant has no effect until the owner of ')]);
  });

  test('are statements of a managed policy', () => {
    namespaceOf().grants.pull(new iam.ManagedPolicy(stack, 'Policy'));
    Template.fromStack(stack).hasResourceProperties('AWS::IAM::ManagedPolicy', { PolicyDocument: { Statement: [{ Action: PULL, Effect: 'Allow', Resource: BELOW }, LOGIN] } });
  });
});
