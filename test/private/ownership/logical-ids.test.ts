import { App, NestedStack, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { ImageSigning, PullThroughCache, PullTimeExclusions, RegistryScanning, ReplicationSetup, ReplicationTarget, RepositoryTemplate, TemplateUse, UpstreamRegistry } from '../../../lib';

const ENV = { account: '111122223333', region: 'eu-west-1' };
const TYPES = ['AWS::ECR::', 'AWS::SecretsManager::'];

type Make = (scope: Construct, id: string) => unknown;

const SETTINGS: Readonly<Record<string, Make>> = {
  SecureEcrImageSigning: (scope, id) => new ImageSigning(scope, id),
  SecureEcrRegistryScanning: (scope, id) => new RegistryScanning(scope, id),
  SecureEcrReplication: (scope, id) => new ReplicationSetup(scope, id, { destinations: [ReplicationTarget.region('eu-central-1')] }),
};

const NAMED: Readonly<Record<string, Make>> = {
  'a cache with its template and secret': (scope, id) => new PullThroughCache(scope, id, { upstream: UpstreamRegistry.DOCKER_HUB }),
  'a creation template': (scope, id) => new RepositoryTemplate(scope, id, { prefix: 'team/a', appliedFor: [TemplateUse.REPLICATION] }),
  'pull time exclusions': (scope, id) => new PullTimeExclusions(scope, id, {
    roles: [iam.Role.fromRoleArn(new Construct(scope, 'Imports'), 'Scanner', 'arn:aws:iam::111122223333:role/scanner')],
  }),
};

function logicalIds(stack: Stack): string[] {
  const { Resources = {} } = Template.fromStack(stack).toJSON() as { Resources?: Record<string, { Type: string }> };
  return Object.entries(Resources).filter(([, { Type }]) => TYPES.some(type => Type.startsWith(type))).map(([id]) => id).sort();
}

function idsOf(make: Make, id: string, scopeIn: (stack: Stack) => Construct = stack => stack): string[] {
  const stack = new Stack(new App(), 'Stack', { env: ENV });
  make(scopeIn(stack), id);
  return logicalIds(stack);
}

test.each(Object.entries(SETTINGS))('%s is the logical ID of the setting, whatever its construct is called and wherever it is', (logicalId, make) => {
  expect(idsOf(make, 'One')).toEqual([logicalId]);
  expect(idsOf(make, 'Another')).toEqual([logicalId]);
  expect(idsOf(make, 'One', stack => new Construct(stack, 'Deep'))).toEqual([logicalId]);
  expect(idsOf(make, 'One', stack => new NestedStack(stack, 'Nested'))).toEqual([logicalId]);
});

test.each(Object.entries(NAMED))('the logical IDs of %s follow from the physical names, not from the ids of constructs', (_, make) => {
  const ids = idsOf(make, 'One');

  expect(ids.length).toBeGreaterThan(0);
  expect(ids.every(id => id.startsWith('SecureEcr'))).toBe(true);
  expect(idsOf(make, 'Another')).toEqual(ids);
  expect(idsOf(make, 'One', stack => new Construct(stack, 'Deep'))).toEqual(ids);
});

test('names that differ in punctuation only have different logical IDs', () => {
  const stack = new Stack(new App(), 'Stack', { env: ENV });
  ['a/b', 'a-b'].forEach(prefix => new RepositoryTemplate(stack, prefix, { prefix, appliedFor: [TemplateUse.REPLICATION] }));

  expect(logicalIds(stack)).toHaveLength(2);
});
