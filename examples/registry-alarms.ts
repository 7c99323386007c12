import { Stack, type StackProps } from 'aws-cdk-lib';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { QuotaAlarm, RegistryApi, RegistryMetrics, SecureRepository } from 'cdk-secure-ecr';
import type { Construct } from 'constructs';

/**
 * Whoever is on call hears of a registry that fills up, and of pulls that will soon be throttled.
 */
export class RegistryAlarmsStack extends Stack {
  constructor(scope: Construct, id: string, props?: StackProps) {
    super(scope, id, props);

    const alarms = new ServicePrincipal('cloudwatch.amazonaws.com', { conditions: { StringEquals: { 'aws:SourceAccount': this.account } } });
    const key = new Key(this, 'Key', { enableKeyRotation: true });
    key.grants.actions(alarms, 'kms:Decrypt', 'kms:GenerateDataKey*');
    const topic = new Topic(this, 'OnCall', { masterKey: key, enforceSSL: true });
    topic.grants.publish(alarms);
    const onCall = new SnsAction(topic);

    const repository = new SecureRepository(this, 'Api');
    new QuotaAlarm(this, 'ManyImages', { metric: repository.metricImageCount() }).addAlarmAction(onCall);
    new QuotaAlarm(this, 'ManyRepositories', { metric: RegistryMetrics.repositoryCount() }).addAlarmAction(onCall);

    RegistryMetrics.callsPerSecond(RegistryApi.BATCH_GET_IMAGE).createAlarm(this, 'ManyPulls', {
      threshold: 1_600, // of 2,000, unless your quota was raised
      evaluationPeriods: 5,
    }).addAlarmAction(onCall);
  }
}
