import { CfnOutput, Stack, type StackProps, Validations } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { CiPushRole, CiSubject, LifecyclePolicy, RepositoryNamespace } from 'cdk-secure-ecr';
import type { Construct } from 'constructs';

/**
 * One registry for two teams: each creates its repositories by pushing, and neither reaches those of the other.
 */
export class TeamNamespacesStack extends Stack {
  constructor(scope: Construct, id: string, props?: StackProps) {
    super(scope, id, props);

    // an account has one provider for GitHub, which exists already
    const provider = iam.OidcProviderNative.fromOidcProviderArn(this, 'GitHub', this.formatArn({
      service: 'iam', region: '', resource: 'oidc-provider', resourceName: 'token.actions.githubusercontent.com',
    }));
    for (const { team, repo, repoId } of [{ team: 'payments', repo: 'pay', repoId: '456789' }, { team: 'search', repo: 'find', repoId: '456790' }]) {
      const namespace = new RepositoryNamespace(this, team, {
        prefix: team,
        lifecycle: LifecyclePolicy.production(),
        resourceTags: { team },
      });
      namespace.addRepository('base'); // a repository that exists before the first push

      // one statement, however many repositories the team has
      const service = new iam.Role(this, `${team}-service`, { assumedBy: new iam.ServicePrincipal('ecs-tasks.amazonaws.com') });
      namespace.grants.pull(service);
      Validations.of(service).acknowledge(
        { id: 'AwsSolutions-IAM5[Resource::*]', reason: 'ecr:GetAuthorizationToken, the login, has no resource type' },
        ...['HIPAA.Security', 'NIST.800.53.R5', 'PCI.DSS.321'].map(pack => (
          { id: `${pack}-IAMNoInlinePolicy`, reason: 'the CDK writes the permissions of one role as its own policy, which nobody else can use' }
        )),
      );

      const ci = new CiPushRole(this, `${team}-ci`, {
        subjects: [CiSubject.github({ owner: 'octo-org', ownerId: '123456', repo, repoId, branches: ['main'] })],
        createOnPushPrefixes: [team],
        provider,
      });
      new CfnOutput(this, `${team}RoleArn`, { value: ci.role.roleArn });
    }
  }
}
