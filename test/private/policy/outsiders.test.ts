import { areOpen, openServices, openStatements } from '../../../lib/private/policy/outsiders';
import type { StatementJson } from '../../../lib/private/policy/statement-json';

const ACCOUNT = '111122223333';
const ORGANIZATION = 'o-a1b2c3d4e5';
const EVERYBODY: StatementJson = { Effect: 'Allow', Principal: '*', Action: 'ecr:BatchGetImage' };

const isOpen = (...statements: StatementJson[]) => openStatements(statements).length > 0;
const opens = (operator: string, key: string, value: unknown) => isOpen({ ...EVERYBODY, Condition: { [operator]: { [key]: value } } });

/** An Allow for everybody, and a Deny. */
const isOpenBut = (deny: Partial<StatementJson>, allow: Partial<StatementJson> = {}) => (
  isOpen({ ...EVERYBODY, ...allow }, { Effect: 'Deny', Principal: '*', Action: 'ecr:*', ...deny })
);
const elsewhere = { StringNotEquals: { 'aws:PrincipalOrgID': ORGANIZATION } };

describe('a condition of an Allow for everybody', () => {
  test.each([
    ['StringEquals', 'aws:ResourceOrgID', '${aws:PrincipalOrgID}'],
    ['StringEquals', 'aws:ResourceAccount', '${aws:PrincipalAccount}'],
    ['StringEquals', 'aws:PrincipalOrgID', '${aws:ResourceOrgID}'],
    ['StringEquals', 'aws:PrincipalOrgID', 'o-*'],
    ['ArnLike', 'aws:PrincipalArn', `arn:aws:iam::${ACCOUNT}:role/\${aws:PrincipalTag/team}`],
    ['ArnLike', 'aws:PrincipalArn', 'arn:aws:iam::${aws:ResourceAccount}:role/*'],
    ['StringLike', 'aws:PrincipalArn', `arn:aws:iam::${ACCOUNT}:role/*`],
    ['StringLike', 'aws:PrincipalArn', `arn:aws:iam::${ACCOUNT}:role/\${*}`],
    ['StringLike', 'aws:userid', 'AROAEXAMPLEEXAMPLE00:*'],
    ['ArnLike', 'aws:SourceVpcArn', `arn:aws:ec2:*:${ACCOUNT}:vpc/*`],
    ['StringEquals', 'aws:PrincipalAccount', [ACCOUNT, 444455556666]],
  ])('keeps outsiders out: %s of %s with %s', (operator, key, value) => {
    expect(opens(operator, key, value)).toBe(false);
  });

  test.each([
    ['StringEquals', 'aws:PrincipalOrgID', '${aws:PrincipalOrgID}'],
    ['StringEquals', 'aws:PrincipalOrgID', "${aws:PrincipalOrgID, 'none'}"],
    ['ArnLike', 'aws:PrincipalArn', 'arn:aws:iam::${aws:PrincipalAccount}:role/ci'],
    ['ArnLike', 'aws:PrincipalArn', `arn:\${aws:PrincipalTag/team}:iam::${ACCOUNT}:role/*`],
    ['StringLike', 'aws:PrincipalArn', `arn:*:${ACCOUNT}:role/*`],
    ['StringLike', 'aws:PrincipalArn', `arn:aws:iam:*:${ACCOUNT}:role/*`],
    ['StringEquals', 'aws:ResourceOrgID', ORGANIZATION],
    ['StringLike', 'aws:userid', 'AROA*'],
    ['StringEquals', 'aws:PrincipalTag/team', 'payments'],
    ['StringEqual', 'aws:PrincipalOrgID', ORGANIZATION],
    ['ForAllValues:StringEquals', 'aws:PrincipalOrgID', ORGANIZATION],
    ['toString', 'constructor', 'x'],
    ['StringEquals', 'constructor', 'x'],
  ])('keeps nobody out: %s of %s with %s', (operator, key, value) => {
    expect(opens(operator, key, value)).toBe(true);
  });
});

