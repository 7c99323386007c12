import { documentLength } from '../../../lib/private/policy/policy-length';
import { flattened } from '../../../lib/private/policy/statement-text';

describe('the text of a statement', () => {
  test.each([
    ['a join', { 'Fn::Join': ['-', ['a', { Ref: 'B' }]] }, 'a-${B}'],
    ['a join of unknown parts', { 'Fn::Join': ['-', { Ref: 'List' }] }, '${{"Fn::Join":["-",{"Ref":"List"}]}}'],
    ['a join that is none', { 'Fn::Join': 'a' }, '${{"Fn::Join":"a"}}'],
    ['a substitution', { 'Fn::Sub': 'a-${B}' }, 'a-${B}'],
    ['a substitution with values', { 'Fn::Sub': ['a-${B}', { B: 'b' }] }, 'a-${B}'],
    ['a substitution that is none', { 'Fn::Sub': { a: 1 } }, '${{"Fn::Sub":{"a":1}}}'],
    ['an attribute', { 'Fn::GetAtt': ['A', 'Arn'] }, '${A.Arn}'],
    ['an import', { 'Fn::ImportValue': 'a' }, '${{"Fn::ImportValue":"a"}}'],
  ])('has %s', (_, value, text) => {
    expect(flattened(value)).toBe(text);
  });
});

describe('the length of a document', () => {
  test.each([
    ['a join', { a: { 'Fn::Join': ['-', ['ab', { Ref: 'AWS::Region' }]] } }, '{"a":"ab-us-east-1"}'],
    ['a join of unknown parts', { a: { 'Fn::Join': ['-', { Ref: 'List' }] } }, '{"a":""}'],
    ['a join that is none', { a: { 'Fn::Join': 'a' } }, '{"a":""}'],
  ])('counts %s', (_, value, text) => {
    expect(documentLength(value)).toBe(text.length);
  });
});
