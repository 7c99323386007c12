import { CfnResource, DefaultTokenResolver, type IResolvable, type IResolveContext, type IPostProcessor, Stack, Stage, StringConcat, Tokenization } from 'aws-cdk-lib';
import type * as ecr from 'aws-cdk-lib/aws-ecr';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { CfnFunction } from 'aws-cdk-lib/aws-lambda';
import type { IConstruct } from 'constructs';
import { areDifferent } from '../private/core/environment';
import { SERVICE_PULL_ACTIONS } from '../private/ecr/actions';
import { functionsOf } from '../private/grants/named-principal';

/**
 * The statements that AWS Lambda and the accounts of functions need to run images of a repository in other accounts.
 *
 * `lambda.DockerImageCode.fromEcr` does not report the function that pulls to the repository. The functions of the app are read when the
 * policy is rendered, after all constructs and Aspects: the functions whose image has the URI of the repository.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/images-create.html#gettingstarted-images-permissions
 * @param repository the repository
 * @param uri its URI, as the constructs of the app see it
 */
export function lambdaStatements(repository: ecr.IRepository, uri: string): iam.PolicyStatement[] {
  const places = readersOf(repository, uri)
    .filter(reader => problemsOf(repository, reader).length === 0)
    .map(reader => Stack.of(reader))
    .filter(({ account }) => areDifferent(repository.env.account, account));
  const regions = new Map(places.map(({ account, region }) => [account, region]));
  return [...regions].sort(([left], [right]) => left.localeCompare(right)).flatMap(([account, region]) => [
    new iam.PolicyStatement({ actions: SERVICE_PULL_ACTIONS, principals: [new iam.AccountPrincipal(account)] }),
    new iam.PolicyStatement({
      actions: SERVICE_PULL_ACTIONS,
      principals: [new iam.ServicePrincipal('lambda.amazonaws.com')],
      conditions: { ArnLike: { 'aws:SourceArn': functionsOf(repository, account, region) } },
    }),
  ]);
}

/**
 * Problems with the functions of the app that run images of a repository.
 */
export function lambdaProblems(repository: ecr.IRepository, uri: string): string[] {
  return readersOf(repository, uri).flatMap(reader => problemsOf(repository, reader));
}

function problemsOf(repository: ecr.IRepository, reader: CfnFunction): string[] {
  const { account, region } = Stack.of(reader);
  const problems: string[] = [];
  if (areDifferent(repository.env.region, region)) {
    problems.push(
      `the image of the Lambda function '${reader.node.path}' must be in its Region ${region}, got '${repository.node.path}' in ${repository.env.region}; `
      + 'replicate it there with ReplicationSetup',
    );
  }
  if (areDifferent(repository.env.account, account) && Stage.of(repository) !== Stage.of(reader)) {
    problems.push(
      `the Lambda function '${reader.node.path}' of account ${account} must be in the stage of the repository '${repository.node.path}', got another stage, which the policy cannot allow; `
      + 'import the repository into the stage of the function with SecureRepository.fromRepositoryArn, and share it with CrossAccountPull for Lambda',
    );
  }
  return problems;
}

/**
 * The functions of other accounts and Regions that run images of a repository. Functions of its own account and Region need no statement.
 */
function readersOf(repository: ecr.IRepository, uri: string): CfnFunction[] {
  const { account, region } = repository.env;
  const { firstToken } = Tokenization.reverseString(uri);
  return stacksBelow(repository.node.root)
    .filter(stack => areDifferent(account, stack.account) || areDifferent(region, stack.region))
    .flatMap(stack => stack.node.findAll())
    .filter((construct): construct is CfnFunction => CfnResource.isCfnResource(construct) && construct.cfnResourceType === 'AWS::Lambda::Function')
    .filter(reader => mentions(reader, firstToken!));
}

/**
 * The stacks of an app, without a search of their contents.
 */
function stacksBelow(construct: IConstruct): Stack[] {
  return construct.node.children.flatMap(child => Stack.isStack(child)
    ? [child, ...child.node.children.filter(Stack.isStack).filter(({ nested }) => !nested)]
    : stacksBelow(child));
}

/**
 * Whether the URI of the image of a function contains a token.
 */
function mentions(reader: CfnFunction, token: IResolvable): boolean {
  let found = false;
  class Finder extends DefaultTokenResolver {
    public override resolveToken(it: IResolvable, context: IResolveContext, postProcessor: IPostProcessor): unknown {
      if (it === token) {
        found = true;
        return '';
      }
      return super.resolveToken(it, context, postProcessor);
    }
  }
  const code = reader.code as CfnFunction.CodeProperty | IResolvable | undefined;
  Tokenization.resolve(code !== undefined && 'imageUri' in code ? code.imageUri : code, {
    scope: reader, resolver: new Finder(new StringConcat()), preparing: false,
  });
  return found;
}
