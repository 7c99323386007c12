/**
 * What the CDK CLI imports, and registry settings that take over those of L1 constructs.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadAwsServiceSpecSync } from '@aws-cdk/aws-service-spec';
import { fullDiff, ResourceImpact } from '@aws-cdk/cloudformation-diff';
import { App, type CfnResource, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import {
  ExistingPolicy, ImageSigning, LifecyclePolicy, PullThroughCache, RegistryPolicy, RegistryScanning, ReplicationSetup, ReplicationTarget,
  RepositoryEncryption, SecureRepository, type SecureRepositoryProps, UpstreamRegistry,
} from '../../lib';

type Resources = Record<string, { Type: string; DeletionPolicy?: string; Properties?: Record<string, unknown> }>;

const ENV = { account: '111122223333', region: 'eu-west-1' };
const ADOPTING = readFileSync(join(__dirname, '..', '..', 'docs', 'guide', 'adopting.md'), 'utf8');

function templateOf(build: (stack: Stack) => void): { Resources: Resources } {
  const stack = new Stack(new App({ analyticsReporting: false }), 'Images', { env: ENV });
  build(stack);
  return Template.fromStack(stack).toJSON() as { Resources: Resources };
}

/** The resources that a template refers to. */
function referencesIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) {
    return [];
  }
  const { Ref: ref, 'Fn::GetAtt': attribute } = value as { 'Ref'?: string; 'Fn::GetAtt'?: [string, string] };
  return [...ref?.startsWith('AWS::') === false ? [ref] : [], ...attribute ? [attribute[0]] : [], ...Object.values(value).flatMap(referencesIn)];
}

/**
 * The references that CloudFormation refuses in the body that `cdk import` sends: the deployed template and the resources of the mapping, no others.
 */
function undefinedReferences(deployed: Resources, app: Resources, mapping: readonly string[]): string[] {
  const body: Resources = { ...deployed, ...Object.fromEntries(mapping.map(id => [id, app[id]])) };
  return referencesIn(body).filter(id => !(id in body));
}

function idOf(resources: Resources, type: string): string {
  return Object.keys(resources).find(id => resources[id].Type === type)!;
}

describe('cdk import', () => {
  const repository = (props: SecureRepositoryProps) => (stack: Stack): void => {
    new SecureRepository(stack, 'Api', { repositoryName: 'team/api', ...props });
  };
  const imported = (stack: Stack): kms.IKey => kms.Key.fromKeyArn(stack, 'Key', `arn:aws:kms:eu-west-1:${ENV.account}:key/11111111-2222-3333-4444-555555555555`);

  test.each<[string, (stack: Stack) => void]>([
    ['AES256', repository({ encryption: RepositoryEncryption.AES_256 })],
    ['the AWS managed key', repository({ encryption: RepositoryEncryption.AWS_MANAGED_KEY })],
    ['a key that exists', stack => repository({ encryption: RepositoryEncryption.customerManagedKey(imported(stack)) })(stack)],
    ['its policy', repository({
      encryption: RepositoryEncryption.AES_256,
      lifecycle: LifecyclePolicy.none(),
      repositoryPolicy: ExistingPolicy.fromJson({ Statement: { Effect: 'Allow', Principal: '*', Action: 'ecr:BatchGetImage' } }),
    })],
  ])('sends a template without undefined references for a repository with %s', (_, build) => {
    const { Resources } = templateOf(build);
    const id = idOf(Resources, 'AWS::ECR::Repository');

    expect(undefinedReferences({}, Resources, [id])).toEqual([]);
    expect(Resources[id].DeletionPolicy).toBe('RetainExceptOnCreate');
    expect(Resources[id].Properties?.RepositoryName).toBe('team/api');
    expect(Object.keys(Resources)).toEqual([id]);
  });

  test('sends a reference to a key that it leaves out for a repository with the default encryption', () => {
    const { Resources } = templateOf(repository({}));

    expect(undefinedReferences({}, Resources, [idOf(Resources, 'AWS::ECR::Repository')])).toEqual([idOf(Resources, 'AWS::KMS::Key')]);
  });

  test('sends no undefined reference once the shared key is deployed', () => {
    const deployed = templateOf(stack => {
      SecureRepository.defaultKeyOf(stack);
    }).Resources;
    const { Resources } = templateOf(repository({}));

    expect(undefinedReferences(deployed, Resources, [idOf(Resources, 'AWS::ECR::Repository')])).toEqual([]);
  });

  test('sends no undefined reference for registry settings', () => {
    const { Resources } = templateOf(stack => {
      new RegistryScanning(stack, 'Scanning');
      new ReplicationSetup(stack, 'Replication', { rules: [{ destinations: [ReplicationTarget.region('eu-central-1')] }] });
      new RegistryPolicy(stack, 'Policy', {
        existingPolicy: ExistingPolicy.fromJson({ Statement: { Effect: 'Allow', Principal: { AWS: '444455556666' }, Action: 'ecr:ReplicateImage', Resource: '*' } }),
      });
      new PullThroughCache(stack, 'Cache', { upstream: UpstreamRegistry.QUAY, encryption: RepositoryEncryption.AES_256 });
    });

    expect(undefinedReferences({}, Resources, Object.keys(Resources).filter(id => Resources[id].Type.startsWith('AWS::ECR::')))).toEqual([]);
  });
});

