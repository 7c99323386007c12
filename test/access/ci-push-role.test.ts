import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, Aws, CfnParameter, CfnResource, Duration, NestedStack, Stack, Validations } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { CiPushRole, type CiPushRoleProps, CiSubject, type GitHubSubjectOptions, type GitLabSubjectOptions, SecureRepository } from '../../lib';
import { nagFindings } from '../nag';

const OWNER = '111111111111';
const GITHUB = 'token.actions.githubusercontent.com';
const PUSH = [
  'ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:CompleteLayerUpload', 'ecr:InitiateLayerUpload', 'ecr:PutImage', 'ecr:UploadLayerPart',
];
const LOGIN = { Action: 'ecr:GetAuthorizationToken', Effect: 'Allow', Resource: '*' };
const API = { owner: 'octo', ownerId: '1', repo: 'api', repoId: '2' };
const MAIN = CiSubject.github({ ...API, branches: ['main'] });
const GITLAB_MAIN = CiSubject.gitlab({ projectPath: 'group/api', branches: ['main'] });

function stackOf(account: string | undefined = OWNER, app = new App(), id = 'Stack', region = 'eu-west-1'): Stack {
  return new Stack(app, id, account === 'unknown' ? {} : { env: { account, region } });
}

function roleOf(stack: Stack, props: Partial<CiPushRoleProps> = {}, id = 'Push'): CiPushRole {
  const repository = stack.node.tryFindChild('Api') as SecureRepository ?? new SecureRepository(stack, 'Api', {
    repositoryName: stack.node.id === 'Stack' ? 'team/api' : `team/${stack.node.id.toLowerCase()}`,
  });
  return new CiPushRole(stack, id, { repositories: [repository], subjects: [MAIN], ...props });
}

function trustFor(...subjects: CiSubject[]): any[] {
  const stack = stackOf();
  roleOf(stack, { subjects });
  const [role] = Object.values(Template.fromStack(stack).findResources('AWS::IAM::Role'));
  return role.Properties.AssumeRolePolicyDocument.Statement.map((statement: any) => statement.Condition);
}

function subjectsFor(...subjects: CiSubject[]): unknown[] {
  return trustFor(...subjects).flatMap(condition => Object.entries(condition).flatMap(([operator, keys]) => (
    Object.entries(keys as object).filter(([key]) => key.endsWith(':sub')).map(([, value]) => [operator, value]))));
}

function statementsOf(stack: Stack): any[] {
  const [policy] = Object.values(Template.fromStack(stack).findResources('AWS::IAM::ManagedPolicy'));
  return policy.Properties.PolicyDocument.Statement;
}

function warningsOf(stack: Stack): string[] {
  return Annotations.fromStack(stack).findWarning('*', Match.anyValue()).map(({ entry }) => entry.data as string);
}

function expectThrow(create: () => unknown, message?: RegExp): void {
  if (message) {
    expect(create).toThrow(message);
  } else {
    expect(create).not.toThrow();
  }
}

const gitHub = (options: Partial<GitHubSubjectOptions>): CiSubject => CiSubject.github({ ...API, branches: ['main'], ...options });
const gitLab = (options: Partial<GitLabSubjectOptions>): CiSubject => CiSubject.gitlab({ projectPath: 'group/api', branches: ['main'], ...options });

