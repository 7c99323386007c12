import { App, Stack } from 'aws-cdk-lib';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import { DefaultPropsInjector, RepositoryNaming } from 'cdk-secure-ecr';

const naming = RepositoryNaming.of('{team}/{service}', { team: ['payments', 'search'] });
const app = new App({ propertyInjectors: [DefaultPropsInjector.forRepository({ imageScanOnPush: true }, { naming })] });
new ecr.Repository(new Stack(app, 'Payments'), 'Api', { repositoryName: 'payments/api' });
