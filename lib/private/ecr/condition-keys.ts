/**
 * The condition keys that a request to Amazon ECR may have. A test compares them with the service authorization reference.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerregistry.html#amazonelasticcontainerregistry-policy-keys
 */

/** The global keys. A `/` at the end precedes the name of a tag. */
export const GLOBAL_CONDITION_KEYS: readonly string[] = (
  'AssumedRoot CalledVia CalledViaAWSMCP CalledViaFirst CalledViaLast ChatbotSourceArn CurrentTime Ec2InstanceSourcePrivateIPv4 Ec2InstanceSourceVpc '
  + 'EpochTime FederatedProvider IsMcpServiceAction MultiFactorAuthAge MultiFactorAuthPresent PrincipalAccount PrincipalArn PrincipalIsAWSService '
  + 'PrincipalOrgID PrincipalOrgPaths PrincipalServiceName PrincipalServiceNamesList PrincipalTag/ PrincipalType RequestTag/ RequestedRegion '
  + 'ResourceAccount ResourceOrgID ResourceOrgPaths ResourceTag/ SecureTransport SourceAccount SourceArn SourceIdentity SourceIp SourceOrgID '
  + 'SourceOrgPaths SourceOwner SourceVpc SourceVpcArn SourceVpce TagKeys TokenIssueTime UserAgent ViaAWSMCPService ViaAWSService VpcSourceIp '
  + 'VpceAccount VpceOrgID VpceOrgPaths referer userid username'
).split(' ').map(name => `aws:${name}`);

/** Keys of other services that are in each request of a session of their roles. */
export const SESSION_CONDITION_KEYS: readonly string[] = [
  'ec2:RoleDelivery', 'ec2:SourceInstanceArn', 'glue:CredentialIssuingService', 'glue:RoleAssumedBy', 'identitystore:UserId', 'lambda:SourceFunctionArn',
  'ssm:SourceInstanceArn',
];

/** The keys of Amazon ECR itself. */
export const ECR_CONDITION_KEYS: readonly string[] = ['ecr-public:ResourceTag/', 'ecr:AccountSetting', 'ecr:ResourceTag/'];

const KNOWN = new Set([...GLOBAL_CONDITION_KEYS, ...SESSION_CONDITION_KEYS, ...ECR_CONDITION_KEYS].map(key => key.toLowerCase()));

/**
 * Whether a request may have a key. IAM ignores the case of keys, except the names of tags.
 */
export function isConditionKey(key: string): boolean {
  const lower = key.toLowerCase();
  const slash = lower.indexOf('/');
  return slash > 0 && slash < lower.length - 1 ? KNOWN.has(lower.slice(0, slash + 1)) : KNOWN.has(lower) && slash < 0;
}
