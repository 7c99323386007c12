import type { Stack } from 'aws-cdk-lib';
import { CiPushRole, CiSubject, CrossAccountPull, type CrossAccountPullGrants, PullConsumer, type SecureRepository } from 'cdk-secure-ecr';
import { lookAlike, take } from './refuse';

declare const scope: Stack;
declare const repository: SecureRepository;

// @ts-expect-error -- text
take<CiSubject>('repo:team/api:ref:refs/heads/main');
// @ts-expect-error -- look-alike
take<CiSubject>(lookAlike<CiSubject>());
// @ts-expect-error -- text
take<CrossAccountPullGrants>('pull');
// @ts-expect-error -- look-alike
take<CrossAccountPullGrants>(lookAlike<CrossAccountPullGrants>());
// @ts-expect-error -- text
take<PullConsumer>('222222222222');
// @ts-expect-error -- look-alike
take<PullConsumer>(lookAlike<PullConsumer>());

new CrossAccountPull(scope, 'Share', { repositories: [repository], consumers: [PullConsumer.account('222222222222')] });
// @ts-expect-error -- an account id is not a consumer
new CrossAccountPull(scope, 'ByText', { repositories: [repository], consumers: ['222222222222'] });
// @ts-expect-error -- a consumer is made by its factories only
new PullConsumer('222222222222');

new CiPushRole(scope, 'Role', { repositories: [repository], subjects: [CiSubject.github({ owner: 'team', repo: 'api', branches: ['main'] })] });
// @ts-expect-error -- the claims of a subject are not a subject
new CiPushRole(scope, 'ByClaims', { repositories: [repository], subjects: [{ issuer: 'https://token.actions.githubusercontent.com', audience: 'sts.amazonaws.com' }] });
