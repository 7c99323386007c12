import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileOf, folderOf, invoke, invokeJson } from './harness';

const YAML = `AWSTemplateFormatVersion: 2010-09-09
Parameters:
  Name: { Type: String }
Resources:
  Api:
    Type: AWS::ECR::Repository
    Properties:
      RepositoryName: !Sub '\${AWS::StackName}-api'
      ImageTagMutability: MUTABLE
      ImageScanningConfiguration:
        ScanOnPush: no
`;

/** A repository without a finding. */
const GOOD = {
  Type: 'AWS::ECR::Repository',
  Properties: {
    ImageTagMutability: 'IMMUTABLE',
    ImageScanningConfiguration: { ScanOnPush: true },
    EncryptionConfiguration: { EncryptionType: 'KMS', KmsKey: { 'Fn::GetAtt': ['Key', 'Arn'] } },
    LifecyclePolicy: {
      LifecyclePolicyText: '{"rules":[{"rulePriority":1,"selection":{"tagStatus":"any","countType":"imageCountMoreThan","countNumber":5},"action":{"type":"expire"}}]}',
    },
  },
};

const BAD = { Type: 'AWS::ECR::Repository' };

interface Position {
  readonly line: number;
  readonly column: number;
}

interface Found {
  readonly findings: ReadonlyArray<{ rule: string; severity: string; message: string; resource: string; file: string; position: Position }>;
  readonly suppressed: ReadonlyArray<{ rule: string; suppression: string }>;
  readonly known: ReadonlyArray<{ rule: string }>;
  readonly templates: readonly string[];
  readonly skippedFiles: number;
  readonly uncheckedNestedStacks: readonly string[];
}

async function found(...args: string[]): Promise<Found> {
  return (await invokeJson<Found>('check', ...args)).json;
}

function placesOf({ findings }: Found): Array<[string, string, number, number]> {
  return findings.map(({ rule, resource, position }) => [rule.replace('EcrChecks.', ''), resource, position.line, position.column]);
}

describe('check', () => {
  test('reports the line of the property in YAML, and the line of the resource where the property is absent', async () => {
    expect(placesOf(await found(fileOf('app.yaml', YAML)))).toEqual([
      ['noCustomerManagedKey', 'Api', 5, 3],
      ['noLifecyclePolicy', 'Api', 5, 3],
      ['mutableTags', 'Api', 9, 7],
      ['notScanned', 'Api', 10, 7],
    ]);
  });

  test('reports the same places in JSON', async () => {
    const json = `{
  "Resources": {
    "Api": {
      "Type": "AWS::ECR::Repository",
      "Properties": {
        "ImageTagMutability": "MUTABLE",
        "ImageScanningConfiguration": { "ScanOnPush": false }
      }
    }
  }
}`;
    expect(placesOf(await found(fileOf('app.json', json)))).toEqual([
      ['noCustomerManagedKey', 'Api', 3, 5],
      ['noLifecyclePolicy', 'Api', 3, 5],
      ['mutableTags', 'Api', 6, 9],
      ['notScanned', 'Api', 7, 9],
    ]);
  });

  test('exits with 0 without findings, and with 1 with findings', async () => {
    expect((await invoke('check', fileOf('good.json', { Resources: { Api: GOOD } }))).code).toBe(0);
    expect((await invoke('check', fileOf('bad.json', { Resources: { Api: BAD } }))).code).toBe(1);
  });

  test('states controls, fix, and whether the fix replaces the resource', async () => {
    const { stdout } = await invoke('check', fileOf('app.yaml', YAML));

    expect(stdout).toContain('controls: AWS Security Hub ECR.2');
    expect(stdout).toMatch(/noCustomerManagedKey \(Api\)\n.+\n.+fix: .+\[replaces the resource\]/);
    expect(stdout).not.toMatch(/mutableTags \(Api\)\n.+\n.+fix: .+\[replaces the resource\]/);
    expect(stdout).toMatch(/3 errors, 1 warning\n1 template with 1 resource checked\n$/);
  });

  test('names a suggestion for a misspelled option, and exits with 2', async () => {
    const { code, stderr } = await invoke('check', 'x.yaml', '--formt', 'json');

    expect(code).toBe(2);
    expect(stderr).toContain('--format');
  });
});

