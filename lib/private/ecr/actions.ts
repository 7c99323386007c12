/**
 * IAM actions by intent, sorted, so that the same permission reads the same in every policy.
 *
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerregistry.html
 */

/** Only in identity policies, and only on `*`: the action has no resource type. */
export const LOGIN_ACTIONS = ['ecr:GetAuthorizationToken'];

/** What a container runtime uses to pull. */
export const PULL_ACTIONS = ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'];

/**
 * What AWS services (Lambda, CodeBuild) use to pull on their own behalf.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/images-create.html
 */
export const SERVICE_PULL_ACTIONS = ['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'];

/** What a client uses to push; `BatchGetImage` is part of AWS's own list. https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-push-iam.html */
export const PUSH_ACTIONS = [
  'ecr:BatchCheckLayerAvailability',
  'ecr:BatchGetImage',
  'ecr:CompleteLayerUpload',
  'ecr:InitiateLayerUpload',
  'ecr:PutImage',
  'ecr:UploadLayerPart',
];

/** Both, without the overlap. */
export const PULL_PUSH_ACTIONS = [...new Set([...PULL_ACTIONS, ...PUSH_ACTIONS])].sort();

/** What the CDK CLI uses to publish image assets, as the template of `cdk bootstrap` has it. https://github.com/aws/aws-cdk-cli/blob/main/packages/aws-cdk/lib/api/bootstrap/bootstrap-template.yaml */
export const PUBLISH_ASSETS_ACTIONS = [...PULL_PUSH_ACTIONS, 'ecr:DescribeImages', 'ecr:DescribeRepositories'].sort();

/** Looks at a repository and its images without pulling them. */
export const READ_ACTIONS = ['ecr:DescribeImages', 'ecr:DescribeRepositories', 'ecr:ListImages'];

/** Reads what the last scan found. */
export const SCAN_FINDINGS_ACTIONS = ['ecr:DescribeImageScanFindings', 'ecr:DescribeImages'];

/** What a gate asks about an image, and about the images of an index. Neither lets it pull: layers need `GetDownloadUrlForLayer`. */
export const GATE_ACTIONS = ['ecr:BatchGetImage', 'ecr:DescribeImageScanFindings'];

/** What Amazon ECR asks Amazon Inspector on behalf of whoever reads findings of enhanced scanning: only on `*`. https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-scanning-enhanced-iam.html */
export const INSPECTOR_ACTIONS = ['inspector2:ListCoverage', 'inspector2:ListFindings'];

/** Starts a basic scan. */
export const START_SCAN_ACTIONS = ['ecr:StartImageScan'];

/** What a cache lets its pullers do besides pulling. https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-through-cache-iam.html */
export const IMPORT_ACTIONS = ['ecr:BatchImportUpstreamImage'];

/** What another registry needs to replicate into this one. https://docs.aws.amazon.com/AmazonECR/latest/userguide/registry-permissions-create-replication.html */
export const REPLICATE_ACTIONS = ['ecr:CreateRepository', 'ecr:ReplicateImage'];

/** What Amazon ECR does with the role of a creation template. https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-creation-templates-custom.html */
export const TEMPLATE_ACTIONS = ['ecr:CreateRepository', 'ecr:ReplicateImage', 'ecr:TagResource'];

/** What whoever creates an encrypted repository does with its key. https://docs.aws.amazon.com/AmazonECR/latest/userguide/encryption-at-rest.html */
export const TEMPLATE_KEY_ACTIONS = ['kms:CreateGrant', 'kms:DescribeKey', 'kms:RetireGrant'];

/** What the account of a cache does with its upstream in another account. https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-through-cache-private.html */
export const UPSTREAM_ACTIONS = ['ecr:BatchGetImage', 'ecr:BatchImportUpstreamImage', 'ecr:GetDownloadUrlForLayer', 'ecr:GetImageCopyStatus'];

/** What it does with its own repositories to copy the images there, from the same page. */
export const UPSTREAM_COPY_ACTIONS = ['ecr:CompleteLayerUpload', 'ecr:InitiateLayerUpload', 'ecr:PutImage', 'ecr:UploadLayerPart'];

/** What a client uses to push to ECR Public. https://docs.aws.amazon.com/AmazonECR/latest/public/public-repository-policy-examples.html */
export const PUBLIC_PUSH_ACTIONS = [
  'ecr-public:BatchCheckLayerAvailability',
  'ecr-public:CompleteLayerUpload',
  'ecr-public:InitiateLayerUpload',
  'ecr-public:PutImage',
  'ecr-public:UploadLayerPart',
];

/** Only in identity policies, and only on `*`. https://docs.aws.amazon.com/AmazonECR/latest/public/public-registry-auth.html */
export const PUBLIC_LOGIN_ACTIONS = ['ecr-public:GetAuthorizationToken'];

/** The other half of that login. AWS CodeArtifact has tokens of this kind too: a condition on `sts:AWSServiceName` keeps them apart. */
export const BEARER_TOKEN_ACTIONS = ['sts:GetServiceBearerToken'];

/** What a pusher needs besides pushing, so that Amazon ECR signs for it. https://docs.aws.amazon.com/AmazonECR/latest/userguide/managed-signing.html */
export const SIGN_ACTIONS = ['signer:SignPayload'];
