import type { Stack } from 'aws-cdk-lib';
import type * as codecommit from 'aws-cdk-lib/aws-codecommit';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import {
  type DefaultPropsInjector, ExistingPolicy, type PublicRepositoryGrants, type RepositoryDefaults, RepositoryEncryption, type RepositoryGrants,
  type RepositoryNamespaceGrants, type RepositoryNaming, SecureRepository,
} from 'cdk-secure-ecr';
import { lookAlike, take } from './refuse';

declare const scope: Stack;
declare const grantsOfCdk: codecommit.RepositoryGrants;

// @ts-expect-error -- text
take<ExistingPolicy>('{}');
// @ts-expect-error -- look-alike
take<ExistingPolicy>(lookAlike<ExistingPolicy>());
// @ts-expect-error -- text
take<DefaultPropsInjector>('props');
// @ts-expect-error -- look-alike
take<DefaultPropsInjector>(lookAlike<DefaultPropsInjector>());
// @ts-expect-error -- text
take<RepositoryDefaults>('defaults');
// @ts-expect-error -- look-alike
take<RepositoryDefaults>(lookAlike<RepositoryDefaults>());
// @ts-expect-error -- text
take<RepositoryNamespaceGrants>('push');
// @ts-expect-error -- look-alike
take<RepositoryNamespaceGrants>(lookAlike<RepositoryNamespaceGrants>());
// @ts-expect-error -- text
take<RepositoryNaming>('{team}/{service}');
// @ts-expect-error -- look-alike
take<RepositoryNaming>(lookAlike<RepositoryNaming>());
// @ts-expect-error -- text
take<PublicRepositoryGrants>('push');
// @ts-expect-error -- look-alike
take<PublicRepositoryGrants>(lookAlike<PublicRepositoryGrants>());
// @ts-expect-error -- text
take<RepositoryEncryption>('KMS');
// @ts-expect-error -- look-alike
take<RepositoryEncryption>(lookAlike<RepositoryEncryption>());
// @ts-expect-error -- the class of the CDK has the same name
take<RepositoryEncryption>(ecr.RepositoryEncryption.KMS);
// @ts-expect-error -- text
take<RepositoryGrants>('push');
// @ts-expect-error -- look-alike
take<RepositoryGrants>(lookAlike<RepositoryGrants>());
// @ts-expect-error -- the class of the CDK has the same name
take<RepositoryGrants>(grantsOfCdk);

new SecureRepository(scope, 'Existing', { repositoryPolicy: ExistingPolicy.fromJson('{}') });
new SecureRepository(scope, 'Repository', { encryption: RepositoryEncryption.AES_256 });
// @ts-expect-error -- the class of the CDK
new SecureRepository(scope, 'ByCdk', { encryption: ecr.RepositoryEncryption.KMS });
// @ts-expect-error -- the property of CloudFormation
new SecureRepository(scope, 'ByProperty', { encryption: { encryptionType: 'KMS' } });
