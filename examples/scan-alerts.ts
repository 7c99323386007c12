import { Stack, type StackProps } from 'aws-cdk-lib';
import * as chatbot from 'aws-cdk-lib/aws-chatbot';
import * as iam from 'aws-cdk-lib/aws-iam';
import { ScanFindings, ScanFindingsFormat, SecureRepository } from 'cdk-secure-ecr';
import type { Construct } from 'constructs';

/**
 * A Slack channel hears of every pushed image in which a scan finds something HIGH or CRITICAL. Amazon Q Developer brings the messages
 * there from an encrypted topic; nobody can run commands from the channel.
 */
export class ScanAlertsStack extends Stack {
  constructor(scope: Construct, id: string, props?: StackProps) {
    super(scope, id, props);

    const repositories = ['payments/api', 'payments/worker'].map(repositoryName => {
      return new SecureRepository(this, repositoryName.replace('/', '-'), { repositoryName });
    });
    const { topic } = new ScanFindings(this, 'Findings', { repositories, format: ScanFindingsFormat.CHAT });

    new chatbot.SlackChannelConfiguration(this, 'Channel', {
      slackChannelConfigurationName: 'payments-vulnerabilities',
      slackWorkspaceId: 'T0123456789', // authorize the workspace in the console of Amazon Q Developer first
      slackChannelId: 'C0123456789',
      notificationTopics: topic && [topic],
      guardrailPolicies: [iam.ManagedPolicy.fromAwsManagedPolicyName('AWSDenyAll')],
    });
  }
}
