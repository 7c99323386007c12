import { Stack } from 'aws-cdk-lib';
import { EventField, RuleTargetInput } from 'aws-cdk-lib/aws-events';
import type { IConstruct } from 'constructs';
import { partitionFacts } from '../private/ecr/partitions';

/**
 * The format of the messages of a topic.
 */
export enum ScanFindingsFormat {
  /** Lines of text, for email. */
  TEXT = 'TEXT',
  /** Custom notifications of Amazon Q Developer in chat applications, for Slack and Microsoft Teams, which discards plain text. */
  CHAT = 'CHAT',
}

/**
 * The content of a message, with fields of the event.
 */
export interface FindingsMessage {
  readonly headline: string;
  readonly facts: Record<string, string>;
  readonly digest: string;
  /** The page in the console, if its URL is public. */
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
 * A summary by Amazon Inspector. Its events contain the ARN instead of the name, so the message cannot have a link to the image.
 *
 * @param scope the construct that the message belongs to
 * @param repositoryName the name of the repository, if the messages are about one repository
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
 * The input template of Amazon EventBridge for a message. Every field is inside a text, so that a missing field is empty and does not
 * break the message. Only fields with known characters are used, because EventBridge does not escape their values.
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
