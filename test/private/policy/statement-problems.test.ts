import { Aws } from 'aws-cdk-lib';
import { ENDPOINT_POLICY, PUBLIC_REPOSITORY_POLICY, REGISTRY_POLICY, REPOSITORY_POLICY } from '../../../lib/private/policy/action-problems';
import { registryResourceProblems } from '../../../lib/private/policy/resource-problems';
import type { StatementJson } from '../../../lib/private/policy/statement-json';
import { documentProblems, statementDoubts, statementProblems } from '../../../lib/private/policy/statement-problems';

const ALLOW: StatementJson = { Effect: 'Allow', Principal: { AWS: '111122223333' }, Action: 'ecr:BatchGetImage' };
const problems = (statement: Partial<StatementJson>, place = REPOSITORY_POLICY): string[] => statementProblems('statement', { ...ALLOW, ...statement }, place);

describe('the principals of a statement', () => {
  test.each<[string, unknown]>([
    ['accounts', { AWS: ['111122223333', 'arn:aws:iam::111122223333:root'] }],
    ['a role with a path', { AWS: 'arn:aws-cn:iam::111122223333:role/team/ci' }],
    ['a session', { AWS: 'arn:aws:sts::111122223333:assumed-role/ci/run' }],
    ['a user', { AWS: 'arn:aws:iam::111122223333:user/ci' }],
    ['a deleted role', { AWS: 'AROAEXAMPLEEXAMPLE00' }],
    ['a service', { Service: ['lambda.amazonaws.com', 'codebuild.amazonaws.com'] }],
    ['tokens', { AWS: [Aws.ACCOUNT_ID, `arn:${Aws.PARTITION}:iam::111122223333:root`, `arn:aws:iam::${Aws.ACCOUNT_ID}:role/ci`], Service: Aws.REGION }],
    ['a token', Aws.REGION],
    ['none', undefined],
  ])('may be %s', (_, Principal) => {
    expect(problems({ Principal })).toEqual([]);
  });

  test.each<[string, unknown, string]>([
    ['an account of 13 digits', { AWS: '1111222233334' }, 'accounts of 12 digits or ARNs of roles and users, got "1111222233334"'],
    ['an ARN of such an account', { AWS: 'arn:aws:iam::11112222333:root' }, 'accounts of 12 digits or ARNs'],
    ['an account in an empty ARN', { AWS: 'arn:aws:iam::111122223333:' }, 'accounts of 12 digits or ARNs'],
    ['a group', { AWS: 'arn:aws:iam::111122223333:group/ci' }, 'a group sends none; name its users or a role'],
    ['a group of a late account', { AWS: `arn:aws:iam::${Aws.ACCOUNT_ID}:group/ci` }, 'a group sends none'],
    ['roles by a wildcard', { AWS: 'arn:aws:iam::111122223333:role/*' }, "without wildcards, got \"arn:aws:iam::111122223333:role/*\"; name the account, and the roles in a condition on 'aws:PrincipalArn'"],
    ['a provider', { Federated: 'arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com' }, 'name the role that it assumes'],
    ['a canonical user', { CanonicalUser: '79a59df9' }, 'name the role that it assumes'],
    ['a service without its domain', { Service: 'lambda' }, "with their domain, such as 'lambda.amazonaws.com', got \"lambda\""],
    ['an account without its kind', '111122223333', "a principal of a kind, such as { AWS: '111122223333' }, got \"111122223333\""],
    ['an unknown kind', { Aws: '111122223333' }, "of the kinds 'AWS' and 'Service', got \"Aws\""],
  ])('must not be %s', (_, Principal, message) => {
    expect(problems({ Principal })).toEqual([expect.stringContaining(message)]);
    expect(problems({ Principal: undefined, NotPrincipal: Principal, Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } })).toEqual([expect.stringContaining(message)]);
  });
});

describe('a statement for everybody', () => {
  test('tells what outsiders could do in each place', () => {
    expect(problems({ Principal: '*' })).toEqual([expect.stringContaining('any AWS account could use the images; use CrossAccountPull')]);
    expect(problems({ Principal: '*' }, REGISTRY_POLICY)).toEqual([expect.stringContaining('any AWS account could use the registry; name accounts')]);
    expect(problems({ Principal: '*', Action: 'ecr-public:PutImage' }, PUBLIC_REPOSITORY_POLICY)).toEqual([expect.stringContaining('any AWS account could change the repository')]);
    expect(problems({ Principal: '*' }, ENDPOINT_POLICY)).toEqual([]);
  });

  test('passes where a Deny of the policy keeps outsiders out', () => {
    const deny: StatementJson = { Effect: 'Deny', Principal: '*', Action: 'ecr:*', Condition: { StringNotEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } } };
    expect(statementProblems('statement', { ...ALLOW, Principal: '*' }, REPOSITORY_POLICY, [deny])).toEqual([]);
  });
});

