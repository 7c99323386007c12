import { ArnFormat, Stack, Validations } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';

/**
 * A VPC without NAT and without an internet gateway, and encrypted logs for its traffic and its workloads: not a stack of its own, but
 * what other examples start from.
 */
export class IsolatedNetwork extends Construct {
  public readonly vpc: ec2.IVpc;
  public readonly logGroup: logs.ILogGroup;

  constructor(scope: Construct, id: string) {
    super(scope, id);

    const stack = Stack.of(this);
    const encryptionKey = new kms.Key(this, 'LogKey', { enableKeyRotation: true });
    encryptionKey.addToResourcePolicy(new iam.PolicyStatement({
      principals: [new iam.ServicePrincipal(`logs.${stack.region}.amazonaws.com`)],
      actions: ['kms:Decrypt*', 'kms:Describe*', 'kms:Encrypt*', 'kms:GenerateDataKey*', 'kms:ReEncrypt*'],
      resources: ['*'],
      conditions: {
        ArnLike: {
          'kms:EncryptionContext:aws:logs:arn': stack.formatArn({
            service: 'logs',
            resource: 'log-group',
            resourceName: '*',
            arnFormat: ArnFormat.COLON_RESOURCE_NAME,
          }),
        },
      },
    }));
    this.logGroup = new logs.LogGroup(this, 'Logs', { encryptionKey, retention: logs.RetentionDays.ONE_YEAR });

    this.vpc = new ec2.Vpc(this, 'Vpc', {
      restrictDefaultSecurityGroup: false, // it would take a Lambda function
      subnetConfiguration: [{ name: 'private', subnetType: ec2.SubnetType.PRIVATE_ISOLATED }],
    });
    this.vpc.addFlowLog('FlowLog', { destination: ec2.FlowLogDestination.toCloudWatchLogs(this.logGroup) });

    Validations.of(this).acknowledge(...['HIPAA.Security', 'NIST.800.53.R5', 'PCI.DSS.321'].flatMap(pack => [
      { id: `${pack}-VPCDefaultSecurityGroupClosed`, reason: 'nothing is in the default security group, and closing it takes a Lambda function' },
      { id: `${pack}-IAMNoInlinePolicy`, reason: 'the CDK writes the permissions of one role as its own policy, which nobody else can use' },
    ]));
  }
}
