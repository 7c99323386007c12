import { App, CfnParameter, Stack, Validations } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import { AwsSolutionsChecks, HIPAASecurityChecks, NIST80053R5Checks, PCIDSS321Checks } from 'cdk-nag';
import { CrossAccountPull, PullConsumer, RepositoryTemplate, SecureRepository, TemplateUse } from '../../lib';

const OWNER = '111111111111';
const STAGING = '222222222222';
const PRODUCTION = '333333333333';
const OWNER_ENV = { account: OWNER, region: 'eu-west-1' };
const ORGANIZATION = 'o-a1b2c3d4e5';
const UNIT = `${ORGANIZATION}/r-ab12/ou-ab12-11111111`;
const IMPORT_ARN = `arn:aws:ecr:eu-west-1:${OWNER}:repository/team/old`;

const PULL = ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'];
const SERVICE_PULL = ['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'];
const NOT_THE_OWNER = { StringNotEquals: { 'aws:PrincipalAccount': OWNER } };

function ownerStack(context: Record<string, boolean> = {}): Stack {
  return new Stack(new App({ context: { '@aws-cdk/core:enablePartitionLiterals': true, ...context } }), 'Owner', { env: OWNER_ENV });
}

function repositoryOf(stack: Stack): SecureRepository {
  return new SecureRepository(stack, 'Api', { repositoryName: 'team/api' });
}

function share(stack: Stack, consumers: PullConsumer[], repositories: ecr.IRepository[] = [repositoryOf(stack)]): CrossAccountPull {
  return new CrossAccountPull(stack, 'Share', { repositories, consumers });
}

function statementsFor(consumers: PullConsumer[], stack = ownerStack()): any[] {
  share(stack, consumers);
  return statementsOf(stack);
}

function statementsOf(stack: Stack): any[] {
  const [repository] = Object.values(Template.fromStack(stack).findResources('AWS::ECR::Repository'));
  return repository.Properties.RepositoryPolicyText.Statement;
}

function rootOf(account: string): string {
  return `arn:aws:iam::${account}:root`;
}

function lateStatement(parameter: string): object {
  const accounts = { Ref: parameter };
  return { Effect: 'Allow', Action: PULL, Principal: { AWS: accounts }, Condition: { StringEquals: { 'aws:PrincipalAccount': accounts } } };
}

function warningsOf(stack: Stack): string[] {
  return Annotations.fromStack(stack).findWarning('*', Match.anyValue()).map(({ entry }) => entry.data as string);
}

function warningsFor(consumers: PullConsumer[], stack = ownerStack()): string[] {
  share(stack, consumers);
  return warningsOf(stack);
}

