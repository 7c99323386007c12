import { RemovalPolicy, Stack, Tags } from 'aws-cdk-lib';
import { Match } from 'aws-cdk-lib/assertions';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as sns from 'aws-cdk-lib/aws-sns';
import { RepositoryEncryption, SecureRepository } from '../../lib';
import { CONSUMER, type Mistake, OWNER, REGION, rootOf } from './mistake';

const REFUSED_NAME = 'CreateRepository: InvalidParameterException';
const REFUSED_POLICY = "SetRepositoryPolicy: InvalidParameterException, 'Invalid repository policy provided'";
const PUBLIC = 'every AWS account in the world can pull the images';

function name(repositoryName: string, mistake: string): Mistake {
  return {
    mistake,
    atAws: REFUSED_NAME,
    names: "'repositoryName'",
    ours: stack => new SecureRepository(stack, 'Api', { repositoryName }),
    core: stack => new ecr.Repository(stack, 'Api', { repositoryName }),
  };
}

function mutableTags(filters: string[], mistake: string, atAws: string, names = "'mutableTags"): Mistake {
  return {
    mistake,
    atAws,
    names,
    ours: stack => new SecureRepository(stack, 'Api', { mutableTags: filters }),
    core: stack => new ecr.Repository(stack, 'Api', {
      imageTagMutability: ecr.TagMutability.IMMUTABLE_WITH_EXCLUSION,
      imageTagMutabilityExclusionFilters: filters.map(filter => ecr.ImageTagMutabilityExclusionFilter.wildcard(filter)),
    }),
  };
}

function statement(props: iam.PolicyStatementProps, mistake: string, atAws: string, names = "'statement'"): Mistake {
  return {
    mistake,
    atAws,
    names,
    ours: stack => new SecureRepository(stack, 'Api').addToResourcePolicy(new iam.PolicyStatement(props)),
    core: stack => new ecr.Repository(stack, 'Api').addToResourcePolicy(new iam.PolicyStatement(props)),
  };
}

function tags(pairs: Record<string, string>, mistake: string): Mistake {
  const tag = (repository: ecr.IRepository): void => {
    Object.entries(pairs).forEach(([key, value]) => Tags.of(repository).add(key, value));
  };
  return {
    mistake,
    atAws: 'the resource schema of CloudFormation refuses the template at deployment',
    names: 'tag',
    ours: stack => tag(new SecureRepository(stack, 'Api')),
    core: stack => tag(new ecr.Repository(stack, 'Api')),
  };
}

const anybody = [new iam.AnyPrincipal()];
const pull = ['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'];

