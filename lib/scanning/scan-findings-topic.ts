import { ArnFormat, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as sns from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';

/**
 * An encrypted topic, and the role with which only rules of this account can publish to it.
 *
 * It uses a role and not the service principal in the policies of the topic and the key, because Amazon EventBridge supports no
 * condition on the rule or its account there, so that rules of every account could publish.
 *
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html#compatibility-with-aws-services
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html#eb-sns-permissions
 */
export function createFindingsTopic(scope: Construct, encryptionKey: kms.IKeyRef | undefined): { topic: sns.Topic; role: iam.Role } {
  const stack = Stack.of(scope);
  const key = encryptionKey
    ? kms.Key.fromKeyArn(scope, 'EncryptionKey', encryptionKey.keyRef.keyArn)
    : new kms.Key(scope, 'Key', {
      description: 'Encrypts messages about vulnerabilities in images',
      enableKeyRotation: true,
      removalPolicy: RemovalPolicy.DESTROY, // as the topic: a key that stays costs money
    });
  const topic = new sns.Topic(scope, 'Topic', { masterKey: key, enforceSSL: true });
  const role = new iam.Role(scope, 'Role', {
    description: 'Publishes messages about vulnerabilities in images',
    assumedBy: new iam.ServicePrincipal('events.amazonaws.com', {
      conditions: {
        StringEquals: { 'aws:SourceAccount': stack.account },
        ArnLike: { 'aws:SourceArn': stack.formatArn({ service: 'events', resource: 'rule', resourceName: '*', arnFormat: ArnFormat.SLASH_RESOURCE_NAME }) },
      },
    }),
    managedPolicies: [new iam.ManagedPolicy(scope, 'RolePolicy', {
      description: 'Allows Amazon EventBridge to publish messages about vulnerabilities in images',
      statements: [
        new iam.PolicyStatement({ actions: ['sns:Publish'], resources: [topic.topicArn] }),
        new iam.PolicyStatement({ actions: ['kms:Decrypt', 'kms:GenerateDataKey'], resources: [key.keyArn] }),
      ],
    })],
  });
  topic.addToResourcePolicy(new iam.PolicyStatement({
    sid: 'DenyAllOtherPublishers',
    effect: iam.Effect.DENY,
    principals: [new iam.AnyPrincipal()],
    actions: ['sns:Publish'],
    resources: [topic.topicArn],
    conditions: { ArnNotEquals: { 'aws:PrincipalArn': role.roleArn } },
  }));
  return { topic, role };
}
