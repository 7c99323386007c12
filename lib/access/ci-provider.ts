import { Lazy, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct, type IConstruct } from 'constructs';
import { accountRelation, areDifferent, deployedStackOf, relationOf } from '../private/core/environment';
import { isKnown, show } from '../private/core/values';
import { KEYED_RESOURCES } from '../private/ecr/registry-resources';
import { claimProblems, claimResource, type OwnedKind } from '../private/ownership/claims';
import { customProviders, definitionOf, type ProviderDefinition } from './provider-definition';

const PROVIDERS: OwnedKind = {
  ...KEYED_RESOURCES.oidcProvider,
  warningId: 'cdk-secure-ecr:CiPushRole.environmentUnknown',
  fix: "pass the 'provider' of the first to the second",
  fixForeign: "pass the first to the second as 'provider'",
  normalize: providerName,
};

/**
 * The name of an issuer in IAM: in the ARN of its provider, and before the names of its claims.
 */
export function providerName(issuer: string): string {
  return issuer.replace(/^https:\/\//, '');
}

/**
 * Problems with the provider of the user, or with a new provider.
 *
 * @param owner the construct that the user wrote
 * @param issuer the issuer of the tokens
 * @param audiences the audiences of the tokens
 * @param provider the provider in the props
 */
export function providerProblems(
  owner: IConstruct, issuer: string, audiences: readonly string[], provider: iam.IOIDCProviderRef | undefined,
): string[] {
  if (!provider) {
    return providersOf(owner)?.has(providerName(issuer)) ? [] : claimProblems(owner, PROVIDERS, [issuer]);
  }

  const { oidcProviderArn } = provider.oidcProviderRef;
  const { account } = Stack.of(owner);
  const [head, name] = oidcProviderArn.split(':oidc-provider/');
  const problems: string[] = [];
  if (isKnown(oidcProviderArn) && name !== providerName(issuer)) {
    problems.push(`'provider' must be the provider of ${issuer}, the issuer of the 'subjects', got ${show(oidcProviderArn)}`);
  }
  const theirs = head.split(':')[4];
  if (isKnown(oidcProviderArn) && areDifferent(theirs, account)) {
    problems.push(`'provider' must be in account ${account}, the account of the role, got ${show(oidcProviderArn)}; omit it to create one`);
  }
  return [...problems, ...definitionProblems(issuer, audiences, definitionOf(provider))];
}

function definitionProblems(issuer: string, audiences: readonly string[], definition: ProviderDefinition | undefined): string[] {
  if (definition === undefined) {
    return [];
  }
  const { url, clientIds } = definition;
  const missing = isKnown(clientIds)
    ? [...new Set(audiences)].filter(audience => isKnown(audience) && !clientIds.some(id => !isKnown(id) || id === audience))
    : [];
  return [
    ...isKnown(url) && providerName(url) !== providerName(issuer)
      ? [`'provider' must be the provider of ${issuer}, the issuer of the 'subjects', got one for ${show(url)}`]
      : [],
    ...missing.length > 0
      ? [`'provider' must have the audience ${missing.map(show).join(' and ')} of the 'subjects' among its client ids, got ${show(clientIds)}; add it there`]
      : [],
  ];
}

/**
 * The provider that all roles of a stack share, created for the first of them. Constructs in nested stacks share the provider of the
 * outermost stack.
 *
 * It has no thumbprints: IAM trusts the certificate authorities of GitHub and gitlab.com, and retrieves the thumbprint of other issuers.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_oidc_verify-thumbprint.html
 */
export function sharedProvider(owner: IConstruct, issuer: string, audiences: readonly string[]): iam.IOIDCProviderRef {
  const providers = providersOf(owner) ?? new CiPushProviders(deployedStackOf(owner), 'CiPushProviders');
  return providers.provide(providerName(issuer), owner, audiences);
}

/**
 * The providers of a stack.
 */
class CiPushProviders extends Construct {
  private readonly audiences = new Map<string, Set<string>>();

  public has(id: string): boolean {
    return this.audiences.has(id);
  }

  public provide(id: string, owner: IConstruct, audiences: readonly string[]): iam.IOIDCProviderRef {
    const known = this.audiences.get(id);
    if (known) {
      audiences.forEach(audience => known.add(audience));
      return this.node.findChild(id) as iam.CfnOIDCProvider;
    }

    const ours = new Set(audiences);
    const url = `https://${id}`;
    const provider = new iam.CfnOIDCProvider(this, id, { url, clientIdList: Lazy.list({ produce: () => [...ours].sort() }) });
    this.audiences.set(id, ours);
    claimResource(owner, PROVIDERS, provider, [url]);
    owner.node.addValidation({ validate: () => customResourceProblems(owner, url) });
    return provider;
  }
}

function providersOf(owner: IConstruct): CiPushProviders | undefined {
  return deployedStackOf(owner).node.tryFindChild('CiPushProviders') as CiPushProviders | undefined;
}

/**
 * Problems with providers of `iam.OpenIdConnectProvider`, which are custom resources: IAM has one provider for each URL.
 */
function customResourceProblems(owner: IConstruct, url: string): string[] {
  return customProviders(owner.node.root)
    .filter(resource => relationOf(resource, owner, accountRelation) === 'same' && definitionOf(resource)?.url === url)
    .map(({ node }) => `'${node.path}' also defines the OIDC provider for ${url}, of which an account has one; give it to '${owner.node.path}' as 'provider'`);
}