describe('CiPushRole', () => {
  test('makes a role, its policy and the provider, and nothing else', () => {
    const stack = stackOf();
    new CiPushRole(stack, 'Push', { repositories: [ecr.Repository.fromRepositoryName(stack, 'Api', 'team/api')], subjects: [MAIN] });

    const { Resources } = Template.fromStack(stack).toJSON() as { Resources: Record<string, { Type: string }> };
    expect(Object.values(Resources).map(({ Type }) => Type).sort()).toEqual(['AWS::IAM::ManagedPolicy', 'AWS::IAM::OIDCProvider', 'AWS::IAM::Role']);
  });

  test('pushes to the repository, logs in, and does nothing else', () => {
    const stack = stackOf();
    roleOf(stack);

    expect(statementsOf(stack)).toEqual([{ Action: PUSH, Effect: 'Allow', Resource: { 'Fn::GetAtt': ['ApiF70053CD', 'Arn'] } }, LOGIN]);
  });

  test('names many repositories in one statement', () => {
    const stack = stackOf();
    const repositories = Array.from({ length: 40 }, (_, index) => ecr.Repository.fromRepositoryName(stack, `R${index}`, `team/r${index}`));
    roleOf(stack, { repositories });

    expect(statementsOf(stack)).toHaveLength(2);
    expect(statementsOf(stack)[0].Resource).toHaveLength(40);
  });

  test('fails when the policy gets longer than IAM takes', () => {
    const stack = stackOf();
    const repositories = Array.from({ length: 100 }, (_, index) => ecr.Repository.fromRepositoryName(stack, `R${index}`, `team/repository-${index}`));
    roleOf(stack, { repositories });

    expect(() => Template.fromStack(stack)).toThrow(/'repositories' and 'createOnPushPrefixes' must make a policy of at most 6144 characters, got \d+; use several roles/);
  });

  test('reads the findings of scans if asked to', () => {
    const stack = stackOf();
    roleOf(stack, { scanFindings: true });

    expect(statementsOf(stack)[0].Action).toEqual([...PUSH.slice(0, 3), 'ecr:DescribeImageScanFindings', 'ecr:DescribeImages', ...PUSH.slice(3)]);
  });

  test('creates repositories below prefixes', () => {
    const stack = stackOf();
    roleOf(stack, { repositories: undefined, createOnPushPrefixes: ['apps/', 'tools'] });

    const below = (prefix: string) => ({ 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, `:ecr:eu-west-1:${OWNER}:repository/${prefix}/*`]] });
    expect(statementsOf(stack)).toEqual([
      { Action: [...PUSH.slice(0, 3), 'ecr:CreateRepository', ...PUSH.slice(3)], Effect: 'Allow', Resource: [below('apps'), below('tools')] },
      LOGIN,
    ]);
    expect(nagFindings(stack.node.root)).toEqual([]);
  });

  test('has no finding of cdk-nag', () => {
    const app = new App();
    roleOf(stackOf(OWNER, app));

    expect(nagFindings(app)).toEqual([]);
  });

  test('puts what it is granted into its policy', () => {
    const stack = stackOf();
    const push = roleOf(stack);
    const base = new SecureRepository(stack, 'Base');
    base.grants.read(push);

    expect(statementsOf(stack)).toHaveLength(3);
    Template.fromStack(stack).resourceCountIs('AWS::IAM::Policy', 0);
  });

  test('takes the settings of a role', () => {
    const stack = stackOf();
    roleOf(stack, {
      roleName: 'ci-push',
      maxSessionDuration: Duration.hours(2),
      permissionsBoundary: iam.ManagedPolicy.fromManagedPolicyArn(stack, 'Boundary', `arn:aws:iam::${OWNER}:policy/boundary`),
    });

    Template.fromStack(stack).hasResourceProperties('AWS::IAM::Role', {
      RoleName: 'ci-push', MaxSessionDuration: 7200, PermissionsBoundary: `arn:aws:iam::${OWNER}:policy/boundary`,
    });
  });

  test('leaves out what is not set', () => {
    const stack = stackOf();
    roleOf(stack);

    Template.fromStack(stack).hasResourceProperties('AWS::IAM::Role', {
      RoleName: Match.absent(), MaxSessionDuration: Match.absent(), PermissionsBoundary: Match.absent(),
    });
  });

  test('pushes to a repository of another account, whose policy names the role', () => {
    const app = new App();
    const theirs = stackOf('222222222222', app, 'Theirs');
    const repository = new SecureRepository(theirs, 'Api', { repositoryName: 'team/api' });
    roleOf(stackOf(OWNER, app, 'Ours'), { repositories: [repository], roleName: 'ci' });

    Template.fromStack(theirs).hasResourceProperties('AWS::ECR::Repository', {
      RepositoryPolicyText: { Statement: [{
        Action: PUSH,
        Principal: { AWS: { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, `:iam::${OWNER}:root`]] } },
        Condition: { ArnEquals: { 'aws:PrincipalArn': { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, `:iam::${OWNER}:role/ci`]] } } },
      }] },
    });
  });

  test.each([
    [Duration.minutes(60), true], [Duration.minutes(59), false], [Duration.hours(12), true], [Duration.seconds(43_201), false],
  ])('takes a session of 1 to 12 hours: %s', (maxSessionDuration, fine) => {
    const create = () => roleOf(stackOf(), { maxSessionDuration });

    expectThrow(create, fine ? undefined : /'maxSessionDuration' must be 1 to 12 hours, got .+/);
  });

  test.each([['a', true], ['a'.repeat(64), true], ['a'.repeat(65), false], ['_+=,.@-', true], ['a/b', false], ['a b', false]])(
    'takes a name of 1 to 64 characters: %j', (roleName, fine) => {
      const create = () => roleOf(stackOf(), { roleName });

      expectThrow(create, fine ? undefined : /'roleName' must be/);
    },
  );

  test('takes values that come at deployment', () => {
    const stack = stackOf();
    const text = (id: string): string => new CfnParameter(stack, id).valueAsString;
    roleOf(stack, {
      roleName: text('Name'),
      createOnPushPrefixes: [text('Prefix')],
      maxSessionDuration: Duration.seconds(new CfnParameter(stack, 'Seconds', { type: 'Number' }).valueAsNumber),
      subjects: [gitHub({ owner: text('Owner'), ownerId: text('OwnerId'), repo: text('Repo'), repoId: text('RepoId'), branches: [text('Branch')], audience: text('Aud') })],
    });

    Template.fromStack(stack).hasResourceProperties('AWS::IAM::Role', { MaxSessionDuration: { Ref: 'Seconds' }, RoleName: { Ref: 'Name' } });
    const { Condition } = Object.values(Template.fromStack(stack).findResources('AWS::IAM::Role'))[0].Properties.AssumeRolePolicyDocument.Statement[0];
    expect(Condition).toEqual({ StringEquals: {
      [`${GITHUB}:aud`]: { Ref: 'Aud' },
      [`${GITHUB}:sub`]: { 'Fn::Join': ['', [
        'repo:', { Ref: 'Owner' }, '@', { Ref: 'OwnerId' }, '/', { Ref: 'Repo' }, '@', { Ref: 'RepoId' }, ':ref:refs/heads/', { Ref: 'Branch' },
      ]] },
    } });
  });

  test('reports all problems at once', () => {
    expect(() => roleOf(stackOf(), { repositories: [], subjects: [], roleName: 'a b' })).toThrow(/'subjects'(.|\n)*'repositories'(.|\n)*'roleName'/);
  });

  test.each<[string, Partial<CiPushRoleProps>, RegExp]>([
    ['nobody', { subjects: [] }, /'subjects' must have at least one entry, such as CiSubject.github\(.*\), got \[\]/],
    ['two issuers', { subjects: [MAIN, GITLAB_MAIN] },
      /'subjects' must have one issuer, got https:\/\/token.actions.githubusercontent.com and https:\/\/gitlab.com; define a CiPushRole for each/],
    ['no repository', { repositories: [] }, /'repositories' or 'createOnPushPrefixes' must have at least one entry, got none/],
    ['findings without repositories', { repositories: [], createOnPushPrefixes: ['a'], scanFindings: true }, /'scanFindings' must be used with 'repositories', got none/],
    ['every prefix', { createOnPushPrefixes: ['ROOT'] }, /'createOnPushPrefixes\[0\]' must be a prefix such as 'team', got "ROOT"/],
    ['a prefix with a wildcard', { createOnPushPrefixes: ['team', 'te*'] }, /'createOnPushPrefixes\[1\]' must be .* got "te\*"/],
    ['a prefix twice', { createOnPushPrefixes: ['team', 'team'] }, /'createOnPushPrefixes' must not have duplicates, got "team" twice/],
  ])('fails for %s', (_, props, message) => {
    expect(() => roleOf(stackOf(), props)).toThrow(message);
  });

  describe('the provider', () => {
    test('has no thumbprints and no function behind it', () => {
      const stack = stackOf();
      roleOf(stack);

      expect(Object.values(Template.fromStack(stack).findResources('AWS::IAM::OIDCProvider')).map(({ Properties }) => Properties))
        .toEqual([{ Url: `https://${GITHUB}`, ClientIdList: ['sts.amazonaws.com'] }]);
      Template.fromStack(stack).resourceCountIs('AWS::Lambda::Function', 0);
    });

    test('is shared by the roles of a stack and its nested stacks, with all their audiences', () => {
      const stack = stackOf();
      const first = roleOf(stack);
      const nested = new NestedStack(stack, 'Nested');
      const second = roleOf(nested, { subjects: [gitHub({ audience: 'other' })] });
      roleOf(stack, { subjects: [GITLAB_MAIN] }, 'GitLab');

      expect(second.provider).toBe(first.provider);
      expect(Object.values(Template.fromStack(stack).findResources('AWS::IAM::OIDCProvider')).map(({ Properties }) => Properties)).toEqual([
        { Url: `https://${GITHUB}`, ClientIdList: ['other', 'sts.amazonaws.com'] },
        { Url: 'https://gitlab.com', ClientIdList: ['https://gitlab.com'] },
      ]);
    });

    test('tells issuers apart whose names differ in punctuation only', () => {
      const stack = stackOf();
      roleOf(stack, { subjects: [gitLab({ issuer: 'https://git-lab.example.com' })] }, 'A');
      roleOf(stack, { subjects: [gitLab({ issuer: 'https://gitlab.example.com/path' })] }, 'B');
      roleOf(stack, { subjects: [gitLab({ issuer: 'https://gitlab.example.com' })] }, 'C');

      Template.fromStack(stack).resourceCountIs('AWS::IAM::OIDCProvider', 3);
    });

    test('fails for a second stack of the account, in any Region', () => {
      const app = new App();
      roleOf(stackOf(OWNER, app, 'First'));

      expect(() => roleOf(stackOf(OWNER, app, 'Second', 'us-east-1')))
        .toThrow(`'First/Push' and 'Second/Push' both define the OIDC provider "${GITHUB}" of account ${OWNER}, of which there is only one; `
          + "pass the 'provider' of the first to the second");
    });

    test('is given from one stack to another', () => {
      const app = new App();
      const first = roleOf(stackOf(OWNER, app, 'First'));
      const second = stackOf(OWNER, app, 'Second');
      roleOf(second, { provider: first.provider });

      Template.fromStack(second).resourceCountIs('AWS::IAM::OIDCProvider', 0);
      Template.fromStack(second).hasResourceProperties('AWS::IAM::Role', {
        AssumeRolePolicyDocument: { Statement: [{ Principal: { Federated: { 'Fn::ImportValue': Match.stringLikeRegexp('First:') } } }] },
      });
    });

    test('may be in two accounts, and for two issuers', () => {
      const app = new App();
      roleOf(stackOf(OWNER, app, 'First'));
      roleOf(stackOf('222222222222', app, 'Second'));
      roleOf(stackOf(OWNER, app, 'Third'), { subjects: [GITLAB_MAIN] });

      expect(() => app.synth()).not.toThrow();
    });

    test('fails beside one that the app defines itself', () => {
      const stack = stackOf();
      roleOf(stack);
      new iam.OidcProviderNative(stack, 'Mine', { url: `https://${GITHUB}` });
      new iam.OidcProviderNative(stack, 'Other', { url: 'https://example.com' });

      expect(() => Template.fromStack(stack)).toThrow(/'Stack\/Mine\/Resource' and 'Stack\/Push' both define .*; pass the first to the second as 'provider'/);
    });

    test('warns where two stacks may share an account', () => {
      const app = new App();
      roleOf(stackOf('unknown', app, 'First'));
      const second = stackOf('unknown', app, 'Second');
      const push = roleOf(second);

      expect(warningsOf(second)).toEqual([expect.stringMatching(
        /'First\/Push' also defines the OIDC provider .*, of which an account has only one; set the account in 'env' of both stacks.*CiPushRole.environmentUnknown/)]);
      Validations.of(push).acknowledge({ id: 'cdk-secure-ecr:CiPushRole.environmentUnknown', reason: 'two accounts' });
      expect(warningsOf(second)).toEqual([]);
    });

    test('names the stack where the account is unknown', () => {
      const stack = stackOf('unknown');
      roleOf(stack);
      new iam.OidcProviderNative(stack, 'Mine', { url: `https://${GITHUB}` });

      expect(() => Template.fromStack(stack)).toThrow(/of the account of stack 'Stack', of which there is only one/);
    });

    test.each<[string, (stack: Stack) => iam.IOIDCProviderRef]>([
      ['native', stack => iam.OidcProviderNative.fromOidcProviderArn(stack, 'P', `arn:aws:iam::${OWNER}:oidc-provider/${GITHUB}`)],
      ['of the CDK\'s custom resource', stack => iam.OpenIdConnectProvider.fromOpenIdConnectProviderArn(stack, 'P', `arn:aws:iam::${OWNER}:oidc-provider/${GITHUB}`)],
    ])('may be an import: %s', (_, provider) => {
      const stack = stackOf();
      const push = roleOf(stack, { provider: provider(stack) });

      expect(push.provider.oidcProviderRef.oidcProviderArn).toBe(`arn:aws:iam::${OWNER}:oidc-provider/${GITHUB}`);
      Template.fromStack(stack).resourceCountIs('AWS::IAM::OIDCProvider', 0);
    });

    test('may have an ARN that comes at deployment', () => {
      const stack = stackOf();
      const arn = new CfnParameter(stack, 'Arn').valueAsString;

      expect(() => roleOf(stack, { provider: iam.OidcProviderNative.fromOidcProviderArn(stack, 'P', arn) })).not.toThrow();
      expect(() => roleOf(stackOf('unknown'), {
        provider: iam.OidcProviderNative.fromOidcProviderArn(stack, 'Q', `arn:aws:iam::${OWNER}:oidc-provider/${GITHUB}`),
      })).not.toThrow();
    });

    test.each([
      [`arn:aws:iam::${OWNER}:oidc-provider/gitlab.com`, /'provider' must be the provider of https:\/\/token.actions.githubusercontent.com, the issuer of .*gitlab.com/],
      [`arn:aws:iam::222222222222:oidc-provider/${GITHUB}`, /'provider' must be in account 111111111111, the account of the role, got .*; omit it to create one/],
    ])('fails with %s', (arn, message) => {
      const stack = stackOf();

      expect(() => roleOf(stack, { provider: iam.OidcProviderNative.fromOidcProviderArn(stack, 'P', arn) })).toThrow(message);
    });
  });

  describe('warnings', () => {
    test('of a GitHub repository by name, which can be acknowledged', () => {
      const stack = stackOf();
      const subjects = [gitHub({ ownerId: undefined, repoId: undefined }), gitHub({ ownerId: undefined, repoId: undefined, branches: ['b'] })];
      const push = roleOf(stack, { subjects });

      expect(warningsOf(stack)).toEqual([expect.stringMatching(/taking over the name octo\/api, .* set 'ownerId' and 'repoId'.*CiPushRole.recyclableName/)]);
      Validations.of(push).acknowledge({ id: 'cdk-secure-ecr:CiPushRole.recyclableName', reason: 'old repository' });
      expect(warningsOf(stack)).toEqual([]);
    });

    const warnedIds = (...subjects: CiSubject[]): string[] => {
      const stack = stackOf();
      roleOf(stack, { subjects });
      return warningsOf(stack).map(text => /CiPushRole\.(\w+)/.exec(text)![1]);
    };
    const workflow = 'octo/ci/.github/workflows/push.yml';
    const noIds = { ownerId: undefined, repoId: undefined };

    test.each<[string, CiSubject, string[]]>([
      ['every branch of GitHub', gitHub({ branches: ['*'] }), ['anyBranch']],
      ['every branch by two wildcards', gitHub({ branches: ['main', '**'] }), ['anyBranch']],
      ['branches of a kind', gitHub({ branches: ['release/*'] }), []],
      ['branches of one character', gitHub({ branches: ['?'] }), []],
      ['every tag', gitHub({ branches: undefined, tags: ['*'] }), []],
      ['every branch with a pinned workflow', gitHub({ branches: ['*'], reusableWorkflows: [`${workflow}@refs/heads/main`] }), []],
      ['an environment alone', gitHub({ branches: undefined, environments: ['production'] }), ['environmentOfAnyBranch']],
      ['an environment of every branch', gitHub({ branches: ['*'], environments: ['production'] }), ['environmentOfAnyBranch']],
      ['an environment of a branch', gitHub({ environments: ['production'] }), []],
      ['an environment of tags', gitHub({ branches: undefined, tags: ['v*'], environments: ['production'] }), []],
      ['a workflow at every branch', gitHub({ reusableWorkflows: [`${workflow}@refs/heads/*`] }), ['workflowOfAnyBranch']],
      ['a workflow at branches of a kind', gitHub({ reusableWorkflows: [`${workflow}@refs/heads/v*`] }), []],
      ['a workflow at every tag', gitHub({ reusableWorkflows: [`${workflow}@refs/tags/*`] }), []],
      ['a name and every branch', gitHub({ ...noIds, branches: ['*'] }), ['recyclableName', 'anyBranch']],
      ['every protected branch of GitLab', gitLab({ branches: ['*'] }), ['recyclablePath']],
      ['every branch of GitLab', gitLab({ branches: ['**'], protectedRefsOnly: false }), ['recyclablePath', 'anyBranch']],
      ['a branch of GitLab that is not protected', gitLab({ protectedRefsOnly: false }), ['recyclablePath']],
      ['tags of GitLab', gitLab({ branches: undefined, tags: ['v*'] }), ['recyclablePath']],
      ['every branch of an own GitLab', gitLab({ branches: ['*'], issuer: 'https://gitlab.example.com' }), ['anyBranch']],
      ['a branch of an own GitLab', gitLab({ issuer: 'https://gitlab.example.com' }), []],
    ])('of %s', (_, subject, expected) => {
      expect(warnedIds(subject)).toEqual(expected);
    });

    test('of tokens never', () => {
      const stack = stackOf();
      const branch = new CfnParameter(stack, 'Branch').valueAsString;
      roleOf(stack, { subjects: [gitHub({ branches: [branch] })] });

      expect(warningsOf(stack)).toEqual([]);
    });

    test('advise numbers only to repositories that send them', () => {
      const stack = stackOf();
      roleOf(stack, { subjects: [gitHub(noIds)] });

      expect(warningsOf(stack)[0]).toContain(
        "set 'ownerId' and 'repoId' if 'gh api repos/octo/api/actions/oidc/customization/sub' shows that the repository sends them, or acknowledge this if it does not",
      );
    });

    test('not of names on another GitHub or GitLab, which have no strangers', () => {
      const stack = stackOf();
      roleOf(stack, { subjects: [gitHub({ ownerId: undefined, repoId: undefined, issuer: 'https://github.example.com/_services/token' })] });
      roleOf(stack, { subjects: [gitLab({ issuer: 'https://gitlab.example.com' })] }, 'GitLab');

      expect(warningsOf(stack)).toEqual([]);
    });

    test('of a trust policy beyond the default quota', () => {
      const branches = (count: number): CiSubject[] => [gitHub({ branches: Array.from({ length: count }, (_, index) => `branch-${index}-${'x'.repeat(40)}`) })];
      const [short, long] = [stackOf(), stackOf()];
      roleOf(short, { subjects: branches(15) });
      const push = roleOf(long, { subjects: branches(25) });

      expect(warningsOf(short)).toEqual([]);
      expect(warningsOf(long)).toEqual([expect.stringMatching(/the deployment fails unless the quota is raised, because the trust policy is \d{4} characters long and the default quota is 2048; .*CiPushRole.longTrustPolicy/)]);
      Validations.of(push).acknowledge({ id: 'cdk-secure-ecr:CiPushRole.longTrustPolicy', reason: 'quota raised' });
      expect(warningsOf(long)).toEqual([]);
    });
  });
});

