import { Stack } from 'aws-cdk-lib';
import type * as iam from 'aws-cdk-lib/aws-iam';
import { Grant } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { areDifferent } from '../private/core/environment';
import { failIfAny } from '../private/core/errors';
import { show } from '../private/core/values';
import { Grantee } from '../private/grants/grantee';
import { ImportedRepository } from '../repository/imported-repository';
import type { ICrossAccountPull } from './cross-account-pull-grants';
import { permissionsOf } from './pull-consumer';
import { ofKind } from './pull-permission';
import type { Registry } from './pull-statements';

/**
 * A repository that another account shares, so that a pull only needs an identity policy of the consumer.
 */
export class SharedRepository extends ImportedRepository {
  constructor(scope: Construct, id: string, private readonly share: ICrossAccountPull, registry: Registry, repositoryName: string) {
    super(scope, id, {
      repositoryName,
      repositoryArn: Stack.of(scope).formatArn({
        service: 'ecr', ...registry, resource: 'repository', resourceName: repositoryName,
      }),
    });
  }

  public override grantPull(grantee: iam.IGrantable): iam.Grant {
    if (Grantee.partsOf(grantee).some(({ service }) => service?.startsWith('lambda.'))) {
      failIfAny(this.share, 'PullNotGranted', this.lambdaProblems());
      return Grant.drop(grantee, 'the owner grants the permission');
    }
    return this.share.grants.pull(grantee);
  }

  private lambdaProblems(): string[] {
    const { account, region } = Stack.of(this);
    const permissions = permissionsOf(this.share.consumers);
    const problems: string[] = [];
    if (areDifferent(this.env.region, region)) {
      problems.push(`'region' must be ${show(region)}, the Region of the stack, to run the images of '${this.repositoryName}' in Lambda, `
        + `got ${show(this.env.region)}; replicate the repository there with ReplicationSetup`);
    }
    if (permissions.length > 0 && areDifferent(this.env.account, account)
      && !ofKind(permissions, 'lambda').some(permission => !areDifferent(permission.account, account))) {
      problems.push(`'consumers' must include the Lambda functions of account ${account}, otherwise they cannot be deployed; `
        + `add PullConsumer.lambdaFunctions(${show(account)})`);
    }
    return problems;
  }
}
