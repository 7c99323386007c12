import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EcrChecks } from '../../lib';
import { contextOf } from './fixtures';

const MUTABLE = { Type: 'AWS::ECR::Repository', Properties: { ImageTagMutability: 'MUTABLE' } };
const rules = (template: object): string[] => new EcrChecks().findingsIn([{ template }]).map(({ ruleId, logicalId }) => `${ruleId.replace('EcrChecks.', '')} ${logicalId}`);
const resources = (Resources: object, rest: object = {}): string[] => rules({ Resources, ...rest });

describe('a template that cannot be read is unknown', () => {
  test.each<[string, string, object]>([
    ['the body of a stack set in YAML', 'AWS::CloudFormation::StackSet', { TemplateBody: 'Resources:\n  Api:\n    Type: AWS::ECR::Repository\n' }],
    ['a local nested stack in YAML', 'AWS::CloudFormation::Stack', { TemplateURL: './nested.yaml' }],
    ['a local stack set in YAML', 'AWS::CloudFormation::StackSet', { TemplateURL: 'set.yml' }],
    ['a local application of AWS SAM', 'AWS::Serverless::Application', { Location: 'app.yaml' }],
  ])('%s', (_, Type, Properties) => {
    expect(resources({ Nested: { Type, Properties } })).toEqual(['uncheckedTemplate Nested']);
  });

  test.each<[string, string, object]>([
    ['a body in JSON', 'AWS::CloudFormation::StackSet', { TemplateBody: '{"Resources":{}}' }],
    ['a body as an object', 'AWS::CloudFormation::StackSet', { TemplateBody: { Resources: {} } }],
    ['a body that only the deployment knows', 'AWS::CloudFormation::StackSet', { TemplateBody: { Ref: 'Body' } }],
    ['a template in Amazon S3', 'AWS::CloudFormation::Stack', { TemplateURL: 'https://bucket.s3.amazonaws.com/nested.yaml' }],
    ['an application of the repository', 'AWS::Serverless::Application', { Location: { ApplicationId: 'arn:aws:serverlessrepo:us-east-1:111122223333:applications/a', SemanticVersion: '1.0.0' } }],
    ['another resource', 'AWS::S3::Bucket', { TemplateURL: 'nested.yaml' }],
  ])('but not %s', (_, Type, Properties) => {
    expect(resources({ Nested: { Type, Properties } })).toEqual([]);
  });
});

test('a local nested stack in JSON is checked', () => {
  const folder = mkdtempSync(join(tmpdir(), 'nested-'));
  const file = join(folder, 'template.json');
  writeFileSync(join(folder, 'nested.json'), JSON.stringify({ Resources: { Api: MUTABLE } }));
  writeFileSync(file, JSON.stringify({ Resources: { Nested: { Type: 'AWS::CloudFormation::Stack', Properties: { TemplateURL: './nested.json' } } } }));
  const { violations } = new EcrChecks().validate(contextOf(file));
  rmSync(folder, { recursive: true });

  expect(violations.map(({ ruleName }) => ruleName)).toContain('EcrChecks.mutableTags');
});

describe('a loop of Fn::ForEach', () => {
  const loop = (list: unknown, properties: object): object => ({ 'Fn::ForEach::Repositories': ['Name', list, { 'Repository${Name}': { Type: 'AWS::ECR::Repository', Properties: properties } }] });
  const found = (list: unknown, properties: object, rest: object = {}): string[] => resources(loop(list, properties), rest).filter(it => /mutableTags|invalidName/.test(it));

  test('is written out', () => {
    expect(found(['Api', 'Web'], { ImageTagMutability: 'MUTABLE', EmptyOnDelete: false })).toEqual(['mutableTags RepositoryApi', 'mutableTags RepositoryWeb']);
    expect(found(['api', 'Web'], { RepositoryName: 'team/${Name}', ImageTagMutability: 'IMMUTABLE' })).toEqual(['invalidName RepositoryWeb']);
    expect(found(['api', 'Web'], { RepositoryName: { 'Fn::Sub': 'team/${Name}' }, ImageTagMutability: 'IMMUTABLE' })).toEqual(['invalidName RepositoryWeb']);
    expect(found(['Web'], { RepositoryName: { 'Fn::Sub': ['${Name}', {}] }, ImageTagMutability: 'IMMUTABLE' })).toEqual(['invalidName RepositoryWeb']);
    expect(found(['Web'], { RepositoryName: { Ref: 'Name' }, ImageTagMutability: 'IMMUTABLE' })).toEqual(['invalidName RepositoryWeb']);
    expect(found(['MUTABLE'], { ImageTagMutability: { 'Fn::Join': ['', [{ Ref: 'Name' }]] } })).toEqual(['mutableTags RepositoryMUTABLE']);
  });

  test('uses the default of a parameter', () => {
    const list = { Ref: 'Names' };
    const properties = { RepositoryName: '${Name}', ImageTagMutability: 'IMMUTABLE' };

    expect(found(list, properties, { Parameters: { Names: { Type: 'CommaDelimitedList', Default: 'api, Web' } } })).toEqual(['invalidName RepositoryWeb']);
    expect(found(list, properties, { Parameters: { Names: { Type: 'CommaDelimitedList' } } })).toEqual([]);
  });

  test.each<[string, unknown]>([['a parameter', { Ref: 'Names' }], ['unknown entries', [{ Ref: 'Name1' }]], ['no entries', []]])('counts as one round for %s', (_, list) => {
    expect(found(list, { ImageTagMutability: 'MUTABLE', RepositoryName: '${Name}' })).toEqual(['mutableTags Repository${Name}']);
    expect(found(list, { ImageTagMutability: 'IMMUTABLE', RepositoryName: 'team/&{Name}' })).toEqual([]);
  });

  test('is read in properties, and left alone if it is none', () => {
    const properties = { 'Fn::ForEach::Settings': ['Key', ['ImageTagMutability'], { '${Key}': 'MUTABLE' }] };

    expect(found(['Api'], properties)).toEqual(['mutableTags RepositoryApi']);
    expect(resources({ 'Fn::ForEach::Broken': { Type: 'AWS::S3::Bucket' } })).toEqual([]);
  });
});