describe('CiSubject', () => {
  test('trusts branches, tags and environments of GitHub, exactly where there is no wildcard', () => {
    expect(subjectsFor(gitHub({ branches: ['main', 'release/*'], tags: ['v1', 'v?.*'] }))).toEqual([
      ['StringEquals', ['repo:octo@1/api@2:ref:refs/heads/main', 'repo:octo@1/api@2:ref:refs/tags/v1']],
      ['StringLike', ['repo:octo@1/api@2:ref:refs/heads/release/*', 'repo:octo@1/api@2:ref:refs/tags/v?.*']],
    ]);
    expect(subjectsFor(gitHub({ branches: undefined, environments: ['production', 'eu:west'] }))).toEqual([
      ['StringEquals', ['repo:octo@1/api@2:environment:production', 'repo:octo@1/api@2:environment:eu%3Awest']],
    ]);
  });

  test('puts all subjects with the same claims into one statement, each once', () => {
    expect(trustFor(MAIN, MAIN, CiSubject.github({ ...API, repo: 'web', repoId: '3', branches: ['main'] }))).toEqual([{ StringEquals: {
      [`${GITHUB}:aud`]: 'sts.amazonaws.com',
      [`${GITHUB}:sub`]: ['repo:octo@1/api@2:ref:refs/heads/main', 'repo:octo@1/web@3:ref:refs/heads/main'],
    } }]);
  });

  test('asks for the ref and the workflow by claims of their own', () => {
    const workflow = 'octo/ci/.github/workflows/push.yml@refs/heads/main';
    expect(trustFor(gitHub({ environments: ['production'], branches: ['main', 'hotfix/*'], reusableWorkflows: [workflow] }))).toEqual([{
      StringEquals: {
        [`${GITHUB}:aud`]: 'sts.amazonaws.com',
        [`${GITHUB}:job_workflow_ref`]: workflow,
        [`${GITHUB}:sub`]: 'repo:octo@1/api@2:environment:production',
      },
      StringLike: { [`${GITHUB}:ref`]: ['refs/heads/main', 'refs/heads/hotfix/*'] },
    }]);
  });

  test('trusts every repository of an organization that calls a reusable workflow', () => {
    const options = { repo: '*', repoId: undefined, reusableWorkflows: [`octo/ci/.github/workflows/push.yaml@${'a1'.repeat(20)}`] };
    expect(subjectsFor(gitHub(options))).toEqual([['StringLike', 'repo:octo@1/*:ref:refs/heads/main']]);
    expect(subjectsFor(gitHub({ ...options, ownerId: undefined, repo: 'api-?' }))).toEqual([['StringLike', 'repo:octo/api-?:ref:refs/heads/main']]);
  });

  test('trusts protected refs of gitlab.com, and any refs if asked to', () => {
    expect(trustFor(gitLab({ tags: ['v1'] }))).toEqual([{ StringEquals: {
      'gitlab.com:aud': 'https://gitlab.com',
      'gitlab.com:ref_protected': 'true',
      'gitlab.com:sub': ['project_path:group/api:ref_type:branch:ref:main', 'project_path:group/api:ref_type:tag:ref:v1'],
    } }]);
    expect(trustFor(gitLab({ branches: undefined, tags: ['v1'], protectedRefsOnly: false }))).toEqual([{ StringEquals: {
      'gitlab.com:aud': 'https://gitlab.com', 'gitlab.com:sub': 'project_path:group/api:ref_type:tag:ref:v1',
    } }]);
  });

  test('takes a GitLab of one\'s own with its path, and another audience', () => {
    expect(trustFor(gitLab({ issuer: 'https://example.com/git', audience: 'aws' }))).toEqual([{ StringEquals: {
      'example.com/git:aud': 'aws', 'example.com/git:sub': 'project_path:group/api:ref_type:branch:ref:main',
    } }]);
    expect(gitLab({ issuer: 'https://example.com', protectedRefsOnly: false }).audience).toBe('https://example.com');
  });

  test.each(['https://token.actions.githubusercontent.com/octo', 'https://token.actions.octo.ghe.com'])('reads claims of %s', issuer => {
    expect(() => gitHub({ issuer, environments: ['production'], reusableWorkflows: ['o/c/.github/workflows/p.yml@refs/tags/v*'] })).not.toThrow();
  });

  test.each<[string, Partial<GitHubSubjectOptions>, string]>([
    ['every owner', { owner: '*' }, "'owner' must be the name of an organization or user such as 'octo', without wildcards, got \"*\""],
    ['owners of a pattern', { owner: 'octo-*' }, "'owner' must be"],
    ['owner and repository in one', { repo: 'octo/api' }, "'repo' must be the name of a repository without its owner, such as 'api', got \"octo/api\""],
    ['a subject for a repository', { repo: 'api:pull_request' }, "'repo' must be"],
    ['an owner of 40 characters', { owner: 'o'.repeat(40) }, "'owner' must be"],
    ['a repository of 101 characters', { repo: 'o'.repeat(101) }, "'repo' must be"],
    ['every repository', { repo: '*', repoId: undefined }, "'repo' must be one repository, got \"*\", with which anyone who creates a repository could push"],
    ['repositories of a pattern and a number', { repo: 'a*' }, "'repoId' must not be set for the pattern \"a*\"; use the name of one repository"],
    ['a name for a number', { ownerId: 'octo' }, "'ownerId' must be a number, from 'gh api"],
    ['a wildcard for a number', { repoId: '*' }, "'repoId' must be a number, from 'gh api"],
    ['the number of the repository only', { ownerId: undefined }, "'ownerId' must also be set, because GitHub sends both ids or none"],
    ['the number of the owner only', { repoId: undefined }, "'repoId' must also be set"],
    ['all jobs', { branches: undefined }, "'branches', 'tags' or 'environments' must restrict the jobs that may push, got none"],
    ['an empty list', { branches: [] }, "'branches' must have at least one entry, got []; omit it for none"],
    ['a whole ref', { branches: ['refs/heads/main'] }, "'branches[0]' must be the name of a branch such as 'main', without 'refs/heads/', got \"refs/heads/main\""],
    ['a whole tag', { tags: ['v1', 'refs/tags/v1'] }, "'tags[1]' must be the name of a tag such as 'v*', without 'refs/tags/'"],
    ['half a character in a branch', { branches: ['a\uD83D'] }, "'branches[0]' must be"],
    ['a control character in a workflow', { reusableWorkflows: ['octo/ci/.github/workflows/push.yml@refs/heads/\u0007'] }, "'reusableWorkflows[0]' must be"],
    ['half a character in an environment', { environments: ['\uDC00x'] }, "'environments[0]' must be"],
    ['half a character in an audience', { audience: 'a\uD83D' }, "'audience' must be one text"],
    ['a variable of IAM', { branches: ['${aws:username}'] }, "'branches[0]' must be"],
    ['any environment', { environments: ['*'] }, "'environments[0]' must be the name of an environment such as 'production', with more than wildcards, got \"*\""],
    ['an environment with a variable', { environments: ['${aws:username}'] }, "'environments[0]' must be"],
    ['an environment of 256 characters', { environments: ['e'.repeat(256)] }, "'environments[0]' must be"],
    ['a workflow without ref', { reusableWorkflows: ['octo/ci/.github/workflows/push.yml'] }, "'reusableWorkflows[0]' must be a workflow file and its ref"],
    ['a workflow at any ref', { reusableWorkflows: ['octo/ci/.github/workflows/push.yml@*'] }, "'reusableWorkflows[0]' must be"],
    ['a workflow of anybody', { reusableWorkflows: ['*/ci/.github/workflows/push.yml@refs/heads/main'] }, "'reusableWorkflows[0]' must be"],
    ['an issuer with a port', { issuer: 'https://github.example.com:8443' }, "'issuer' must be a URL such as 'https://gitlab.example.com', without port"],
    ['an issuer without encryption', { issuer: 'http://github.example.com' }, "'issuer' must be a URL"],
    ['an issuer with a slash at the end', { issuer: 'https://github.example.com/' }, "'issuer' must be a URL"],
    ['an issuer of 256 characters', { issuer: `https://${'e'.repeat(248)}` }, "'issuer' must be 1 to 255 characters long, got 256"],
    ['an issuer that comes at deployment', { issuer: Aws.URL_SUFFIX }, "'issuer' must not be a token"],
    ['any audience', { audience: '*' }, "'audience' must be one text without wildcards, got \"*\""],
    ['an audience of 256 characters', { audience: 'a'.repeat(256) }, "'audience' must be 1 to 255 characters long, got 256"],
    ['a list that comes at deployment', { branches: Aws.NOTIFICATION_ARNS }, "'branches' must be a list of known length, got a token; list the entries, which may be tokens"],
    ['a workflow of a GitHub of one\'s own', { issuer: 'https://g.example.com', reusableWorkflows: ['o/c/.github/workflows/p.yml@refs/heads/main'] },
      "'reusableWorkflows' must not be set for https://g.example.com, AWS supports this claim for github.com and GHE.com only"],
    ['an environment and a branch there', { issuer: 'https://g.example.com', environments: ['production'] },
      "'environments' must not be used with 'branches' or 'tags' for https://g.example.com"],
    ['an environment and a tag there', { issuer: 'https://g.example.com', environments: ['production'], branches: undefined, tags: ['v1'] }, "'environments' must not be used with"],
  ])('fails for %s', (_, options, message) => {
    expect(() => gitHub(options)).toThrow(message);
  });

  test.each<Partial<GitHubSubjectOptions>>([
    { owner: 'o' }, { owner: 'o'.repeat(39) }, { repo: 'r'.repeat(100) }, { environments: ['e'.repeat(255)] }, { issuer: `https://${'e'.repeat(247)}` },
    { audience: 'a'.repeat(255) }, { branches: ['*'] }, { branches: undefined, tags: ['*'] }, { owner: 'octo_company', repo: '.github' },
  ])('takes %j', options => {
    expect(() => gitHub(options)).not.toThrow();
  });

  test.each<[string, Partial<GitLabSubjectOptions>, string]>([
    ['a project without its group', { projectPath: 'api' },
      "'projectPath' must be the path of one project with its groups, such as 'group/api', without wildcards, got \"api\""],
    ['every project of a group', { projectPath: 'group/*' }, "'projectPath' must be"],
    ['every group', { projectPath: '*/api' }, "'projectPath' must be"],
    ['a URL', { projectPath: 'https://gitlab.com/group/api' }, "'projectPath' must be"],
    ['all jobs', { branches: undefined }, "'branches' or 'tags' must have at least one entry, got none; use the branch 'main'"],
    ['a whole ref', { branches: ['refs/heads/main'] }, "'branches[0]' must be"],
    ['protection on a GitLab of one\'s own', { issuer: 'https://gitlab.example.com', protectedRefsOnly: true },
      "'protectedRefsOnly' must not be set for https://gitlab.example.com, AWS supports this claim for gitlab.com only"],
    ['a host for the issuer', { issuer: 'gitlab.example.com' }, "'issuer' must be a URL"],
    ['an issuer that comes at deployment', { issuer: Aws.URL_SUFFIX, protectedRefsOnly: true }, "'issuer' must not be a token"],
  ])('fails for %s of GitLab', (_, options, message) => {
    expect(() => gitLab(options)).toThrow(message);
  });
});

