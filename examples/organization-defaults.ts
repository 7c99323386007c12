import { Duration, PropertyInjectors, Stack, type StackProps, Validations } from 'aws-cdk-lib';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import { DefaultPropsInjector, RepositoryEncryption, RepositoryNaming, SecureRepository } from 'cdk-secure-ecr';
import type { Construct } from 'constructs';

/**
 * The defaults of an organization, which every repository gets without a prop. An app takes them in one line:
 * `new App({ propertyInjectors: ORGANIZATION_DEFAULTS })`.
 */
export class OrganizationDefaultsStack extends Stack {
  constructor(scope: Construct, id: string, props?: StackProps) {
    super(scope, id, props);

    // the teams that exist: another name is an error with the nearest valid one
    const naming = RepositoryNaming.of('{team}/{service}', { team: ['payments', 'search'] });
    const ORGANIZATION_DEFAULTS = [
      DefaultPropsInjector.forRepository({
        imageScanOnPush: true,
        imageTagMutability: ecr.TagMutability.IMMUTABLE,
        lifecycleRules: [{ tagStatus: ecr.TagStatus.UNTAGGED, maxImageAge: Duration.days(7) }],
      }, { naming }),
      DefaultPropsInjector.forSecureRepository({ encryption: RepositoryEncryption.AWS_MANAGED_KEY }, { naming }),
    ];
    PropertyInjectors.of(this).add(...ORGANIZATION_DEFAULTS); // for one stack

    const api = new ecr.Repository(this, 'Api', { repositoryName: 'payments/api' });
    const index = new SecureRepository(this, 'Index', { repositoryName: 'search/index' });

    for (const repository of [api, index]) {
      Validations.of(repository).acknowledge({
        id: 'cdk-secure-ecr::EcrChecks.noCustomerManagedKey',
        reason: 'The organization has decided for the key that AWS manages',
      });
    }
  }
}
