import { App, Stack } from 'aws-cdk-lib';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as iam from 'aws-cdk-lib/aws-iam';
import { CrossAccountPull, ImageSigning, PublicRepository, PullConsumer, PullThroughCache, RepositoryGrants, SecureRepository, UpstreamRegistry } from '../../../lib';

export const OWNER = '111111111111';
export const OTHER = '222222222222';
export const REGION = 'us-east-1';

/** The stacks of one test: that of the resource, and one of another account. */
export interface Stacks {
  readonly own: Stack;
  readonly other: Stack;
}

export function stacks(): Stacks {
  const app = new App();
  return {
    own: new Stack(app, 'Own', { env: { account: OWNER, region: REGION } }),
    other: new Stack(app, 'Other', { env: { account: OTHER, region: REGION } }),
  };
}

/** A class of grants, on a resource of the account `OWNER`. */
export interface GrantsClass {
  readonly name: string;
  /** An action that a grant gives, and a resource on which it does. */
  readonly action: string;
  readonly resource: string;
  /** Whether the grant adds a half of the resource: for all who need it, for other accounts only, or never. */
  readonly half: 'always' | 'abroad' | 'never';
  /** The kinds of grantees that it refuses besides those that no policy can name. */
  readonly refuses: string[];
  readonly warningId: string;
  readonly grant: (stack: Stack, grantee: iam.IGrantable) => iam.Grant;
}

const repository = (scope: Stack): SecureRepository => new SecureRepository(scope, 'Api', { repositoryName: 'team/api' });

export const CLASSES: GrantsClass[] = [
  {
    name: 'RepositoryGrants',
    action: 'ecr:BatchGetImage',
    resource: `arn:aws:ecr:${REGION}:${OWNER}:repository/team/api`,
    half: 'always',
    refuses: [],
    warningId: 'RepositoryGrants.importedPrincipal',
    grant: (stack, grantee) => repository(stack).grants.pull(grantee),
  },
  {
    name: 'RepositoryGrants of several repositories',
    action: 'ecr:PutImage',
    resource: `arn:aws:ecr:${REGION}:${OWNER}:repository/team/old`,
    half: 'always',
    refuses: [],
    warningId: 'RepositoryGrants.importedPrincipal',
    grant: (stack, grantee) => RepositoryGrants.fromRepositories([
      repository(stack), new ecr.Repository(stack, 'Old', { repositoryName: 'team/old' }),
    ]).pullPush(grantee),
  },
  {
    name: 'PublicRepositoryGrants',
    action: 'ecr-public:PutImage',
    resource: `arn:aws:ecr-public::${OWNER}:repository/team/tool`,
    half: 'always',
    refuses: ['service'],
    warningId: 'PublicRepositoryGrants.importedPrincipal',
    grant: (stack, grantee) => new PublicRepository(stack, 'Tool', { repositoryName: 'team/tool' }).grants.push(grantee),
  },
  {
    name: 'PullThroughCacheGrants',
    action: 'ecr:BatchImportUpstreamImage',
    resource: `arn:aws:ecr:${REGION}:${OWNER}:repository/quay/team/api`,
    half: 'always',
    refuses: ['service'],
    warningId: 'PullThroughCacheGrants.importedPrincipal',
    grant: (stack, grantee) => new PullThroughCache(stack, 'Cache', { upstream: UpstreamRegistry.QUAY }).grants.pull(grantee),
  },
  {
    name: 'SigningGrants',
    action: 'signer:SignPayload',
    resource: `arn:aws:signer:${REGION}:${OWNER}:/signing-profiles/release`,
    half: 'abroad',
    refuses: ['service', 'organization'],
    warningId: 'SigningGrants.importedPrincipal',
    grant: (stack, grantee) => new ImageSigning(stack, 'Signing', { signingProfileName: 'release' }).grants.sign(grantee),
  },
  {
    name: 'CrossAccountPullGrants',
    action: 'ecr:BatchGetImage',
    resource: `arn:aws:ecr:${REGION}:${OWNER}:repository/team/api`,
    half: 'never',
    refuses: ['service'],
    warningId: 'CrossAccountPull.importedPrincipal',
    grant: (stack, grantee) => new CrossAccountPull(stack, 'Share', {
      repositories: [repository(stack)],
      consumers: [PullConsumer.account(OTHER)],
    }).grants.pull(grantee),
  },
];

