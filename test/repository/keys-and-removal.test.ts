/**
 * Keys that cannot be used, and keys and repositories of which one is deleted without the other, also as Aspects and overrides leave them.
 */
import { App, Aspects, CfnDeletionPolicy, CfnParameter, type CfnResource, RemovalPolicies, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as kms from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import {
  ExistingPolicy, LifecyclePolicy, PullThroughCache, ReplicationDestination, ReplicationSource, RepositoryEncryption, RepositoryTemplate,
  ScanFindings, SecureRepository, type SecureRepositoryProps, TemplateUse, UpstreamRegistry,
} from '../../lib';
import { messageOf } from '../message-of';

const ENV = { account: '111122223333', region: 'eu-west-1' };
const REPOSITORY = 'AWS::ECR::Repository';
const customerManagedKey = (key: kms.IKeyRef): RepositoryEncryption => RepositoryEncryption.customerManagedKey(key);

let app: App;
let stack: Stack;

beforeEach(() => {
  app = new App({ analyticsReporting: false });
  stack = new Stack(app, 'Stack', { env: ENV });
});

function idsOf(): string[] {
  const ids = Annotations.fromStack(stack).findWarning('*', Match.anyValue())
    .map(({ entry }) => /\[ack: (?:[Aa]nnotation::)?cdk-secure-ecr:(.*)\]$/s.exec(entry.data as string)![1])
    .filter(id => !/lifecycle|noUpstream|prefixWithout|otherLifecycle|movingTags/.test(id));
  return [...new Set(ids)].sort();
}

function policiesOf(type: string): string[] {
  return Object.values(Template.fromStack(stack).findResources(type)).map(({ DeletionPolicy }) => String(DeletionPolicy));
}

function failure(): string {
  return messageOf(() => Template.fromStack(stack));
}

function make(props: SecureRepositoryProps = {}, id = 'Api'): SecureRepository {
  return new SecureRepository(stack, id, props);
}

function resourceOf(repository: SecureRepository): ecr.CfnRepository {
  return repository.node.defaultChild as ecr.CfnRepository;
}

/** Every construct that takes a key. */
const TAKERS: Array<[className: string, taker: string, prop: string, make: (scope: Construct, key: kms.IKeyRef) => unknown]> = [
  ['SecureRepository', 'SecureRepository', 'encryption', (scope, key) => new SecureRepository(scope, 'It', { encryption: customerManagedKey(key) })],
  ['RepositoryTemplate', 'RepositoryTemplate', 'encryption', (scope, key) => new RepositoryTemplate(scope, 'It', {
    prefix: 'team', appliedFor: [TemplateUse.CREATE_ON_PUSH], encryption: customerManagedKey(key),
  })],
  ['RepositoryTemplate', 'PullThroughCache', 'encryption', (scope, key) => new PullThroughCache(scope, 'It', {
    upstream: UpstreamRegistry.QUAY, encryption: customerManagedKey(key),
  })],
  ['RepositoryTemplate', 'ReplicationDestination', 'encryption', (scope, key) => new ReplicationDestination(scope, 'It', {
    sources: [ReplicationSource.account('444455556666')], encryption: customerManagedKey(key),
  })],
  ['ScanFindings', 'ScanFindings', 'encryptionKey', (scope, key) => new ScanFindings(scope, 'It', { encryptionKey: key })],
];

describe.each(TAKERS)('a key of a %s (%s)', (className, taker, prop, take) => {
  test.each<[string, kms.CfnKeyProps, string]>([
    ['asymmetric', { keySpec: 'RSA_2048', keyUsage: 'ENCRYPT_DECRYPT' }, `'${prop}' must use a symmetric key, got "Stack/Key" with the key spec "RSA_2048"`],
    ['for signatures', { keyUsage: 'GENERATE_VERIFY_MAC' }, `'${prop}' must use a key that encrypts, got "Stack/Key" with the key usage "GENERATE_VERIFY_MAC"`],
    ['disabled', { enabled: false }, `'${prop}' must use an enabled key, got "Stack/Key" with 'enabled' false`],
  ])('must not be %s', (_, props, message) => {
    const key = new kms.CfnKey(stack, 'Key', props);

    expect(messageOf(() => take(stack, key))).toContain(message);
  });

  test('may say that it is symmetric, or have a parameter for that', () => {
    const elsewhere = new Stack(new App(), 'Stack', { env: ENV });
    const spec = new CfnParameter(elsewhere, 'Spec').valueAsString;
    const key = new kms.CfnKey(stack, 'Key', { keySpec: 'SYMMETRIC_DEFAULT', keyUsage: 'ENCRYPT_DECRYPT', enabled: true });
    const late = new kms.CfnKey(elsewhere, 'Late', { keySpec: spec });

    expect(() => take(stack, key)).not.toThrow();
    expect(() => take(elsewhere, late)).not.toThrow();
  });

  test('must not be disabled by an Aspect', () => {
    const key = new kms.Key(stack, 'Key', { removalPolicy: RemovalPolicy.RETAIN });
    take(stack, key);
    Aspects.of(stack).add({
      visit: node => {
        if (kms.CfnKey.isCfnKey(node)) {
          node.enabled = false;
        }
      },
    });

    expect(failure()).toContain(`'${prop}' must use an enabled key, got "Stack/Key"`);
  });

  test('of another account is a warning', () => {
    take(stack, kms.Key.fromKeyArn(stack, 'Key', `arn:aws:kms:${ENV.region}:999988887777:key/11111111-2222-3333-4444-555555555555`));

    expect(idsOf()).toEqual([`${className}.foreignKey`]);
  });

  test('of another Region is an error', () => {
    const key = kms.Key.fromKeyArn(stack, 'Key', `arn:aws:kms:us-west-2:${ENV.account}:key/11111111-2222-3333-4444-555555555555`);

    expect(messageOf(() => take(stack, key))).toContain('Region eu-west-1, got a key of us-west-2; use a key or a multi-Region replica key there');
  });

  test('that is an alias is a warning for a repository, and an error elsewhere', () => {
    const alias = new kms.Alias(stack, 'Alias', { aliasName: 'alias/images', targetKey: new kms.Key(stack, 'Key') });
    const message = messageOf(() => take(stack, alias));

    expect(message === 'accepted' ? idsOf() : message).toEqual(taker === 'SecureRepository' ? ['SecureRepository.aliasKey'] : expect.stringContaining('got the alias "Stack/Alias"'));
  });

  test('that goes with the stack is a warning unless the messages go too', () => {
    take(stack, new kms.Key(stack, 'Key', { removalPolicy: RemovalPolicy.DESTROY }));

    expect(idsOf()).toEqual(taker === 'ScanFindings' ? [] : [`${className}.keyRemoved`]);
  });

  test('that stays is silent', () => {
    take(stack, new kms.Key(stack, 'Key'));

    expect(idsOf()).toEqual([]);
  });

  test('that another app makes is silent', () => {
    take(stack, kms.Key.fromKeyArn(stack, 'Import', `arn:aws:kms:${ENV.region}:${ENV.account}:key/11111111-2222-3333-4444-555555555555`));

    expect(idsOf()).toEqual([]);
  });
});

describe('the target of an alias', () => {
  test('is held to the same rules', () => {
    const alias = new kms.Alias(stack, 'Alias', { aliasName: 'alias/images', targetKey: new kms.Key(stack, 'Key', { keySpec: kms.KeySpec.RSA_2048 }) });

    expect(messageOf(() => make({ encryption: customerManagedKey(alias) }))).toContain("'encryption' must use a symmetric key, got \"Stack/Alias\"");
  });
});

describe('the key that repositories share', () => {
  test.each<[string, Array<RemovalPolicy | undefined>, string]>([
    ['stays with repositories that stay', [undefined, RemovalPolicy.RETAIN], 'RetainExceptOnCreate'],
    ['goes with repositories that go', [RemovalPolicy.DESTROY, RemovalPolicy.DESTROY], 'Delete'],
    ['stays with one that stays after one that goes', [RemovalPolicy.DESTROY, undefined], 'RetainExceptOnCreate'],
    ['stays with one that stays before one that goes', [RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE, RemovalPolicy.DESTROY], 'RetainExceptOnCreate'],
  ])('%s', (_, removalPolicies, expected) => {
    removalPolicies.forEach((removalPolicy, index) => make({ removalPolicy }, `Api${index}`));

    expect(policiesOf('AWS::KMS::Key')).toEqual([expected]);
    expect(idsOf()).toEqual([]);
  });

  test('stays for a template, whose repositories no stack deletes', () => {
    make({ removalPolicy: RemovalPolicy.DESTROY });
    new RepositoryTemplate(stack, 'Template', { prefix: 'team', appliedFor: [TemplateUse.CREATE_ON_PUSH] });

    expect(policiesOf('AWS::KMS::Key')).toEqual(['RetainExceptOnCreate']);
    expect(idsOf()).toEqual([]);
  });

  test('keeps the removal policy that the user sets', () => {
    SecureRepository.defaultKeyOf(stack).applyRemovalPolicy(RemovalPolicy.RETAIN);
    make();
    make({ removalPolicy: RemovalPolicy.DESTROY }, 'Web');

    expect(policiesOf('AWS::KMS::Key')).toEqual(['Retain']);
  });

  test('is a warning where the user deletes it and keeps the repository', () => {
    make();
    SecureRepository.defaultKeyOf(stack).applyRemovalPolicy(RemovalPolicy.DESTROY);

    expect(idsOf()).toEqual(['SecureRepository.keyRemoved']);
  });

  test('is a warning where something deletes the only repository and keeps the key', () => {
    make().applyRemovalPolicy(RemovalPolicy.DESTROY);

    expect(idsOf()).toEqual(['SecureRepository.deletedWithImages', 'SecureRepository.keyLeft']);
  });
});

describe('the removal policy', () => {
  test('keeps a repository except when the deployment that creates it fails', () => {
    make();

    expect(policiesOf(REPOSITORY)).toEqual(['RetainExceptOnCreate']);
  });

  test.each<[string, (repository: SecureRepository) => void]>([
    ['RemovalPolicies', () => RemovalPolicies.of(app).destroy()],
    ['applyRemovalPolicy', repository => {
      repository.applyRemovalPolicy(RemovalPolicy.DESTROY);
    }],
    ['an override', repository => {
      resourceOf(repository).addOverride('DeletionPolicy', 'Delete');
    }],
    ['a deletion override', repository => {
      resourceOf(repository).cfnOptions.deletionPolicy = undefined;
    }],
    ['an Aspect', () => Aspects.of(app).add({
      visit: node => {
        if (ecr.CfnRepository.isCfnRepository(node)) {
          node.cfnOptions.deletionPolicy = CfnDeletionPolicy.DELETE;
        }
      },
    })],
  ])('is a warning where %s deletes a repository that would keep its images', (_, change) => {
    const repository = make({ encryption: RepositoryEncryption.AWS_MANAGED_KEY });
    change(repository);

    expect(idsOf()).toEqual(['SecureRepository.deletedWithImages']);
  });

  test('is silent where the images go too, or where the user chose it', () => {
    const repository = make({ encryption: RepositoryEncryption.AWS_MANAGED_KEY });
    resourceOf(repository).emptyOnDelete = true;
    make({ removalPolicy: RemovalPolicy.DESTROY }, 'Web');
    RemovalPolicies.of(app).destroy();

    expect(idsOf()).toEqual([]);
  });

  test.each<[string, (repository: SecureRepository) => void]>([
    ['RemovalPolicies', () => RemovalPolicies.of(app).retain()],
    ['applyRemovalPolicy', repository => {
      repository.applyRemovalPolicy(RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE);
    }],
    ['an override', repository => {
      resourceOf(repository).addOverride('DeletionPolicy', 'Retain');
    }],
  ])('is an error where %s keeps a repository that is to be emptied', (_, change) => {
    change(make({ removalPolicy: RemovalPolicy.DESTROY, emptyOnDelete: true, encryption: RepositoryEncryption.AES_256 }));

    expect(failure()).toMatch(/'emptyOnDelete' must go with 'removalPolicy' RemovalPolicy\.DESTROY, got the DeletionPolicy "Retain(ExceptOnCreate)?" after construction/);
  });
});

describe('what changes after construction', () => {
  const change = (by: (resource: ecr.CfnRepository) => void, props?: SecureRepositoryProps): void => {
    by(resourceOf(make(props ?? { encryption: RepositoryEncryption.AWS_MANAGED_KEY })));
  };
  const aspect = (by: (resource: ecr.CfnRepository) => void) => (resource: ecr.CfnRepository): void => Aspects.of(app).add({
    visit: node => {
      if (node === resource) {
        by(resource);
      }
    },
  });
  const FILTER = { imageTagMutabilityExclusionFilterType: 'WILDCARD', imageTagMutabilityExclusionFilterValue: '*' };

  test.each<[string, (resource: ecr.CfnRepository) => void, string]>([
    ['a name by an override', it => {
      it.addPropertyOverride('RepositoryName', 'Team/Api');
    }, "'RepositoryName' must"],
    ['a name by an Aspect', aspect(it => {
      it.repositoryName = 'Team/Api';
    }), "'RepositoryName' must"],
    ['exclusions without filters', it => {
      it.addPropertyOverride('ImageTagMutability', 'IMMUTABLE_WITH_EXCLUSION');
    }, 'must have at least one filter for IMMUTABLE_WITH_EXCLUSION'],
    ['filters without exclusions', aspect(it => {
      it.imageTagMutabilityExclusionFilters = [FILTER];
    }), 'ImageTagMutabilityExclusionFilters'],
    ['a filter with a space', it => {
      it.addPropertyOverride('ImageTagMutability', 'IMMUTABLE_WITH_EXCLUSION');
      it.addPropertyOverride('ImageTagMutabilityExclusionFilters', [{ ImageTagMutabilityExclusionFilterType: 'WILDCARD', ImageTagMutabilityExclusionFilterValue: 'a b' }]);
    }, "'ImageTagMutabilityExclusionFilters"],
    ['a count of 0 in the lifecycle policy', it => {
      it.addPropertyOverride('LifecyclePolicy.LifecyclePolicyText', LifecyclePolicy.standard().toJson().replace(/"countNumber":500/, '"countNumber":0'));
    }, "'LifecyclePolicyText' is a policy that ECR refuses"],
    ['a lifecycle policy that is not JSON, by an Aspect', aspect(it => {
      it.lifecyclePolicy = { lifecyclePolicyText: 'no' };
    }), "'LifecyclePolicyText' is a policy that ECR refuses"],
    ['two rules for any image', it => {
      const rule = { selection: { tagStatus: 'any', countType: 'imageCountMoreThan', countNumber: 9 }, action: { type: 'expire' } };
      it.addPropertyOverride('LifecyclePolicy.LifecyclePolicyText', JSON.stringify({ rules: [{ rulePriority: 1, ...rule }, { rulePriority: 2, ...rule }] }));
    }, "'LifecyclePolicyText' is a policy that ECR refuses"],
    ['a policy for everybody', it => {
      it.addPropertyOverride('RepositoryPolicyText', { Statement: [{ Effect: 'Allow', Principal: '*', Action: 'ecr:BatchGetImage' }] });
    }, "'RepositoryPolicyText.Statement[0]' must not allow the principal '*'"],
    ['a policy for everybody by an Aspect', aspect(it => {
      it.repositoryPolicyText = { Statement: { Effect: 'Allow', Principal: '*', Action: 'ecr:BatchGetImage' } };
    }), "'RepositoryPolicyText.Statement[0]' must not allow the principal '*'"],
    ['all properties at once', it => {
      it.addOverride('Properties', { RepositoryName: 'A' });
    }, "'RepositoryName' must"],
  ])('is an error for %s', (_, by, message) => {
    change(by);

    expect(failure()).toContain(message);
    expect(failure()).toContain('(changed after construction)');
  });

  test('is a warning for encryption where there was none', () => {
    change(it => {
      it.addPropertyOverride('EncryptionConfiguration.EncryptionType', 'KMS');
    }, { encryption: RepositoryEncryption.AES_256 });

    expect(idsOf()).toEqual(['SecureRepository.encryptionChanged']);
  });

  test.each<[string, (resource: ecr.CfnRepository) => void, string]>([
    ['mutable tags by an Aspect', aspect(it => {
      it.imageTagMutability = 'MUTABLE';
    }), 'tagsMadeMutable'],
    ['mutable tags by an override', it => {
      it.addPropertyOverride('ImageTagMutability', 'MUTABLE');
    }, 'tagsMadeMutable'],
    ['no mutability', it => {
      it.addPropertyDeletionOverride('ImageTagMutability');
    }, 'tagsMadeMutable'],
    ['an exclusion of every tag', aspect(it => {
      it.imageTagMutability = 'IMMUTABLE_WITH_EXCLUSION';
      it.imageTagMutabilityExclusionFilters = [FILTER];
    }), 'tagsMadeMutable'],
    ['no encryption', it => {
      it.addPropertyDeletionOverride('EncryptionConfiguration');
    }, 'encryptionChanged'],
    ['another encryption', aspect(it => {
      it.encryptionConfiguration = { encryptionType: 'AES256' };
    }), 'encryptionChanged'],
  ])('is a warning for %s', (_, by, id) => {
    change(by);

    expect(idsOf()).toEqual([`SecureRepository.${id}`]);
  });

  const SILENT: Array<[string, (resource: ecr.CfnRepository) => void, SecureRepositoryProps?]> = [
    ['a valid name', it => {
      it.addPropertyOverride('RepositoryName', 'team/api');
    }],
    ['metadata with dots', it => {
      it.addOverride('Metadata.a\\.b', 1);
    }],
    ['a name that is known at deployment', it => {
      it.addPropertyOverride('RepositoryName', { Ref: 'AWS::StackName' });
    }],
    ['an exclusion of some tags', it => {
      it.addPropertyOverride('ImageTagMutability', 'IMMUTABLE_WITH_EXCLUSION');
      it.addPropertyOverride('ImageTagMutabilityExclusionFilters', [{ ImageTagMutabilityExclusionFilterType: 'WILDCARD', ImageTagMutabilityExclusionFilterValue: 'dev-*' }]);
    }],
    ['one of its filters', it => {
      it.addPropertyOverride('ImageTagMutabilityExclusionFilters.0.ImageTagMutabilityExclusionFilterValue', 'dev-*');
    }, { mutableTags: ['latest'], encryption: RepositoryEncryption.AES_256 }],
    ['a mutability that is known at deployment', it => {
      it.addPropertyOverride('ImageTagMutability', { Ref: 'AWS::StackName' });
    }],
    ['an encryption that is known at deployment', it => {
      it.addPropertyOverride('EncryptionConfiguration.EncryptionType', new CfnParameter(stack, 'Type').valueAsString);
    }],
    ['the key', it => {
      it.addPropertyOverride('EncryptionConfiguration.KmsKey', 'alias/images');
    }],
    ['a lifecycle policy', it => {
      it.addPropertyOverride('LifecyclePolicy.LifecyclePolicyText', LifecyclePolicy.standard().toJson());
    }],
    ['no policy', it => {
      it.addPropertyDeletionOverride('RepositoryPolicyText');
    }],
    ['an existing policy beside another change', it => {
      it.addPropertyOverride('ImageScanningConfiguration.ScanOnPush', false);
    }, {
      encryption: RepositoryEncryption.AES_256,
      repositoryPolicy: ExistingPolicy.fromJson({ Statement: { Effect: 'Allow', Principal: { AWS: '444455556666' }, Action: 'ecr:BatchGetImage' } }),
    }],
    ['the removal policy of another section', it => {
      (it as CfnResource).addOverride('UpdateReplacePolicy', 'Retain');
    }],
  ];

  test.each(SILENT.map(([what, by, props]) => [what, { by, props }] as const))('is silent for %s', (_, { by, props }) => {
    change(by, props);

    expect(failure()).toBe('accepted');
    expect(idsOf()).toEqual([]);
  });
});
