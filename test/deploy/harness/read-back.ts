import { DescribeSecurityGroupsCommand, DescribeVpcEndpointsCommand } from '@aws-sdk/client-ec2';
import {
  DescribePullThroughCacheRulesCommand, DescribeRegistryCommand, DescribeRepositoriesCommand, DescribeRepositoryCreationTemplatesCommand,
  GetLifecyclePolicyCommand, GetRegistryPolicyCommand, GetRegistryScanningConfigurationCommand, GetRepositoryPolicyCommand,
  GetSigningConfigurationCommand, ListPullTimeUpdateExclusionsCommand, ListTagsForResourceCommand,
} from '@aws-sdk/client-ecr';
import {
  DescribeRepositoriesCommand as DescribePublicRepositoriesCommand, GetRepositoryCatalogDataCommand,
  GetRepositoryPolicyCommand as GetPublicRepositoryPolicyCommand,
} from '@aws-sdk/client-ecr-public';
import { DescribeRuleCommand, ListTargetsByRuleCommand } from '@aws-sdk/client-eventbridge';
import {
  GetOpenIDConnectProviderCommand, GetPolicyCommand, GetPolicyVersionCommand, GetRoleCommand, GetRolePolicyCommand, ListRolePoliciesCommand,
} from '@aws-sdk/client-iam';
import { DescribeKeyCommand, GetKeyPolicyCommand, GetKeyRotationStatusCommand, ListAliasesCommand } from '@aws-sdk/client-kms';
import { DescribeSecretCommand } from '@aws-sdk/client-secrets-manager';
import type { Clients } from './clients';

/** Properties as CloudFormation names them. */
export type Properties = Record<string, unknown>;

/** What AWS says about a resource now, through its own API. `asked` is needed where a resource is only known by what it is attached to. */
export type Reader = (clients: Clients, physicalId: string, asked: Properties) => Promise<Properties>;

