/**
 * IAM actions by intent. They are sorted, so that each policy lists the same permission in the same order.
 *
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerregistry.html
 */

/** Only in identity policies, and only on `*`: the action has no resource type. */
export const LOGIN_ACTIONS = ['ecr:GetAuthorizationToken'];

/** The actions that a container runtime uses to pull. */
export const PULL_ACTIONS = ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'];

/**
 * The actions that AWS services (Lambda, CodeBuild) use to pull on their own behalf.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/images-create.html
 */
export const SERVICE_PULL_ACTIONS = ['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'];

/**
 * The actions that a client uses to push; `BatchGetImage` is part of AWS's own list.
 * https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-push-iam.html
 */
export const PUSH_ACTIONS = [
  'ecr:BatchCheckLayerAvailability',
  'ecr:BatchGetImage',
  'ecr:CompleteLayerUpload',
  'ecr:InitiateLayerUpload',
  'ecr:PutImage',
  'ecr:UploadLayerPart',
];

/** Creates a repository on a push. https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-creation-templates.html */
export const CREATE_ON_PUSH_ACTIONS = ['ecr:CreateRepository'];

/** Pull and push, without duplicates. */
export const PULL_PUSH_ACTIONS = [...new Set([...PULL_ACTIONS, ...PUSH_ACTIONS])].sort();

/**
 * The actions that the CDK CLI uses to publish image assets, as in the template of `cdk bootstrap`.
 * https://github.com/aws/aws-cdk-cli/blob/main/packages/aws-cdk/lib/api/bootstrap/bootstrap-template.yaml
 */
export const PUBLISH_ASSETS_ACTIONS = [...PULL_PUSH_ACTIONS, 'ecr:DescribeImages', 'ecr:DescribeRepositories'].sort();

/** Describes a repository and its images without pulling them. */
export const READ_ACTIONS = ['ecr:DescribeImages', 'ecr:DescribeRepositories', 'ecr:ListImages'];

/** Reads the findings of the last scan. */
export const SCAN_FINDINGS_ACTIONS = ['ecr:DescribeImageScanFindings', 'ecr:DescribeImages'];

/**
 * The actions with which a gate reads an image and the images of an index. They do not allow a pull, because layers need
 * `GetDownloadUrlForLayer`.
 */
export const GATE_ACTIONS = ['ecr:BatchGetImage', 'ecr:DescribeImageScanFindings'];

/**
 * The actions with which Amazon ECR reads findings of enhanced scanning from Amazon Inspector on behalf of the caller. They apply to
 * `*` only. https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-scanning-enhanced-iam.html
 */
export const INSPECTOR_ACTIONS = ['inspector2:ListCoverage', 'inspector2:ListFindings'];

/** Starts a basic scan. */
export const START_SCAN_ACTIONS = ['ecr:StartImageScan'];

/**
 * The actions that principals need, besides pulling, to pull through a cache.
 * https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-through-cache-iam.html
 */
export const IMPORT_ACTIONS = ['ecr:BatchImportUpstreamImage'];

/**
 * The actions that another registry needs to replicate into this one.
 * https://docs.aws.amazon.com/AmazonECR/latest/userguide/registry-permissions-create-replication.html
 */
export const REPLICATE_ACTIONS = ['ecr:CreateRepository', 'ecr:ReplicateImage'];

/**
 * The actions that Amazon ECR calls with the role of a creation template.
 * https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-creation-templates-custom.html
 */
export const TEMPLATE_ACTIONS = ['ecr:CreateRepository', 'ecr:ReplicateImage', 'ecr:TagResource'];

/**
 * The actions on the key that the creator of an encrypted repository needs.
 * https://docs.aws.amazon.com/AmazonECR/latest/userguide/encryption-at-rest.html
 */
export const TEMPLATE_KEY_ACTIONS = ['kms:CreateGrant', 'kms:DescribeKey', 'kms:RetireGrant'];

/**
 * The actions that the account of a cache needs on its upstream in another account.
 * https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-through-cache-private.html
 */
export const UPSTREAM_ACTIONS = ['ecr:BatchGetImage', 'ecr:BatchImportUpstreamImage', 'ecr:GetDownloadUrlForLayer', 'ecr:GetImageCopyStatus'];

/** The actions that it needs on its own repositories to copy the images, from the same page. */
export const UPSTREAM_COPY_ACTIONS = ['ecr:CompleteLayerUpload', 'ecr:InitiateLayerUpload', 'ecr:PutImage', 'ecr:UploadLayerPart'];

/**
 * The actions that a client uses to push to ECR Public.
 * https://docs.aws.amazon.com/AmazonECR/latest/public/public-repository-policy-examples.html
 */
export const PUBLIC_PUSH_ACTIONS = [
  'ecr-public:BatchCheckLayerAvailability',
  'ecr-public:CompleteLayerUpload',
  'ecr-public:InitiateLayerUpload',
  'ecr-public:PutImage',
  'ecr-public:UploadLayerPart',
];

/** Only in identity policies, and only on `*`. https://docs.aws.amazon.com/AmazonECR/latest/public/public-registry-auth.html */
export const PUBLIC_LOGIN_ACTIONS = ['ecr-public:GetAuthorizationToken'];

/** The second action of that login. AWS CodeArtifact uses the same action: a condition on `sts:AWSServiceName` separates them. */
export const BEARER_TOKEN_ACTIONS = ['sts:GetServiceBearerToken'];

/**
 * The actions that a principal needs, besides pushing, so that Amazon ECR signs its images.
 * https://docs.aws.amazon.com/AmazonECR/latest/userguide/managed-signing.html
 */
export const SIGN_ACTIONS = ['signer:SignPayload'];