/** Somebody to whom permissions are granted. */
export interface GranteeCase {
  readonly name: string;
  readonly kind: string;
  /** The account of the grantee, if it has one. */
  readonly account?: string;
  /** The stack that gets the identity policy; none if the app cannot change the policies, or there are none. */
  readonly identity?: keyof Stacks;
  /** Whether the app cannot change the policies, of which a warning tells the owner. */
  readonly warned?: boolean;
  /** Whether the CDK reports that it added nothing, so that the policy of the resource gets the statement. */
  readonly refused?: boolean;
  /** Whether no policy of a resource can name the grantee. */
  readonly unnameable?: boolean;
  readonly conditions?: Record<string, Record<string, string>>;
  /** The ARN of a principal that the grant is for, for the evaluator. */
  readonly caller?: string;
  readonly make: (all: Stacks) => iam.IGrantable;
}

const assumedBy = new iam.ServicePrincipal('ec2.amazonaws.com');
const CONDITIONS = { StringEquals: { 'aws:PrincipalTag/team': 'payments' } };
const LIST_BUCKETS = new iam.PolicyStatement({ actions: ['s3:ListAllMyBuckets'], resources: ['*'] });
const roleArn = (account: string, name = 'deploy'): string => `arn:aws:iam::${account}:role/${name}`;
const userArn = (account: string): string => `arn:aws:iam::${account}:user/deploy`;

/** The same grantees, once of the account of the resource and once of another account. */
const OF_BOTH_ACCOUNTS: GranteeCase[] = (['own', 'other'] as const).flatMap((where): GranteeCase[] => {
  const account = where === 'own' ? OWNER : OTHER;
  const abroad = where === 'other';
  const role = (all: Stacks): iam.Role => new iam.Role(all[where], 'Role', { assumedBy, roleName: 'deploy' });
  return [
    { name: 'a role', kind: 'identity', identity: where, caller: roleArn(account), make: role },
    { name: 'a user', kind: 'identity', identity: where, caller: userArn(account), make: (all: Stacks) => new iam.User(all[where], 'User', { userName: 'deploy' }) },
    { name: 'a group', kind: 'group', identity: where, unnameable: abroad, make: (all: Stacks) => new iam.Group(all[where], 'Group', { groupName: 'developers' }) },
    { name: 'a managed policy', kind: 'policy', identity: where, unnameable: abroad, make: (all: Stacks) => new iam.ManagedPolicy(all[where], 'Managed', { statements: [LIST_BUCKETS] }) },
    { name: 'a role with conditions', kind: 'identity', identity: where, conditions: CONDITIONS, caller: roleArn(account), make: (all: Stacks) => new iam.PrincipalWithConditions(role(all), CONDITIONS) },
    { name: 'a role with session tags', kind: 'identity', identity: where, caller: roleArn(account), make: (all: Stacks) => new iam.SessionTagsPrincipal(role(all)) },
    { name: 'a role with session tags and conditions', kind: 'identity', identity: where, conditions: CONDITIONS, caller: roleArn(account), make: (all: Stacks) => new iam.PrincipalWithConditions(role(all), CONDITIONS).withSessionTags() },
    { name: 'a composite of a role', kind: 'identity', identity: where, caller: roleArn(account), make: (all: Stacks) => new iam.CompositePrincipal(role(all)) },
    { name: 'a composite with conditions', kind: 'identity', identity: where, conditions: CONDITIONS, caller: roleArn(account), make: (all: Stacks) => new iam.CompositePrincipal(role(all)).withConditions(CONDITIONS) },
    { name: 'a lazy role', kind: 'identity', identity: where, caller: roleArn(account), make: (all: Stacks) => new iam.LazyRole(all[where], 'Lazy', { assumedBy, roleName: 'deploy' }) },
    { name: 'a role imported into its account', kind: 'identity', identity: where, caller: roleArn(account), make: (all: Stacks) => iam.Role.fromRoleArn(all[where], 'Role', roleArn(account)) },
    { name: 'a user imported into its account', kind: 'identity', identity: where, caller: userArn(account), make: (all: Stacks) => iam.User.fromUserArn(all[where], 'User', userArn(account)) },
    { name: 'a role imported with mutable: false', kind: 'identity', warned: true, caller: roleArn(account), make: (all: Stacks) => iam.Role.fromRoleArn(all[where], 'Role', roleArn(account), { mutable: false }) },
    {
      name: 'a role imported with addGrantsToResources', kind: 'identity', warned: true, refused: true, caller: roleArn(account),
      make: (all: Stacks) => iam.Role.fromRoleArn(all[where], 'Role', roleArn(account), { mutable: false, addGrantsToResources: true }),
    },
    { name: 'a role without policy updates', kind: 'identity', warned: true, caller: roleArn(account), make: (all: Stacks) => role(all).withoutPolicyUpdates() },
    { name: 'an account', kind: 'account', caller: roleArn(account, 'admin'), make: () => new iam.AccountPrincipal(account) },
    { name: 'the number of an account', kind: 'account', caller: roleArn(account, 'admin'), make: () => new iam.ArnPrincipal(account) },
    { name: 'the ARN of a role', kind: 'arn', caller: roleArn(account), make: () => new iam.ArnPrincipal(roleArn(account)) },
  ].map(it => ({ ...it, account, name: `${it.name} of ${abroad ? 'another account' : 'the account'}` }));
});