describe('a Deny', () => {
  test.each<[string, Partial<StatementJson>]>([
    ['all actions', { Action: 'ecr:*' }],
    ['the action that sets the policy', { Action: ['ecr:SetRepositoryPolicy'] }],
    ['all actions but another', { Action: undefined, NotAction: 'ecr:BatchGetImage' }],
  ])('of %s for everybody locks the owner out', (_, statement) => {
    expect(problems({ Effect: 'Deny', Principal: '*', ...statement })).toEqual([expect.stringContaining('must not deny "ecr:SetRepositoryPolicy" to all principals')]);
  });

  test.each<[string, Partial<StatementJson>]>([
    ['for some', { Action: 'ecr:*' }],
    ['under a condition', { Action: 'ecr:*', Principal: '*', Condition: { StringNotEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } } }],
    ['of other actions', { Action: 'ecr:PutImage', Principal: '*' }],
    ['of all actions but the one that sets the policy', { Action: undefined, NotAction: 'ecr:SetRepositoryPolicy', Principal: '*' }],
    ['for all but some', { Action: 'ecr:*', Principal: undefined, NotPrincipal: { AWS: '111122223333' } }],
  ])('%s does not', (_, statement) => {
    expect(problems({ Effect: 'Deny', ...statement })).toEqual([]);
  });

  test('of an endpoint locks nobody out of a policy', () => {
    expect(problems({ Effect: 'Deny', Action: '*', Principal: '*' }, ENDPOINT_POLICY)).toEqual([]);
  });
});

test('a policy names each statement once', () => {
  expect(documentProblems('policy', [{ ...ALLOW, Sid: 'a' }, { ...ALLOW, Sid: 'b' }, ALLOW, ALLOW, { ...ALLOW, Sid: Aws.REGION }, { ...ALLOW, Sid: Aws.REGION }])).toEqual([]);
  expect(documentProblems('policy', [{ ...ALLOW, Sid: 'a' }, { ...ALLOW, Sid: 'a' }])).toEqual([`'policy' must name each statement once, got the Sid "a" twice`]);
});

test('doubts are unknown parts and services for any account', () => {
  expect(statementDoubts(ALLOW)).toEqual([]);
  expect(statementDoubts({ ...ALLOW, Principal: { Service: 'lambda.amazonaws.com' }, Action: 'ecr:Novelty', Condition: { StringEquals: { 'aws:Novelty': 'x' } } }).map(({ id }) => id))
    .toEqual(['unknownAction', 'unknownConditionKey', 'serviceForAnyAccount']);
  expect(statementDoubts({ ...ALLOW, Principal: '*' })).toEqual([]);
});

describe('registryResourceProblems', () => {
  const registry = { account: '111122223333', region: 'eu-west-1' };
  const of = (Resource: unknown, known: object = registry): string[] => registryResourceProblems('statement', { Resource }, known);

  test.each(['*', 'arn:aws:ecr:eu-west-1:111122223333:repository/a', 'arn:aws:ecr:*:*:repository/*', 'arn:aws:ecr', `arn:aws:ecr:${Aws.REGION}:${Aws.ACCOUNT_ID}:repository/*`])('accepts %s', arn => {
    expect(of(arn)).toEqual([]);
  });

  test.each(['arn:aws:ecr:us-east-1:111122223333:repository/a', 'arn:aws:ecr:eu-west-1:444455556666:repository/a', 'arn:aws:s3:::bucket'])('refuses %s', arn => {
    expect(of([arn])).toEqual([`'statement' must have resources of this registry, such as 'arn:aws:ecr:eu-west-1:111122223333:repository/team/*', got "${arn}", which never matches`]);
    expect(registryResourceProblems('statement', { NotResource: arn }, registry)).toHaveLength(1);
  });

  test('compares nothing with an unknown registry', () => {
    expect(of('arn:aws:ecr:us-east-1:444455556666:repository/a', {})).toEqual([]);
    expect(of('arn:aws:s3:::bucket', {})).toEqual([expect.stringContaining("'arn:aws:ecr:eu-west-1:111122223333:repository/team/*'")]);
  });
});