describe('check reads', () => {
  test.each<[string, unknown]>([
    ["!Join ['', [MUT, !Ref Suffix]]", { 'Fn::Join': ['', ['MUT', { Ref: 'Suffix' }]] }],
    ['!If [Dev, !Sub "${Name}", MUTABLE]', { 'Fn::If': ['Dev', { 'Fn::Sub': '${Name}' }, 'MUTABLE'] }],
    ["{ 'Fn::Sub': '${Name}' }", { 'Fn::Sub': '${Name}' }],
    ['!Sub ["${x}", { x: !Ref Suffix }]', { 'Fn::Sub': ['${x}', { x: { Ref: 'Suffix' } }] }],
    ['!FindInMap [Map, a, b]', { 'Fn::FindInMap': ['Map', 'a', 'b'] }],
    ['!Transform { Name: X, Parameters: { A: b } }', { 'Fn::Transform': { Name: 'X', Parameters: { A: 'b' } } }],
    ['!GetAtt Other.Name', { 'Fn::GetAtt': ['Other', 'Name'] }],
    ["!ImportValue 'Name'", { 'Fn::ImportValue': 'Name' }],
    ['!Ref AWS::NoValue', { Ref: 'AWS::NoValue' }],
    ['!Select [0, !Split [",", "MUTABLE,x"]]', { 'Fn::Select': [0, { 'Fn::Split': [',', 'MUTABLE,x'] }] }],
  ])('%s as its long form', async (short, long) => {
    const yaml = `Parameters:
  Name: { Type: String }
  Suffix: { Type: String, Default: ABLE }
Mappings: { Map: { a: { b: MUTABLE } } }
Conditions: { Dev: !Equals [!Ref Name, x] }
Resources:
  Api:
    Type: AWS::ECR::Repository
    Properties: { ImageTagMutability: ${short} }
`;
    const json = {
      Parameters: { Name: { Type: 'String' }, Suffix: { Type: 'String', Default: 'ABLE' } },
      Mappings: { Map: { a: { b: 'MUTABLE' } } },
      Conditions: { Dev: { 'Fn::Equals': [{ Ref: 'Name' }, 'x'] } },
      Resources: { Api: { Type: 'AWS::ECR::Repository', Properties: { ImageTagMutability: long } } },
    };
    const essence = ({ findings }: Found) => findings.map(({ rule, message }) => `${rule} ${message}`).sort();

    expect(essence(await found(fileOf('app.yaml', yaml)))).toEqual(essence(await found(fileOf('app.json', json))));
  });

  test('anchors, aliases, and the booleans of YAML 1.1', async () => {
    const yaml = `Resources:
  A: { Type: 'AWS::ECR::Repository', Properties: { ImageScanningConfiguration: &scan { ScanOnPush: yes } } }
  B: { Type: 'AWS::ECR::Repository', Properties: { ImageScanningConfiguration: *scan } }
`;
    expect((await found(fileOf('app.yml', yaml))).findings.map(({ rule }) => rule)).not.toContain('EcrChecks.notScanned');
  });

  test('a byte order mark, and JSON in a file that is called .yaml', async () => {
    expect((await found(fileOf('app.yaml', `\uFEFF${JSON.stringify({ Resources: { Api: BAD } })}`))).findings).toHaveLength(4);
  });

  test('comments and trailing commas in .yaml that begins like JSON', async () => {
    expect((await found(fileOf('app.yaml', '{ Resources: { Api: { Type: "AWS::ECR::Repository" }, } } # flow'))).findings).toHaveLength(4);
  });

  test('each iteration of a loop over a list, a parameter and a mapping', async () => {
    const { findings } = await found(fileOf('loop.yaml', `Transform: AWS::LanguageExtensions
Parameters:
  Teams: { Type: CommaDelimitedList, Default: 'a, b' }
Mappings:
  Services: { all: { names: [web, api] } }
Resources:
  'Fn::ForEach::Team':
    - Team
    - !Ref Teams
    - 'Fn::ForEach::Service':
        - Service
        - !FindInMap [Services, all, names]
        - '\${Team}\${Service}':
            Type: AWS::ECR::Repository
            Properties:
              RepositoryName: !Sub '\${Team}/\${Service}'
              ImageTagMutability: MUTABLE
  'Fn::ForEach::Literal':
    - Name
    - [x-1]
    - 'Repository&{Name}': { Type: 'AWS::ECR::Repository', Properties: { RepositoryName: { Ref: Name } } }
`));
    const mutable = findings.filter(({ rule }) => rule === 'EcrChecks.mutableTags');
    expect(mutable.map(({ resource, position }) => [resource, position.line])).toEqual([
      ['aapi', 17], ['aweb', 17], ['bapi', 17], ['bweb', 17], ['Repositoryx1', 21],
    ]);
  });

  test('a loop whose collection is known at deployment only, once', async () => {
    const { findings } = await found(fileOf('loop.yaml', `Parameters: { Teams: { Type: CommaDelimitedList } }
Resources:
  'Fn::ForEach::Team':
    - Team
    - !Ref Teams
    - 'Repository\${Team}': { Type: 'AWS::ECR::Repository', Properties: { RepositoryName: !Sub '\${Team}' } }
`));
    expect(findings.filter(({ rule }) => rule === 'EcrChecks.mutableTags').map(({ resource }) => resource)).toEqual(['Repository${Team}']);
  });

  test('inline policies of AWS SAM, at their place', async () => {
    const { findings } = await found(fileOf('sam.yaml', `Transform: AWS::Serverless-2016-10-31
Resources:
  Pusher:
    Type: AWS::Serverless::Function
    Properties:
      PackageType: Image
      Policies:
        - AWSLambdaBasicExecutionRole
        - S3ReadPolicy: { BucketName: b }
        - Version: '2012-10-17'
          Statement:
            - { Effect: Allow, Action: 'ecr:*', Resource: '*' }
`));
    expect(findings.map(({ rule, position }) => [rule, position.line])).toEqual([['EcrChecks.broadPermissions', 12]]);
  });

  test('local templates of nested stacks as part of their stack, and names the others', async () => {
    const nested = { Resources: { Rule: { Type: 'AWS::ECR::RegistryScanningConfiguration', Properties: { ScanType: 'BASIC', Rules: [
      { ScanFrequency: 'SCAN_ON_PUSH', RepositoryFilters: [{ Filter: '*', FilterType: 'WILDCARD' }] },
    ] } } } };
    const unscanned = { ...GOOD, Properties: { ...GOOD.Properties, ImageScanningConfiguration: undefined } };
    const folder = folderOf({
      'z-parent.json': { Resources: {
        Api: unscanned,
        Local: { Type: 'AWS::CloudFormation::Stack', Properties: { TemplateURL: './a-nested.json' } },
        Remote: { Type: 'AWS::CloudFormation::Stack', Properties: { TemplateURL: 'https://s3.amazonaws.com/x/y.json' } },
      } },
      'a-nested.json': nested,
    });
    const { findings, templates, uncheckedNestedStacks } = await found(folder);

    expect(findings).toEqual([]);
    expect(templates).toHaveLength(2);
    expect(uncheckedNestedStacks).toEqual([expect.stringMatching(/z-parent\.json: Remote$/)]);
  });

  test('a cloud assembly: stacks with their environments, stages and nested stacks, and nothing else', async () => {
    const stack = (file: string, environment: string) => ({ type: 'aws:cloudformation:stack', environment, properties: { templateFile: file } });
    const policy = { Resources: { Policy: { Type: 'AWS::ECR::RegistryPolicy', Properties: { PolicyText: { Version: '2012-10-17', Statement: [] } } } } };
    const folder = folderOf({
      'manifest.json': { version: '55.0.0', artifacts: {
        A: stack('A.template.json', 'aws://111122223333/eu-west-1'),
        B: stack('B.template.json', 'aws://111122223333/eu-west-1'),
        C: stack('C.template.json', 'aws://111122223333/us-east-1'),
        Stage: { type: 'cdk:cloud-assembly', properties: { directoryName: 'assembly-Stage' } },
      } },
      'A.template.json': policy,
      'B.template.json': policy,
      'C.template.json': policy,
      'old.template.json': { Resources: { Api: BAD } },
      'assembly-Stage/manifest.json': { version: '55.0.0', artifacts: { D: stack('D.template.json', 'aws://unknown-account/unknown-region') } },
      'assembly-Stage/D.template.json': { Resources: { Nested: {
        Type: 'AWS::CloudFormation::Stack', Metadata: { 'aws:asset:path': 'N.nested.template.json' }, Properties: { TemplateURL: { 'Fn::Sub': 'https://x' } },
      } } },
      'assembly-Stage/N.nested.template.json': { Resources: { Api: BAD } },
    });
    const { findings, templates } = await found(folder);

    expect(templates).toHaveLength(5);
    expect(findings.filter(({ rule }) => rule === 'EcrChecks.ownedTwice').map(({ file }) => file.slice(-15)).sort()).toEqual(['A.template.json', 'B.template.json']);
    expect(findings.some(({ file }) => file.endsWith('N.nested.template.json'))).toBe(true);
  });

  test('a stack of a cloud assembly without resources', async () => {
    const folder = folderOf({
      'manifest.json': { version: '1', artifacts: { A: { type: 'aws:cloudformation:stack', properties: { templateFile: 'A.template.json' } } } },
      'A.template.json': { Parameters: { BootstrapVersion: { Type: 'String' } } },
    });
    expect(await invoke('check', folder)).toMatchObject({ code: 0, stderr: '' });
  });

  test('folders: files that are no templates are skipped and counted, dependencies and hidden folders are left out', async () => {
    const folder = folderOf({
      'deep/app.yaml': YAML,
      'package.json': { name: 'x' },
      'chart.yaml': 'a: {{ .Values.x }}\nResources: {{ x }}',
      'list.json': '[1]',
      'kubernetes.yaml': 'kind: A\n---\nkind: B\n',
      'empty.json': '',
      'node_modules/x/app.yaml': YAML,
      '.git/app.yaml': YAML,
    });
    const { templates, skippedFiles } = await found(folder);

    expect(templates).toEqual([expect.stringMatching(/deep\/app\.yaml$/)]);
    expect(skippedFiles).toBe(5);
  });
});

