import { Stack, Validations } from 'aws-cdk-lib';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type { IConstruct } from 'constructs';
import { areSame } from '../private/core/environment';
import { warnAtSynthesis } from '../private/core/late-warnings';
import { show } from '../private/core/values';
import { matchesWildcards } from '../private/core/wildcards';
import { LIMITS } from '../private/ecr/limits';
import { openStatements } from '../private/policy/outsiders';
import { jsonOf } from '../private/policy/repository-policy';
import { type StatementJson, textsOf } from '../private/policy/statement-json';
import { addressBlocksOf } from './address-blocks';
import type { EcrVpcEndpointsProps } from './ecr-vpc-endpoints-props';
import { unroutedSubnets } from './late-endpoint-problems';
import { ingressRuleCount, ownSecurityGroup } from './security-group-facts';
import { onePerZone } from './vpc-facts';

/**
 * The parts of `EcrVpcEndpoints` that warnings are about.
 */
export interface WarnedEndpoints extends IConstruct {
  readonly companionEndpoints: { [service: string]: ec2.IInterfaceVpcEndpoint };
  readonly securityGroup?: ec2.ISecurityGroup;
}

/**
 * Warns about what is legal but probably unintended.
 *
 * @param owner the construct that the user wrote
 * @param props its props
 * @param subnets the subnets that it selected
 * @param blocks the addresses that may connect, if they are those of the VPC
 */
export function warnOfEndpoints(
  owner: WarnedEndpoints,
  props: EcrVpcEndpointsProps,
  subnets: readonly ec2.ISubnet[],
  blocks: readonly string[],
): void {
  warnOfSubnets(owner, props, [...subnets]);
  warnOfPolicies(owner, props);
  warnOfPeers(owner, props, blocks);
}

function warnOfSubnets(owner: IConstruct, props: EcrVpcEndpointsProps, subnets: ec2.ISubnet[]): void {
  const { vpc } = props;
  if (!props.subnets && !props.s3Endpoint && vpc.privateSubnets.length > 0 && vpc.isolatedSubnets.length > 0) {
    Validations.of(owner).addWarning(
      'cdk-secure-ecr:EcrVpcEndpoints.isolatedSubnetsLeftOut',
      "workloads in the isolated subnets of the VPC get no route to image layers, because it also has private subnets; choose with 'subnets'",
    );
  }
  if (onePerZone(subnets).length === 1 && vpc.availabilityZones.length > 1) {
    Validations.of(owner).addWarning(
      'cdk-secure-ecr:EcrVpcEndpoints.oneAvailabilityZone',
      "the interface endpoints are in one Availability Zone, and no pull works when it fails; choose 'subnets' in several zones",
    );
  }
  const gateway = props.s3Endpoint?.node.defaultChild;
  if (gateway) {
    warnAtSynthesis(owner, gateway, 'cdk-secure-ecr:EcrVpcEndpoints.layersOverInternet', () => {
      const unrouted = unroutedSubnets(props, subnets).filter(subnet => !vpc.isolatedSubnets.includes(subnet));
      return unrouted.length === 0 ? undefined
        : `image layers take the route to the internet from ${unrouted.map(({ node }) => `'${node.path}'`).join(', ')}, whose route tables 's3Endpoint' leaves out; `
          + 'add these subnets to the gateway';
    });
  }
}

function warnOfPolicies(owner: WarnedEndpoints, props: EcrVpcEndpointsProps): void {
  const validations = Validations.of(owner);
  if (props.restrictS3ToImageLayers) {
    validations.addWarning(
      'cdk-secure-ecr:EcrVpcEndpoints.s3RestrictedToImageLayers',
      "'restrictS3ToImageLayers' also stops all other traffic of these subnets to Amazon S3, such as package repositories and own buckets",
    );
  }
  const statements = (props.policyStatements ?? []).map(jsonOf);
  if (openStatements(statements).some(statement => allows(statement, 'ecr:putimage'))) {
    validations.addWarning(
      'cdk-secure-ecr:EcrVpcEndpoints.openPolicy',
      "credentials of any AWS account can push images of this VPC to any registry, because 'policyStatements' allow everybody to push everywhere; "
      + "add a condition on 'aws:PrincipalAccount' or 'aws:PrincipalOrgID', or name the repositories in 'resources'",
    );
  }
  if (statements.length > 0 && !statements.some(statement => statement.Effect === 'Allow' && allows(statement, 'ecr:getauthorizationtoken'))) {
    validations.addWarning(
      'cdk-secure-ecr:EcrVpcEndpoints.noLogin',
      "nobody in the VPC can log in to Amazon ECR, because 'policyStatements' do not allow 'ecr:GetAuthorizationToken' on '*'; add a statement that does",
    );
  }
  warnOfAddOns(owner, props);
  if (props.trustedAccounts ?? props.trustedOrganization) {
    warnOfCompanions(owner);
  }
}