describe('the guide', () => {
  test('has the identifier of every type of Amazon ECR, and which of them are read-only', () => {
    const rows = [...ADOPTING.matchAll(/^\| `(AWS::ECR::\w+)` \| [^|]+ \| `(\w+)`(, read-only)? \| (yes|no) \|$/gm)].map(([, type, id, readOnly, auto]) => [type, id, readOnly !== undefined, auto]);
    const types = [...loadAwsServiceSpecSync().all('resource')].filter(({ cloudFormationType: type }) => type.startsWith('AWS::ECR::'));
    const expected = types.map(({ cloudFormationType: type, primaryIdentifier: [id] = [], attributes }) => [type, id, id in attributes, id in attributes ? 'no' : 'yes']);

    expect(rows.sort()).toEqual(expected.sort());
  });

  test('maps registry settings by the logical IDs that they have', () => {
    const { Resources } = templateOf(stack => {
      new RegistryScanning(stack, 'Scanning');
    });

    expect(ADOPTING).toContain(`"${idOf(Resources, 'AWS::ECR::RegistryScanningConfiguration')}": { "RegistryId"`);
    const { Resources: repositories } = templateOf(stack => {
      new SecureRepository(stack, 'Api');
    });
    expect(ADOPTING).toContain(`"${idOf(repositories, 'AWS::ECR::Repository')}": { "RepositoryName"`);
  });
});

describe('a registry setting in place of an L1 construct', () => {
  const keep = (resource: unknown, id: string): void => {
    (resource as CfnResource).overrideLogicalId(id);
  };
  const PRINCIPAL = { Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::444455556666:root' }, Action: 'ecr:ReplicateImage', Resource: '*' };
  const PROFILE = 'arn:aws:signer:eu-west-1:111122223333:/signing-profiles/images';
  const CASES: Array<[type: string, before: (stack: Stack) => void, after: (stack: Stack) => unknown]> = [
    ['RegistryScanning', stack => {
      new ecr.CfnRegistryScanningConfiguration(stack, 'Old', { scanType: 'BASIC', rules: [] });
    }, stack => new RegistryScanning(stack, 'New').node.defaultChild],
    ['ReplicationSetup', stack => {
      new ecr.CfnReplicationConfiguration(stack, 'Old', { replicationConfiguration: { rules: [{ destinations: [{ region: 'eu-central-1', registryId: ENV.account }] }] } });
    }, stack => new ReplicationSetup(stack, 'New', { rules: [{ destinations: [ReplicationTarget.region('eu-central-1')] }] }).node.defaultChild],
    ['RegistryPolicy', stack => {
      new ecr.CfnRegistryPolicy(stack, 'Old', { policyText: { Version: '2012-10-17', Statement: [PRINCIPAL] } });
    }, stack => new RegistryPolicy(stack, 'New', { statements: [iam.PolicyStatement.fromJson(PRINCIPAL)] }).policy],
    ['ImageSigning', stack => {
      new ecr.CfnSigningConfiguration(stack, 'Old', { rules: [{ signingProfileArn: PROFILE }] });
    }, stack => new ImageSigning(stack, 'New', { rules: [{ profile: ImageSigning.signingProfileFromArn(stack, 'Profile', PROFILE) }] }).node.defaultChild],
  ];
  const impacts = (before: object, after: object): string[] => {
    const found: string[] = [];
    fullDiff(before, after).resources.forEachDifference((_, change) => found.push(change.changeImpact));
    return found;
  };

  test.each(CASES)('is updated in place with the line of the guide: %s', (_, before, after) => {
    const found = impacts(templateOf(before), templateOf(stack => {
      keep(after(stack), 'Old');
    }));

    expect(found.filter(impact => ![ResourceImpact.WILL_UPDATE, ResourceImpact.NO_CHANGE].includes(impact as ResourceImpact))).toEqual([]);
  });

  test.each(CASES)('is deleted after another is made without it: %s', (_, before, after) => {
    const found = impacts(templateOf(before), templateOf(stack => {
      after(stack);
    }));

    expect(found.sort()).toEqual([ResourceImpact.WILL_CREATE, ResourceImpact.WILL_DESTROY].sort());
  });
});