describe('check fails', () => {
  test.each<[string, unknown, RegExp]>([
    ['broken JSON', '{"Resources": {"A": {"Type": "AWS::ECR::Repository",}}}', /app\.\w+:1:53 is not JSON/],
    ['truncated JSON', '{"Resources": {"A": {"Type": "AWS::ECR::Rep', /app\.\w+:1:\d+ is not JSON/],
    ['no resources', { Outputs: {} }, /must be a CloudFormation template/],
    ['an empty file', '', /must be a CloudFormation template/],
    ['resources without types', { Resources: { A: 1 } }, /must be a CloudFormation template/],
  ])('for a named file with %s', async (_, content, message) => {
    const { code, stdout, stderr } = await invoke('check', fileOf('app.json', content));

    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(message);
  });

  test('for broken YAML with its line, for a missing file and for a binary one, all at once', async () => {
    const broken = fileOf('app.yaml', 'Resources:\n  A: [\n  B: x');
    const { code, stderr } = await invoke('check', broken, '/nowhere.yaml', fileOf('binary.yaml', '\0\x01\x02'));

    expect(code).toBe(2);
    expect(stderr).toMatch(/app\.yaml:3:3 is not YAML/);
    expect(stderr).toContain('cannot read /nowhere.yaml: ENOENT'.replace('ENOENT', 'it does not exist'));
    expect(stderr).toContain('binary.yaml');
  });

  test('for YAML with a key twice, with its line', async () => {
    expect(await invoke('check', fileOf('app.yaml', `${YAML}  Api:\n    Type: AWS::SNS::Topic\n`))).toMatchObject({ code: 2, stderr: expect.stringContaining('app.yaml:12:3 is not YAML: Map keys must be unique') });
  });

  test('for a broken template in a folder, and not for other broken files', async () => {
    const { code, stderr } = await invoke('check', folderOf({ 'bad.yaml': `${YAML}  x: [\n`, 'other.yaml': 'Resources: [' }));

    expect(code).toBe(2);
    expect(stderr).toMatch(/bad\.yaml:\d+:\d+ is not YAML/);
    expect(stderr).not.toContain('other.yaml');
  });

  test('for a template that a cloud assembly names and that is missing', async () => {
    const folder = folderOf({ 'manifest.json': { version: '1', artifacts: { A: { type: 'aws:cloudformation:stack', properties: { templateFile: 'A.template.json' } } } } });

    expect(await invoke('check', folder)).toMatchObject({ code: 2, stderr: expect.stringContaining('A.template.json: it does not exist') });
  });
});

