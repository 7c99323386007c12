import { type Stack } from 'aws-cdk-lib';
import { Match } from 'aws-cdk-lib/assertions';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as iam from 'aws-cdk-lib/aws-iam';
import {
  ReplicationDestination, ReplicationSetup, type ReplicationSetupProps, ReplicationSource, ReplicationTarget, RepositoryEncryption,
  RepositoryTemplate, type RepositoryTemplateProps, TemplateUse,
} from '../../lib';
import { another, CONSUMER, type Mistake, OWNER, REGION, rootOf } from './mistake';

const REFUSED = 'PutReplicationConfiguration: ValidationException';

type L1Rule = ecr.CfnReplicationConfiguration.ReplicationRuleProperty;
const l1 = (stack: Stack, rules: L1Rule[], id = 'Replication'): ecr.CfnReplicationConfiguration =>
  new ecr.CfnReplicationConfiguration(stack, id, { replicationConfiguration: { rules } });
const to = (region: string, registryId = OWNER): { region: string; registryId: string } => ({ region, registryId });

function replication(mistake: string, names: string, ours: ReplicationSetupProps, core: L1Rule[], atAws = REFUSED): Mistake {
  return { mistake, atAws, names, ours: stack => new ReplicationSetup(stack, 'Replication', ours), core: stack => l1(stack, core) };
}

function filter(prefix: string, mistake: string, atAws = REFUSED, names = "'repositoryPrefixes[0]'"): Mistake {
  return replication(mistake, names, { destinations: [FRANKFURT], repositoryPrefixes: [prefix] },
    [{ destinations: [to('eu-central-1')], repositoryFilters: [{ filter: prefix, filterType: 'PREFIX_MATCH' }] }], atAws);
}

const FRANKFURT = ReplicationTarget.region('eu-central-1');
const accountsOf = (count: number): string[] => Array.from({ length: count }, (_, index) => String(300_000_000_000 + index));

