import { Token } from 'aws-cdk-lib';
import { type Branch, tokenized, variantsOf, withoutTokens } from '../../lib/checks/template-values';

const SCOPE = {
  parameters: {
    Default: { Type: 'String', Default: 'MUTABLE' },
    Only: { Type: 'String', AllowedValues: ['MUTABLE'] },
    OnlyBeatsDefault: { Type: 'String', AllowedValues: ['IMMUTABLE'], Default: 'MUTABLE' },
    Two: { Type: 'String', AllowedValues: ['MUTABLE', 'IMMUTABLE'] },
    List: { Type: 'CommaDelimitedList', Default: 'latest, prod' },
    Ssm: { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/path' },
    Broken: 'text',
  },
  mappings: { Settings: { prod: { tags: 'IMMUTABLE' }, dev: { tags: 'MUTABLE' } }, Flat: { a: { b: 1 } } },
  account: '111122223333',
  region: 'eu-west-1',
};

function valuesOf(value: unknown, fixed?: Branch, scope = SCOPE): unknown[] {
  return variantsOf({ value }, scope, fixed).map(({ properties }) => properties.value);
}

describe('variantsOf', () => {
  test('are without properties if these are no object', () => {
    expect(variantsOf({ Ref: 'AWS::NoValue' }, SCOPE)).toEqual([{ branch: {}, properties: {} }]);
    expect(variantsOf({ Ref: 'Default' }, SCOPE)).toEqual([{ branch: {}, properties: {} }]);
  });

  test.each<[string, unknown, unknown]>([
    ['text', 'a', 'a'],
    ['the default of a parameter', { Ref: 'Default' }, 'MUTABLE'],
    ['the only value of a parameter', { Ref: 'Only' }, 'MUTABLE'],
    ['the only value in place of a default', { Ref: 'OnlyBeatsDefault' }, 'IMMUTABLE'],
    ['a list in the default of a parameter', { Ref: 'List' }, ['latest', 'prod']],
    ['a parameter without a default', { Ref: 'Two' }, { Ref: 'Two' }],
    ['a parameter whose default is a name', { Ref: 'Ssm' }, { Ref: 'Ssm' }],
    ['a parameter that is none', { Ref: 'Broken' }, { Ref: 'Broken' }],
    ['the account', { Ref: 'AWS::AccountId' }, '111122223333'],
    ['the partition', { 'Fn::Sub': '${AWS::Partition}:${AWS::Region}' }, 'aws:eu-west-1'],
    ['joined text', { 'Fn::Join': ['-', ['a', { Ref: 'Default' }, 1]] }, 'a-MUTABLE-1'],
    ['a join with an object', { 'Fn::Join': ['-', ['a', { b: 1 }, ['c']]] }, 'a-{"b":1}-["c"]'],
    ['a variable without a value', { 'Fn::Sub': ['a${Own}', { Own: { Ref: 'AWS::NoValue' } }] }, 'a'],
    ['a join of nothing', { 'Fn::Join': null }, { 'Fn::Join': null }],
    ['text without a variable', { 'Fn::Sub': 'a' }, 'a'],
    ['text with variables of its own', { 'Fn::Sub': ['${Own}/${Default}/${!Literal}', { Own: { Ref: 'Only' } }] }, 'MUTABLE/MUTABLE/${Literal}'],
    ['a substitution of nothing', { 'Fn::Sub': {} }, { 'Fn::Sub': {} }],
    ['a choice from a list', { 'Fn::Select': ['1', ['a', 'b']] }, 'b'],
    ['a choice from nowhere', { 'Fn::Select': [0, { Ref: 'X' }] }, { 'Fn::Select': [0, { Ref: 'X' }] }],
    ['a choice of nothing', { 'Fn::Select': 'x' }, { 'Fn::Select': 'x' }],
    ['a part of a text', { 'Fn::Select': [1, { 'Fn::Split': ['/', 'a/b'] }] }, 'b'],
    ['a split of nothing', { 'Fn::Split': 'x' }, { 'Fn::Split': 'x' }],
    ['JSON', { 'Fn::ToJsonString': { a: [{ Ref: 'Default' }] } }, '{"a":["MUTABLE"]}'],
    ['a value of a mapping', { 'Fn::FindInMap': ['Settings', 'prod', 'tags'] }, 'IMMUTABLE'],
    ['a value that a mapping does not have', { 'Fn::FindInMap': ['Settings', 'test', 'tags'] }, { 'Fn::FindInMap': ['Settings', 'test', 'tags'] }],
    ['a mapping that is unknown', { 'Fn::FindInMap': [{ Ref: 'X' }, 'a', 'b'] }, { 'Fn::FindInMap': [{ Ref: 'X' }, 'a', 'b'] }],
    ['a mapping of nothing', { 'Fn::FindInMap': 'x' }, { 'Fn::FindInMap': 'x' }],
    ['half a mapping', { 'Fn::FindInMap': ['Flat', 'a'] }, { 'Fn::FindInMap': ['Flat', 'a'] }],
    ['no value in a list', ['a', { Ref: 'AWS::NoValue' }], ['a']],
    ['no value', { Ref: 'AWS::NoValue' }, undefined],
    ['an unknown condition', { 'Fn::If': 'x' }, { 'Fn::If': 'x' }],
    ['an import', { 'Fn::ImportValue': 'x' }, { 'Fn::ImportValue': 'x' }],
  ])('reads %s', (_, value, expected) => {
    expect(valuesOf(value)).toEqual([expected]);
  });

  test('reads text with tokens for what only the deployment knows', () => {
    const [value] = valuesOf({ 'Fn::Join': ['/', ['team', { 'Fn::GetAtt': ['Api', 'Arn'] }, { Ref: 'X' }, { 'Fn::ImportValue': 'I' }, {}, ['a'], { Ref: 'AWS::NoValue' }]] }) as string[];

    expect(Token.isUnresolved(value)).toBe(true);
    expect(withoutTokens(value)).toBe('team/${Api.Arn}/${X}/${Fn::ImportValue "I"}/{}/["a"]');
    expect(withoutTokens(`${valuesOf({ 'Fn::Sub': '${A.Arn}/${X}' })[0] as string} and ${Token.asString({ Ref: 'Other' })}`)).toBe('${A.Arn}/${X} and ${Token}');
    expect(valuesOf({ 'Fn::Split': ['/', { 'Fn::Sub': 'a/${X}' }] })).toEqual([{ 'Fn::Split': ['/', { 'Fn::Sub': 'a/${X}' }] }]);
    expect(withoutTokens((tokenized({ a: [1, { Ref: 'X' }] }) as { a: string[] }).a[1])).toBe('${X}');
  });

  test('knows no account and no Region of a stack without an environment', () => {
    expect(valuesOf([{ Ref: 'AWS::Region' }, { Ref: 'AWS::Partition' }], undefined, { ...SCOPE, region: undefined as unknown as string }))
      .toEqual([[{ Ref: 'AWS::Region' }, { Ref: 'AWS::Partition' }]]);
  });

  test('reads both branches of a condition, and those in it', () => {
    const value = { 'Fn::If': ['A', { 'Fn::If': ['B', 1, 2] }, { 'Fn::If': ['C', 3, { Ref: 'AWS::NoValue' }] }] };

    expect(new Set(valuesOf(value))).toEqual(new Set([1, 2, 3, undefined]));
    expect(new Set(valuesOf(value, { A: 'false' }))).toEqual(new Set([3, undefined]));
    expect(valuesOf({ 'Fn::If': ['A', 1] }, { A: 'false' })).toEqual([undefined]);
  });

  test('reads every entry of a mapping whose key is unknown', () => {
    expect(variantsOf({ tags: { 'Fn::FindInMap': ['Settings', { Ref: 'Two' }, 'tags'] } }, SCOPE)).toEqual([
      { branch: { 'Settings[${Two}]': 'prod' }, properties: { tags: 'IMMUTABLE' } },
      { branch: { 'Settings[${Two}]': 'dev' }, properties: { tags: 'MUTABLE' } },
    ]);
  });

  test('tries conditions one by one where there are too many to combine', () => {
    const variants = variantsOf({ list: Array.from({ length: 12 }, (_, index) => ({ 'Fn::If': [`C${index}`, 'yes', 'no'] })) }, SCOPE);

    expect(variants.length).toBeLessThan(60);
    for (let index = 0; index < 12; index++) {
      expect(new Set(variants.map(({ properties }) => (properties.list as string[])[index]))).toEqual(new Set(['yes', 'no']));
    }
  });
});
