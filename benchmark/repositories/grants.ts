/** Grants pull and push on 100 repositories to each of 20 roles, by this library or by the CDK, synthesizes, and prints the milliseconds of both. */
import { App, Stack } from 'aws-cdk-lib';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as iam from 'aws-cdk-lib/aws-iam';
import { SecureRepository } from 'cdk-secure-ecr';

const REPOSITORIES = 100;
const ROLES = 20;

const bySecureEcr = process.argv[2] === 'cdk-secure-ecr';
const stack = new Stack(new App({ analyticsReporting: false }), 'Stack', { env: { account: '111111111111', region: 'eu-west-1' } });
const repositories = Array.from({ length: REPOSITORIES }, (_, index) => bySecureEcr
  ? new SecureRepository(stack, `Repository${index}`)
  : new ecr.Repository(stack, `Repository${index}`));
const roles = Array.from({ length: ROLES }, (_, index) => new iam.Role(stack, `Role${index}`, { assumedBy: new iam.AccountRootPrincipal() }));

const start = process.hrtime.bigint();
for (const repository of repositories) {
  roles.forEach(role => repository.grantPullPush(role));
}
(stack.node.root as App).synth();
console.log(JSON.stringify(Number(process.hrtime.bigint() - start) / 1e6));
