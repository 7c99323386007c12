import {
  type CfnResource, DefaultTokenResolver, type IFragmentConcatenator, type IPostProcessor, type IResolvable, type IResolveContext, Reference, Stack,
  Tokenization,
} from 'aws-cdk-lib';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type { IConstruct } from 'constructs';
import { isKnown } from '../core/values';
import { LIMITS } from '../ecr/limits';

// The shortest text for a token.
const SHORTEST: { readonly [reference: string]: string } = {
  'AWS::AccountId': '000000000000',
  'AWS::Partition': 'aws',
  'AWS::Region': 'us-east-1',
};

/** The random part that CloudFormation adds to a name, with its hyphen. */
const RANDOM = '-000000000000';

/** The fixed parts of the ARN of a resource, for the types whose ARNs are in policies of this library. */
const ARNS: { readonly [type: string]: (place: Place, name: string) => string } = {
  'AWS::ECR::Repository': ({ region, account }, name) => arnOf('ecr', region, account, `repository/${name}`),
  'AWS::IAM::Role': ({ account }, name) => arnOf('iam', '', account, `role/${name}`),
  'AWS::IAM::User': ({ account }, name) => arnOf('iam', '', account, `user/${name}`),
  'AWS::KMS::Key': ({ region, account }) => arnOf('kms', region, account, 'key/00000000-0000-0000-0000-000000000000'),
  'AWS::Signer::SigningProfile': ({ region, account }, name) => arnOf('signer', region, account, `/signing-profiles/${name}`),
};

/** The types whose `Ref` is their ARN. */
const REF_IS_ARN = ['AWS::Signer::SigningProfile'];

interface Place {
  readonly account: string;
  readonly region: string;
}

/**
 * The lower bound of the length of a policy as the service counts it, without white space. References to resources of the app count as
 * the names and ARNs that the resources will have.
 *
 * @param scope a construct of the stack that has the policy
 * @param document the policy
 */
export function policyLength(scope: IConstruct, document: iam.PolicyDocument): number {
  return document.isEmpty ? 0 : documentLength(Tokenization.resolve(document, { scope, resolver: new Estimator(new Texts()), preparing: false }));
}

/**
 * Replaces references to resources with the shortest text that they can resolve to.
 */
class Estimator extends DefaultTokenResolver {
  public override resolveToken(token: IResolvable, context: IResolveContext, postProcessor: IPostProcessor): unknown {
    return (Reference.isReference(token) ? shortestReference(token) : undefined) ?? super.resolveToken(token, context, postProcessor);
  }
}

class Texts implements IFragmentConcatenator {
  public join(left: unknown, right: unknown): string {
    return [left, right].filter(part => part !== undefined).map(part => String(shortest(part))).join('');
  }
}

function shortestReference({ target, displayName }: Reference): string | undefined {
  const { cfnResourceType } = target as CfnResource;
  const arn = ARNS[cfnResourceType];
  if (arn === undefined) {
    return undefined;
  }
  const stack = Stack.of(target);
  const place = { account: known(stack.account, SHORTEST['AWS::AccountId']), region: known(stack.region, SHORTEST['AWS::Region']) };
  const { repositoryName, roleName, userName, profileName } = target as {
    repositoryName?: string; roleName?: string; userName?: string; profileName?: string;
  };
  const name = known(repositoryName ?? roleName ?? userName ?? profileName, generatedName(target as CfnResource));
  if (displayName === 'Arn' || (displayName === 'Ref' && REF_IS_ARN.includes(cfnResourceType))) {
    return arn(place, name);
  }
  return displayName === 'Ref' ? name : undefined;
}

/**
 * The shortest name that CloudFormation can generate. It has the logical id, because references to different resources count separately.
 */
function generatedName(resource: CfnResource): string {
  const stack = Stack.of(resource);
  const name = `${known(stack.stackName, '')}-${stack.resolve(resource.logicalId) as string}`;
  return (resource.cfnResourceType === 'AWS::ECR::Repository' ? name : name.slice(-LIMITS.roleName.max + RANDOM.length)) + RANDOM;
}

function arnOf(...parts: string[]): string {
  return ['arn', SHORTEST['AWS::Partition'], ...parts].join(':');
}

function known(value: string | undefined, otherwise: string): string {
  return isKnown(value) ? value : otherwise;
}

/**
 * The same for a document of a template.
 */
export function documentLength(document: unknown): number {
  return JSON.stringify(shortest(document)).length;
}

function shortest(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(shortest);
  }
  if (typeof value !== 'object' || value === null) {
    return value;
  }

  const entries = Object.entries(value as Record<string, unknown>);
  if (entries.length === 1) {
    const [name, argument] = entries[0];
    if (name === 'Fn::Join') {
      const [separator, parts] = Array.isArray(argument) ? argument as [string, unknown] : ['', ''];
      return Array.isArray(parts) ? parts.map(part => String(shortest(part))).join(separator) : '';
    }
    if (name === 'Ref') {
      return SHORTEST[String(argument)] ?? '';
    }
    if (name.startsWith('Fn::')) {
      return '';
    }
  }
  return Object.fromEntries(entries.map(([key, entry]) => [key, shortest(entry)]));
}