describe('a suppression', () => {
  const suppressed = (...suppress: unknown[]) => ({ Resources: { Api: { ...BAD, Metadata: { 'cdk-secure-ecr': { suppress } } } } });

  test('with a reason applies to its resource and rule only, and is reported as such', async () => {
    const template = suppressed({ id: 'EcrChecks.mutableTags', reason: 'moves by design' }, { id: 'noLifecyclePolicy', reason: 'an archive' });
    const { code, json } = await invokeJson<Found>('check', fileOf('app.json', template));

    expect(code).toBe(1);
    expect(json.findings.map(({ rule }) => rule)).toEqual(['EcrChecks.noCustomerManagedKey', 'EcrChecks.notScanned']);
    expect(json.suppressed.map(({ rule, suppression }) => [rule, suppression])).toEqual([
      ['EcrChecks.mutableTags', 'moves by design'], ['EcrChecks.noLifecyclePolicy', 'an archive'],
    ]);
  });

  test.each<[string, unknown]>([
    ['without a reason', { id: 'EcrChecks.mutableTags' }],
    ['with an empty reason', { id: 'EcrChecks.mutableTags', reason: ' ' }],
    ['with an unknown id', { id: 'EcrChecks.mutabelTags', reason: 'x' }],
    ['that is a string', 'EcrChecks.mutableTags'],
  ])('%s does not apply and is an error', async (_, entry) => {
    const { findings } = await found(fileOf('app.json', suppressed(entry)));

    expect(findings.map(({ rule }) => rule)).toEqual(expect.arrayContaining(['EcrChecks.mutableTags', 'invalidSuppression']));
  });

  test('that is no list is an error', async () => {
    const template = { Resources: { Api: { ...BAD, Metadata: { 'cdk-secure-ecr': { suppress: 'all' } } } } };

    expect((await found(fileOf('app.json', template))).findings.map(({ rule }) => rule)).toContain('invalidSuppression');
  });

  test('that nothing needs is a note', async () => {
    const template = { Resources: { Api: { ...GOOD, Metadata: { 'cdk-secure-ecr': { suppress: [{ id: 'mutableTags', reason: 'old' }] } } } } };

    expect((await found(fileOf('app.json', template))).findings).toMatchObject([{ rule: 'unusedSuppression', severity: 'note' }]);
    expect((await found(fileOf('app.json', template), '--min-severity', 'warning')).findings).toEqual([]);
  });
});

