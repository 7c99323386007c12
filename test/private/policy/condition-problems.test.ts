import { Aws, CfnJson, Stack } from 'aws-cdk-lib';
import { conditionProblems, unknownConditionKeys } from '../../../lib/private/policy/condition-problems';

const ORGANIZATION = 'o-a1b2c3d4e5';
const problems = (operator: string, key: string, value: unknown = ORGANIZATION) => conditionProblems('statement', { [operator]: { [key]: value } });

describe('conditionProblems', () => {
  test.each([
    ['StringEquals', 'aws:PrincipalOrgID', ORGANIZATION],
    ['ForAnyValue:StringLike', 'aws:PrincipalOrgPaths', [`${ORGANIZATION}/*`]],
    ['StringEqualsIfExists', 'aws:ResourceTag/team', '*'],
    ['Bool', 'aws:SecureTransport', false],
    ['ArnLike', 'aws:SourceArn', 'arn:aws:lambda:*:111122223333:function:*'],
    ['StringEquals', Aws.REGION, 'x'],
    ['StringEquals', 'aws:PrincipalOrgID', `${Aws.REGION}*`],
    ['StringEquals', 'token.actions.githubusercontent.com:sub', 'x'],
  ])('accepts %s of %s', (operator, key, value) => {
    expect(problems(operator, key, value)).toEqual([]);
  });

  test('accepts no conditions, and those that are tokens', () => {
    const json = new CfnJson(new Stack(), 'Json', { value: {} });

    expect(conditionProblems('statement', undefined)).toEqual([]);
    expect(conditionProblems('statement', { StringEquals: json as unknown as Record<string, unknown> })).toEqual([]);
  });

  test.each([['StringEqual', 'StringEquals'], ['ArnLikes', 'ArnLike'], ['Equals', 'StringEquals']])('refuses the operator %s', (operator, meant) => {
    expect(problems(operator, 'aws:PrincipalOrgID')).toEqual([`'statement' must have condition operators of IAM, got "${operator}"; use "${meant}"`]);
  });

  test('refuses a key of Amazon ECR that does not exist', () => {
    expect(problems('StringEquals', 'ecr:ImageDigest')).toEqual([
      `'statement' must have condition keys that exist, got "ecr:ImageDigest", which no request has; Amazon ECR has ecr-public:ResourceTag/<tag>, ecr:AccountSetting, ecr:ResourceTag/<tag>`,
    ]);
  });

  test.each([
    ['aws:PrincipalOrg', 'aws:PrincipalOrgID'],
    ['aws:SourceAcount', 'aws:SourceAccount'],
    ['aws:PrincipalTags/team', 'aws:PrincipalTag/<tag>'],
  ])('refuses the key %s', (key, meant) => {
    expect(problems('StringEquals', key)).toEqual([`'statement' must have condition keys that exist, got "${key}"; use '${meant}'`]);
  });

  test.each(['StringEquals', 'StringNotEquals', 'StringEqualsIgnoreCase'])('refuses a wildcard that %s takes literally', operator => {
    expect(problems(operator, 'aws:PrincipalArn', ['arn:aws:iam::111122223333:role/*', 'arn:aws:iam::111122223333:role/ci', 1])).toEqual([
      `'statement' must compare wildcards with 'StringLike' or 'ArnLike', got "arn:aws:iam::111122223333:role/*" in "${operator}", which compares it literally`,
    ]);
  });
});

describe('unknownConditionKeys', () => {
  test('are those that no page lists', () => {
    expect(unknownConditionKeys({
      StringEquals: { 'aws:PrincipalOrgID': 'x', 'aws:BrandNewKey': 'x', 's3:prefix': 'x', 'ecr:ImageDigest': 'x', 'aws:SourceAcount': 'x', [Aws.REGION]: 'x' },
    })).toEqual(['aws:BrandNewKey', 's3:prefix']);
    expect(unknownConditionKeys(undefined)).toEqual([]);
  });
});
