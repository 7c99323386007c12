import type { Stack } from 'aws-cdk-lib';
import { Match } from 'aws-cdk-lib/assertions';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as iam from 'aws-cdk-lib/aws-iam';
import { CrossAccountPull, PullConsumer, SecureRepository } from '../../lib';
import { CONSUMER, type Mistake, OWNER, REGION } from './mistake';

const REFUSED = "SetRepositoryPolicy: InvalidParameterException, 'Invalid repository policy provided'";
const pull = ['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'];

const repository = (stack: Stack): SecureRepository => new SecureRepository(stack, 'Api', { repositoryName: 'team/api' });

function share(mistake: string, names: string, consumers: () => PullConsumer[], core: iam.PolicyStatementProps, atAws = REFUSED): Mistake {
  return {
    mistake,
    atAws,
    names,
    ours: stack => new CrossAccountPull(stack, 'Pull', { repositories: [repository(stack)], consumers: consumers() }),
    core: stack => new ecr.Repository(stack, 'Api').addToResourcePolicy(new iam.PolicyStatement({ actions: pull, ...core })),
  };
}

const roots = (...accounts: string[]): iam.IPrincipal[] => accounts.map(account => new iam.AccountPrincipal(account));
const anybody = [new iam.AnyPrincipal()];

export const ACCESS_MISTAKES: Mistake[] = [
  share('a consumer with an account of 13 digits', 'consumers', () => [PullConsumer.account('2222222222222')], { principals: roots('2222222222222') }),
  share('a consumer with an account of 11 digits', 'consumers', () => [PullConsumer.account('22222222222')], { principals: roots('22222222222') }),
  share('the name of an account in place of its id', 'consumers', () => [PullConsumer.account('staging')], { principals: [new iam.ArnPrincipal('staging')] }),
  share('nobody to share with', "'consumers'", () => [], { principals: [] }),
  share('an empty list of accounts', 'consumers', () => [PullConsumer.accounts([])], { principals: [] }),
  share('the same account twice', 'consumers', () => [PullConsumer.account(CONSUMER), PullConsumer.account(CONSUMER)], { principals: roots(CONSUMER, CONSUMER) },
    'the policy grows for nothing'),
  share('the own account as a consumer', 'cdk-secure-ecr:CrossAccountPull.', () => [PullConsumer.account(OWNER)], { principals: roots(OWNER) },
    'nothing: the own account needs no repository policy'),
  share('an organization with a wrong id', 'consumers', () => [PullConsumer.organization('o-ABC')],
    { principals: anybody, conditions: { StringEquals: { 'aws:PrincipalOrgID': 'o-ABC' } } }, 'nobody can pull'),
  share('an organization with its name', 'consumers', () => [PullConsumer.organization('my-company')],
    { principals: anybody, conditions: { StringEquals: { 'aws:PrincipalOrgID': 'my-company' } } }, 'nobody can pull'),
  share('an organizational unit without its organization', 'consumers', () => [PullConsumer.organizationalUnit('ou-ab12-11111111')], {
    principals: anybody, conditions: { 'ForAnyValue:StringLike': { 'aws:PrincipalOrgPaths': ['ou-ab12-11111111'] } },
  }, 'nobody can pull: paths begin with the organization'),
  share('a role with its ARN in place of its name', 'consumers', () => [PullConsumer.roles(CONSUMER, [`arn:aws:iam::${CONSUMER}:role/puller`])],
    { principals: [new iam.ArnPrincipal(`arn:aws:iam::${CONSUMER}:role/puller`)] }),
  share('a role with role/ before its name', 'consumers', () => [PullConsumer.roles(CONSUMER, ['role/puller'])],
    { principals: [new iam.ArnPrincipal(`arn:aws:iam::${CONSUMER}:role/role/puller`)] }),
  share('every role of an account, by a wildcard', 'consumers', () => [PullConsumer.roles(CONSUMER, ['*'])],
    { principals: [new iam.ArnPrincipal(`arn:aws:iam::${CONSUMER}:role/*`)] }),
  share('a policy for 400 accounts', '10240', () => [PullConsumer.accounts(Array.from({ length: 400 }, (_, index) => String(300_000_000_000 + index)))],
    { principals: roots(...Array.from({ length: 400 }, (_, index) => String(300_000_000_000 + index))) }, 'SetRepositoryPolicy: the text is too long'),
  {
    mistake: 'shared repositories that are imported',
    atAws: 'nothing: the policies of the repositories stay as they are, and pulls fail',
    names: 'cdk-secure-ecr:CrossAccountPull.importedRepository',
    ours: stack => new CrossAccountPull(stack, 'Pull', {
      repositories: [SecureRepository.fromRepositoryName(stack, 'Api', 'team/api')], consumers: [PullConsumer.account(CONSUMER)],
    }),
    core: stack => ecr.Repository.fromRepositoryName(stack, 'Api', 'team/api')
      .addToResourcePolicy(new iam.PolicyStatement({ actions: pull, principals: roots(CONSUMER) })),
  },
  {
    mistake: 'a role of another account that does not exist',
    atAws: REFUSED,
    mends: template => template.hasResourceProperties('AWS::ECR::Repository', {
      RepositoryPolicyText: { Statement: [Match.objectLike({ Condition: { ArnLike: { 'aws:PrincipalArn': Match.anyValue() } } })] },
    }),
    ours: stack => new CrossAccountPull(stack, 'Pull', { repositories: [repository(stack)], consumers: [PullConsumer.roles(CONSUMER, ['ecs-*'])] }),
    core: stack => new ecr.Repository(stack, 'Api')
      .addToResourcePolicy(new iam.PolicyStatement({ actions: pull, principals: [new iam.ArnPrincipal(`arn:aws:iam::${CONSUMER}:role/ecs-*`)] })),
  },
  {
    mistake: 'the account alone, for its Lambda functions',
    atAws: 'CreateFunction fails: the service principal needs a statement of its own',
    mends: template => template.hasResourceProperties('AWS::ECR::Repository', {
      RepositoryPolicyText: { Statement: Match.arrayWith([Match.objectLike({ Principal: { Service: 'lambda.amazonaws.com' } })]) },
    }),
    ours: stack => new CrossAccountPull(stack, 'Pull', { repositories: [repository(stack)], consumers: [PullConsumer.lambdaFunctions(CONSUMER)] }),
    core: stack => new ecr.Repository(stack, 'Api').addToResourcePolicy(new iam.PolicyStatement({ actions: pull, principals: roots(CONSUMER) })),
  },
  {
    mistake: 'a consumer that the owner left out',
    atAws: 'pulls fail with AccessDenied',
    names: "'consumers'",
    ours: stack => CrossAccountPull.fromCrossAccountPullAttributes(stack, 'Pull', {
      account: CONSUMER, repositoryNames: ['team/api'], consumers: [PullConsumer.account('333333333333')],
    }).grants.pull(puller(stack)),
    core: stack => ecr.Repository.fromRepositoryArn(stack, 'Api', `arn:aws:ecr:${REGION}:${CONSUMER}:repository/team/api`).grantPull(puller(stack)),
  },
  {
    mistake: 'a consumer that gets the images, but cannot log in',
    atAws: 'docker login fails: ecr:GetAuthorizationToken is missing',
    mends: template => template.hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: { Statement: Match.arrayWith([Match.objectLike({ Action: 'ecr:GetAuthorizationToken', Resource: '*' })]) },
    }),
    ours: stack => CrossAccountPull.fromCrossAccountPullAttributes(stack, 'Pull', { account: CONSUMER, repositoryNames: ['team/api'] }).grants.pull(puller(stack)),
    core: stack => ecr.Repository.fromRepositoryArn(stack, 'Api', `arn:aws:ecr:${REGION}:${CONSUMER}:repository/team/api`).grant(puller(stack), ...pull),
  },
];

function puller(stack: Stack): iam.Role {
  return new iam.Role(stack, 'Role', { assumedBy: new iam.ServicePrincipal('ecs-tasks.amazonaws.com') });
}