describe('the provider of a user', () => {
  const custom = (stack: Stack, props: Partial<iam.OpenIdConnectProviderProps> = {}) => new iam.OpenIdConnectProvider(stack, 'Custom', { url: `https://${GITHUB}`, ...props });
  const native = (stack: Stack, props: Partial<iam.OidcProviderNativeProps> = {}) => new iam.OidcProviderNative(stack, 'Native', { url: `https://${GITHUB}`, ...props });
  const bare = (stack: Stack, props: Partial<iam.CfnOIDCProviderProps> = {}) => new iam.CfnOIDCProvider(stack, 'Bare', { url: `https://${GITHUB}`, ...props });
  const gitlab = { url: 'https://gitlab.com' };
  const audience = { clientIds: ['sts.amazonaws.com'] };

  test.each<[string, (stack: Stack) => iam.IOIDCProviderRef]>([
    ['native, with the audience', stack => native(stack, audience)],
    ['native, whose client ids are not given', stack => native(stack)],
    ['of the custom resource', stack => custom(stack, audience)],
    ['bare, with client ids of the deployment', stack => bare(stack, { clientIdList: new CfnParameter(stack, 'Ids', { type: 'CommaDelimitedList' }).valueAsList })],
    ['bare, with one client id of the deployment', stack => bare(stack, { clientIdList: [new CfnParameter(stack, 'Id').valueAsString] })],
  ])('may be defined in the app: %s', (_, provider) => {
    const stack = stackOf();

    expect(() => roleOf(stack, { provider: provider(stack) })).not.toThrow();
  });

  test.each<[string, (stack: Stack) => iam.IOIDCProviderRef]>([
    ['native', stack => native(stack, gitlab)],
    ['of the custom resource', stack => custom(stack, gitlab)],
    ['bare', stack => bare(stack, gitlab)],
  ])('must be the provider of the issuer: %s', (_, provider) => {
    const stack = stackOf();

    expect(() => roleOf(stack, { provider: provider(stack) })).toThrow(
      `'provider' must be the provider of https://${GITHUB}, the issuer of the 'subjects', got one for "https://gitlab.com"`,
    );
  });

  test('is found among the resources of the construct that defines it', () => {
    const stack = stackOf();
    const company = new Construct(stack, 'Company');
    new CfnResource(company, 'Before', { type: 'AWS::SNS::Topic' });
    const { oidcProviderRef } = new iam.CfnOIDCProvider(company, 'Provider', gitlab);
    const provider = Object.assign(company, { oidcProviderRef, env: { account: stack.account, region: stack.region } });

    expect(() => roleOf(stack, { provider })).toThrow('got one for "https://gitlab.com"');
  });

  test('may be a reference that is not a construct, whose definition is unknown', () => {
    const stack = stackOf();
    const { oidcProviderRef, env, node } = native(stack, gitlab);
    const provider = { oidcProviderRef, env, node } as iam.IOIDCProviderRef;

    expect(() => roleOf(stack, { provider })).not.toThrow();
  });

  test('must know the audience of the subjects', () => {
    const stack = stackOf();

    expect(() => roleOf(stack, { provider: native(stack, { clientIds: ['https://github.com/octo'] }) })).toThrow(
      '\'provider\' must have the audience "sts.amazonaws.com" of the \'subjects\' among its client ids, got ["https://github.com/octo"]; add it there',
    );
  });

  test('is given to the role if it is a custom resource of the CDK, of which IAM has one for each URL', () => {
    const stack = stackOf();
    custom(stack);
    roleOf(stack);

    expect(() => Template.fromStack(stack)).toThrow(
      `'Stack/Custom/Resource/Default' also defines the OIDC provider for https://${GITHUB}, of which an account has one; give it to 'Stack/Push' as 'provider'`,
    );
  });

  test.each<[string, (app: App) => unknown]>([
    ['for another issuer', app => custom(app.node.findChild('Stack') as Stack, gitlab)],
    ['of another account', app => custom(stackOf('222222222222', app, 'Other'))],
  ])('may stand beside a custom resource %s', (_, create) => {
    const app = new App();
    const stack = stackOf(OWNER, app);
    create(app);
    roleOf(stack);

    expect(() => Template.fromStack(stack)).not.toThrow();
  });
});

