/**
 * Events as AWS documents them, of other images on demand.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/ecr-eventbridge.html
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-scanning-enhanced-events.html
 * @see https://docs.aws.amazon.com/inspector/latest/user/eventbridge-integration.html
 */
export interface AwsEvent {
  readonly 'source': string;
  readonly 'detail-type': string;
  readonly 'resources': string[];
  readonly 'detail': Record<string, unknown>;
  readonly [field: string]: unknown;
}

export const ACCOUNT = '123456789012';
export const REGION = 'us-east-2';
export const REPOSITORY = 'amazon/amazon-ecs-sample';
export const DIGEST = 'sha256:36c7b282abd0186e01419f2e58743e1bf635808231049bbc9d77e5ad42e9d0f1';

export interface ImageOptions {
  readonly repository?: string;
  readonly account?: string;
  readonly region?: string;
  readonly tags?: string[];
}

type Counts = Record<string, number>;

const arnOf = ({ repository = REPOSITORY, account = ACCOUNT, region = REGION }: ImageOptions): string => (
  `arn:aws:ecr:${region}:${account}:repository/${repository}`
);

/** Basic scanning: what was not found is not counted. */
export function basicScan(counts: Counts | undefined, image: ImageOptions = {}, status = 'COMPLETE'): AwsEvent {
  return {
    'version': '0',
    'id': '85fc3613-e913-7fc4-a80c-a3753e4aa9ae',
    'detail-type': 'ECR Image Scan',
    'source': 'aws.ecr',
    'account': image.account ?? ACCOUNT,
    'time': '2019-10-29T02:36:48Z',
    'region': image.region ?? REGION,
    'resources': [arnOf(image)],
    'detail': {
      'scan-status': status,
      'repository-name': image.repository ?? REPOSITORY,
      ...(counts ? { 'finding-severity-counts': counts } : {}),
      'image-digest': DIGEST,
      'image-tags': image.tags ?? [],
    },
  };
}

/** The first scan of enhanced scanning: severities below MEDIUM are in the total only. */
export function firstScan(counts: Counts, image: ImageOptions = {}): AwsEvent {
  return {
    'version': '0',
    'id': '739c0d3c-4f02-85c7-5a88-94a9EXAMPLE',
    'detail-type': 'Inspector2 Scan',
    'source': 'aws.inspector2',
    'account': image.account ?? ACCOUNT,
    'time': '2021-12-03T18:03:16Z',
    'region': image.region ?? REGION,
    'resources': [arnOf(image)],
    'detail': {
      'scan-status': 'INITIAL_SCAN_COMPLETE',
      'repository-name': arnOf(image),
      'finding-severity-counts': counts,
      'image-digest': DIGEST,
      'image-tags': image.tags ?? ['latest'],
      'version': '1.0',
    },
  };
}

/** A single finding of enhanced scanning. */
export function finding(severity: string, image: ImageOptions = {}, status = 'ACTIVE'): AwsEvent {
  const imageArn = `${arnOf(image)}/${DIGEST}`;
  return {
    'version': '0',
    'id': '42dbea55-45ad-b2b4-87a8-afaEXAMPLE',
    'detail-type': 'Inspector2 Finding',
    'source': 'aws.inspector2',
    'account': image.account ?? ACCOUNT,
    'time': '2024-09-04T16:55:38Z',
    'region': image.region ?? REGION,
    'resources': [imageArn],
    'detail': {
      awsAccountId: image.account ?? ACCOUNT,
      description: 'Possible denial of service in "X.509" name checks\nof servers',
      epss: { score: 0.00045 },
      exploitAvailable: 'NO',
      findingArn: `arn:aws:inspector2:${REGION}:${ACCOUNT}:finding/be674aaddd0f75ac632055EXAMPLE`,
      firstObservedAt: 'Wed Sep 04 16:55:38.411 UTC 2024',
      fixAvailable: 'YES',
      lastObservedAt: 'Wed Sep 04 16:55:38.411 UTC 2024',
      packageVulnerabilityDetails: {
        source: 'UBUNTU_CVE',
        vulnerabilityId: 'CVE-2024-6119',
        vulnerablePackages: [
          { arch: 'ARM64', epoch: 0, fixedInVersion: '0:3.0.13-0ubuntu3.4', name: 'libssl3t64', packageManager: 'OS', version: '3.0.13' },
          { arch: 'ARM64', epoch: 0, fixedInVersion: '0:3.0.13-0ubuntu3.4', name: 'openssl', packageManager: 'OS', version: '3.0.13' },
        ],
      },
      remediation: { recommendation: { text: 'None Provided' } },
      resources: [{
        details: {
          awsEcrContainerImage: {
            architecture: 'arm64',
            imageHash: DIGEST,
            imageTags: image.tags ?? ['latest'],
            platform: 'UBUNTU_24_04',
            pushedAt: 'Wed Sep 04 16:55:28.000 UTC 2024',
            registry: image.account ?? ACCOUNT,
            repositoryName: image.repository ?? REPOSITORY,
          },
        },
        id: imageArn,
        partition: 'aws',
        region: REGION,
        type: 'AWS_ECR_CONTAINER_IMAGE',
      }],
      severity,
      status,
      title: 'CVE-2024-6119 - libssl3t64, openssl',
      type: 'PACKAGE_VULNERABILITY',
      updatedAt: 'Wed Sep 04 16:55:38.411 UTC 2024',
    },
  };
}

/** The scan of an instance, which has findings, too. */
export const INSTANCE_SCAN: AwsEvent = {
  'version': '0',
  'id': '28a46762-6ac8-6cc4-4f55-bc9ab99af928',
  'detail-type': 'Inspector2 Scan',
  'source': 'aws.inspector2',
  'account': ACCOUNT,
  'time': '2023-01-20T22:52:35Z',
  'region': REGION,
  'resources': ['i-087d63509b8c97098'],
  'detail': {
    'scan-status': 'INITIAL_SCAN_COMPLETE',
    'finding-severity-counts': { CRITICAL: 3, HIGH: 3, MEDIUM: 0, TOTAL: 6 },
    'instance-id': 'i-087d63509b8c97098',
    'version': '1.0',
  },
};

/** A finding in a function. */
export const FUNCTION_FINDING: AwsEvent = {
  ...finding('CRITICAL'),
  resources: [`arn:aws:lambda:${REGION}:${ACCOUNT}:function:VulnerableFunction:$LATEST`],
  detail: {
    severity: 'CRITICAL',
    status: 'ACTIVE',
    title: 'CVE-2023-30861 - flask',
    type: 'PACKAGE_VULNERABILITY',
    resources: [{ details: { awsLambdaFunction: { functionName: 'VulnerableFunction' } }, type: 'AWS_LAMBDA_FUNCTION' }],
  },
};

/** A push, which comes before the scan. */
export const PUSH: AwsEvent = {
  'version': '0',
  'id': '13cde686-328b-6117-af20-0e5566167482',
  'detail-type': 'ECR Image Action',
  'source': 'aws.ecr',
  'account': ACCOUNT,
  'time': '2019-11-16T01:54:34Z',
  'region': REGION,
  'resources': [],
  'detail': { 'result': 'SUCCESS', 'repository-name': REPOSITORY, 'image-digest': DIGEST, 'action-type': 'PUSH', 'image-tag': 'latest' },
};
