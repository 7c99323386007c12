import { CfnResource, type IResolveContext, Stack, Stage, Token, TokenComparison } from 'aws-cdk-lib';
import type * as ecr from 'aws-cdk-lib/aws-ecr';
import * as iam from 'aws-cdk-lib/aws-iam';
import { SERVICE_PULL_ACTIONS } from '../private/actions';
import { failIfAny } from '../private/errors';
import { functionsOf } from './resource-principal';

/**
 * The accounts whose Lambda functions run images of one repository.
 *
 * `lambda.DockerImageCode.fromEcr` tells a repository that some function pulls from it, but not whose. The function shows itself
 * when its image URI is resolved, which the CDK does for all stacks before it renders the first template; a function of another
 * account then adds the two statements that Lambda wants in the repository policy.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/images-create.html#gettingstarted-images-permissions
 */
export class LambdaConsumers {
  private readonly accounts = new Set<string>();

  constructor(private readonly repository: ecr.IRepository) {}

  /**
   * Notes who reads the URI of an image.
   */
  public note(context: IResolveContext): void {
    const { scope } = context;
    if (!CfnResource.isCfnResource(scope) || scope.cfnResourceType !== 'AWS::Lambda::Function') {
      return;
    }
    const { account, region } = Stack.of(scope);
    if (this.accounts.has(account) || Token.compareStrings(this.repository.env.account, account) !== TokenComparison.DIFFERENT) {
      return;
    }
    this.accounts.add(account);

    failIfAny(scope, 'LambdaImageOutOfReach', this.problems(scope, account, region));
    this.repository.addToResourcePolicy(new iam.PolicyStatement({
      actions: SERVICE_PULL_ACTIONS,
      principals: [new iam.AccountPrincipal(account)],
    }));
    this.repository.addToResourcePolicy(new iam.PolicyStatement({
      actions: SERVICE_PULL_ACTIONS,
      principals: [new iam.ServicePrincipal('lambda.amazonaws.com')],
      conditions: { ArnLike: { 'aws:SourceArn': functionsOf(this.repository, account, region) } },
    }));
  }

  private problems(scope: CfnResource, account: string, region: string): string[] {
    const { repository } = this;
    const problems: string[] = [];
    if (Token.compareStrings(repository.env.region, region) === TokenComparison.DIFFERENT) {
      problems.push(`the image of a Lambda function must be in the function's Region ${region}, got '${repository.node.path}' in ${repository.env.region}; replicate it there with ReplicationSetup`);
    }
    if (Stage.of(repository) !== Stage.of(scope)) {
      problems.push(`the repository '${repository.node.path}' is in another stage and cannot see this function; add a CrossAccountPull for Lambda of account ${account} next to it`);
    }
    return problems;
  }
}
