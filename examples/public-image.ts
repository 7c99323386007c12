import { Stack, type StackProps, Validations } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { PublicRepository } from 'cdk-secure-ecr';
import type { Construct } from 'constructs';

/**
 * An image for everybody in the Amazon ECR Public Gallery, which only the release project pushes.
 */
export class PublicImageStack extends Stack {
  constructor(scope: Construct, id: string, props?: StackProps) {
    super(scope, id, { ...props, env: { ...props?.env, region: 'us-east-1' } }); // the only Region that has ECR Public

    const repository = new PublicRepository(this, 'Repository', {
      repositoryName: 'tools/converter',
      description: 'Converts documents',
      aboutText: '# Converter\nConverts documents from and to PDF.',
      usageText: '`docker run public.ecr.aws/<alias>/tools/converter --help`',
      architectures: ['x86-64', 'ARM 64'],
      operatingSystems: ['Linux'],
    });

    const release = new iam.Role(this, 'Release', { assumedBy: new iam.ServicePrincipal('codebuild.amazonaws.com') });
    repository.grants.push(release);

    Validations.of(this).acknowledge(
      { id: 'AwsSolutions-IAM5[Resource::*]', reason: 'the two actions of the login to ECR Public have no resource type' },
      ...['HIPAA.Security', 'NIST.800.53.R5', 'PCI.DSS.321'].map(pack => (
        { id: `${pack}-IAMNoInlinePolicy`, reason: 'the CDK writes the permissions of one role as its own policy, which nobody else can use' }
      )),
    );
  }
}