export const GRANTEES: GranteeCase[] = [
  ...OF_BOTH_ACCOUNTS,
  {
    name: 'a role of another account imported into the account', kind: 'identity', account: OTHER, warned: true, caller: roleArn(OTHER),
    make: all => iam.Role.fromRoleArn(all.own, 'Role', roleArn(OTHER)),
  },
  {
    name: 'a user of another account imported into the account', kind: 'identity', account: OTHER, warned: true, caller: userArn(OTHER),
    make: all => iam.User.fromUserArn(all.own, 'User', userArn(OTHER)),
  },
  {
    name: 'a role of another account without a name', kind: 'identity', account: OTHER, identity: 'other',
    make: all => new iam.Role(all.other, 'Unnamed', { assumedBy }),
  },
  { name: 'an organization', kind: 'organization', make: () => new iam.OrganizationPrincipal('o-a1b2c3d4e5') },
  { name: 'a service', kind: 'service', make: () => new iam.ServicePrincipal('codebuild.amazonaws.com') },
  { name: 'everybody', kind: 'allPrincipals', unnameable: true, make: () => new iam.AnyPrincipal() },
  { name: 'everybody, as a star', kind: 'allPrincipals', unnameable: true, make: () => new iam.StarPrincipal() },
  { name: 'an identity provider', kind: 'federated', unnameable: true, make: () => new iam.WebIdentityPrincipal(`arn:aws:iam::${OWNER}:oidc-provider/token.actions.githubusercontent.com`) },
  { name: 'a canonical user', kind: 'canonicalUser', unnameable: true, make: () => new iam.CanonicalUserPrincipal('a1b2') },
  { name: 'the ARN of a group', kind: 'group', unnameable: true, make: () => new iam.ArnPrincipal(`arn:aws:iam::${OWNER}:group/developers`) },
  { name: 'the ARN of something else', kind: 'arn', unnameable: true, make: () => new iam.ArnPrincipal('arn:aws:s3:::bucket') },
  { name: 'an ARN with a wildcard', kind: 'arn', unnameable: true, make: () => new iam.ArnPrincipal(`arn:aws:iam::${OWNER}:role/*`) },
  { name: 'an account of 13 digits', kind: 'account', unnameable: true, make: () => new iam.AccountPrincipal('1111111111111') },
  {
    name: 'a service for the resources of everybody', kind: 'service', unnameable: true,
    make: () => new iam.ServicePrincipal('codebuild.amazonaws.com', { conditions: { ArnLike: { 'aws:SourceArn': '*' } } }),
  },
];

/** What a case and a class come to. */
export interface Outcome {
  readonly refused: boolean;
  readonly identity?: keyof Stacks;
  readonly half: boolean;
  readonly warned: boolean;
}

export function outcomeOf(grantsClass: GrantsClass, grantee: GranteeCase): Outcome {
  const abroad = grantee.account === OTHER;
  const neverPrincipal = grantee.kind === 'group' || grantee.kind === 'policy' || grantee.name === 'an ARN with a wildcard';
  // without a half of the resource, a principal need not be one that its policy can name
  const passes = grantsClass.half === 'never' && neverPrincipal && grantee.name !== 'the ARN of a group';
  const refused = (grantee.unnameable === true && !passes) || grantsClass.refuses.includes(grantee.kind);
  if (refused) {
    return { refused, half: false, warned: false };
  }
  const needsHalf = abroad || (grantee.identity === undefined && (grantee.warned !== true || grantee.refused === true));
  const half = needsHalf && (grantsClass.half === 'always' || (grantsClass.half === 'abroad' && abroad));
  // a role of the account that the policy of the resource names needs nothing else but to log in
  return { refused, identity: grantee.identity, half, warned: grantee.warned === true || (grantee.identity === undefined && !half) };
}
