import type { Stack } from 'aws-cdk-lib';
import { Match } from 'aws-cdk-lib/assertions';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { FindingGranularity, ScanFindings, ScanFindingsFormat, SecureRepository } from '../../lib';
import { CONSUMER, type Mistake, OWNER, REGION } from './mistake';

const SUMMARIES = { source: ['aws.ecr', 'aws.inspector2'], detailType: ['ECR Image Scan', 'Inspector2 Scan'] };

const queue = (stack: Stack, id = 'Queue'): events.IRuleTarget => new targets.SqsQueue(new sqs.Queue(stack, id));
const six = (stack: Stack): events.IRuleTarget[] => [1, 2, 3, 4, 5, 6].map(number => queue(stack, `Queue${number}`));
const defaultKey = (stack: Stack): kms.IAlias => kms.Alias.fromAliasName(stack, 'Alias', 'alias/aws/sns');
const farKey = (stack: Stack): kms.IKey => kms.Key.fromKeyArn(stack, 'Far', `arn:aws:kms:us-east-1:${OWNER}:key/0a1b2c3d-0000-0000-0000-000000000000`);
const FOREIGN = `arn:aws:ecr:${REGION}:${CONSUMER}:repository/team/api`;
const findings = (stack: Stack): ScanFindings => new ScanFindings(stack, 'Findings');
const rule = (stack: Stack, eventPattern: events.EventPattern, ...to: events.IRuleTarget[]): events.Rule => new events.Rule(stack, 'Rule', { eventPattern, targets: to });

function topicWith(stack: Stack, masterKey?: kms.IKey, message?: events.RuleTargetInput): sns.Topic {
  const topic = new sns.Topic(stack, 'Topic', { masterKey });
  rule(stack, SUMMARIES, new targets.SnsTopic(topic, { message }));
  return topic;
}