export const REPLICATION_MISTAKES: Mistake[] = [
  replication('replication to itself', "'destinations[0]'", { destinations: [ReplicationTarget.region(REGION)] },
    [{ destinations: [to(REGION)] }], 'nothing is replicated'),
  replication('replication to another partition', "'destinations[0]'", { destinations: [ReplicationTarget.account(CONSUMER, 'cn-north-1')] },
    [{ destinations: [to('cn-north-1', CONSUMER)] }]),
  replication('11 rules', "'rules'", { rules: accountsOf(11).map(account => ({ destinations: [ReplicationTarget.account(account, REGION)] })) },
    accountsOf(11).map(account => ({ destinations: [to(REGION, account)] }))),
  replication('26 destinations', "'destinations'", { destinations: accountsOf(26).map(account => ReplicationTarget.account(account, REGION)) },
    [{ destinations: accountsOf(26).map(account => to(REGION, account)) }]),
  replication('26 destinations over two rules', "'destinations'", {
    rules: [accountsOf(26).slice(0, 13), accountsOf(26).slice(13)].map(accounts => ({
      destinations: accounts.map(account => ReplicationTarget.account(account, REGION)),
    })),
  }, [accountsOf(26).slice(0, 13), accountsOf(26).slice(13)].map(accounts => ({ destinations: accounts.map(account => to(REGION, account)) }))),
  replication('the same destination twice', "'destinations[1]'", { destinations: [FRANKFURT, FRANKFURT] },
    [{ destinations: [to('eu-central-1'), to('eu-central-1')] }]),
  replication('a destination with an account of 13 digits', "'destinations[0]'", { destinations: [ReplicationTarget.account('2222222222222', REGION)] },
    [{ destinations: [to(REGION, '2222222222222')] }]),
  replication('a destination with the name of a Region', "'destinations[0]'", { destinations: [ReplicationTarget.region('Frankfurt')] },
    [{ destinations: [to('Frankfurt')] }]),
  replication('no destinations', "'destinations'", { destinations: [] }, [{ destinations: [] }]),
  replication('neither destinations nor rules', "'destinations'", {}, [], 'nothing is replicated'),
  replication('101 prefixes', "'repositoryPrefixes'", { destinations: [FRANKFURT], repositoryPrefixes: accountsOf(101).map(id => `p${id}/`) },
    [{ destinations: [to('eu-central-1')], repositoryFilters: accountsOf(101).map(id => ({ filter: `p${id}/`, filterType: 'PREFIX_MATCH' })) }]),
  replication('an empty list of prefixes', "'repositoryPrefixes'", { destinations: [FRANKFURT], repositoryPrefixes: [] },
    [{ destinations: [to('eu-central-1')], repositoryFilters: [] }], 'refused, or everything is replicated'),
  filter('prod/*', 'a wildcard in a prefix'),
  filter('Prod/', 'a prefix with capitals'),
  filter('p', 'a prefix of one character'),
  filter(`${'p'.repeat(256)}/`, 'a prefix of 257 characters'),
  filter('prod', 'a prefix that was meant as a folder', "'production-eu/api' is replicated too", 'cdk-secure-ecr:ReplicationSetup.prefixWithoutSlash'),
  {
    mistake: 'two replication configurations in one stack',
    atAws: 'the second fails with AlreadyExists, or overwrites the first',
    names: 'Second',
    ours: stack => ['First', 'Second'].map(id => new ReplicationSetup(stack, id, { destinations: [FRANKFURT] })),
    core: stack => ['First', 'Second'].map(id => l1(stack, [{ destinations: [to('eu-central-1')] }], id)),
  },
  {
    mistake: 'two stacks of one account and Region with a replication configuration each',
    atAws: 'the second deployment fails with AlreadyExists',
    names: 'Other/Second',
    ours: stack => [stack, another(stack)].map((it, index) => new ReplicationSetup(it, ['First', 'Second'][index], { destinations: [FRANKFURT] })),
    core: stack => [stack, another(stack)].map(it => l1(it, [{ destinations: [to('eu-central-1')] }])),
  },
  {
    mistake: 'two registry policies in one account and Region',
    atAws: 'the second deployment fails with AlreadyExists',
    names: 'Other/Second',
    ours: stack => [stack, another(stack)].map((it, index) => (
      new ReplicationDestination(it, ['First', 'Second'][index], { sources: [ReplicationSource.account(CONSUMER, ['prod/'])] })
    )),
    core: stack => [stack, another(stack)].map(it => new ecr.CfnRegistryPolicy(it, 'Policy', { policyText: registryPolicy() })),
  },
  {
    mistake: 'a replica registry without creation templates',
    atAws: 'replicas are mutable, unencrypted by a key of yours, and never expire: settings are not replicated',
    mends: template => template.hasResourceProperties('AWS::ECR::RepositoryCreationTemplate', { AppliedFor: ['REPLICATION'], ImageTagMutability: 'IMMUTABLE' }),
    ours: stack => new ReplicationDestination(stack, 'Replicas', { sources: [ReplicationSource.account(CONSUMER, ['prod/'])] }),
    core: stack => new ecr.CfnRegistryPolicy(stack, 'Policy', { policyText: registryPolicy() }),
  },
  {
    mistake: 'a registry policy without ecr:CreateRepository',
    atAws: 'images of repositories that do not exist in the destination are never replicated',
    mends: template => template.hasResourceProperties('AWS::ECR::RegistryPolicy', {
      PolicyText: { Statement: [Match.objectLike({ Action: ['ecr:CreateRepository', 'ecr:ReplicateImage'] })] },
    }),
    ours: stack => new ReplicationDestination(stack, 'Replicas', { sources: [ReplicationSource.account(CONSUMER, ['prod/'])] }),
    core: stack => new ecr.CfnRegistryPolicy(stack, 'Policy', { policyText: registryPolicy() }),
  },
  {
    mistake: 'a destination without sources',
    atAws: 'nobody can replicate',
    names: "'sources'",
    ours: stack => new ReplicationDestination(stack, 'Replicas', { sources: [] }),
    core: stack => new ecr.CfnRegistryPolicy(stack, 'Policy', { policyText: { Version: '2012-10-17', Statement: [] } }),
  },
  {
    mistake: 'a source with an account of 13 digits',
    atAws: 'PutRegistryPolicy: the principal is not valid',
    names: 'sources[0]',
    ours: stack => new ReplicationDestination(stack, 'Replicas', { sources: [ReplicationSource.account('2222222222222', ['prod/'])] }),
    core: stack => new ecr.CfnRegistryPolicy(stack, 'Policy', { policyText: registryPolicy('2222222222222') }),
  },
];