export const READERS: Record<string, Reader> = {
  'AWS::ECR::Repository': async ({ ecr }, repositoryName) => {
    const { repositories } = await ecr.send(new DescribeRepositoriesCommand({ repositoryNames: [repositoryName] }));
    const { repositoryArn, imageTagMutabilityExclusionFilters, ...repository } = repositories![0];
    const { lifecyclePolicyText } = await unlessMissing(ecr.send(new GetLifecyclePolicyCommand({ repositoryName })));
    const { policyText } = await unlessMissing(ecr.send(new GetRepositoryPolicyCommand({ repositoryName })));
    const { tags } = await ecr.send(new ListTagsForResourceCommand({ resourceArn: repositoryArn }));
    return {
      ...(capitals(repository) as Properties),
      ImageTagMutabilityExclusionFilters: exclusionFilters(imageTagMutabilityExclusionFilters),
      LifecyclePolicy: lifecyclePolicyText && { LifecyclePolicyText: lifecyclePolicyText },
      RepositoryPolicyText: json(policyText),
      Tags: tags,
    };
  },
  'AWS::ECR::PublicRepository': async ({ ecrPublic }, repositoryName) => {
    const { repositories } = await ecrPublic.send(new DescribePublicRepositoriesCommand({ repositoryNames: [repositoryName] }));
    const { catalogData } = await ecrPublic.send(new GetRepositoryCatalogDataCommand({ repositoryName }));
    const { policyText } = await unlessMissing(ecrPublic.send(new GetPublicRepositoryPolicyCommand({ repositoryName })));
    const { description, architectures, operatingSystems, aboutText, usageText } = catalogData ?? {};
    return {
      RepositoryName: repositories![0].repositoryName,
      RepositoryCatalogData: {
        AboutText: aboutText,
        Architectures: architectures,
        OperatingSystems: operatingSystems,
        RepositoryDescription: description,
        UsageText: usageText,
      },
      RepositoryPolicyText: json(policyText),
    };
  },
  'AWS::ECR::RegistryPolicy': async ({ ecr }) => ({ PolicyText: json((await ecr.send(new GetRegistryPolicyCommand({}))).policyText) }),
  'AWS::ECR::ReplicationConfiguration': async ({ ecr }) => {
    const { replicationConfiguration } = await ecr.send(new DescribeRegistryCommand({}));
    return { ReplicationConfiguration: capitals(replicationConfiguration) };
  },
  'AWS::ECR::RegistryScanningConfiguration': async ({ ecr }) => {
    const { scanningConfiguration } = await ecr.send(new GetRegistryScanningConfigurationCommand({}));
    return capitals(scanningConfiguration) as Properties;
  },
  'AWS::ECR::SigningConfiguration': async ({ ecr }) => {
    const { signingConfiguration } = await ecr.send(new GetSigningConfigurationCommand({}));
    return capitals(signingConfiguration) as Properties;
  },
  'AWS::ECR::PullThroughCacheRule': async ({ ecr }, prefix) => {
    const { pullThroughCacheRules } = await ecr.send(new DescribePullThroughCacheRulesCommand({ ecrRepositoryPrefixes: [prefix] }));
    return capitals(pullThroughCacheRules![0]) as Properties;
  },
  'AWS::ECR::RepositoryCreationTemplate': async ({ ecr }, prefix) => {
    const { repositoryCreationTemplates } = await ecr.send(new DescribeRepositoryCreationTemplatesCommand({ prefixes: [prefix] }));
    const { imageTagMutabilityExclusionFilters, resourceTags, ...template } = repositoryCreationTemplates![0];
    return {
      ...(capitals(template) as Properties),
      ImageTagMutabilityExclusionFilters: exclusionFilters(imageTagMutabilityExclusionFilters),
      ResourceTags: resourceTags,
    };
  },
  'AWS::ECR::PullTimeUpdateExclusion': async ({ ecr }, principal) => {
    const { pullTimeUpdateExclusions = [] } = await ecr.send(new ListPullTimeUpdateExclusionsCommand({}));
    return { PrincipalArn: pullTimeUpdateExclusions.find(arn => arn === principal) };
  },
  'AWS::EC2::VPCEndpoint': async ({ ec2 }, id) => {
    const { VpcEndpoints } = await ec2.send(new DescribeVpcEndpointsCommand({ VpcEndpointIds: [id] }));
    const { Groups, PolicyDocument, ...endpoint } = VpcEndpoints![0];
    return { ...endpoint, PolicyDocument: json(PolicyDocument), SecurityGroupIds: Groups?.map(group => group.GroupId) };
  },
  'AWS::EC2::SecurityGroup': async ({ ec2 }, id) => {
    const { SecurityGroups } = await ec2.send(new DescribeSecurityGroupsCommand({ GroupIds: [id] }));
    const { Description, IpPermissions, IpPermissionsEgress, VpcId } = SecurityGroups![0];
    return {
      GroupDescription: Description,
      SecurityGroupEgress: IpPermissionsEgress?.flatMap(securityGroupRules),
      SecurityGroupIngress: IpPermissions?.flatMap(securityGroupRules),
      VpcId,
    };
  },
  'AWS::EC2::SecurityGroupIngress': async ({ ec2 }, _id, asked) => {
    const { SecurityGroups } = await ec2.send(new DescribeSecurityGroupsCommand({ GroupIds: [asked.GroupId as string] }));
    const { GroupId, IpPermissions = [] } = SecurityGroups![0];
    const rules = IpPermissions.flatMap(securityGroupRules).map(rule => ({ ...rule, GroupId }));
    return rules.find(rule => JSON.stringify(rule, Object.keys(asked).sort()) === JSON.stringify(asked, Object.keys(asked).sort())) ?? {};
  },
  'AWS::KMS::Key': async ({ kms }, KeyId) => {
    const { KeyMetadata } = await kms.send(new DescribeKeyCommand({ KeyId }));
    const { Policy } = await kms.send(new GetKeyPolicyCommand({ KeyId, PolicyName: 'default' }));
    const { KeyRotationEnabled, RotationPeriodInDays } = await kms.send(new GetKeyRotationStatusCommand({ KeyId }));
    return { ...KeyMetadata, EnableKeyRotation: KeyRotationEnabled, KeyPolicy: json(Policy), RotationPeriodInDays };
  },
  'AWS::KMS::Alias': async ({ kms }, name) => {
    const { Aliases } = await kms.send(new ListAliasesCommand({}));
    const alias = Aliases?.find(({ AliasName }) => AliasName === name);
    return { AliasName: alias?.AliasName };
  },
  'AWS::IAM::Role': async ({ iam }, RoleName) => {
    const { Role } = await iam.send(new GetRoleCommand({ RoleName }));
    const { PolicyNames = [] } = await iam.send(new ListRolePoliciesCommand({ RoleName }));
    const policies = await Promise.all(PolicyNames.map(PolicyName => iam.send(new GetRolePolicyCommand({ PolicyName, RoleName }))));
    return {
      ...Role,
      AssumeRolePolicyDocument: json(Role!.AssumeRolePolicyDocument),
      Policies: policies.map(({ PolicyDocument, PolicyName }) => ({ PolicyDocument: json(PolicyDocument), PolicyName })),
    };
  },
  'AWS::IAM::Policy': async ({ iam }, _id, asked) => {
    const [RoleName] = asked.Roles as string[];
    const { PolicyDocument, PolicyName } = await iam.send(new GetRolePolicyCommand({ RoleName, PolicyName: asked.PolicyName as string }));
    return { PolicyDocument: json(PolicyDocument), PolicyName, Roles: [RoleName] };
  },
  'AWS::IAM::ManagedPolicy': async ({ iam }, PolicyArn) => {
    const { Policy } = await iam.send(new GetPolicyCommand({ PolicyArn }));
    const { PolicyVersion } = await iam.send(new GetPolicyVersionCommand({ PolicyArn, VersionId: Policy!.DefaultVersionId }));
    const { Description, Path, PolicyName } = Policy!;
    return { Description: Description ?? '', ManagedPolicyName: PolicyName, Path, PolicyDocument: json(PolicyVersion!.Document) };
  },
  'AWS::IAM::OIDCProvider': async ({ iam }, OpenIDConnectProviderArn) => {
    const { Url, ClientIDList, ThumbprintList } = await iam.send(new GetOpenIDConnectProviderCommand({ OpenIDConnectProviderArn }));
    return { ClientIdList: ClientIDList, ThumbprintList, Url: `https://${Url!.replace('https://', '')}` };
  },
  'AWS::SecretsManager::Secret': async ({ secrets }, SecretId) => {
    const { Description, KmsKeyId, Name } = await secrets.send(new DescribeSecretCommand({ SecretId }));
    return { Description, KmsKeyId, Name };
  },
  'AWS::Events::Rule': async ({ events }, id) => {
    const [EventBusName, Name] = id.includes('|') ? id.split('|') : [undefined, id];
    const rule = await events.send(new DescribeRuleCommand({ EventBusName, Name }));
    const { Targets } = await events.send(new ListTargetsByRuleCommand({ EventBusName, Rule: Name }));
    return { ...rule, EventPattern: json(rule.EventPattern), Targets };
  },
};

