import { Stack } from 'aws-cdk-lib';
import { EventField, RuleTargetInput } from 'aws-cdk-lib/aws-events';
import type { IConstruct } from 'constructs';
import { partitionFacts } from '../private/ecr/partitions';

/**
 * Who reads the messages of a topic.
 */
export enum ScanFindingsFormat {
  /** Lines of text, for e-mail. */
  TEXT = 'TEXT',
  /** Custom notifications of Amazon Q Developer in chat applications, for Slack and Microsoft Teams; it drops plain text. */
  CHAT = 'CHAT',
}

/**
 * What a person gets to read, with fields of the event in it.
 */
export interface FindingsMessage {
  readonly headline: string;
  readonly facts: Record<string, string>;
  readonly digest: string;
  /** The page in the console, unless its address is not public. */
  readonly link?: string;
}

const field = (path: string): string => EventField.fromPath(`$.${path}`);

const PLACE = { Account: field('account'), Region: field('region'), Time: field('time') };

/**
 * A summary by Amazon ECR.
 */
export function basicMessage(scope: IConstruct): FindingsMessage {
  const repository = field('detail.repository-name');
  return summary(repository, 'Amazon ECR', imageLink(scope, repository, field('detail.image-digest')));
}

/**
 * A summary by Amazon Inspector, whose events hold the ARN in place of the name: no link to the image can be made of it.
 *
 * @param scope where the message is written
 * @param repositoryName the name of the one repository that there are messages of, if there is one
 */
export function enhancedMessage(scope: IConstruct, repositoryName: string | undefined): FindingsMessage {
  const link = repositoryName === undefined
    ? consolePage(scope, `inspector/v2/home?region=${field('region')}#/findings/all`)
    : imageLink(scope, repositoryName, field('detail.image-digest'));
  return summary(repositoryName ?? field('resources[0]'), 'Amazon Inspector', link);
}

/**
 * One finding of Amazon Inspector.
 */
export function findingMessage(scope: IConstruct): FindingsMessage {
  const image = (name: string): string => field(`detail.resources[0].details.awsEcrContainerImage.${name}`);
  return {
    headline: `${field('detail.severity')} vulnerability in ${image('repositoryName')}: ${field('detail.title')}`,
    facts: {
      'Repository': image('repositoryName'),
      'Tags': image('imageTags'),
      'Digest': image('imageHash'),
      'Fix available': field('detail.fixAvailable'),
      'Found by': 'Amazon Inspector',
      ...PLACE,
    },
    digest: image('imageHash'),
    link: imageLink(scope, image('repositoryName'), image('imageHash')),
  };
}

/**
 * A message as Amazon EventBridge fills it in. Every field stands inside of a text, so that one that an event does not have leaves a
 * gap, not a broken message; and only fields of a known alphabet are taken, since EventBridge does not escape what it fills in.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html#eb-transform-input-issues
 * @see https://docs.aws.amazon.com/chatbot/latest/adminguide/custom-notifs.html
 */
export function renderMessage({ headline, facts, digest, link }: FindingsMessage, format: ScanFindingsFormat): RuleTargetInput {
  const entries = Object.entries(facts);
  return format === ScanFindingsFormat.TEXT
    ? RuleTargetInput.fromMultilineText([headline, '', ...entries.map(([name, value]) => `${name}: ${value}`), ...link ? ['', link] : []].join('\n'))
    : RuleTargetInput.fromObject({
      version: '1.0',
      source: 'custom',
      content: {
        textType: 'client-markdown',
        title: headline,
        description: [...entries.map(([name, value]) => `*${name}:* ${value}`), ...link ? [link] : []].join('\n'),
      },
      metadata: { threadId: `image ${digest}` },
    });
}

function summary(repository: string, scanner: string, link: string | undefined): FindingsMessage {
  const digest = field('detail.image-digest');
  const counts = field('detail.finding-severity-counts');
  return {
    headline: `Vulnerabilities in ${repository}: ${counts}`,
    facts: { 'Repository': repository, 'Tags': field('detail.image-tags'), 'Digest': digest, 'Findings': counts, 'Found by': scanner, ...PLACE },
    digest,
    link,
  };
}

function imageLink(scope: IConstruct, repository: string, digest: string): string | undefined {
  const region = field('region');
  return consolePage(scope, `ecr/repositories/private/${field('account')}/${repository}/_/image/${digest}/details?region=${region}`);
}

function consolePage(scope: IConstruct, page: string): string | undefined {
  const { console: domain } = partitionFacts(Stack.of(scope).region);
  return domain && `https://${domain}/${page}`;
}