describe('a CiPushRole with roles that others create', () => {
  test('writes its permissions into the report of the CDK', () => {
    const stack = stackOf();
    iam.Role.customizeRoles(stack, { usePrecreatedRoles: { 'Stack/Push/Role': 'push' } });
    const push = roleOf(stack, { maxSessionDuration: Duration.hours(2) });

    const assembly = (stack.node.root as App).synth(); // once: the CDK writes its report once
    const { template, messages } = assembly.getStackByName(stack.stackName);
    expect(Object.values((template as { Resources: Record<string, { Type: string }> }).Resources).map(({ Type }) => Type))
      .not.toContain('AWS::IAM::Role');
    expect(messages).toEqual([]);
    expect(push.role.roleName).toBe('push');
    const report = readFileSync(join(assembly.directory, 'iam-policy-report.json'), 'utf8');
    expect(report).toContain('ecr:PutImage');
    expect(report).toContain('sts:AssumeRoleWithWebIdentity');
  });

  test('warns on the construct, because the policy has no resource', () => {
    const stack = stackOf();
    iam.Role.customizeRoles(stack, { usePrecreatedRoles: { 'Stack/Push/Role': 'push' } });
    roleOf(stack, { createOnPushPrefixes: ['team'] });

    const { messages } = (stack.node.root as App).synth().getStackByName(stack.stackName);
    expect(messages.map(({ id, entry }) => [id, entry.data])).toEqual([['/Stack/Push', expect.stringContaining('the app has no creation template')]]);
  });
});

describe('the policy of a CiPushRole', () => {
  test('counts each repository with a generated name', () => {
    const unnamed = (count: number): Stack => {
      const stack = stackOf();
      roleOf(stack, { repositories: Array.from({ length: count }, (_, index) => new SecureRepository(stack, `Repository${index}`)) });
      return stack;
    };

    expect(() => Template.fromStack(unnamed(50))).not.toThrow();
    expect(() => Template.fromStack(unnamed(120))).toThrow(/must make a policy of at most 6144 characters, got \d{4,5}; use several roles/);
  });

  const many = (count: number): Stack => {
    const stack = stackOf();
    const repositories = Array.from({ length: count }, (_, index) => new SecureRepository(stack, `Repository${index}`, { repositoryName: `team/service-${index}` }));
    roleOf(stack, { repositories });
    return stack;
  };

  test('counts the names of repositories that are references', () => {
    expect(() => Template.fromStack(many(60))).not.toThrow();
    expect(() => Template.fromStack(many(120))).toThrow(/'repositories' and 'createOnPushPrefixes' must make a policy of at most 6144 characters, got \d{4}; use several roles/);
  });
});
