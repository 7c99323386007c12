import { LifecyclePolicy } from 'cdk-secure-ecr';
import { parsed } from '../core/json';
import type { RepositoryDump } from '../dump/dump';
import type { Repository } from '../dump/outputs';
import { keyOf } from '../dump/properties';
import { type Call, valueOf } from '../dump/read-call';
import { call, type Expression, imported, member, object, value } from './expression';
import { chosenEncryption, exclusionFilters, type LiveResource, normalText, ownTags } from './live';
import { documentOf, mirrorProps, type Omission, type Unit } from './unit';

/**
 * Plans the code of a repository, or says why it stays outside of the app: an import without a policy that exists deletes it.
 */
export function planRepository(repository: RepositoryDump): { unit?: Unit; omissions: Omission[] } {
  const { name, description, registry } = repository;
  const calls = {
    tags: repository.call('list-tags-for-resource'), lifecycle: repository.call('get-lifecycle-policy'), policy: repository.call('get-repository-policy'),
  };
  const unknown = [
    ...Object.entries({ 'its tags': calls.tags, 'its lifecycle policy': calls.lifecycle, 'its policy': calls.policy })
      .flatMap(([what, result]: [string, Call<unknown>]) => result.state === 'unknown' ? [`${what}: ${result.reason}`] : []),
    ...Object.entries({ imageTagMutability: description.imageTagMutability, imageScanningConfiguration: description.imageScanningConfiguration })
      .flatMap(([what, setting]) => setting === undefined ? [`${what}: describe-repositories does not state it`] : []),
  ];
  const stack = valueOf(calls.tags)?.tags.find(({ Key }) => Key === 'aws:cloudformation:stack-name');
  if (stack !== undefined) {
    return { omissions: [{ subject: name, reason: `the CloudFormation stack ${stack.Value} owns it; remove it from that stack first, with DeletionPolicy Retain` }] };
  }
  if (unknown.length > 0) {
    return { omissions: [{ subject: name, reason: `the dump does not know ${unknown.join('; ')}. An import without them would change them` }] };
  }

  const tags = ownTags(valueOf(calls.tags)?.tags);
  const emptyTags = tags.filter(({ Value }) => Value === '').map(({ Key }) => Key);
  if (emptyTags.length > 0) {
    return { omissions: [{ subject: name, reason: `CloudFormation rejects tags without a value: ${emptyTags.join(', ')}; give them a value or remove them first` }] };
  }
  const lifecycle = valueOf(calls.lifecycle)?.lifecyclePolicyText;
  const policy = valueOf(calls.policy)?.policyText;
  const live: LiveResource = {
    type: 'AWS::ECR::Repository',
    identifier: { RepositoryName: name },
    properties: {
      RepositoryName: name,
      ImageTagMutability: description.imageTagMutability,
      ImageTagMutabilityExclusionFilters: exclusionFilters(description.imageTagMutabilityExclusionFilters),
      ImageScanningConfiguration: { ScanOnPush: description.imageScanningConfiguration?.scanOnPush ?? false },
      EncryptionConfiguration: chosenEncryption(registry, description.encryptionConfiguration),
      LifecyclePolicy: lifecycle === undefined ? undefined : { LifecyclePolicyText: lifecycle },
      RepositoryPolicyText: policy === undefined ? undefined : parsed(policy),
      Tags: tags.length === 0 ? undefined : tags,
    },
  };
  const props = object({
    repositoryName: value(name),
    mutableTags: mutableTags(description),
    scanOnPush: description.imageScanningConfiguration?.scanOnPush === true ? undefined : value(false),
    encryption: encryptionExpression(live.properties.EncryptionConfiguration as Encryption | undefined),
    lifecycle: lifecycleExpression(lifecycle, `${name} lifecycle`),
    repositoryPolicy: policy === undefined ? undefined : call('ExistingPolicy.fromJson', documentOf(parsed(policy), `${name} policy`)),
  });
  const mirrored = (asText: boolean) => ({ class: 'ecr.CfnRepository', id: name, props: mirrorProps(live.properties, name, asText) });
  return {
    unit: {
      subject: name,
      repository: name,
      live: [live],
      tags,
      candidates: [[{ class: 'SecureRepository', id: name, props }], [mirrored(false)], [mirrored(true)]],
    },
    omissions: [
      ...keyOf(registry, description.encryptionConfiguration).isUnknown
        ? [{ subject: name, reason: `the dump does not know who manages the key ${description.encryptionConfiguration?.kmsKey}; the app names it. If AWS manages it, write RepositoryEncryption.AWS_MANAGED_KEY before the import: afterwards the repository would be replaced` }]
        : [],
    ],
  };
}

interface Encryption {
  readonly EncryptionType: string;
  readonly KmsKey?: string;
}

/** Tags that can be moved, as far as `mutableTags` can say it; the comparison with the registry finds the rest. */
export function mutableTags({ imageTagMutability, imageTagMutabilityExclusionFilters: filters = [] }: Pick<Repository, 'imageTagMutability' | 'imageTagMutabilityExclusionFilters'>, isEveryTagDefault = false): Expression | undefined {
  switch (imageTagMutability) {
    case 'MUTABLE':
    case undefined:
      return isEveryTagDefault ? undefined : value(['*']);
    case 'IMMUTABLE':
      return isEveryTagDefault ? value([]) : undefined;
    default:
      return value(filters.map(({ filter }) => filter));
  }
}

/** The encryption as an expression; `AES_256` is not the default of the library, so that it is always written. */
export function encryptionExpression(encryption: Encryption | undefined): Expression {
  const { EncryptionType: type = 'AES256', KmsKey: key } = encryption ?? {};
  const isDouble = type === 'KMS_DSSE';
  if (key !== undefined) {
    return call(isDouble ? 'RepositoryEncryption.dualLayer' : 'RepositoryEncryption.customerManagedKey', imported('key', key));
  }
  return member(`RepositoryEncryption.${isDouble ? 'DUAL_LAYER' : type === 'KMS' ? 'AWS_MANAGED_KEY' : 'AES_256'}`);
}

const PRESETS: ReadonlyArray<readonly [expression: Expression | undefined, policy: () => LifecyclePolicy]> = [
  [undefined, () => LifecyclePolicy.standard()],
  [call('LifecyclePolicy.production'), () => LifecyclePolicy.production()],
  [call('LifecyclePolicy.development'), () => LifecyclePolicy.development()],
];

/** The lifecycle policy as an expression; undefined if it is that of `standard()`. */
export function lifecycleExpression(text: string | undefined, name: string): Expression | undefined {
  if (text === undefined) {
    return call('LifecyclePolicy.none');
  }
  const isText = (policy: LifecyclePolicy): boolean => normalText({ LifecyclePolicy: policy.toJson() }) === normalText({ LifecyclePolicy: text });
  const preset = PRESETS.find(([, policy]) => isText(policy()));
  if (preset) {
    return preset[0];
  }
  const document = parsed(text);
  return call('LifecyclePolicy.fromJson', typeof document === 'string' ? value(text) : call('JSON.stringify', documentOf(document, name)));
}
