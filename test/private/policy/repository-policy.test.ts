import { App, Aws, CfnJson, CfnParameter, Lazy, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import {
  repositoryPolicyFormProblems, repositoryPolicySizeProblems, repositoryStatementProblems,
} from '../../../lib/private/policy/repository-policy';

const ACTIONS = ['ecr:BatchGetImage'];
const ORGANIZATION = 'o-a1b2c3d4e5';
const PUBLIC = "'statement' must not allow the principal '*' without a condition on its organization, account or ARN: any AWS account could use the images; "
  + 'use CrossAccountPull with an account or an organization';

const stack = new Stack(new App(), 'Stack', { env: { account: '111122223333', region: 'eu-west-1' } });
const parameter = new CfnParameter(stack, 'Parameter').valueAsString;

function problemsOf(props: iam.PolicyStatementProps): string[] {
  return repositoryStatementProblems('statement', new iam.PolicyStatement({ actions: ACTIONS, ...props }));
}

function publicWith(conditions?: iam.Conditions): string[] {
  return problemsOf({ principals: [new iam.AnyPrincipal()], conditions });
}

describe('repositoryStatementProblems', () => {
  test.each<[string, iam.IPrincipal]>([
    ['an account', new iam.AccountPrincipal('444455556666')],
    ['a role', new iam.ArnPrincipal('arn:aws:iam::444455556666:role/deploy')],
    ['a service', new iam.ServicePrincipal('lambda.amazonaws.com')],
    ['an organization', new iam.OrganizationPrincipal(ORGANIZATION)],
  ])('accepts %s', (_, principal) => {
    expect(problemsOf({ principals: [principal] })).toEqual([]);
  });

  test('accepts a statement without principals or actions, which somebody may add later', () => {
    expect(repositoryStatementProblems('statement', new iam.PolicyStatement())).toEqual([]);
  });

  test('accepts NotAction', () => {
    expect(repositoryStatementProblems('statement', new iam.PolicyStatement({
      notActions: ['ecr:PutImage'], principals: [new iam.AccountPrincipal('444455556666')],
    }))).toEqual([]);
  });

  describe("with the principal '*'", () => {
    test.each<[string, iam.IPrincipal]>([
      ['any principal of AWS', new iam.AnyPrincipal()],
      ['the star', new iam.StarPrincipal()],
      ['the ARN of a star', new iam.ArnPrincipal('*')],
      ['a star among others', new iam.CompositePrincipal(new iam.AccountPrincipal('444455556666'), new iam.AnyPrincipal())],
    ])('refuses %s', (_, principal) => {
      expect(problemsOf({ principals: [principal] })).toEqual([PUBLIC]);
    });

    test('accepts a denial', () => {
      expect(problemsOf({ effect: iam.Effect.DENY, principals: [new iam.AnyPrincipal()] })).toEqual([]);
    });

    test.each<[string, iam.Conditions]>([
      ['is undefined', { StringEquals: { 'aws:PrincipalOrgID': process.env.NOT_SET } }],
      ['is a list of undefined', { StringEquals: { 'aws:PrincipalOrgID': [process.env.NOT_SET] } }],
      ['is an empty list', { StringEquals: { 'aws:PrincipalOrgID': [] } }],
      ['is null', { StringEquals: { 'aws:PrincipalOrgID': null } }],
    ])('refuses an organization that %s, which the CDK leaves out of the template', (_, conditions) => {
      expect(publicWith(conditions)).toEqual([PUBLIC]);
    });

    test.each<[string, iam.Conditions]>([
      ['an organization', { StringEquals: { 'aws:PrincipalOrgID': ORGANIZATION } }],
      ['an organization in other letters', { StringEquals: { 'AWS:principalorgid': ORGANIZATION } }],
      ['two organizations', { StringEquals: { 'aws:PrincipalOrgID': [ORGANIZATION, 'o-f1e2d3c4b5'] } }],
      ['an organizational unit', { 'ForAnyValue:StringLike': { 'aws:PrincipalOrgPaths': [`${ORGANIZATION}/r-ab12/ou-ab12-a1b2c3d4/*`] } }],
      ['an account', { StringEquals: { 'aws:PrincipalAccount': '444455556666' } }],
      ['an account that comes late', { StringEquals: { 'aws:PrincipalAccount': parameter } }],
      ['the roles of an account', { ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::444455556666:role/*' } }],
      ['the roles of an account in any partition', { ArnLike: { 'aws:PrincipalArn': 'arn:*:iam::444455556666:role/deploy-?' } }],
      ['the roles of an account in the partition of the stack', { ArnLike: { 'aws:PrincipalArn': `arn:${Aws.PARTITION}:iam::444455556666:role/*` } }],
      ['the roles of an account that comes late', { ArnLike: { 'aws:PrincipalArn': `arn:aws:iam::${parameter}:role/*` } }],
      ['a source', { ArnEquals: { 'aws:SourceArn': 'arn:aws:s3:::the-bucket' } }],
      ['a source account', { StringEquals: { 'aws:SourceAccount': '444455556666' } }],
      ['a source organization', { StringEquals: { 'aws:SourceOrgID': ORGANIZATION } }],
      ['source organizational units', { 'ForAnyValue:StringLike': { 'aws:SourceOrgPaths': [`${ORGANIZATION}/*`] } }],
      ['an endpoint', { StringEquals: { 'aws:SourceVpce': 'vpce-0a1b2c3d' } }],
      ['a network', { StringEquals: { 'aws:SourceVpc': 'vpc-0a1b2c3d' } }],
      ['one key among open ones', { StringLike: { 'aws:PrincipalTag/team': '*', 'aws:PrincipalOrgID': ORGANIZATION } }],
      ['one operator among open ones', { Bool: { 'aws:SecureTransport': 'true' }, StringEquals: { 'aws:PrincipalOrgID': ORGANIZATION } }],
      ['a condition that comes late', { StringEquals: new CfnJson(stack, 'Json', { value: { [`${parameter}:id`]: 'x' } }) }],
      ['a value that comes late', { StringEquals: { 'aws:PrincipalOrgID': Lazy.string({ produce: () => ORGANIZATION }) } }],
    ])('accepts it narrowed to %s', (_, conditions) => {
      expect(publicWith(conditions)).toEqual([]);
    });

    test.each<[string, iam.Conditions | undefined]>([
      ['no condition', undefined],
      ['nothing in the condition', {}],
      ['everybody but an organization', { StringNotEquals: { 'aws:PrincipalOrgID': ORGANIZATION } }],
      ['everybody unlike an organization', { StringNotLike: { 'aws:PrincipalOrgID': 'o-a*' } }],
      ['everybody unlike an ARN', { ArnNotLike: { 'aws:PrincipalArn': 'arn:aws:iam::444455556666:role/*' } }],
      ['whoever has no organization', { StringEqualsIfExists: { 'aws:PrincipalOrgID': ORGANIZATION } }],
      ['whoever has some organization', { Null: { 'aws:PrincipalOrgID': 'false' } }],
      ['whoever has no values at all', { 'ForAllValues:StringLike': { 'aws:PrincipalOrgPaths': [`${ORGANIZATION}/*`] } }],
      ['operators in small letters', { stringnotequals: { 'aws:PrincipalOrgID': ORGANIZATION } }],
      ["the value '*'", { StringLike: { 'aws:PrincipalOrgID': '*' } }],
      ["the value '*' among others", { StringLike: { 'aws:PrincipalOrgID': [ORGANIZATION, '*'] } }],
      ['the beginning of an organization', { StringLike: { 'aws:PrincipalOrgID': 'o-*' } }],
      ['the path of any organization', { 'ForAnyValue:StringLike': { 'aws:PrincipalOrgPaths': '*/r-ab12/*' } }],
      ['the beginning of an account', { StringLike: { 'aws:PrincipalAccount': '4444????6666' } }],
      ['a role of any account', { ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:role/deploy' } }],
      ['a role of any account in the partition of the stack', { ArnLike: { 'aws:PrincipalArn': `arn:${Aws.PARTITION}:iam::*:role/deploy` } }],
      ['any ARN', { ArnLike: { 'aws:PrincipalArn': 'arn:*' } }],
      ['buckets of anybody', { ArnLike: { 'aws:SourceArn': 'arn:aws:s3:::the-bucket*' } }],
      ['any network', { StringLike: { 'aws:SourceVpc': 'vpc-*' } }],
      ['a tag, which everybody can set', { StringEquals: { 'aws:PrincipalTag/team': 'payments' } }],
      ['transport', { Bool: { 'aws:SecureTransport': 'true' } }],
    ])('refuses it with %s', (_, conditions) => {
      expect(publicWith(conditions)).toEqual([PUBLIC]);
    });
  });

  test('tells that any account may come from an address', () => {
    expect(publicWith({ IpAddress: { 'aws:SourceIp': '203.0.113.0/24' } })).toEqual([PUBLIC.replace('use the images;', 'use the images from these addresses;')]);
  });

  test('refuses to allow everybody but somebody', () => {
    const notPrincipals = [new iam.AccountPrincipal('444455556666')];

    expect(problemsOf({ notPrincipals })).toEqual(["'statement' must not allow all principals except a 'NotPrincipal'; name the allowed principals in 'principals'"]);
    expect(problemsOf({ notPrincipals, effect: iam.Effect.DENY })).toEqual([]);
  });

  test('refuses what belongs to the registry, in any letters, and says all at once', () => {
    expect(problemsOf({ actions: ['ecr:BatchGetImage', 'ecr:GetAuthorizationToken', 'ECR:putregistrypolicy'], principals: [new iam.AnyPrincipal()] })).toEqual([
      "'statement' must not include \"ecr:GetAuthorizationToken\": it applies to the registry and has no effect in a repository policy; allow it on '*' in an identity policy",
      "'statement' must not include \"ECR:putregistrypolicy\": it applies to the registry and has no effect in a repository policy; allow it on '*' in an identity policy",
      PUBLIC,
    ]);
  });
});

describe('repositoryPolicyFormProblems', () => {
  const policyOf = (props: iam.PolicyStatementProps) => new iam.PolicyDocument({ statements: [new iam.PolicyStatement(props)] });

  test('asks for no resource, on no version of the CDK', () => {
    expect(repositoryPolicyFormProblems(policyOf({ actions: ACTIONS, principals: [new iam.AccountPrincipal('444455556666')] }))).toEqual([]);
  });

  test('asks for a principal', () => {
    expect(repositoryPolicyFormProblems(policyOf({ actions: ACTIONS }))).toEqual([expect.stringContaining('must specify at least one IAM principal')]);
  });
});

describe('repositoryPolicySizeProblems', () => {
  function policyOf(length: number): iam.PolicyDocument {
    const withSid = (sid: string) => new iam.PolicyDocument({
      statements: [new iam.PolicyStatement({ sid, actions: ACTIONS, principals: [new iam.ArnPrincipal('arn:aws:iam::444455556666:root')] })],
    });
    return withSid('x'.repeat(length - JSON.stringify(withSid('').toJSON()).length));
  }

  test('accepts 10,240 characters', () => {
    expect(JSON.stringify(policyOf(10_240).toJSON()).length).toBe(10_240);
    expect(repositoryPolicySizeProblems(stack, policyOf(10_240))).toEqual([]);
  });

  test('refuses 10,241 characters', () => {
    expect(repositoryPolicySizeProblems(stack, policyOf(10_241))).toEqual([
      'the repository policy must be at most 10240 characters long, got 10241; grant to an organization with CrossAccountPull instead of single accounts',
    ]);
  });
});