describe('CrossAccountPull', () => {
  describe('for accounts', () => {
    test('lets every identity of an account pull, without a resource and without the login', () => {
      expect(statementsFor([PullConsumer.account(STAGING)])).toEqual([
        { Effect: 'Allow', Action: PULL, Principal: { AWS: rootOf(STAGING) } },
      ]);
    });

    test('puts the accounts of all consumers into one statement', () => {
      expect(statementsFor([PullConsumer.accounts([STAGING, PRODUCTION]), PullConsumer.account('444444444444')])).toEqual([
        { Effect: 'Allow', Action: PULL, Principal: { AWS: [rootOf(STAGING), rootOf(PRODUCTION), rootOf('444444444444')] } },
      ]);
    });

    test('takes an account that is known at deployment only', () => {
      const stack = ownerStack();
      const account = new CfnParameter(stack, 'Account').valueAsString;

      expect(statementsFor([PullConsumer.account(account)], stack)[0].Principal.AWS).toEqual({
        'Fn::Join': ['', ['arn:aws:iam::', { Ref: 'Account' }, ':root']],
      });
    });

    test('takes lists of accounts that are known at deployment only, each in a statement of its own', () => {
      const stack = ownerStack();
      const [first, second] = ['First', 'Second'].map(id => new CfnParameter(stack, id, { type: 'CommaDelimitedList' }).valueAsList);

      expect(statementsFor([PullConsumer.accounts(first), PullConsumer.account(STAGING), PullConsumer.accounts(second)], stack)).toEqual([
        { Effect: 'Allow', Action: PULL, Principal: { AWS: rootOf(STAGING) } },
        lateStatement('First'),
        lateStatement('Second'),
      ]);
    });
  });

  describe('for roles', () => {
    test('names the account and narrows it by the ARN of the role, for ECR refuses roles that do not exist', () => {
      expect(statementsFor([PullConsumer.roles(STAGING, ['ecs-*'])])).toEqual([{
        Effect: 'Allow',
        Action: PULL,
        Principal: { AWS: rootOf(STAGING) },
        Condition: { ArnLike: { 'aws:PrincipalArn': `arn:aws:iam::${STAGING}:role/ecs-*` } },
      }]);
    });

    test('puts the roles of all accounts into one statement', () => {
      expect(statementsFor([PullConsumer.roles(STAGING, ['ecs-*', 'teams/api/*']), PullConsumer.roles(PRODUCTION, ['ecs-?'])])).toEqual([{
        Effect: 'Allow',
        Action: PULL,
        Principal: { AWS: [rootOf(STAGING), rootOf(PRODUCTION)] },
        Condition: {
          ArnLike: {
            'aws:PrincipalArn': [
              `arn:aws:iam::${STAGING}:role/ecs-*`, `arn:aws:iam::${STAGING}:role/teams/api/*`, `arn:aws:iam::${PRODUCTION}:role/ecs-?`,
            ],
          },
        },
      }]);
    });

    test('names an account once', () => {
      const [statement] = statementsFor([PullConsumer.roles(STAGING, ['ecs-*']), PullConsumer.roles(STAGING, ['eks-*'])]);

      expect(statement.Principal).toEqual({ AWS: rootOf(STAGING) });
    });

    test('takes names that are known at deployment only', () => {
      const stack = ownerStack();
      const name = new CfnParameter(stack, 'Role').valueAsString;

      expect(statementsFor([PullConsumer.roles(STAGING, [name])], stack)[0].Condition.ArnLike['aws:PrincipalArn']).toEqual({
        'Fn::Join': ['', [`arn:aws:iam::${STAGING}:role/`, { Ref: 'Role' }]],
      });
    });
  });

  describe('for organizations', () => {
    test('is open to the organization, with the operator and key that scanners of public policies look for', () => {
      expect(statementsFor([PullConsumer.organization(ORGANIZATION)])).toEqual([{
        Effect: 'Allow',
        Action: PULL,
        Principal: { AWS: '*' },
        Condition: { StringEquals: { 'aws:PrincipalOrgID': ORGANIZATION }, ...NOT_THE_OWNER },
      }]);
    });

    test('puts organizations into one statement', () => {
      expect(statementsFor([PullConsumer.organization(ORGANIZATION), PullConsumer.organization('o-f6g7h8i9j0')])[0].Condition).toEqual({
        StringEquals: { 'aws:PrincipalOrgID': [ORGANIZATION, 'o-f6g7h8i9j0'] },
        ...NOT_THE_OWNER,
      });
    });

    test('narrows an organizational unit by its path and by its organization', () => {
      expect(statementsFor([PullConsumer.organizationalUnit(UNIT)])).toEqual([{
        Effect: 'Allow',
        Action: PULL,
        Principal: { AWS: '*' },
        Condition: {
          'StringEquals': { 'aws:PrincipalOrgID': ORGANIZATION },
          'ForAnyValue:StringLike': { 'aws:PrincipalOrgPaths': `${UNIT}/*` },
          ...NOT_THE_OWNER,
        },
      }]);
    });

    test('puts organizational units into one statement, and names their organization once', () => {
      const other = `${ORGANIZATION}/r-ab12/ou-ab12-22222222/ou-ab12-33333333`;

      expect(statementsFor([PullConsumer.organizationalUnit(UNIT), PullConsumer.organizationalUnit(other)])[0].Condition).toEqual({
        'StringEquals': { 'aws:PrincipalOrgID': ORGANIZATION },
        'ForAnyValue:StringLike': { 'aws:PrincipalOrgPaths': [`${UNIT}/*`, `${other}/*`] },
        ...NOT_THE_OWNER,
      });
    });

    test.each([`${UNIT}/`, `${UNIT}/*`])('takes the path %s as AWS writes it', path => {
      const [{ Condition }] = statementsFor([PullConsumer.organizationalUnit(path)]);

      expect(Condition['ForAnyValue:StringLike']).toEqual({ 'aws:PrincipalOrgPaths': `${UNIT}/*` });
    });

    test('takes an organization and a path that are known at deployment only', () => {
      const stack = ownerStack();
      const [organization, path] = ['Organization', 'Path'].map(id => new CfnParameter(stack, id).valueAsString);
      const statements = statementsFor([
        PullConsumer.organization(organization), PullConsumer.organizationalUnit(path), PullConsumer.organizationalUnit(`${organization}/r-ab12/ou-ab12-1`),
      ], stack);

      expect(statements[0].Condition).toEqual({ StringEquals: { 'aws:PrincipalOrgID': { Ref: 'Organization' } }, ...NOT_THE_OWNER });
      expect(statements[1].Condition.StringEquals).toEqual({
        'aws:PrincipalOrgID': [{ 'Fn::Select': [0, { 'Fn::Split': ['/', { Ref: 'Path' }] }] }, { Ref: 'Organization' }],
      });
    });
  });

  describe('for AWS Lambda', () => {
    test('has a statement for whoever deploys and one for the service, tied to functions of the account in the Region', () => {
      expect(statementsFor([PullConsumer.lambdaFunctions(STAGING)])).toEqual([
        { Effect: 'Allow', Action: SERVICE_PULL, Principal: { AWS: rootOf(STAGING) } },
        {
          Effect: 'Allow',
          Action: SERVICE_PULL,
          Principal: { Service: 'lambda.amazonaws.com' },
          Condition: { ArnLike: { 'aws:SourceArn': `arn:aws:lambda:eu-west-1:${STAGING}:function:*` } },
        },
      ]);
    });

    test('puts the accounts into the same two statements', () => {
      const statements = statementsFor([PullConsumer.lambdaFunctions(STAGING), PullConsumer.lambdaFunctions(PRODUCTION)]);

      expect(statements).toHaveLength(2);
      expect(statements[0].Principal).toEqual({ AWS: [rootOf(STAGING), rootOf(PRODUCTION)] });
      expect(statements[1].Condition.ArnLike['aws:SourceArn']).toEqual(
        [`arn:aws:lambda:eu-west-1:${STAGING}:function:*`, `arn:aws:lambda:eu-west-1:${PRODUCTION}:function:*`],
      );
    });

    test('does not repeat an account that may pull anyway', () => {
      const statements = statementsFor([PullConsumer.account(STAGING), PullConsumer.lambdaFunctions(STAGING)]);

      expect(statements.map(({ Principal }) => Principal)).toEqual([{ AWS: rootOf(STAGING) }, { Service: 'lambda.amazonaws.com' }]);
    });

    test('in the account of the repositories, has the statement for the service only, and no warning', () => {
      const stack = ownerStack();

      expect(statementsFor([PullConsumer.lambdaFunctions(OWNER)], stack)).toEqual([
        expect.objectContaining({ Principal: { Service: 'lambda.amazonaws.com' } }),
      ]);
      expect(warningsOf(stack)).toEqual([]);
    });

    test('takes the Region and the partition of a stack without environment', () => {
      const [, { Condition }] = statementsFor([PullConsumer.lambdaFunctions(STAGING)], new Stack());

      expect(Condition.ArnLike['aws:SourceArn']).toEqual({
        'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':lambda:', { Ref: 'AWS::Region' }, `:${STAGING}:function:*`]],
      });
    });
  });

  describe('for AWS CodeBuild', () => {
    test('ties the service to projects and to their account', () => {
      expect(statementsFor([PullConsumer.codeBuildProjects(OWNER)])).toEqual([{
        Effect: 'Allow',
        Action: SERVICE_PULL,
        Principal: { Service: 'codebuild.amazonaws.com' },
        Condition: {
          ArnLike: { 'aws:SourceArn': `arn:aws:codebuild:eu-west-1:${OWNER}:project/*` },
          StringEquals: { 'aws:SourceAccount': OWNER },
        },
      }]);
    });

    test('puts projects of all accounts into one statement', () => {
      expect(statementsFor([
        PullConsumer.codeBuildProjects(OWNER, { projectName: 'build-*', region: 'eu-central-1' }),
        PullConsumer.codeBuildProjects(STAGING, { projectName: 'test' }),
      ])[0].Condition).toEqual({
        ArnLike: {
          'aws:SourceArn': [`arn:aws:codebuild:eu-central-1:${OWNER}:project/build-*`, `arn:aws:codebuild:eu-west-1:${STAGING}:project/test`],
        },
        StringEquals: { 'aws:SourceAccount': [OWNER, STAGING] },
      });
    });
  });

  describe('repositories', () => {
    test('shares every one of them, and makes no resource for it', () => {
      const stack = ownerStack();
      const worker = new SecureRepository(stack, 'Worker', { repositoryName: 'team/worker' });
      const pull = share(stack, [PullConsumer.account(STAGING)], [repositoryOf(stack), worker]);

      const template = Template.fromStack(stack);
      template.resourcePropertiesCountIs('AWS::ECR::Repository', { RepositoryPolicyText: Match.objectLike({ Statement: Match.anyValue() }) }, 2);
      expect(Object.values(template.toJSON().Resources).map((resource: any) => resource.Type).sort()).toEqual(
        ['AWS::ECR::Repository', 'AWS::ECR::Repository', 'AWS::KMS::Key'],
      );
      expect(pull.repositories).toHaveLength(2);
      expect(pull.consumers).toHaveLength(1);
    });

    test('takes the repositories of the CDK', () => {
      const stack = ownerStack();
      share(stack, [PullConsumer.account(STAGING)], [new ecr.Repository(stack, 'Api', { repositoryName: 'team/api' })]);

      expect(statementsOf(stack)).toEqual([{ Effect: 'Allow', Action: PULL, Principal: { AWS: rootOf(STAGING) } }]);
    });

    test('can share one repository twice', () => {
      const stack = ownerStack();
      const repository = repositoryOf(stack);
      share(stack, [PullConsumer.account(STAGING)], [repository]);
      new CrossAccountPull(stack, 'More', { repositories: [repository], consumers: [PullConsumer.organization(ORGANIZATION)] });

      expect(statementsOf(stack)).toHaveLength(2);
    });

    test('warns of an imported one and hands over the statements', () => {
      const stack = ownerStack();
      share(stack, [PullConsumer.account(STAGING), PullConsumer.lambdaFunctions(STAGING)], [ecr.Repository.fromRepositoryArn(stack, 'Old', IMPORT_ARN)]);

      const [warning, ...others] = warningsOf(stack);
      expect(others).toEqual([]);
      expect(warning).toContain("the consumers cannot pull until the owner of the imported repository 'Owner/Old', whose policy this app cannot change, adds these statements: ");
      expect(warning).toContain('::cdk-secure-ecr:CrossAccountPull.importedRepository]');
      expect(JSON.parse(/\[\{.*\}\]/.exec(warning)![0])).toEqual([
        { Effect: 'Allow', Action: PULL, Principal: { AWS: rootOf(STAGING) } },
        {
          Effect: 'Allow',
          Action: SERVICE_PULL,
          Principal: { Service: 'lambda.amazonaws.com' },
          Condition: { ArnLike: { 'aws:SourceArn': `arn:aws:lambda:eu-west-1:${STAGING}:function:*` } },
        },
      ]);
    });

    test('takes account and Region of an imported one from its ARN', () => {
      const stack = new Stack(new App(), 'Elsewhere', { env: { account: STAGING, region: 'us-east-1' } });
      const imported = ecr.Repository.fromRepositoryAttributes(stack, 'Old', { repositoryArn: IMPORT_ARN, repositoryName: 'team/old' });
      share(stack, [PullConsumer.lambdaFunctions(STAGING)], [imported]);

      expect(warningsOf(stack).join()).toContain(`:lambda:eu-west-1:${STAGING}:function:*`);
    });

    test('warns of one whose name CloudFormation makes up', () => {
      const stack = ownerStack();
      const pull = share(stack, [PullConsumer.account(STAGING)], [new SecureRepository(stack, 'Api')]);

      expect(warningsOf(stack)).toEqual([expect.stringContaining("consumers cannot rely on the name of 'Owner/Api', because 'repositoryName' is not set")]);
      Validations.of(pull).acknowledge({ id: 'cdk-secure-ecr:CrossAccountPull.generatedName', reason: 'consumers read an output' });
      expect(warningsOf(stack)).toEqual([]);
    });
  });

  describe('fails', () => {
    test.each<[string, PullConsumer, string]>([
      ['an account of 13 digits', PullConsumer.account('2222222222222'), "'consumers[0]' must be an AWS account id of 12 digits, got \"2222222222222\""],
      ['an account of 11 digits among others', PullConsumer.accounts([PRODUCTION, '22222222222']), "'consumers[0].accounts[1]' must be an AWS account id of 12 digits"],
      ['no accounts', PullConsumer.accounts([]), "'consumers[0]' must have at least one account, got []; remove the consumer"],
      ['a wrong organization', PullConsumer.organization('r-ab12'), "'consumers[0]' must be the id of an organization such as 'o-a1b2c3d4e5', got \"r-ab12\""],
      ['everybody as an organization', PullConsumer.organization('*'), "'consumers[0]' must be the id of an organization"],
      ['a unit without its organization', PullConsumer.organizationalUnit('ou-ab12-11111111'), "'consumers[0]' must be the path of an organizational unit from its organization"],
      ['a unit of any organization', PullConsumer.organizationalUnit('*/r-ab12/ou-ab12-11111111'), 'the id of a unit is not unique across organizations'],
      ['a path that ends at the root', PullConsumer.organizationalUnit(`${ORGANIZATION}/r-ab12`), 'use PullConsumer.organization for a whole organization'],
      ['a path that ends at the organization', PullConsumer.organizationalUnit(ORGANIZATION), 'got "o-a1b2c3d4e5"'],
      ['no roles', PullConsumer.roles(STAGING, []), "'consumers[0].roleNames' must have at least one role, got []; use PullConsumer.account(\"222222222222\")"],
      ['every role', PullConsumer.roles(STAGING, ['**']), "'consumers[0].roleNames[0]' must restrict the roles, got \"**\"; use PullConsumer.account(\"222222222222\") for all"],
      ['a role with role/', PullConsumer.roles(STAGING, ['role/ecs-*']), "must be the name of a role without 'role/', got \"role/ecs-*\"; write \"ecs-*\""],
      ['the ARN of a role', PullConsumer.roles(STAGING, [`arn:aws:iam::${STAGING}:role/a/b`]), 'write "a/b"'],
      ['a role with a space', PullConsumer.roles(STAGING, ['ecs task']), "'consumers[0].roleNames[0]' must be the name of a role, such as 'ecs-*'"],
      ['a policy variable', PullConsumer.roles(STAGING, ['${aws:username}']), "'consumers[0].roleNames[0]' must be the name of a role"],
      ['a role of 576 characters', PullConsumer.roles(STAGING, ['r'.repeat(576)]), "'consumers[0].roleNames[0]' must be 1 to 575 characters long, got 576"],
      ['roles of a wrong account', PullConsumer.roles('staging', ['ecs-*']), "'consumers[0].account' must be an AWS account id of 12 digits, got \"staging\""],
      ['Lambda of a wrong account', PullConsumer.lambdaFunctions('*'), "'consumers[0]' must be an AWS account id of 12 digits, got \"*\""],
      ['CodeBuild of a wrong account', PullConsumer.codeBuildProjects('1'), "'consumers[0].account' must be an AWS account id of 12 digits"],
      ['a CodeBuild project with a slash', PullConsumer.codeBuildProjects(OWNER, { projectName: 'project/x' }), "'consumers[0].projectName' must be the name of a CodeBuild project"],
      ['CodeBuild in a wrong Region', PullConsumer.codeBuildProjects(OWNER, { region: 'Ireland' }), "'consumers[0].region' must be an AWS Region such as 'eu-west-1'"],
      ['an account twice', PullConsumer.accounts([STAGING, STAGING]), "'consumers' must not have duplicates, got account \"222222222222\" twice"],
      ['a role twice', PullConsumer.roles(STAGING, ['a', 'a']), 'got the roles "a" of account "222222222222" twice'],
    ])('on %s', (_, consumer, message) => {
      expect(() => share(ownerStack(), [consumer])).toThrow(message);
    });

    test.each<[string, (missing: string) => PullConsumer, string]>([
      ['account', missing => PullConsumer.account(missing), 'account'],
      ['accounts', missing => PullConsumer.accounts([STAGING, missing]), 'accounts[1]'],
      ['organization', missing => PullConsumer.organization(missing), 'organizationId'],
      ['organizationalUnit', missing => PullConsumer.organizationalUnit(missing), 'organizationPath'],
      ['roles in an account', missing => PullConsumer.roles(missing, ['ecs-*']), 'account'],
      ['roles', missing => PullConsumer.roles(STAGING, [missing]), 'roleNames[0]'],
      ['lambdaFunctions', missing => PullConsumer.lambdaFunctions(missing), 'account'],
      ['codeBuildProjects', missing => PullConsumer.codeBuildProjects(missing), 'account'],
    ])('at %s on a variable of the environment that is not set', (_, consumer, prop) => {
      expect(() => consumer(process.env.NOT_SET!)).toThrow(`'${prop}' must be a string, got undefined; check that the variable it comes from is set`);
    });

    test('at codeBuildProjects on an empty name', () => {
      expect(() => PullConsumer.codeBuildProjects(OWNER, { projectName: '' })).toThrow('\'projectName\' must not be empty, got ""');
    });

    test.each<[string, () => PullConsumer, string]>([
      ['an account', () => PullConsumer.account(STAGING), 'account "222222222222"'],
      ['an organization', () => PullConsumer.organization(ORGANIZATION), 'organization "o-a1b2c3d4e5"'],
      ['a unit', () => PullConsumer.organizationalUnit(UNIT), `organizational unit "${UNIT}"`],
      ['Lambda', () => PullConsumer.lambdaFunctions(STAGING), 'the Lambda functions of account "222222222222"'],
      ['CodeBuild', () => PullConsumer.codeBuildProjects(OWNER), 'the CodeBuild projects "*" of account "111111111111" in the Region of the repository'],
      ['CodeBuild elsewhere', () => PullConsumer.codeBuildProjects(OWNER, { region: 'us-east-1' }), 'in the Region "us-east-1"'],
    ])('on %s in two consumers', (_, consumer, name) => {
      expect(() => share(ownerStack(), [consumer(), consumer()])).toThrow(name);
    });

    test.each([ORGANIZATION + '/*/ou-ab12-11111111', `${ORGANIZATION}/r-ab12/*/ou-ab12-11111111`, UNIT])('not on the path %s', path => {
      expect(() => share(ownerStack(), [PullConsumer.organizationalUnit(path)])).not.toThrow();
    });

    test.each(['r', 'r'.repeat(575), 'a+b=c,d.e@f_g-h', 'aws-reserved/sso.amazonaws.com/*'])('not on the role %s', name => {
      expect(() => share(ownerStack(), [PullConsumer.roles(STAGING, [name])])).not.toThrow();
    });

    test('on a list of role names that is known at deployment only', () => {
      const stack = ownerStack();
      const names = new CfnParameter(stack, 'Names', { type: 'CommaDelimitedList' }).valueAsList;

      expect(() => share(stack, [PullConsumer.roles(STAGING, names)])).toThrow("'consumers[0].roleNames' must be a list of known length");
    });

    test('warns of no consumers, and removes their statements', () => {
      const stack = ownerStack();
      const construct = share(stack, []);

      expect(warningsOf(stack)).toEqual([expect.stringContaining("no other account can pull, because 'consumers' is empty: the deployment removes all statements of this construct")]);
      Template.fromStack(stack).hasResourceProperties('AWS::ECR::Repository', { RepositoryPolicyText: Match.absent() });
      Validations.of(construct).acknowledge({ id: 'cdk-secure-ecr:CrossAccountPull.noConsumers', reason: 'revoked' });
      expect(warningsOf(stack)).toEqual([]);
    });

    test('with all problems at once, before it adds anything', () => {
      const stack = ownerStack();
      const repository = repositoryOf(stack);

      expect(() => share(stack, [], [])).toThrow("'repositories' must have at least one entry, got []");
      expect(() => new CrossAccountPull(stack, 'Other', { repositories: [repository, repository], consumers: [PullConsumer.account('1'), PullConsumer.account('2')] }))
        .toThrow(/'repositories' must not have duplicates, got "Owner\/Api" twice\n'consumers\[0\]'.*\n'consumers\[1\]'/);
      Template.fromStack(stack).hasResourceProperties('AWS::ECR::Repository', { RepositoryPolicyText: Match.absent() });
    });
  });

  describe('warns', () => {
    test('of the account of the repositories itself', () => {
      expect(warningsFor([PullConsumer.accounts([STAGING, OWNER])])).toEqual([
        expect.stringContaining('the consumer 111111111111 has no effect on the pulls of its roles, because it is the account of the repositories'),
      ]);
      expect(warningsFor([PullConsumer.roles(OWNER, ['ecs-*'])])).toEqual([
        expect.stringContaining('::cdk-secure-ecr:CrossAccountPull.ownAccount]'),
      ]);
    });

    test('not of an account that it cannot compare', () => {
      expect(warningsFor([PullConsumer.account(OWNER)], new Stack())).toEqual([]);
    });

    test('of roles whose whole account may pull', () => {
      expect(warningsFor([PullConsumer.account(STAGING), PullConsumer.roles(STAGING, ['a', 'b'])])).toEqual([
        expect.stringContaining('the consumer the roles "a" of account "222222222222" and the roles "b" of account "222222222222" has no effect, because the whole account may pull'),
      ]);
      expect(warningsFor([PullConsumer.account(STAGING), PullConsumer.roles(PRODUCTION, ['a'])])).toEqual([]);
    });

    test('of an organizational unit whose organization may pull', () => {
      expect(warningsFor([PullConsumer.organization(ORGANIZATION), PullConsumer.organizationalUnit(UNIT)])).toEqual([
        expect.stringContaining('::cdk-secure-ecr:CrossAccountPull.consumerWithoutEffect]'),
      ]);
      expect(warningsFor([PullConsumer.organization('o-f6g7h8i9j0'), PullConsumer.organizationalUnit(UNIT)])).toEqual([]);
    });

    test('of CodeBuild in another account, which has to pull with a service role', () => {
      const projects = PullConsumer.codeBuildProjects(STAGING);

      expect(warningsFor([projects])).toEqual([expect.stringContaining('add PullConsumer.roles("222222222222", [the name of that role])')]);
      expect(warningsFor([projects, PullConsumer.roles(PRODUCTION, ['build'])])).toEqual([
        expect.stringContaining('::cdk-secure-ecr:CrossAccountPull.codeBuildCredentials]'),
      ]);
      expect(warningsFor([projects, PullConsumer.roles(STAGING, ['build'])])).toEqual([]);
      expect(warningsFor([projects, PullConsumer.account(STAGING)])).toEqual([]);
      expect(warningsFor([projects, PullConsumer.organizationalUnit(UNIT)])).toEqual([]);
      expect(warningsFor([projects, PullConsumer.lambdaFunctions(STAGING)])).toEqual([]);
      expect(warningsFor([projects], new Stack())).toEqual([]);
    });

    test('once for all repositories of an account', () => {
      const stack = ownerStack();
      share(stack, [PullConsumer.account(OWNER)], [repositoryOf(stack), new SecureRepository(stack, 'Worker', { repositoryName: 'worker' })]);

      expect(warningsOf(stack)).toHaveLength(1);
    });

    test('until acknowledged', () => {
      const stack = ownerStack();
      Validations.of(share(stack, [PullConsumer.account(OWNER), PullConsumer.account(STAGING), PullConsumer.roles(STAGING, ['a'])])).acknowledge(
        { id: 'cdk-secure-ecr:CrossAccountPull.ownAccount', reason: 'one list for all apps' },
        { id: 'cdk-secure-ecr:CrossAccountPull.consumerWithoutEffect', reason: 'one list for all apps' },
      );

      expect(warningsOf(stack)).toEqual([]);
    });
  });

  describe('the length of a policy', () => {
    const accounts = Array.from({ length: 290 }, (_, index) => String(200_000_000_000 + index));
    const lengthWith = (roleName: string) => JSON.stringify({
      Statement: [
        { Action: PULL, Effect: 'Allow', Principal: { AWS: accounts.map(account => `arn:aws:iam::${account}:root`) } },
        {
          Action: PULL,
          Condition: { ArnLike: { 'aws:PrincipalArn': `arn:aws:iam::${PRODUCTION}:role/${roleName}` } },
          Effect: 'Allow',
          Principal: { AWS: `arn:aws:iam::${PRODUCTION}:root` },
        },
      ],
      Version: '2012-10-17',
    }).length;
    const kinds: Record<string, (stack: Stack) => ecr.IRepository> = {
      'SecureRepository': repositoryOf,
      'ecr.Repository': stack => new ecr.Repository(stack, 'Api', { repositoryName: 'team/api' }),
      'imported repository': stack => ecr.Repository.fromRepositoryArn(stack, 'Api', IMPORT_ARN),
    };

    test.each(Object.keys(kinds))('is at most 10,240 characters for a %s', kind => {
      const synthWith = (characters: number) => {
        const stack = ownerStack();
        const roleName = 'r'.repeat(characters - lengthWith(''));
        share(stack, [PullConsumer.accounts(accounts), PullConsumer.roles(PRODUCTION, [roleName])], [kinds[kind](stack)]);
        (stack.node.root as App).synth();
      };

      expect(() => synthWith(10_240)).not.toThrow();
      expect(() => synthWith(10_241)).toThrow(/must be at most 10240 characters long, got 10241; .*rganization/);
    });

    test('counts everybody who contributes', () => {
      const stack = ownerStack();
      const repository = new ecr.Repository(stack, 'Api', { repositoryName: 'team/api' });
      share(stack, [PullConsumer.accounts(accounts)], [repository]);
      new CrossAccountPull(stack, 'More', { repositories: [repository], consumers: [PullConsumer.accounts(accounts.map(id => id.replace(/^2/, '3')))] });

      expect(() => (stack.node.root as App).synth()).toThrow("the policy of 'Owner/Api' must be at most 10240 characters long");
    });
  });

  describe('repositoryPolicy', () => {
    test('gives replicas and caches the same policy', () => {
      const stack = ownerStack();
      const consumers = [PullConsumer.account(STAGING), PullConsumer.lambdaFunctions(STAGING)];
      new RepositoryTemplate(stack, 'Replicas', {
        prefix: 'team',
        appliedFor: [TemplateUse.REPLICATION],
        repositoryPolicy: CrossAccountPull.repositoryPolicy(stack, consumers),
      });
      share(stack, consumers);

      const [template] = Object.values(Template.fromStack(stack).findResources('AWS::ECR::RepositoryCreationTemplate'));
      const text = JSON.stringify(template.Properties.RepositoryPolicy);
      expect(text).toContain(`:iam::${STAGING}:root`);
      expect(text).toContain(`arn:aws:lambda:eu-west-1:${STAGING}:function:*`);
    });

    test('checks and warns in the same way', () => {
      const stack = ownerStack();

      expect(() => CrossAccountPull.repositoryPolicy(stack, [])).toThrow("'consumers' must have at least one entry");
      CrossAccountPull.repositoryPolicy(stack, [PullConsumer.account(OWNER)]);
      expect(warningsOf(stack)).toEqual([expect.stringContaining('::cdk-secure-ecr:CrossAccountPull.ownAccount]')]);
    });
  });

  describe('cdk-nag', () => {
    const packs = () => [new AwsSolutionsChecks(), new HIPAASecurityChecks(), new NIST80053R5Checks(), new PCIDSS321Checks()];
    const findings = (consumers: PullConsumer[]) => {
      const stack = ownerStack();
      share(stack, consumers);
      return packs().flatMap(pack => pack.validateScope(stack.node.root as App).violations).map(({ ruleName }) => ruleName);
    };

    test('finds nothing', () => {
      expect(findings([
        PullConsumer.account(STAGING), PullConsumer.roles(PRODUCTION, ['ecs-*']), PullConsumer.lambdaFunctions(STAGING), PullConsumer.codeBuildProjects(OWNER),
      ])).toEqual([]);
    });

    test('finds the principal * of an organization, for it ignores conditions', () => {
      expect(findings([PullConsumer.organization(ORGANIZATION)])).toEqual(['AwsSolutions-ECR1']);
      expect(findings([PullConsumer.organizationalUnit(UNIT)])).toEqual(['AwsSolutions-ECR1']);
    });
  });
});