describe('a baseline', () => {
  test('covers what it lists, from any folder, whatever the lines are', async () => {
    const folder = folderOf({ 'app.yaml': YAML });
    const baseline = join(folder, 'ci/baseline.json');
    expect((await invoke('check', folder, '--write-baseline', baseline)).code).toBe(0);
    const moved = folderOf({ 'app.yaml': `# a comment\n\n${YAML}`, 'ci/baseline.json': readFileSync(baseline, 'utf8') });

    const { code, json } = await invokeJson<Found>('check', moved, '--baseline', join(moved, 'ci/baseline.json'));
    expect(code).toBe(0);
    expect(json.findings).toEqual([]);
    expect(json.known).toHaveLength(4);
  });

  test('does not cover new findings, and reports entries that no longer occur', async () => {
    const folder = folderOf({ 'app.yaml': YAML });
    const baseline = join(folder, 'baseline.txt');
    await invoke('check', folder, '--write-baseline', baseline);
    const changed = folderOf({ 'app.yaml': YAML.replace('MUTABLE', 'IMMUTABLE').replace('  Api:', '  Api: {Type: "AWS::SNS::Topic"}\n  Web:'), 'baseline.txt': readFileSync(baseline, 'utf8') });
    const { code, stdout } = await invoke('check', changed, '--baseline', join(changed, 'baseline.txt'));

    expect(code).toBe(1);
    expect(stdout).toContain('(Web)');
    expect(stdout).toContain('4 entries of the baseline no longer occur');
  });

  test.each<[string, unknown, RegExp]>([
    ['text', 'x', /must be JSON/],
    ['another JSON', { findings: [] }, /must have 'version' 1/],
    ['an entry without a rule', { version: 1, findings: [{ file: 'x' }] }, /must have 'version' 1/],
  ])('of %s is an error', async (_, content, message) => {
    expect(await invoke('check', fileOf('a.yaml', YAML), '--baseline', fileOf('b.json', content))).toMatchObject({ code: 2, stderr: expect.stringMatching(message) });
  });

  test('that does not exist is an error', async () => {
    expect(await invoke('check', fileOf('a.yaml', YAML), '--baseline', '/nowhere')).toMatchObject({ code: 2, stderr: expect.stringContaining('cannot read /nowhere') });
  });
});