describe('a Deny beside an Allow for everybody', () => {
  test.each<[string, Partial<StatementJson>]>([
    ['another organization', { Condition: elsewhere }],
    ['another organization, but no service', { Condition: { ...elsewhere, BoolIfExists: { 'aws:PrincipalIsAWSService': 'false' } } }],
    ['other paths', { Condition: { 'ForAllValues:StringNotLike': { 'aws:PrincipalOrgPaths': [`${ORGANIZATION}/*`] } } }],
    ['other ARNs', { Condition: { ArnNotLike: { 'aws:PrincipalArn': `arn:aws:iam::${ACCOUNT}:role/*` } } }],
    ['everybody but an account', { Principal: undefined, NotPrincipal: { AWS: [ACCOUNT, `arn:aws:iam::${ACCOUNT}:root`] } }],
    ['other accounts, by a variable', { Condition: { StringNotEquals: { 'aws:ResourceAccount': '${aws:PrincipalAccount}' } } }],
    ['other organizations, by a variable', { Condition: { StringNotEquals: { 'aws:PrincipalOrgID': '${aws:ResourceOrgID}' } } }],
    ['the same action', { Action: 'ecr:BatchGet*', Condition: elsewhere }],
    ['the same resource', { Resource: '*', Condition: elsewhere }],
  ])('closes it for %s', (_, deny) => {
    expect(isOpenBut(deny)).toBe(false);
  });

  test.each<[string, Partial<StatementJson>, Partial<StatementJson>?]>([
    ['some principals', { Principal: { AWS: ACCOUNT }, Condition: elsewhere }],
    ['everybody but a service', { Principal: undefined, NotPrincipal: { Service: 'lambda.amazonaws.com' } }],
    ['everybody but everybody', { Principal: undefined, NotPrincipal: { AWS: '*' } }],
    ['another action', { Action: 'ecr:PutImage', Condition: elsewhere }],
    ['all actions but one', { Action: undefined, NotAction: 'ecr:PutImage', Condition: elsewhere }],
    ['fewer actions than all but one', { Action: 'ecr:Batch*', Condition: elsewhere }, { Action: undefined, NotAction: 'ecr:PutImage' }],
    ['some resources', { Resource: 'arn:aws:ecr:eu-west-1:111122223333:repository/a', Condition: elsewhere }, { Resource: '*' }],
    ['all resources but one', { NotResource: 'arn:aws:ecr:eu-west-1:111122223333:repository/a', Condition: elsewhere }],
    ['one organization', { Condition: { StringEquals: { 'aws:PrincipalOrgID': ORGANIZATION } } }],
    ['a path that is not theirs', { Condition: { 'ForAnyValue:StringNotLike': { 'aws:PrincipalOrgPaths': [`${ORGANIZATION}/*`] } } }],
    ['services', { Condition: { ...elsewhere, Bool: { 'aws:PrincipalIsAWSService': 'true' } } }],
    ['ARNs that are none', { Condition: { ArnNotEqualsIfExists: { 'aws:PrincipalAccount': ACCOUNT } } }],
    ['texts that are no ARNs', { Condition: { ArnNotLike: { 'aws:PrincipalArn': ACCOUNT } } }],
    ['a variable that principals without an organization lack', { Condition: { StringNotEquals: { 'aws:ResourceOrgID': '${aws:PrincipalOrgID}' } } }],
    ['a variable that only services have', { Condition: { StringNotEqualsIfExists: { 'aws:ResourceAccount': '${aws:SourceAccount}' } } }],
    ['a tag that a principal may lack', { Condition: { StringNotEquals: { 'aws:PrincipalArn': `arn:aws:iam::${ACCOUNT}:role/\${aws:PrincipalTag/team}` } } }],
    ['insecure transport', { Condition: { Bool: { 'aws:SecureTransport': 'false' } } }],
  ].map(([what, deny, allow = {}]) => [what, deny, allow] as [string, Partial<StatementJson>, Partial<StatementJson>]))('does not close it for %s', (_, deny, allow) => {
    expect(isOpenBut(deny, allow)).toBe(true);
  });

  test('closes all actions with all actions of Amazon ECR', () => {
    expect(isOpenBut({ Condition: elsewhere }, { Action: '*' })).toBe(false);
    expect(isOpenBut({ Condition: elsewhere, Action: 'ecr-public:*' }, { Action: ['*'] })).toBe(false);
  });
});

describe('openServices', () => {
  const lambda: StatementJson = { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'ecr:BatchGetImage' };

  test('are those without a condition on whose resource they act for', () => {
    expect(openServices(lambda, [lambda])).toEqual(['lambda.amazonaws.com']);
    expect(openServices({ ...lambda, Condition: { StringEquals: { 'aws:SourceAccount': ACCOUNT } } }, [])).toEqual([]);
    expect(openServices({ ...lambda, Condition: { ArnLike: { 'aws:SourceArn': '*' } } }, [])).toEqual(['lambda.amazonaws.com']);
    expect(openServices({ ...lambda, Effect: 'Deny' }, [])).toEqual([]);
    expect(openServices(EVERYBODY, [])).toEqual(['*']);
  });

  test('are closed by a Deny of other sources', () => {
    const deny = (Condition: StatementJson['Condition']): StatementJson => ({ Effect: 'Deny', Principal: '*', Action: '*', Condition });

    expect(openServices(lambda, [deny({ StringNotEquals: { 'aws:SourceAccount': ACCOUNT }, Bool: { 'aws:PrincipalIsAWSService': 'true' } })])).toEqual([]);
    expect(openServices(lambda, [deny({ StringNotEquals: { 'aws:SourceAccount': ACCOUNT }, Bool: { 'aws:PrincipalIsAWSService': 'false' } })])).toEqual(['lambda.amazonaws.com']);
    expect(openServices(lambda, [deny({ StringNotLike: { 'aws:ResourceOrgID': '${aws:PrincipalOrgID}' } })])).toEqual(['lambda.amazonaws.com']);
    expect(openServices(lambda, [deny({ StringNotEquals: { 'aws:SourceAccount': '${aws:ResourceAccount}' } })])).toEqual([]);
    expect(openServices(lambda, [{ Effect: 'Deny', NotPrincipal: { AWS: ACCOUNT }, Action: '*' }])).toEqual(['lambda.amazonaws.com']);
  });

  test('says whether conditions are open', () => {
    expect([areOpen({}), areOpen({ StringEquals: { 'aws:SourceOrgID': ORGANIZATION } })]).toEqual([true, false]);
  });
});