/** A value whose names start with capitals, as in a template; dates and texts stay. */
function capitals(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(capitals);
  }
  if (value === null || typeof value !== 'object' || value instanceof Date) {
    return value;
  }
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name[0].toUpperCase() + name.slice(1), capitals(inner)]));
}

function exclusionFilters(filters?: { filter?: string; filterType?: string }[]): Properties[] | undefined {
  return filters?.map(({ filter, filterType }) => ({
    ImageTagMutabilityExclusionFilterType: filterType,
    ImageTagMutabilityExclusionFilterValue: filter,
  }));
}

function securityGroupRules(permission: {
  FromPort?: number;
  IpProtocol?: string;
  IpRanges?: { CidrIp?: string; Description?: string }[];
  ToPort?: number;
  UserIdGroupPairs?: { GroupId?: string; Description?: string }[];
}): Properties[] {
  const { FromPort, IpProtocol, IpRanges = [], ToPort, UserIdGroupPairs = [] } = permission;
  return [
    ...IpRanges.map(({ CidrIp, Description }) => ({ CidrIp, Description, FromPort, IpProtocol, ToPort })),
    ...UserIdGroupPairs.map(({ GroupId, Description }) => ({ SourceSecurityGroupId: GroupId, Description, FromPort, IpProtocol, ToPort })),
  ];
}

function json(text?: string): unknown {
  return text === undefined ? undefined : JSON.parse(text.startsWith('%7B') ? decodeURIComponent(text) : text);
}

async function unlessMissing<T extends object>(answer: Promise<T>): Promise<Partial<T>> {
  return answer.catch((error: Error) => {
    if (error.name.endsWith('NotFoundException')) {
      return {};
    }
    throw error;
  });
}