export const FINDING_MISTAKES: Mistake[] = [
  {
    mistake: 'a rule for the scans of a repository by its name where enhanced scanning is on',
    atAws: 'the rule never fires: in the events of Amazon Inspector, repository-name is an ARN',
    mends: template => template.hasResourceProperties('AWS::Events::Rule', {
      EventPattern: { source: ['aws.inspector2'], resources: [{ 'Fn::GetAtt': [Match.stringLikeRegexp('Api'), 'Arn'] }], detail: { 'repository-name': Match.absent() } },
    }),
    ours: stack => new ScanFindings(stack, 'Findings', { repositories: [new SecureRepository(stack, 'Api', { repositoryName: 'team/api' })] }),
    core: stack => rule(stack, { ...SUMMARIES, detail: { 'repository-name': ['team/api'] } }, queue(stack)),
  },
  {
    mistake: 'a rule for findings of Amazon Inspector that does not ask in what',
    atAws: 'findings in instances and functions are told as findings in images',
    mends: template => template.hasResourceProperties('AWS::Events::Rule', {
      EventPattern: { 'detail-type': ['Inspector2 Finding'], 'resources': [{ prefix: Match.objectLike({ 'Fn::Join': Match.anyValue() }) }] },
    }),
    ours: stack => new ScanFindings(stack, 'Findings', { granularity: FindingGranularity.FINDING }),
    core: stack => rule(stack, { source: ['aws.inspector2'], detailType: ['Inspector2 Finding'] }, queue(stack)),
  },
  {
    mistake: 'a rule for the scans of a repository of another account',
    atAws: 'the rule never fires: events stay in the account of the repository',
    names: 'cdk-secure-ecr:ScanFindings.foreignRepository',
    ours: stack => new ScanFindings(stack, 'Findings', { repositories: [SecureRepository.fromRepositoryArn(stack, 'Foreign', FOREIGN)] }),
    core: stack => ecr.Repository.fromRepositoryArn(stack, 'Foreign', FOREIGN).onImageScanCompleted('Scanned', { target: queue(stack) }),
  },
  {
    mistake: 'a rule for the scans of no repository',
    atAws: 'PutRule: InvalidEventPatternException, empty arrays are not allowed',
    names: "'repositories'",
    ours: stack => new ScanFindings(stack, 'Findings', { repositories: [] }),
    core: stack => rule(stack, { ...SUMMARIES, resources: [] }, queue(stack)),
  },
  {
    mistake: 'a rule for the scans of repositories with a wildcard in a prefix',
    atAws: 'the rule never fires: a prefix has no wildcards',
    names: "'repositoryPrefixes[0]'",
    ours: stack => new ScanFindings(stack, 'Findings', { repositoryPrefixes: ['prod/*'] }),
    core: stack => rule(stack, { ...SUMMARIES, resources: events.Match.prefix(`arn:aws:ecr:${REGION}:${OWNER}:repository/prod/*`) }, queue(stack)),
  },
  {
    mistake: 'a rule for findings with six targets',
    atAws: 'PutTargets: LimitExceededException',
    names: "'targets'",
    ours: stack => new ScanFindings(stack, 'Findings', { targets: six(stack) }),
    core: stack => rule(stack, SUMMARIES, ...six(stack)),
  },
  {
    mistake: 'findings to a topic that is encrypted with the AWS managed key of Amazon SNS',
    atAws: 'no message arrives: nobody can allow Amazon EventBridge to use that key',
    names: "'encryptionKey'",
    ours: stack => new ScanFindings(stack, 'Findings', { encryptionKey: defaultKey(stack) }),
    core: stack => topicWith(stack, defaultKey(stack)),
  },
  {
    mistake: 'findings to a topic whose key is in another Region',
    atAws: 'no message arrives: a topic uses keys of its own Region',
    names: "'encryptionKey'",
    ours: stack => new ScanFindings(stack, 'Findings', { encryptionKey: farKey(stack) }),
    core: stack => topicWith(stack, farKey(stack)),
  },
  {
    mistake: 'findings to a topic whose key Amazon EventBridge may use on a condition',
    atAws: 'no message arrives: Amazon EventBridge supports no conditions there',
    mends: template => template.hasResourceProperties('AWS::Events::Rule', { Targets: [Match.objectLike({ RoleArn: Match.anyValue() })] }),
    ours: findings,
    core: stack => {
      const key = new kms.Key(stack, 'Key');
      key.grantEncryptDecrypt(new iam.ServicePrincipal('events.amazonaws.com', { conditions: { StringEquals: { 'aws:SourceAccount': OWNER } } }));
      topicWith(stack, key);
    },
  },
  {
    mistake: 'findings to a topic that Amazon EventBridge may publish to for every account',
    atAws: 'whoever knows the ARN of the topic sends false alarms',
    mends: template => template.hasResourceProperties('AWS::SNS::TopicPolicy', {
      PolicyDocument: { Statement: Match.arrayWith([Match.objectLike({ Effect: 'Deny', Condition: { ArnNotEquals: { 'aws:PrincipalArn': Match.anyValue() } } })]) },
    }),
    ours: findings,
    core: stack => topicWith(stack),
  },
  {
    mistake: 'findings as text to a chat channel',
    atAws: 'Amazon Q Developer drops what is neither an event of AWS nor a custom notification',
    mends: template => template.hasResourceProperties('AWS::Events::Rule', {
      Targets: [Match.objectLike({ InputTransformer: { InputTemplate: Match.stringLikeRegexp('^\\{"version":"1.0","source":"custom","content":') } })],
    }),
    ours: stack => new ScanFindings(stack, 'Findings', { format: ScanFindingsFormat.CHAT }),
    core: stack => topicWith(stack, undefined, events.RuleTargetInput.fromText(`Scanned: ${events.EventField.fromPath('$.detail.repository-name')}`)),
  },
  {
    mistake: 'a message with the number of critical findings, of which there are none',
    atAws: 'the field is missing in events: the message has a gap where a number should be',
    mends: template => template.hasResourceProperties('AWS::Events::Rule', {
      Targets: [Match.objectLike({ InputTransformer: { InputPathsMap: { 'detail-finding-severity-counts': '$.detail.finding-severity-counts' } } })],
    }),
    ours: findings,
    core: stack => topicWith(stack, undefined, events.RuleTargetInput.fromText(`Critical: ${events.EventField.fromPath('$.detail.finding-severity-counts.CRITICAL')}`)),
  },
];
