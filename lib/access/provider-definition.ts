import { CfnResource } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct, type IConstruct } from 'constructs';

/** The type of the custom resource of `iam.OpenIdConnectProvider`. */
const CUSTOM_TYPE = 'Custom::AWSCDKOpenIdConnectProvider';

/**
 * The properties of a provider of this app; they may be tokens.
 */
export interface ProviderDefinition {
  readonly url?: string;
  readonly clientIds?: readonly string[];
}

/**
 * The definition of a provider of this app: `CfnOIDCProvider`, `iam.OidcProviderNative` or `iam.OpenIdConnectProvider`.
 */
export function definitionOf(provider: object): ProviderDefinition | undefined {
  const resources = Construct.isConstruct(provider) ? provider.node.findAll().filter(CfnResource.isCfnResource) : [];
  for (const resource of resources) {
    if (resource.cfnResourceType === iam.CfnOIDCProvider.CFN_RESOURCE_TYPE_NAME) {
      const { url, clientIdList } = resource as iam.CfnOIDCProvider;
      return { url, clientIds: clientIdList };
    }
    if (resource.cfnResourceType === CUSTOM_TYPE) {
      // the properties of a resource without a class of its own, which CfnResource documents for its subclasses
      const { cfnProperties } = resource as unknown as { cfnProperties: { Url?: string; ClientIDList?: string[] } };
      const { Url: url, ClientIDList: clientIds } = cfnProperties;
      return { url, clientIds };
    }
  }
  return undefined;
}

/**
 * The custom resources of an app that are providers.
 */
export function customProviders(app: IConstruct): CfnResource[] {
  return app.node.findAll().filter(CfnResource.isCfnResource).filter(({ cfnResourceType }) => cfnResourceType === CUSTOM_TYPE);
}
