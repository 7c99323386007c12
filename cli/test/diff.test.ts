import { fileOf, folderOf, invoke, invokeJson } from './harness';

interface Found {
  readonly findings: ReadonlyArray<{ rule: string; severity: string; resource: string; message: string; fix: string; property: string }>;
}

type Resources = Record<string, unknown>;

const repository = (properties: object, attributes: object = {}) => ({ Type: 'AWS::ECR::Repository', ...attributes, Properties: properties });
const RETAIN = { DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' };

async function diffOf(before: Resources, after: Resources): Promise<{ code: number; findings: Found['findings'] }> {
  const { code, json } = await invokeJson<Found>('diff', fileOf('old.json', { Resources: before }), fileOf('new.json', { Resources: after }));
  return { code, findings: json.findings };
}

const KEY = { 'Fn::GetAtt': ['Key', 'Arn'] };
const KMS_KEY = { Type: 'AWS::KMS::Key', Properties: { KeyPolicy: {} } };

describe('diff of templates', () => {
  test.each<[string, object | undefined, object | undefined, string]>([
    ['a key added to a repository without encryption', undefined, { EncryptionType: 'KMS', KmsKey: KEY }, 'RepositoryEncryption.AES_256'],
    ['AES256 declared', undefined, { EncryptionType: 'AES256' }, 'RepositoryEncryption.AES_256'],
    ['AES256 no longer declared', { EncryptionType: 'AES256' }, undefined, 'RepositoryEncryption.AES_256_DECLARED'],
    ['the AWS managed key left', { EncryptionType: 'KMS' }, { EncryptionType: 'AES256' }, 'RepositoryEncryption.AWS_MANAGED_KEY'],
    ['another key', { EncryptionType: 'KMS', KmsKey: 'a' }, { EncryptionType: 'KMS', KmsKey: 'b' }, 'RepositoryEncryption.customerManagedKey(key)'],
    ['dual-layer encryption left', { EncryptionType: 'KMS_DSSE' }, undefined, 'RepositoryEncryption.DUAL_LAYER'],
    ['dual-layer encryption with a key left', { EncryptionType: 'KMS_DSSE', KmsKey: 'a' }, undefined, 'RepositoryEncryption.dualLayer(key)'],
  ])('reports a replacement for %s, with the prop that avoids it', async (_, before, after, advice) => {
    const encrypted = (encryption: object | undefined) => ({ Api: repository({ EncryptionConfiguration: encryption }) });
    const { code, findings } = await diffOf(encrypted(before), encrypted(after));

    expect(code).toBe(1);
    expect(findings).toMatchObject([{ rule: 'replacement', severity: 'error', resource: 'Api', property: 'EncryptionConfiguration', fix: expect.stringContaining(advice) }]);
  });

  test.each<[string, string, object, object, string]>([
    ['a repository', 'AWS::ECR::Repository', { RepositoryName: 'a' }, { RepositoryName: 'b' }, "set 'repositoryName' to 'a'"],
    ['an unnamed repository', 'AWS::ECR::Repository', {}, { RepositoryName: 'b' }, "leave out 'repositoryName'"],
    ['a repository that loses its name', 'AWS::ECR::Repository', { RepositoryName: 'a' }, {}, "set 'repositoryName' to 'a'"],
    ['a public repository', 'AWS::ECR::PublicRepository', { RepositoryName: 'a' }, { RepositoryName: 'b' }, "set 'repositoryName' to 'a'"],
    ['a template', 'AWS::ECR::RepositoryCreationTemplate', { Prefix: 'a' }, { Prefix: 'b' }, "set 'prefix' to 'a'"],
    ['a cache', 'AWS::ECR::PullThroughCacheRule', { EcrRepositoryPrefix: 'a' }, { EcrRepositoryPrefix: 'b' }, "set 'prefix' to 'a'"],
    ['an exclusion', 'AWS::ECR::PullTimeUpdateExclusion', { PrincipalArn: 'a' }, { PrincipalArn: 'b' }, "keep 'a'"],
  ])('reports a new name of %s', async (_, type, before, after, advice) => {
    const { code, findings } = await diffOf({ X: { Type: type, Properties: before } }, { X: { Type: type, Properties: after } });

    expect(code).toBe(1);
    expect(findings).toMatchObject([{ rule: 'newName', fix: expect.stringContaining(advice) }]);
  });

  test.each<[string, object, object]>([
    ['the upstream URL', { UpstreamRegistryUrl: 'quay.io' }, { UpstreamRegistryUrl: 'registry.k8s.io' }],
    ['the upstream', { UpstreamRegistry: 'quay' }, { UpstreamRegistry: 'k8s' }],
    ['the credentials', { CredentialArn: 'a' }, {}],
    ['the role', {}, { CustomRoleArn: 'a' }],
    ['the upstream prefix', { UpstreamRepositoryPrefix: 'a' }, { UpstreamRepositoryPrefix: 'b' }],
  ])('reports the replacement of a cache when %s changes', async (_, before, after) => {
    const cache = (properties: object) => ({ Cache: { Type: 'AWS::ECR::PullThroughCacheRule', Properties: { EcrRepositoryPrefix: 'c', ...properties } } });

    expect((await diffOf(cache(before), cache(after))).findings).toMatchObject([{ rule: 'replacement', fix: expect.stringMatching(/upstream|credentials|role/i) }]);
  });

  test('accepts what CloudFormation updates in place', async () => {
    const { code, findings } = await diffOf(
      { Api: repository({ ImageTagMutability: 'MUTABLE', RepositoryName: 'a' }), Topic: { Type: 'AWS::SNS::Topic', Properties: { TopicName: 'a' } } },
      { Api: repository({ ImageTagMutability: 'IMMUTABLE', RepositoryName: 'a', LifecyclePolicy: { LifecyclePolicyText: '{}' }, Tags: [] }), New: repository({}) },
    );
    expect({ code, findings }).toEqual({ code: 0, findings: [] });
  });

  test('says what becomes of the images', async () => {
    const change = (attributes: object, name: object) => diffOf(
      { Api: repository({ ...name }, attributes) }, { Api: repository({ ...name, EncryptionConfiguration: { EncryptionType: 'KMS' } }, attributes) },
    );
    expect((await change(RETAIN, {})).findings[0].message).toMatch(/A new repository with a new name takes its place; the old one with its images is retained outside of the stack$/);
    expect((await change({}, {})).findings[0].message).toMatch(/tries to delete the old one with its images$/);
    expect((await change(RETAIN, { RepositoryName: 'x' })).findings[0].message).toMatch(/The deployment fails if the name "x" stays the same/);
  });

  test.each([
    'AWS::ECR::Repository', 'AWS::ECR::PublicRepository', 'AWS::ECR::RegistryPolicy', 'AWS::ECR::RegistryScanningConfiguration', 'AWS::ECR::ReplicationConfiguration',
    'AWS::ECR::SigningConfiguration', 'AWS::ECR::PullThroughCacheRule', 'AWS::ECR::RepositoryCreationTemplate', 'AWS::ECR::PullTimeUpdateExclusion',
  ])('reports the deletion of %s, and its removal from the stack if it is retained', async type => {
    const resource = { Type: type, Properties: { PolicyText: { Statement: [] } } };

    expect(await diffOf({ X: resource }, {})).toMatchObject({ code: 1, findings: [{ rule: 'deletion', severity: 'error' }] });
    expect(await diffOf({ X: { ...resource, ...RETAIN } }, {})).toMatchObject({ code: 1, findings: [{ rule: 'removalFromStack', severity: 'warning' }] });
  });

  test.each<[string, object]>([
    ['AWS::ECR::Repository', {}],
    ['AWS::ECR::Repository', { RepositoryName: 'x' }],
    ['AWS::ECR::RegistryScanningConfiguration', { ScanType: 'BASIC' }],
    ['AWS::ECR::RepositoryCreationTemplate', { Prefix: { Ref: 'P' } }],
  ])('names the successor when the logical id of a %s changes', async (type, properties) => {
    const { findings } = await diffOf({ Old: { Type: type, Properties: properties } }, { New: { Type: type, Properties: { ...properties, X: 1 } } });

    expect(findings).toMatchObject([{ rule: 'deletion', resource: 'Old', message: expect.stringContaining("'New'"), fix: expect.stringContaining("overrideLogicalId('Old')") }]);
  });

  test('does not take a new repository with another name for the successor', async () => {
    const { findings } = await diffOf({ Old: repository({ RepositoryName: 'a' }) }, { New: repository({ RepositoryName: 'b' }) });

    expect(findings[0].fix).not.toContain('overrideLogicalId');
  });

  test.each<[string, object, object]>([
    ['Fn::GetAtt', KEY, {}],
    ['Fn::GetAtt as a string', { 'Fn::GetAtt': 'Key.Arn' }, {}],
    ['Ref', { Ref: 'Key' }, {}],
    ['an alias', { Ref: 'Alias' }, { Alias: { Type: 'AWS::KMS::Alias', Properties: { AliasName: 'alias/x', TargetKeyId: { Ref: 'Key' } } } }],
  ])('reports the deletion of a key that a repository refers to with %s, and of no other key', async (_, reference, more) => {
    const encrypted = repository({ EncryptionConfiguration: { EncryptionType: 'KMS', KmsKey: reference } });
    const { findings } = await diffOf({ Api: encrypted, Key: KMS_KEY, Other: KMS_KEY, ...more }, { Api: encrypted, ...more });

    expect(findings).toMatchObject([{ rule: 'deletion', resource: 'Key', message: expect.stringContaining('deletes the KMS key') }]);
  });

  test('reports a new name of the alias of a key', async () => {
    const stack = (name: string) => ({
      Api: repository({ EncryptionConfiguration: { EncryptionType: 'KMS', KmsKey: KEY } }),
      Key: KMS_KEY,
      Alias: { Type: 'AWS::KMS::Alias', Properties: { AliasName: name, TargetKeyId: KEY } },
    });
    expect((await diffOf(stack('alias/a'), stack('alias/b'))).findings).toMatchObject([{ rule: 'newName', resource: 'Alias', property: 'AliasName' }]);
  });

  test('reports a new condition, and a new type', async () => {
    expect((await diffOf({ Api: repository({}) }, { Api: repository({}, { Condition: 'Dev' }) })).findings).toMatchObject([{ rule: 'possibleDeletion', severity: 'warning' }]);
    expect((await diffOf({ Api: repository({}) }, { Api: { Type: 'AWS::SNS::Topic' } })).findings).toMatchObject([{ rule: 'replacement', property: 'Type' }]);
  });

  test('reads YAML, the output of get-template, and gives the line in the new template', async () => {
    const yaml = (encryption: string) => `Resources:\n  Api:\n    Type: AWS::ECR::Repository\n    Properties:\n      EncryptionConfiguration: { EncryptionType: ${encryption} }\n`;
    const before = fileOf('deployed.json', { TemplateBody: yaml('AES256'), StagesAvailable: ['Original'] });
    const { json } = await invokeJson<Found>('diff', before, fileOf('new.yaml', yaml('KMS')));

    expect(json.findings).toMatchObject([{ position: { line: 5 } }]);
    const same = fileOf('deployed.json', { TemplateBody: { Resources: { Api: repository({ EncryptionConfiguration: { EncryptionType: 'KMS' } }) } } });
    expect((await invoke('diff', same, fileOf('new.yaml', yaml('KMS')))).code).toBe(0);
  });

  test('compares folders template by template, and takes a missing one for a deleted stack', async () => {
    const before = folderOf({ 'A.json': { Resources: { Api: repository({}) } }, 'sub/B.json': { Resources: { Web: repository({}) } } });
    const after = folderOf({ 'A.json': { Resources: { Api: repository({}) } }, 'C.json': { Resources: { New: repository({}) } } });

    expect((await invokeJson<Found>('diff', before, after)).json.findings).toMatchObject([{ rule: 'deletion', resource: 'Web' }]);
  });

  test.each<[string, string[]]>([
    ['a missing file', ['/nowhere.json', fileOf('a.json', { Resources: { A: repository({}) } })]],
    ['a file that is no template', [fileOf('a.json', { Resources: { A: repository({}) } }), fileOf('b.json', [])]],
    ['a file and a folder', [fileOf('a.json', { Resources: { A: repository({}) } }), folderOf()]],
    ['a policy that is none', [
      fileOf('a.json', { Resources: { A: { Type: 'AWS::ECR::RegistryPolicy', Properties: {} } } }), fileOf('b.json', { Resources: {} }),
    ]],
    ['one template', [fileOf('a.json', { Resources: { A: repository({}) } })]],
    ['no argument', []],
  ])('fails for %s', async (_, args) => {
    expect(await invoke('diff', ...args)).toMatchObject({ code: 2, stdout: '' });
  });
});

describe('diff of a change set', () => {
  const modify = (replacement: string, details: object[] = [], more: object = {}) => ({
    Type: 'Resource',
    ResourceChange: { Action: 'Modify', LogicalResourceId: 'Api', PhysicalResourceId: 'team/api', ResourceType: 'AWS::ECR::Repository', Replacement: replacement, Details: details, ...more },
  });
  const target = (name: string, recreation: string, more: object = {}) => ({ Target: { Attribute: 'Properties', Name: name, RequiresRecreation: recreation, ...more }, Evaluation: 'Static' });
  const changeSet = async (...changes: unknown[]) => {
    const { code, json } = await invokeJson<Found>('diff', fileOf('change-set.json', { ChangeSetName: 'x', Changes: changes }));
    return { code, findings: json.findings };
  };

  test('reports a replacement with the values of the contexts', async () => {
    const context = (encryption: object) => JSON.stringify({ Properties: { EncryptionConfiguration: encryption } });
    const { code, findings } = await changeSet(modify('True', [target('EncryptionConfiguration', 'Always'), target('Tags', 'Never')], {
      BeforeContext: context({ EncryptionType: 'KMS' }), AfterContext: context({ EncryptionType: 'AES256' }), PolicyAction: 'ReplaceAndRetain',
    }));
    expect(code).toBe(1);
    expect(findings).toMatchObject([{ rule: 'replacement', property: 'EncryptionConfiguration', fix: expect.stringContaining('AWS_MANAGED_KEY'), message: expect.stringContaining('retained') }]);
  });

  test('reports a new name, a possible replacement, a removal and a nested stack that is unknown', async () => {
    expect((await changeSet(modify('True', [target('RepositoryName', 'Always', { BeforeValue: 'a', AfterValue: 'b' })]))).findings)
      .toMatchObject([{ rule: 'newName', fix: expect.stringContaining("'a'") }]);
    expect((await changeSet(modify('Conditional', [target('EncryptionConfiguration', 'Conditionally')]))).findings).toMatchObject([{ rule: 'possibleReplacement', severity: 'warning' }]);
    expect((await changeSet(modify('True'))).findings).toMatchObject([{ rule: 'replacement' }]);
    expect((await changeSet(modify('True', [], { Action: 'Remove' }))).findings).toMatchObject([{ rule: 'deletion' }]);
    expect((await changeSet(modify('True', [], { Action: 'Remove', PolicyAction: 'Retain' }))).findings).toMatchObject([{ rule: 'removalFromStack' }]);
    expect((await changeSet(modify('True', [], { Action: 'Dynamic' }))).findings).toMatchObject([{ rule: 'possibleReplacement' }]);
  });

  test('reports the replacement of a KMS key, and of nothing else', async () => {
    expect((await changeSet(modify('True', [], { ResourceType: 'AWS::KMS::Key' }))).code).toBe(1);
    expect((await changeSet(modify('True', [], { ResourceType: 'AWS::SNS::Topic' }))).code).toBe(0);
  });

  test.each([
    ['an update in place', modify('False', [target('Tags', 'Never')])],
    ['a creation', modify('False', [], { Action: 'Add' })],
    ['an import', modify('False', [], { Action: 'Import' })],
    ['a hook', { Type: 'Hook' }],
  ])('accepts %s', async (_, change) => {
    expect(await changeSet(change)).toEqual({ code: 0, findings: [] });
  });

  test('fails for a part of a change set, and for changes without an action', async () => {
    expect(await invoke('diff', fileOf('c.json', { Changes: [], NextToken: 'x' }))).toMatchObject({ code: 2, stderr: expect.stringContaining('NextToken') });
    expect(await invoke('diff', fileOf('c.json', { Changes: [{ ResourceChange: { ResourceType: 'AWS::ECR::Repository' } }] }))).toMatchObject({ code: 2, stderr: expect.stringContaining('Changes[0]') });
  });
});