/**
 * The images of the add-ons of Amazon EKS are in registries of AWS, which no organization of a customer contains.
 *
 * @see https://docs.aws.amazon.com/eks/latest/userguide/add-ons-images.html
 */
function warnOfAddOns(owner: IConstruct, props: EcrVpcEndpointsProps): void {
  const { companions = [], reachableRegistries = [], reachableRepositories = [], trustedAccounts = [] } = props;
  const accounts = [...reachableRegistries, ...reachableRepositories.map(({ env }) => env.account)];
  const own = [Stack.of(owner).account, ...trustedAccounts];
  const isRestricted = accounts.length > 0 || props.reachableOrganization !== undefined;
  if (isRestricted && companions.some(({ shortName }) => /^eks(?:-auth)?$/.test(shortName)) && accounts.every(account => own.some(it => it === account || areSame(it, account)))) {
    Validations.of(owner).addWarning(
      'cdk-secure-ecr:EcrVpcEndpoints.addOnsUnreachable',
      'nodes of Amazon EKS cannot pull the images of add-ons such as the VPC CNI, because the endpoints reach no registry of AWS; '
      + "add the account of the Region to 'reachableRegistries': https://docs.aws.amazon.com/eks/latest/userguide/add-ons-images.html",
    );
  }
}

function warnOfCompanions(owner: WarnedEndpoints): void {
  for (const [service, endpoint] of Object.entries(owner.companionEndpoints)) {
    const resource = endpoint.node.defaultChild as ec2.CfnVPCEndpoint;
    warnAtSynthesis(owner, resource, 'cdk-secure-ecr:EcrVpcEndpoints.openCompanion', () => Stack.of(resource).resolve(resource.policyDocument) !== undefined ? undefined
      : `credentials of any AWS account can use the endpoint for ${show(service)}, which has no policy, unlike those of Amazon ECR; `
        + "give 'companionPolicyStatements', or acknowledge it for a service that takes no policy");
  }
}

function warnOfPeers(owner: WarnedEndpoints, props: EcrVpcEndpointsProps, blocks: readonly string[]): void {
  const { vpc, securityGroup, peers } = props;
  const closed = (['apiEndpoint', 'dockerEndpoint'] as const).filter(prop => props[prop]?.connections.securityGroups.length === 0);
  if (peers && closed.length > 0) {
    Validations.of(owner).addWarning(
      'cdk-secure-ecr:EcrVpcEndpoints.peersNotApplied',
      `'peers' cannot be added to ${closed.map(prop => `'${prop}'`).join(' and ')}, imported without 'securityGroups'; import it with them`,
    );
  }

  const group = ownSecurityGroup(owner.securityGroup);
  if (!group) {
    return;
  }
  const count = (): number => ingressRuleCount(owner.securityGroup!, group);
  warnAtSynthesis(owner, group, 'cdk-secure-ecr:EcrVpcEndpoints.noIncomingRule', () => count() > 0 ? undefined
    : `every pull in the VPC times out, because the security group of the endpoints has no rule for incoming traffic; ${securityGroup ? "give 'peers', or add a rule for port 443" : "add to 'peers', or call connections.allowDefaultPortFrom(…)"}`);
  const max = LIMITS.securityGroupRules;
  warnAtSynthesis(owner, group, 'cdk-secure-ecr:EcrVpcEndpoints.manyRules', () => count() <= max ? undefined
    : `the deployment fails unless the quota was raised: the security group of the endpoints has ${count()} rules for incoming traffic, and takes ${max} by default; use a common peer, or raise the quota`);
  if (blocks.length > 0) {
    warnAtSynthesis(owner, group, 'cdk-secure-ecr:EcrVpcEndpoints.addressesAddedLater', () => {
      const added = addressBlocksOf(vpc).filter(block => !blocks.includes(block));
      return added.length === 0 ? undefined
        : `workloads with addresses of ${added.join(', ')} cannot connect to the endpoints, because the app adds these to the VPC later; add them first, or give 'peers'`;
    });
  }
}

/** Whether a statement is for an action on every resource. */
function allows({ Action, NotAction, Resource, NotResource }: StatementJson, action: string): boolean {
  const isFor = (patterns: unknown): boolean => textsOf(patterns).some(pattern => matchesWildcards(action, pattern.toLowerCase()));
  const [actions, resources] = [NotAction === undefined ? isFor(Action) : !isFor(NotAction), textsOf(Resource)];
  return actions && (NotResource !== undefined || resources.some(resource => /^\*+$/.test(resource) || /^arn:[^:]*:(?:ecr|\*):[^:]*:\*:repository\/\*$/.test(resource)));
}