export const REPOSITORY_MISTAKES: Mistake[] = [
  name('Team/Api', 'a name with capitals'),
  name('Bad Name', 'a name with a space'),
  name('a//b', 'a name with an empty part'),
  name('/api', 'a name that begins with a slash'),
  name('api/', 'a name that ends with a slash'),
  name('a', 'a name of one character'),
  name('a'.repeat(257), 'a name of 257 characters'),
  name('a___b', 'a name with three underscores in a row'),
  name('api.', 'a name that ends with a separator'),
  name('api:v1', 'a tag in the name'),
  name('größe', 'a name with an umlaut'),

  mutableTags(['a', 'b', 'c', 'd', 'e', 'f'], 'six filters for mutable tags', 'CreateRepository: at most 5 are allowed'),
  mutableTags(['my tag'], 'a mutable tag with a space', 'CreateRepository: the filter does not match the pattern'),
  mutableTags(['x'.repeat(129)], 'a filter for mutable tags of 129 characters', 'CreateRepository: at most 128 are allowed'),
  mutableTags([''], 'an empty filter for mutable tags', 'CreateRepository: the filter does not match the pattern'),
  mutableTags(['latest', 'latest'], 'the same mutable tag twice', 'one of five filters is wasted'),
  mutableTags(['a*b*c*d'], 'a filter for mutable tags with three wildcards', 'may be refused: other tools allow two',
    'cdk-secure-ecr:SecureRepository.mutableTagWildcards'),
  {
    ...mutableTags(['*'], 'every tag mutable', 'any pusher can put another image behind a tag that was released',
      'cdk-secure-ecr:SecureRepository.allTagsMutable'),
    core: stack => new ecr.Repository(stack, 'Api', { imageTagMutability: ecr.TagMutability.MUTABLE }),
  },
  {
    mistake: 'no tag mutability at all',
    atAws: 'tags are mutable, the default of the service',
    mends: template => template.hasResourceProperties('AWS::ECR::Repository', { ImageTagMutability: 'IMMUTABLE' }),
    ours: stack => new SecureRepository(stack, 'Api'),
    core: stack => new ecr.Repository(stack, 'Api'),
  },
  {
    mistake: 'no lifecycle policy',
    atAws: 'images pile up, and are paid for, for ever',
    mends: template => template.hasResourceProperties('AWS::ECR::Repository', { LifecyclePolicy: Match.objectLike({}) }),
    ours: stack => new SecureRepository(stack, 'Api'),
    core: stack => new ecr.Repository(stack, 'Api'),
  },
  {
    mistake: 'dual-layer encryption outside AWS GovCloud (US)',
    atAws: 'CreateRepository: the encryption type is not supported in the Region',
    names: "'encryption'",
    ours: stack => new SecureRepository(stack, 'Api', { encryption: RepositoryEncryption.DUAL_LAYER }),
    core: stack => new ecr.CfnRepository(stack, 'Api', { encryptionConfiguration: { encryptionType: 'KMS_DSSE' } }),
  },
  {
    mistake: 'a key of another Region',
    atAws: 'CreateRepository: KmsException, the key is not found',
    names: "'encryption'",
    ours: stack => new SecureRepository(stack, 'Api', { encryption: RepositoryEncryption.customerManagedKey(foreignKey(stack)) }),
    core: stack => new ecr.Repository(stack, 'Api', { encryption: ecr.RepositoryEncryption.KMS, encryptionKey: foreignKey(stack) }),
  },
  {
    mistake: 'emptyOnDelete for a repository that is retained',
    atAws: 'nothing is deleted, neither the repository nor the images',
    names: "'emptyOnDelete'",
    ours: stack => new SecureRepository(stack, 'Api', { emptyOnDelete: true, removalPolicy: RemovalPolicy.RETAIN }),
    core: stack => new ecr.Repository(stack, 'Api', { emptyOnDelete: true, removalPolicy: RemovalPolicy.RETAIN }),
  },

  statement({ actions: pull, principals: anybody }, "a policy for the principal '*'", PUBLIC),
  statement({ actions: pull, principals: [new iam.ArnPrincipal('*')] }, "a policy for the ARN '*'", PUBLIC),
  statement({ actions: pull, principals: anybody, conditions: { StringNotEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } } },
    'a condition on the organization that is the wrong way round', 'everybody but the organization can pull'),
  statement({ actions: pull, principals: anybody, conditions: { StringEqualsIfExists: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } } },
    'a condition on the organization with IfExists', 'principals without an organization can pull'),
  statement({ actions: pull, principals: anybody, conditions: { StringLike: { 'aws:PrincipalOrgID': '*' } } },
    'a condition that every organization meets', PUBLIC),
  statement({ actions: pull, principals: anybody, conditions: { Bool: { 'aws:SecureTransport': 'true' } } },
    "the principal '*' with a condition on TLS alone", PUBLIC),
  statement({ actions: pull, notPrincipals: [new iam.AccountPrincipal(CONSUMER)] }, 'an Allow with NotPrincipal', PUBLIC),
  statement({ actions: ['ecr:GetAuthorizationToken'], principals: [new iam.AccountPrincipal(CONSUMER)] },
    'ecr:GetAuthorizationToken in a repository policy', 'it has no effect, and logins of the other account fail'),
  statement({ actions: ['ecr:PutReplicationConfiguration'], principals: [new iam.AccountPrincipal(CONSUMER)] },
    'an action of the registry in a repository policy', 'it has no effect'),
  statement({ actions: pull }, 'a statement without a principal', REFUSED_POLICY, 'principal'),
  statement({ sid: 'x'.repeat(11_000), actions: pull, principals: [new iam.AccountPrincipal(CONSUMER)] },
    'a repository policy of more than 10,240 characters', 'SetRepositoryPolicy: the text is too long', '10240'),
  {
    mistake: "a Resource in a repository policy, as most of AWS's own examples have it",
    atAws: REFUSED_POLICY,
    mends: template => template.hasResourceProperties('AWS::ECR::Repository', {
      RepositoryPolicyText: { Statement: [{ Action: 'ecr:BatchGetImage', Resource: Match.absent() }] },
    }),
    ours: stack => new SecureRepository(stack, 'Api').addToResourcePolicy(withResource()),
    core: stack => new ecr.Repository(stack, 'Api').addToResourcePolicy(withResource()),
  },

  tags({ team: '' }, 'a tag with an empty value'),
  tags({ ['k'.repeat(128)]: 'v' }, 'a tag key of 128 characters'),
  tags({ team: 'v'.repeat(256) }, 'a tag value of 256 characters'),
  tags(Object.fromEntries(Array.from({ length: 51 }, (_, index) => [`tag${index}`, 'v'])), '51 tags'),

  {
    mistake: 'a grant to another account, on a repository whose name CloudFormation makes up',
    atAws: 'nobody can know the name: the CDK stops with a Resolution error',
    names: "'repositoryName'",
    ours: stack => new SecureRepository(stack, 'Api').grants.pull(foreignRole(stack)),
    core: stack => {
      const repository = new ecr.Repository(stack, 'Api');
      return repository.grantPull(foreignRole(stack));
    },
  },
  {
    mistake: 'a grant to another account, on an imported repository',
    atAws: 'nothing: the policy of the repository stays as it is, and pulls fail',
    names: 'cdk-secure-ecr:RepositoryGrants.importedRepository',
    ours: stack => SecureRepository.fromRepositoryName(stack, 'Api', 'team/api').grants.pull(new iam.AccountPrincipal(CONSUMER)),
    core: stack => ecr.Repository.fromRepositoryName(stack, 'Api', 'team/api').grantPull(new iam.AccountPrincipal(CONSUMER)),
  },
  {
    mistake: 'a grant to an imported role of another account',
    atAws: 'nothing: the role gets no permission, and pulls fail',
    names: 'cdk-secure-ecr:RepositoryGrants.importedPrincipal',
    ours: stack => new SecureRepository(stack, 'Api', { repositoryName: 'api' }).grants.pull(importedRole(stack)),
    core: stack => new ecr.Repository(stack, 'Api', { repositoryName: 'api' }).grantPull(importedRole(stack)),
  },
  {
    mistake: 'a grant to a role of another account that is not deployed yet',
    atAws: REFUSED_POLICY,
    mends: template => template.hasResourceProperties('AWS::ECR::Repository', {
      RepositoryPolicyText: { Statement: [Match.objectLike({ Condition: { ArnEquals: { 'aws:PrincipalArn': Match.anyValue() } } })] },
    }),
    ours: stack => new SecureRepository(stack, 'Api', { repositoryName: 'api' }).grants.pull(foreignRole(stack)),
    core: stack => new ecr.Repository(stack, 'Api', { repositoryName: 'api' })
      .addToResourcePolicy(new iam.PolicyStatement({ actions: pull, principals: [new iam.ArnPrincipal(`arn:aws:iam::${CONSUMER}:role/late`)] })),
  },
  {
    mistake: 'a grant to the Lambda service',
    atAws: 'functions of every account can pull the image through the service: the confused deputy',
    mends: template => template.hasResourceProperties('AWS::ECR::Repository', {
      RepositoryPolicyText: { Statement: [Match.objectLike({ Condition: { ArnLike: { 'aws:SourceArn': Match.anyValue() } } })] },
    }),
    ours: stack => new SecureRepository(stack, 'Api').grants.pull(new iam.ServicePrincipal('lambda.amazonaws.com')),
    core: stack => new ecr.Repository(stack, 'Api').grantPull(new iam.ServicePrincipal('lambda.amazonaws.com')),
  },
  {
    mistake: 'a grant to push without ecr:BatchGetImage',
    atAws: "pushes that check an existing manifest fail; AWS's own list has the action",
    mends: template => template.hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: { Statement: Match.arrayWith([Match.objectLike({ Action: Match.arrayWith(['ecr:BatchGetImage', 'ecr:PutImage']) })]) },
    }),
    ours: stack => new SecureRepository(stack, 'Api').grants.push(role(stack)),
    core: stack => new ecr.Repository(stack, 'Api').grantPush(role(stack)),
  },
  {
    mistake: 'a Lambda function whose image is in another Region',
    atAws: 'CreateFunction: the image must be in the Region of the function',
    names: 'Region',
    ours: stack => functionOf(stack, new SecureRepository(stack, 'Api', { repositoryName: 'api' })),
    core: stack => functionOf(stack, new ecr.Repository(stack, 'Api', { repositoryName: 'api' })),
  },
  {
    mistake: 'a rule for scan results where enhanced scanning is on',
    atAws: 'the rule never fires: Amazon Inspector sends other events',
    mends: template => template.hasResourceProperties('AWS::Events::Rule', { EventPattern: { source: ['aws.ecr', 'aws.inspector2'] } }),
    ours: stack => new SecureRepository(stack, 'Api').onScanFindings('Scanned', { target: topic(stack) }),
    core: stack => new ecr.Repository(stack, 'Api').onImageScanCompleted('Scanned', { target: topic(stack) }),
  },
  {
    mistake: 'an ARN of another service to import',
    atAws: 'policies name a resource that does not exist',
    names: "'repositoryArn'",
    ours: stack => SecureRepository.fromRepositoryArn(stack, 'Api', `arn:aws:ecr:${REGION}:${OWNER}:api`),
    core: stack => ecr.Repository.fromRepositoryArn(stack, 'Api', `arn:aws:ecr:${REGION}:${OWNER}:api`),
  },
];

