import { CheckSeverity, EcrChecks } from '../../lib';
import { GOOD } from './fixtures';

const repository = (properties: object, other: object = {}) => ({ Type: 'AWS::ECR::Repository', Properties: { ...GOOD, ...properties }, ...other });
const findingsIn = (template: Record<string, unknown>) => new EcrChecks().findingsIn([{ template }]).map(({ logicalId, propertyPath, message }) => `${logicalId} ${propertyPath}: ${message}`);
const messageOf = (properties: object, sections: object = {}) => findingsIn({ Resources: { Api: repository(properties) }, ...sections });

describe('findingsIn', () => {
  test('reports rule, resource, place, way out, controls and construct', () => {
    const template = { Resources: { Api: repository({ EncryptionConfiguration: undefined }, { Metadata: { 'aws:cdk:path': 'Stack/Api/Resource' } }) } };

    expect(new EcrChecks().findingsIn([{ template, fileName: 'api.yaml' }])).toEqual([{
      ruleId: 'EcrChecks.noCustomerManagedKey',
      severity: CheckSeverity.WARNING,
      fileName: 'api.yaml',
      logicalId: 'Api',
      resourceType: 'AWS::ECR::Repository',
      propertyPath: 'EncryptionConfiguration',
      message: expect.stringContaining("'EncryptionConfiguration' must name a customer managed key"),
      fix: expect.stringContaining('replace the repository'),
      fixReplaces: true,
      controls: { 'AWS Security Hub': 'ECR.5', 'checkov': 'CKV_AWS_136' },
      constructPath: 'Stack/Api/Resource',
    }]);
  });

  test('finds nothing in a template whose sections are no objects', () => {
    expect(findingsIn({ Resources: [], Parameters: [], Mappings: 'none' })).toEqual([]);
  });

  test('compares the templates of one registry', () => {
    const policy = { Resources: { Signing: { Type: 'AWS::ECR::SigningConfiguration' } } };
    const check = (...regions: Array<string | undefined>) => new EcrChecks()
      .findingsIn(regions.map(region => ({ template: policy, account: '111122223333', region }))).map(({ ruleId, fileName, controls, fixReplaces }) => [ruleId, fileName, controls, fixReplaces]);

    expect(check('eu-west-1', 'eu-west-1')).toEqual([['EcrChecks.ownedTwice', 'template 1', {}, false], ['EcrChecks.ownedTwice', 'template 2', {}, false]]);
    expect(check('eu-west-1', 'us-east-1')).toEqual([]);
    expect(check('eu-west-1', undefined)).toEqual([]);
  });

  test.each<[string, unknown, object]>([
    ['a branch', { 'Fn::If': ['C', 'MUTABLE', 'MUTABLE'] }, {}],
    ['the default of a parameter', { Ref: 'P' }, { Parameters: { P: { Type: 'String', Default: 'MUTABLE' } } }],
    ['joined text', { 'Fn::Join': ['', ['MUT', 'ABLE']] }, {}],
    ['a mapping', { 'Fn::FindInMap': ['M', 'a', 'b'] }, { Mappings: { M: { a: { b: 'MUTABLE' } } } }],
  ])('judges %s', (_, value, sections) => {
    expect(messageOf({ ImageTagMutability: value }, sections)).toEqual([expect.stringMatching(/^Api ImageTagMutability: .* image that runs$/)]);
  });

  test('names the branch that breaks the rule', () => {
    expect(messageOf({ ImageTagMutability: { 'Fn::If': ['IsProd', 'IMMUTABLE', 'MUTABLE'] } })).toEqual([expect.stringMatching(/ \(if 'IsProd' is false\)$/)]);
    expect(messageOf({ ImageTagMutability: { 'Fn::FindInMap': ['M', { Ref: 'Env' }, 'tags'] } }, { Mappings: { M: { dev: { tags: 'MUTABLE' }, prod: { tags: 'IMMUTABLE' } } } }))
      .toEqual([expect.stringMatching(/ \(for 'M\[\$\{Env\}\]' of 'dev'\)$/)]);
  });

  test('leaves out the branch in which the resource does not exist', () => {
    expect(findingsIn({ Resources: { Api: repository({ ImageTagMutability: { 'Fn::If': ['IsProd', 'IMMUTABLE', 'MUTABLE'] } }, { Condition: 'IsProd' }) } })).toEqual([]);
  });

  test('takes what a macro may add for unknown', () => {
    expect(findingsIn({ Resources: { Api: { Type: 'AWS::ECR::Repository', Properties: { 'Fn::Transform': { Name: 'Defaults' } } } } })).toEqual([]);
    expect(findingsIn({ Resources: { Api: { 'Type': 'AWS::ECR::Repository', 'Fn::Transform': { Name: 'Defaults' } } } })).toEqual([]);
  });

  test('reads lifecycle policies with values that are only known at deployment', () => {
    const text = (count: string, pattern: string) => `{"rules":[{"rulePriority":1,"description":"\\"keep\\"","selection":{"tagStatus":"tagged","tagPatternList":["${pattern}"],`
      + `"countType":"imageCountMoreThan","countNumber":${count}},"action":{"type":"expire"}}]}`;
    const policy = (value: string) => ({ LifecyclePolicy: { LifecyclePolicyText: { 'Fn::Sub': value } } });

    expect(messageOf(policy(text('${Count}', '${Team}-*')))).toEqual([]);
    expect(messageOf(policy(text('${Count}', 'a*b*c*d*e*f')))).toEqual([expect.stringContaining("patterns with at most 4 '*'")]);
    expect(messageOf(policy(text('0', '${Team}-*')))).toEqual([expect.stringContaining('whole number of at least 1, got 0')]);
    expect(messageOf(policy(text('0', '${Team}-*').replace('expire', '${Action}')))).toEqual([]);
    expect(messageOf(policy('{ ${Broken}'))).toEqual([]);
  });

  test('looks into the bodies of stack sets', () => {
    const stackSet = (TemplateBody: unknown) => findingsIn({ Resources: { Baseline: { Type: 'AWS::CloudFormation::StackSet', Properties: { TemplateBody } } } });
    const body = { Resources: { Api: repository({ ImageTagMutability: 'MUTABLE' }) } };
    const expected = [expect.stringMatching(/^Baseline TemplateBody: in the template body, 'Api': 'ImageTagMutability' must/)];

    expect(stackSet(JSON.stringify(body))).toEqual(expected);
    expect(stackSet({ 'Fn::ToJsonString': body })).toEqual(expected);
    expect(stackSet('Resources: {}')).toEqual([expect.stringMatching(/^Baseline TemplateBody: 'TemplateBody' must be JSON to be checked, got YAML/)]);
    expect(stackSet({ Ref: 'Body' })).toEqual([]);
  });
});
