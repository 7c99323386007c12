import type { Stack } from 'aws-cdk-lib';
import { type RegistryMetrics, ReplicationDestination, ReplicationSetup, ReplicationSource, ReplicationTarget, type SigningGrants } from 'cdk-secure-ecr';
import { lookAlike, take } from './refuse';

declare const scope: Stack;

// @ts-expect-error -- text
take<RegistryMetrics>('RepositoryCount');
// @ts-expect-error -- look-alike
take<RegistryMetrics>(lookAlike<RegistryMetrics>());
// @ts-expect-error -- text
take<ReplicationSource>('222222222222');
// @ts-expect-error -- look-alike
take<ReplicationSource>(lookAlike<ReplicationSource>());
// @ts-expect-error -- text
take<ReplicationTarget>('eu-central-1');
// @ts-expect-error -- look-alike
take<ReplicationTarget>(lookAlike<ReplicationTarget>());
// @ts-expect-error -- text
take<SigningGrants>('sign');
// @ts-expect-error -- look-alike
take<SigningGrants>(lookAlike<SigningGrants>());

new ReplicationSetup(scope, 'Setup', { destinations: [ReplicationTarget.region('eu-central-1')] });
// @ts-expect-error -- a Region is not a target
new ReplicationSetup(scope, 'ByRegion', { destinations: ['eu-central-1'] });
// @ts-expect-error -- the property of CloudFormation is not a target
new ReplicationSetup(scope, 'ByProperty', { destinations: [{ region: 'eu-central-1', registryId: '222222222222' }] });

new ReplicationDestination(scope, 'Destination', { sources: [ReplicationSource.account('222222222222', ['team/'])] });
// @ts-expect-error -- an account id is not a source
new ReplicationDestination(scope, 'ByAccount', { sources: ['222222222222'] });
