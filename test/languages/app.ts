/** The app that each language writes again: it synthesizes into the folder of its argument and adds `results.json`, the values that it got back. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, Duration, Stack, Validations } from 'aws-cdk-lib';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as iam from 'aws-cdk-lib/aws-iam';
import {
  CrossAccountPull, EcrChecks, ImageSelection, type LifecycleForecastProps, LifecyclePolicy, LifecycleRule, PullConsumer, RepositoryTemplate,
  SecureRepository, TemplateUse,
} from 'cdk-secure-ecr';

const [, , outdir] = process.argv;
const env = { account: '111122223333', region: 'eu-west-1' };

const app = new App({ outdir, analyticsReporting: false });
Validations.of(app).addPlugins(new EcrChecks());

const stack = new Stack(app, 'Images', { env });
const policy = LifecyclePolicy.of(
  LifecycleRule.protect({ images: ImageSelection.tagPattern('release-*') }),
  LifecycleRule.expire({ images: ImageSelection.anyOfTagPatterns('pr-*', 'dev-*'), olderThan: Duration.days(30) }),
  LifecycleRule.expire({ images: ImageSelection.UNTAGGED, olderThan: Duration.days(7) }),
);
const repository = new SecureRepository(stack, 'Api', { repositoryName: 'team/api', mutableTags: ['latest'], lifecycle: policy });
new CrossAccountPull(stack, 'Share', {
  repositories: [repository],
  consumers: [PullConsumer.accounts(['222222222222']), PullConsumer.lambdaFunctions('222222222222')],
});
new RepositoryTemplate(stack, 'Teams', { prefix: 'team', appliedFor: [TemplateUse.CREATE_ON_PUSH], resourceTags: { 'cost-center': '1234' } });
const role = new iam.Role(stack, 'Role', { assumedBy: new iam.ServicePrincipal('ecs-tasks.amazonaws.com') });
repository.grants.pull(role);
role.addToPolicy(new iam.PolicyStatement({ actions: ['ecr:*'], resources: ['*'] })); // a warning of EcrChecks
app.synth();

const preview = policy.preview({
  at: new Date('2026-11-21T00:00:00Z'),
  images: [
    { digest: 'sha256:1', tags: ['release-1.0', 'pr-7'], pushedAt: new Date('2026-01-01T00:00:00Z') },
    { digest: 'sha256:2', tags: ['pr-8'], pushedAt: new Date('2026-01-02T00:00:00Z') },
  ],
});
const options: LifecycleForecastProps = { pushesPerDay: { 'pr-*': 20 }, days: 90 };
const forecast = policy.forecast(options);

const legacy = new Stack(new App(), 'Legacy', { env });
new ecr.CfnRepository(legacy, 'Repository', { imageTagMutability: 'MUTABLE' });
const { success, violations } = new EcrChecks().validateScope(legacy);

let error = '';
try {
  new SecureRepository(stack, 'Bad', { repositoryName: 'Bad Name' });
} catch (caught) {
  error = (caught as Error).message;
}

writeFileSync(join(outdir, 'results.json'), JSON.stringify({
  expired: preview.expired.map(({ image }) => image.digest),
  reason: preview.decisionFor('pr-8').reason,
  table: preview.toTable(),
  forecast: forecast.forTag('pr-*').images,
  success,
  violations: violations.map(({ ruleName }) => ruleName),
  error: error.includes("'repositoryName' must be"),
}));
