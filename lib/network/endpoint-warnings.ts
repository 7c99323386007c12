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
import { canAllowHttps, ingressRules, ownSecurityGroup } from './security-group-facts';
import { onePerZone } from './vpc-facts';

/**
 * The parts of `EcrVpcEndpoints` with warnings.
 */
export interface WarnedEndpoints extends IConstruct {
  readonly companionEndpoints: { [service: string]: ec2.IInterfaceVpcEndpoint };
  readonly securityGroup?: ec2.ISecurityGroup;
}

/**
 * Warns about settings that are valid but probably unintended.
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
      "workloads in the isolated subnets of the VPC get no route to image layers, because it also has private subnets; set 'subnets'",
    );
  }
  if (onePerZone(subnets).length === 1 && vpc.availabilityZones.length > 1) {
    Validations.of(owner).addWarning(
      'cdk-secure-ecr:EcrVpcEndpoints.oneAvailabilityZone',
      "all pulls fail if one Availability Zone fails, because the interface endpoints are in this zone only; set 'subnets' in several zones",
    );
  }
  const gateway = props.s3Endpoint?.node.defaultChild;
  if (gateway) {
    warnAtSynthesis(owner, gateway, 'cdk-secure-ecr:EcrVpcEndpoints.layersOverInternet', () => {
      const unrouted = unroutedSubnets(props, subnets).filter(subnet => !vpc.isolatedSubnets.includes(subnet));
      return unrouted.length === 0 ? undefined
        : `image layers are downloaded over the internet from ${unrouted.map(({ node }) => `'${node.path}'`).join(', ')}, because 's3Endpoint' does not have their route tables; `
          + 'add these subnets to the gateway endpoint';
    });
  }
}

function warnOfPolicies(owner: WarnedEndpoints, props: EcrVpcEndpointsProps): void {
  const validations = Validations.of(owner);
  if (props.restrictS3ToImageLayers) {
    validations.addWarning(
      'cdk-secure-ecr:EcrVpcEndpoints.s3RestrictedToImageLayers',
      "all other traffic of these subnets to Amazon S3 is blocked, such as to package repositories and your buckets, because of 'restrictS3ToImageLayers'",
    );
  }
  const statements = (props.policyStatements ?? []).map(jsonOf);
  if (openStatements(statements).some(statement => allows(statement, 'ecr:putimage'))) {
    validations.addWarning(
      'cdk-secure-ecr:EcrVpcEndpoints.openPolicy',
      "credentials of any AWS account can push images of this VPC to any registry, because 'policyStatements' allow all principals to push to all registries; "
      + "add a condition on 'aws:PrincipalAccount' or 'aws:PrincipalOrgID', or name the repositories in 'resources'",
    );
  }
  if (statements.length > 0 && !statements.some(statement => statement.Effect === 'Allow' && allows(statement, 'ecr:getauthorizationtoken'))) {
    validations.addWarning(
      'cdk-secure-ecr:EcrVpcEndpoints.noLogin',
      "logins to Amazon ECR fail in the VPC, because 'policyStatements' do not allow 'ecr:GetAuthorizationToken' on '*'; add a statement that does",
    );
  }
  warnOfAddOns(owner, props);
  if (props.trustedAccounts ?? props.trustedOrganization) {
    warnOfCompanions(owner);
  }
}

/**
 * The images of the add-ons of Amazon EKS are in registries of AWS, which are not in the organization of a customer.
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
      'nodes of Amazon EKS cannot pull the images of add-ons such as the VPC CNI, because the endpoints allow no registry of AWS; '
      + "add the account of the Region to 'reachableRegistries': https://docs.aws.amazon.com/eks/latest/userguide/add-ons-images.html",
    );
  }
}

function warnOfCompanions(owner: WarnedEndpoints): void {
  for (const [service, endpoint] of Object.entries(owner.companionEndpoints)) {
    const resource = endpoint.node.defaultChild as ec2.CfnVPCEndpoint;
    warnAtSynthesis(owner, resource, 'cdk-secure-ecr:EcrVpcEndpoints.openCompanion', () => Stack.of(resource).resolve(resource.policyDocument) !== undefined ? undefined
      : `credentials of any AWS account can use the endpoint for ${show(service)}, because it has no policy, unlike the endpoints of Amazon ECR; `
        + "set 'companionPolicyStatements', or acknowledge it for a service that does not support endpoint policies");
  }
}

function warnOfPeers(owner: WarnedEndpoints, props: EcrVpcEndpointsProps, blocks: readonly string[]): void {
  const { vpc, securityGroup, peers } = props;
  const closed = (['apiEndpoint', 'dockerEndpoint'] as const).filter(prop => props[prop]?.connections.securityGroups.length === 0);
  if (peers && closed.length > 0) {
    Validations.of(owner).addWarning(
      'cdk-secure-ecr:EcrVpcEndpoints.peersNotApplied',
      `'peers' has no effect on ${closed.map(prop => `'${prop}'`).join(' and ')}, which is imported without 'securityGroups'; import it with its security groups`,
    );
  }

  const group = ownSecurityGroup(owner.securityGroup);
  if (!group) {
    return;
  }
  const rules = (): ReturnType<typeof ingressRules> => ingressRules(owner.securityGroup!, group);
  const count = (): number => rules().length;
  warnAtSynthesis(owner, group, 'cdk-secure-ecr:EcrVpcEndpoints.noIncomingRule', () => rules().some(canAllowHttps) ? undefined
    : `every pull in the VPC times out, because the security group of the endpoints has no inbound rule for port 443; ${securityGroup ? "set 'peers', or add a rule for port 443" : "add to 'peers', or call connections.allowDefaultPortFrom(…)"}`);
  const max = LIMITS.securityGroupRules;
  warnAtSynthesis(owner, group, 'cdk-secure-ecr:EcrVpcEndpoints.manyRules', () => count() <= max ? undefined
    : `the deployment fails unless the quota is raised, because the security group of the endpoints has ${count()} inbound rules and the default quota is ${max}; use a common peer, or request a higher quota`);
  if (blocks.length > 0) {
    warnAtSynthesis(owner, group, 'cdk-secure-ecr:EcrVpcEndpoints.addressesAddedLater', () => {
      const added = addressBlocksOf(vpc).filter(block => !blocks.includes(block));
      return added.length === 0 ? undefined
        : `workloads with addresses of ${added.join(', ')} cannot connect to the endpoints, because the app adds these blocks to the VPC later; add them first, or set 'peers'`;
    });
  }
}

/** Whether a statement is for an action on every resource. */
function allows({ Action, NotAction, Resource, NotResource }: StatementJson, action: string): boolean {
  const isFor = (patterns: unknown): boolean => textsOf(patterns).some(pattern => matchesWildcards(action, pattern.toLowerCase()));
  const [actions, resources] = [NotAction === undefined ? isFor(Action) : !isFor(NotAction), textsOf(Resource)];
  return actions && (NotResource !== undefined || resources.some(resource => /^\*+$/.test(resource) || /^arn:[^:]*:(?:ecr|\*):[^:]*:\*:repository\/\*$/.test(resource)));
}
