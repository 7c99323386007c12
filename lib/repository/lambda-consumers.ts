import { CfnResource, type IResolveContext, Stack, Stage } from 'aws-cdk-lib';
import type * as ecr from 'aws-cdk-lib/aws-ecr';
import * as iam from 'aws-cdk-lib/aws-iam';
import { areDifferent } from '../private/core/environment';
import { SERVICE_PULL_ACTIONS } from '../private/ecr/actions';
import { functionsOf } from '../private/grants/named-principal';

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
  private readonly reported = new Set<CfnResource>();

  constructor(private readonly repository: ecr.IRepository) {}

  /**
   * Notes who reads the URI of an image. A function that has the URI in another place, such as a variable, does not run the image.
   */
  public note({ scope, documentPath }: IResolveContext): void {
    if (!CfnResource.isCfnResource(scope) || scope.cfnResourceType !== 'AWS::Lambda::Function' || !documentPath.some(key => /^imageUri$/i.test(key))) {
      return;
    }

    const { account, region } = Stack.of(scope);
    const problems = this.problems(scope, account, region);
    if (problems.length > 0 && !this.reported.has(scope)) {
      // Thrown from here, the CDK would bury the message in "Resolution error"s.
      this.reported.add(scope);
      scope.node.addValidation({ validate: () => problems });
    }
    if (problems.length > 0 || this.accounts.has(account) || !areDifferent(this.repository.env.account, account)) {
      return;
    }

    this.accounts.add(account);
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
    if (areDifferent(repository.env.region, region)) {
      problems.push(`the image of a Lambda function must be in the function's Region ${region}, got '${repository.node.path}' in ${repository.env.region}; replicate it there with ReplicationSetup`);
    }
    if (areDifferent(repository.env.account, account) && Stage.of(repository) !== Stage.of(scope)) {
      problems.push(
        `the repository '${repository.node.path}' is in another stage and cannot see this function of account ${account}; `
        + 'import it into the stage of the function with SecureRepository.fromRepositoryArn, and share it with CrossAccountPull for Lambda',
      );
    }
    return problems;
  }
}
