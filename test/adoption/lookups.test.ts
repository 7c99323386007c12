import { App, Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import { EcrVpcEndpoints, LifecyclePolicy, PullTimeExclusions, RepositoryEncryption, RepositoryTemplate, SecureRepository, TemplateUse } from '../../lib';

// The hostile suite gives the value of StringParameter.valueFromLookup to every string prop; these are resources.
const LOOKUPS: Readonly<Record<string, (stack: Stack) => unknown>> = {
  'a role for grants': stack => new SecureRepository(stack, 'Api').grants.pullPush(role(stack)),
  'a role of a template': stack => new RepositoryTemplate(stack, 'Template', { prefix: 'team', appliedFor: [TemplateUse.REPLICATION], role: role(stack) }),
  'an excluded role': stack => new PullTimeExclusions(stack, 'Exclusions', { roles: [role(stack)] }),
  'a key': stack => new SecureRepository(stack, 'Api', {
    encryption: RepositoryEncryption.customerManagedKey(kms.Key.fromLookup(stack, 'Key', { aliasName: 'alias/images' })),
  }),
  'a repository': stack => SecureRepository.fromLookup(stack, 'Api', { repositoryName: 'team/api' }).grants.pull(role(stack)),
  'the text of a lifecycle policy': () => LifecyclePolicy.fromJson('dummy-value-for-/lifecycle'),
  'a VPC': stack => new EcrVpcEndpoints(stack, 'Endpoints', { vpc: vpc(stack) }),
  'subnets by group': stack => new EcrVpcEndpoints(stack, 'Endpoints', { vpc: vpc(stack), subnets: { subnetGroupName: 'app' } }),
  'subnets by type': stack => new EcrVpcEndpoints(stack, 'Endpoints', { vpc: vpc(stack), subnets: { subnetType: ec2.SubnetType.PRIVATE_ISOLATED } }),
  'subnets by zone': stack => new EcrVpcEndpoints(stack, 'Endpoints', { vpc: vpc(stack), subnets: { availabilityZones: ['eu-west-1a'] } }),
  'subnets by filter': stack => new EcrVpcEndpoints(stack, 'Endpoints', { vpc: vpc(stack), subnets: { subnetFilters: [ec2.SubnetFilter.byIds(['subnet-1'])] } }),
};

const role = (stack: Stack): iam.IRole => iam.Role.fromLookup(stack, 'Role', { roleName: 'ci' });
const vpc = (stack: Stack): ec2.IVpc => ec2.Vpc.fromLookup(stack, 'Vpc', { tags: { team: 'a' } });

test.each(Object.entries(LOOKUPS))('the first synthesis, before the CDK looks it up, takes %s', (_, build) => {
  const app = new App();
  build(new Stack(app, 'Stack', { env: { account: '123456789012', region: 'eu-west-1' } }));

  expect(() => app.synth()).not.toThrow();
});