describe('the format', () => {
  const template = fileOf('app.json', { Resources: { Api: { ...BAD, Metadata: { 'cdk-secure-ecr': { suppress: [{ id: 'mutableTags', reason: 'by design' }] } } } } });

  test('sarif has rules, places, fingerprints and suppressions', async () => {
    const { code, stdout } = await invoke('check', template, '--format', 'sarif');
    const { runs: [{ tool, results }], version } = JSON.parse(stdout);

    expect({ code, version }).toEqual({ code: 1, version: '2.1.0' });
    expect(results).toHaveLength(4);
    for (const { ruleId, ruleIndex, locations: [{ physicalLocation }], partialFingerprints } of results) {
      expect(tool.driver.rules[ruleIndex].id).toBe(ruleId);
      expect(physicalLocation.region.startLine).toBeGreaterThan(1);
      expect(Object.values(partialFingerprints)).toEqual([expect.stringMatching(/^[0-9a-f]{32}$/)]);
    }
    expect(results.find(({ ruleId }: any) => ruleId === 'EcrChecks.mutableTags').suppressions).toEqual([{ kind: 'inSource', justification: 'by design' }]);
  });

  test('markdown is a table without markup of the template', async () => {
    const hostile = fileOf('app.json', { Resources: { 'A|<b>[x](y)': BAD } });
    const { stdout } = await invoke('check', hostile, '--format', 'markdown');

    expect(stdout).toContain('| severity | place | rule | finding | fix |');
    expect(stdout).toContain('A\\|&lt;b&gt;\\[x\\](y)');
    expect(stdout.split('\n').filter(line => /^\| (?:error|warning)/.test(line)).map(line => line.split(/(?<!\\)\|/).length)).toEqual([7, 7, 7, 7]);
  });

  test('goes to a file with --output', async () => {
    const output = join(folderOf(), 'reports/findings.sarif');
    expect(await invoke('check', template, '--format', 'sarif', '--output', output)).toEqual({ code: 1, stdout: '', stderr: '' });
    expect(JSON.parse(readFileSync(output, 'utf8')).version).toBe('2.1.0');
  });

  test('unknown is an error', async () => {
    expect((await invoke('check', template, '--format', 'xml')).code).toBe(2);
  });
});