type L1Template = Partial<ecr.CfnRepositoryCreationTemplateProps>;

function templateMistake(mistake: string, names: string, ours: Partial<RepositoryTemplateProps>, core: L1Template,
  atAws = 'CreateRepositoryCreationTemplate: InvalidParameterException'): Mistake {
  return {
    mistake,
    atAws,
    names,
    ours: stack => new RepositoryTemplate(stack, 'Template', { prefix: 'team', appliedFor: [TemplateUse.REPLICATION], ...ours }),
    core: stack => new ecr.CfnRepositoryCreationTemplate(stack, 'Template', { prefix: 'team', appliedFor: ['REPLICATION'], ...core }),
  };
}

const many = Object.fromEntries(Array.from({ length: 51 }, (_, index) => [`tag${index}`, 'v']));
const asTags = (tags: Record<string, string>): Array<{ key: string; value: string }> => Object.entries(tags).map(([key, value]) => ({ key, value }));
const pathRole = `arn:aws:iam::${OWNER}:role/ecr/templates`;

export const TEMPLATE_MISTAKES: Mistake[] = [
  templateMistake('a prefix with capitals for a template', "'prefix'", { prefix: 'Team' }, { prefix: 'Team' }),
  templateMistake('a prefix with a wildcard', "'prefix'", { prefix: 'team/*' }, { prefix: 'team/*' }),
  templateMistake('an empty prefix for a template', "'prefix'", { prefix: '' }, { prefix: '' }),
  templateMistake('a template that is applied for nothing', "'appliedFor'", { appliedFor: [] }, { appliedFor: [] }),
  templateMistake('a template that is applied for one thing twice', "'appliedFor'", { appliedFor: [TemplateUse.REPLICATION, TemplateUse.REPLICATION] },
    { appliedFor: ['REPLICATION', 'REPLICATION'] }),
  templateMistake('a description of 257 characters', "'description'", { description: 'x'.repeat(257) }, { description: 'x'.repeat(257) }),
  templateMistake('51 tags in a template', "'resourceTags'", { resourceTags: many }, { resourceTags: asTags(many) }),
  templateMistake('dual-layer encryption in a template outside AWS GovCloud (US)', "'encryption'", { encryption: RepositoryEncryption.DUAL_LAYER },
    { encryptionConfiguration: { encryptionType: 'KMS_DSSE' } }, 'the template is taken, and no repository can be created with it'),
  templateMistake('six mutable tags in a template', "'mutableTags'", { mutableTags: ['a', 'b', 'c', 'd', 'e', 'f'] }, {
    imageTagMutability: 'IMMUTABLE_WITH_EXCLUSION',
    imageTagMutabilityExclusionFilters: ['a', 'b', 'c', 'd', 'e', 'f'].map(value => ({
      imageTagMutabilityExclusionFilterType: 'WILDCARD', imageTagMutabilityExclusionFilterValue: value,
    })),
  }),
  templateMistake('a template without tags that move, for a cache', 'cdk-secure-ecr:RepositoryTemplate.immutableCache',
    { appliedFor: [TemplateUse.PULL_THROUGH_CACHE], mutableTags: [] }, { appliedFor: ['PULL_THROUGH_CACHE'], imageTagMutability: 'IMMUTABLE' },
    'the cache never refreshes a tag: what was pulled first stays for ever'),
  {
    mistake: 'a role with a path for a template',
    atAws: 'the resource schema of CloudFormation refuses the ARN',
    names: "'role'",
    ours: stack => new RepositoryTemplate(stack, 'Template', {
      prefix: 'team', appliedFor: [TemplateUse.REPLICATION], role: iam.Role.fromRoleArn(stack, 'Role', pathRole),
    }),
    core: stack => new ecr.CfnRepositoryCreationTemplate(stack, 'Template', { prefix: 'team', appliedFor: ['REPLICATION'], customRoleArn: pathRole }),
  },
  {
    mistake: 'tags in a template without a role',
    atAws: 'the template is taken, and no repository can be created with it: pulls fail',
    mends: it => it.hasResourceProperties('AWS::ECR::RepositoryCreationTemplate', { CustomRoleArn: Match.anyValue(), ResourceTags: Match.anyValue() }),
    ours: stack => new RepositoryTemplate(stack, 'Template', { prefix: 'team', appliedFor: [TemplateUse.REPLICATION], resourceTags: { team: 'a' } }),
    core: stack => new ecr.CfnRepositoryCreationTemplate(stack, 'Template', {
      prefix: 'team', appliedFor: ['REPLICATION'], resourceTags: [{ key: 'team', value: 'a' }],
    }),
  },
  {
    mistake: 'a key in a template without a role',
    atAws: 'the template is taken, and no repository can be created with it: pulls fail',
    mends: it => it.hasResourceProperties('AWS::ECR::RepositoryCreationTemplate', {
      CustomRoleArn: Match.anyValue(), EncryptionConfiguration: { EncryptionType: 'KMS' },
    }),
    ours: stack => new RepositoryTemplate(stack, 'Template', { prefix: 'team', appliedFor: [TemplateUse.REPLICATION] }),
    core: stack => new ecr.CfnRepositoryCreationTemplate(stack, 'Template', {
      prefix: 'team', appliedFor: ['REPLICATION'], encryptionConfiguration: { encryptionType: 'KMS' },
    }),
  },
  {
    mistake: 'two templates for the same prefix',
    atAws: 'the second fails with TemplateAlreadyExistsException',
    names: 'Second',
    ours: stack => ['First', 'Second'].map(id => new RepositoryTemplate(stack, id, { prefix: 'team', appliedFor: [TemplateUse.REPLICATION] })),
    core: stack => ['First', 'Second'].map(id => new ecr.CfnRepositoryCreationTemplate(stack, id, { prefix: 'team', appliedFor: ['REPLICATION'] })),
  },
  {
    mistake: 'a public repository policy in a template',
    atAws: 'every AWS account in the world can pull the images',
    names: "'repositoryPolicy[0]'",
    ours: stack => new RepositoryTemplate(stack, 'Template', {
      prefix: 'team', appliedFor: [TemplateUse.REPLICATION], repositoryPolicy: iam.PolicyDocument.fromJson(PUBLIC_POLICY),
    }),
    core: stack => new ecr.CfnRepositoryCreationTemplate(stack, 'Template', {
      prefix: 'team', appliedFor: ['REPLICATION'], repositoryPolicy: JSON.stringify(PUBLIC_POLICY),
    }),
  },
];

const PUBLIC_POLICY = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: '*', Action: 'ecr:BatchGetImage' }] };

function registryPolicy(account = CONSUMER): object {
  return {
    Version: '2012-10-17',
    Statement: [{
      Effect: 'Allow', Principal: { AWS: rootOf(account) }, Action: 'ecr:ReplicateImage', Resource: `arn:aws:ecr:${REGION}:${OWNER}:repository/prod/*`,
    }],
  };
}
