import { isKnown, show } from '../core/values';
import { LIMITS } from './limits';

const SIGNING_PROFILE = /^arn:aws(-[a-z]+)*:signer:[a-z0-9-]+:[0-9]{12}:\/signing-profiles\/[a-zA-Z0-9_]{2,64}$/;

// https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_RegisterPullTimeUpdateExclusion.html
const IDENTITY = /^arn:aws(?:-[a-z]+)*:iam::[0-9]{12}:(role|user)\/[\w+=,.@-]+(?:\/[\w+=,.@-]+)*$/;

// The patterns of the CloudFormation schema.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ecr-repositorycreationtemplate.html
const ROLE_WITHOUT_PATH = /^arn:aws[-a-z0-9]*:iam::[0-9]{12}:role\/[A-Za-z0-9+=,.@_-]*$/;
const KEY = /^arn:aws[a-z0-9-]*:kms:[a-z0-9-]+:[0-9]{12}:key\/[a-z0-9-]+$/;

const ROLE = /^arn:[^:]+:iam::\d{12}:role\/.+$/;

/**
 * Problems with the ARN of a signing profile.
 */
export function signingProfileArnProblems(prop: string, arn: string): string[] {
  if (!isKnown(arn) || (SIGNING_PROFILE.test(arn) && arn.length <= LIMITS.signingProfileArnCharacters)) {
    return [];
  }
  return [
    `'${prop}' must be the ARN of a signing profile such as 'arn:aws:signer:eu-west-1:111122223333:/signing-profiles/release' without a version and of at most `
    + `${LIMITS.signingProfileArnCharacters} characters, got ${show(arn)}`,
  ];
}

/**
 * Problems with the ARN of a role or user whose pulls do not count.
 *
 * @param prop the prop that the user set
 * @param arn its value, in which tokens may stand for the partition and for the account of the stack
 * @param types the types of identities that the prop takes
 */
export function identityArnProblems(prop: string, arn: string, types: ReadonlyArray<'role' | 'user'>): string[] {
  const sample = arn.replace(/(?<=^arn:)\$\{Token\[[^\]]*\]\}(?=:)/, 'aws').replace(/\$\{Token\[AWS\.AccountId\.\d+\]\}/, '111122223333');
  const type = IDENTITY.exec(sample)?.[1];
  return !isKnown(sample) || (types.some(it => it === type) && sample.length <= LIMITS.identityArnCharacters) ? [] : [
    `'${prop}' must be the ARN of a ${types.join(' or ')} such as 'arn:aws:iam::111122223333:${types[0]}/scanner', of up to ${LIMITS.identityArnCharacters} characters `
    + `and without wildcards, got ${show(arn.replace(/\$\{Token\[AWS\.(\w+)\.\d+\]\}/g, '${AWS::$1}'))}`,
  ];
}

/**
 * Problems with the ARN of the role of a creation template: CloudFormation refuses a role with a path.
 */
export function pathlessRoleProblems(prop: string, arn: string): string[] {
  return !isKnown(arn) || ROLE_WITHOUT_PATH.test(arn) ? [] : [`'${prop}' must be a role without a path, got ${show(arn)}; CloudFormation rejects '/' in its name`];
}

/**
 * Problems with the ARN of a role.
 */
export function roleArnProblems(prop: string, arn: string): string[] {
  return !isKnown(arn) || ROLE.test(arn) ? [] : [`'${prop}' must be the ARN of a role, got ${show(arn)}`];
}

/**
 * Problems with the ARN of the key of a creation template: CloudFormation refuses aliases there.
 */
export function templateKeyProblems(prop: string, arn: string): string[] {
  return !isKnown(arn) || KEY.test(arn) ? [] : [`'${prop}' must be the ARN of a key in a template, got ${show(arn)}; pass the key itself in place of an alias`];
}