function foreignKey(stack: Stack): kms.IKey {
  return kms.Key.fromKeyArn(stack, 'Key', `arn:aws:kms:us-east-1:${OWNER}:key/0a1b2c3d-0000-0000-0000-000000000000`);
}

function foreignRole(stack: Stack): iam.Role {
  const other = new Stack(stack.node.root, 'Consumer', { env: { account: CONSUMER, region: REGION } });
  return new iam.Role(other, 'Role', { roleName: 'puller', assumedBy: new iam.ServicePrincipal('ecs-tasks.amazonaws.com') });
}

function importedRole(stack: Stack): iam.IRole {
  return iam.Role.fromRoleArn(stack, 'Role', `arn:aws:iam::${CONSUMER}:role/puller`);
}

function role(stack: Stack): iam.Role {
  return new iam.Role(stack, 'Role', { assumedBy: new iam.ServicePrincipal('codebuild.amazonaws.com') });
}

function topic(stack: Stack): targets.SnsTopic {
  return new targets.SnsTopic(new sns.Topic(stack, 'Topic'));
}

function functionOf(stack: Stack, repository: ecr.IRepository): void {
  const other = new Stack(stack.node.root, 'Consumer', { env: { account: CONSUMER, region: 'us-east-1' } });
  new lambda.DockerImageFunction(other, 'Function', { code: lambda.DockerImageCode.fromEcr(repository, { tagOrDigest: 'v1' }) });
}

function withResource(): iam.PolicyStatement {
  return new iam.PolicyStatement({ actions: ['ecr:BatchGetImage'], principals: [new iam.ArnPrincipal(rootOf(CONSUMER))], resources: ['*'] });
}
