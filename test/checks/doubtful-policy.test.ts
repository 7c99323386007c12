import { add, found, foundIn, foundInTemplate, newStack } from './fixtures';

const ACCOUNT = { AWS: 'arn:aws:iam::111122223333:root' };
const allow = (statement: object) => ({ Statement: [{ Effect: 'Allow', Principal: ACCOUNT, Action: 'ecr:BatchGetImage', ...statement }] });

function inRole(statement: object): string[] {
  const stack = newStack();
  add(stack, 'Policy', 'AWS::IAM::Policy', { PolicyName: 'policy', PolicyDocument: { Statement: [{ Effect: 'Allow', Action: 'ecr:BatchGetImage', Resource: '*', ...statement }] } });
  return found(stack);
}

describe('doubtfulPolicy', () => {
  test.each<[string, object, string]>([
    ['an action that AWS does not list', { Action: 'ecr:BatchFetchPictures' }, 'the action "ecr:BatchFetchPictures" has no effect'],
    ['a condition key that AWS does not list', { Condition: { StringEquals: { 'aws:PrincipalOrganisationName': 'o-1' } } }, 'the condition on "aws:PrincipalOrganisationName" is never met'],
    ['a service without a condition', { Principal: { Service: 'lambda.amazonaws.com' } }, '"lambda.amazonaws.com" can use the permission for a resource of any AWS account'],
  ])('finds %s', (_, statement, message) => {
    const finding = expect.stringContaining(`doubtfulPolicy: 'RepositoryPolicyText': ${message}`);
    expect(foundIn({ RepositoryPolicyText: allow(statement) })).toContainEqual(finding);
    expect(foundInTemplate({ RepositoryPolicy: JSON.stringify(allow(statement)) })).toContainEqual(expect.stringContaining(`doubtfulPolicy: 'RepositoryPolicy': ${message}`));
  });

  test.each<[string, object]>([
    ['an action that AWS lists', {}],
    ['a condition key that AWS lists', { Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-1234567890' } } }],
    ['a service for one account', { Principal: { Service: 'lambda.amazonaws.com' }, Condition: { StringEquals: { 'aws:SourceAccount': '111122223333' } } }],
  ])('ignores %s', (_, statement) => {
    expect(foundIn({ RepositoryPolicyText: allow(statement) }).filter(line => line.startsWith('doubtfulPolicy'))).toEqual([]);
  });

  test('finds unknown actions in policies of identities, and leaves their conditions to IAM', () => {
    expect(inRole({ Action: 'ecr:BatchFetchPictures' })).toContainEqual(expect.stringContaining("doubtfulPolicy: 'PolicyDocument': the action \"ecr:BatchFetchPictures\" has no effect"));
    expect(inRole({ Condition: { StringEquals: { 'aws:PrincipalOrganisationName': 'o-1' } } })).toEqual([]);
  });
});
