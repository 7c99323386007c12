import { add, found, foundIn, foundInTemplate, newStack } from './fixtures';

describe('anyPrincipalAllowed', () => {
  const statement = (it: object) => ({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 'ecr:BatchGetImage', ...it }] });
  const EVERYBODY = statement({ Principal: '*' });

  test.each([{ Principal: '*' }, { Principal: { AWS: '*' } }, { Principal: { AWS: ['111122223333', '*'] } }, { NotPrincipal: { AWS: '111122223333' } }, { Principal: '*', Condition: { StringNotEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } } }])('finds %j', it => {
    expect(foundIn({ RepositoryPolicyText: statement(it) })).toEqual([expect.stringMatching(/^anyPrincipalAllowed: 'RepositoryPolicyText'/)]);
  });

  test.each([{ Principal: { AWS: '222222222222' } }, { Principal: '*', Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } } }, { Effect: 'Deny', Principal: '*' }])('lets %j pass', it => {
    expect(foundIn({ RepositoryPolicyText: statement(it) })).toEqual([]);
  });

  const ARN = { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':iam::']] };
  const byArn = (role: unknown) => statement({ Principal: '*', Condition: { ArnLike: { 'aws:PrincipalArn': role } } });

  test('reads ARNs that the template puts together', () => {
    const joined = (rest: string) => ({ 'Fn::Join': ['', [...ARN['Fn::Join'][1], rest]] });
    expect(foundIn({ RepositoryPolicyText: byArn(joined('*:role/deployer')) })).toEqual([expect.stringMatching(/^anyPrincipalAllowed/)]);
    expect(foundIn({ RepositoryPolicyText: byArn(joined('222222222222:role/*')) })).toEqual([]);
    expect(foundIn({ RepositoryPolicyText: byArn({ 'Fn::Sub': 'arn:${AWS::Partition}:iam::*:role/deployer' }) })).toEqual([expect.stringMatching(/^anyPrincipalAllowed/)]);
    expect(foundIn({ RepositoryPolicyText: byArn({ 'Fn::Sub': ['arn:${AWS::Partition}:iam::${Account}:role/*', { Account: { Ref: 'Parameter' } }] }) })).toEqual([]);
    expect(foundIn({ RepositoryPolicyText: byArn({ 'Fn::Sub': { Ref: 'Parameter' } }) })).toEqual([]);
  });

  test('passes conditions that only the deployment knows', () => {
    expect(foundIn({ RepositoryPolicyText: statement({ Principal: '*', Condition: { 'Fn::ImportValue': 'C' } }) })).toEqual([]);
    expect(foundIn({ RepositoryPolicyText: statement({ Principal: '*', Condition: { StringEquals: { 'Fn::ImportValue': 'C' } } }) })).toEqual([]);
  });

  test('reads policies that are text, single statements, templates and registry policies', () => {
    expect(foundIn({ RepositoryPolicyText: JSON.stringify(EVERYBODY) })).toEqual([expect.stringMatching(/^anyPrincipalAllowed/)]);
    expect(foundIn({ RepositoryPolicyText: { Statement: EVERYBODY.Statement[0] } })).toEqual([expect.stringMatching(/^anyPrincipalAllowed/)]);
    expect(foundIn({ RepositoryPolicyText: 'not JSON' })).toEqual([]);
    expect(foundInTemplate({ RepositoryPolicy: JSON.stringify(EVERYBODY) })).toEqual([expect.stringMatching(/^anyPrincipalAllowed: 'RepositoryPolicy'/)]);

    const stack = newStack();
    add(stack, 'Policy', 'AWS::ECR::RegistryPolicy', { PolicyText: EVERYBODY });
    expect(found(stack)).toEqual([expect.stringMatching(/^anyPrincipalAllowed: 'PolicyText'/)]);
  });
});
