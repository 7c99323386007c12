import { App, Aws, Fn, Lazy, Stack } from 'aws-cdk-lib';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as iam from 'aws-cdk-lib/aws-iam';
import { statementText } from '../../../lib/private/policy/statement-text';

const stack = new Stack(new App(), 'Stack', { env: { account: '111122223333', region: 'eu-west-1' } });

function resourceText(resource: string): unknown {
  return (JSON.parse(statementText(stack, new iam.PolicyStatement({ actions: ['ecr:BatchGetImage'], resources: [resource] }))) as { Resource: unknown }).Resource;
}

test('is minified JSON with everything that a statement has', () => {
  const statement = new iam.PolicyStatement({
    sid: 'Pull',
    actions: ['ecr:GetDownloadUrlForLayer', 'ecr:BatchGetImage'],
    principals: [new iam.AccountPrincipal('444455556666'), new iam.ServicePrincipal('lambda.amazonaws.com')],
    conditions: { ArnLike: { 'aws:SourceArn': ['arn:x', 'arn:y'] }, Bool: { 'aws:SecureTransport': true } },
  });

  expect(statementText(stack, statement)).toBe(
    '{"Action":["ecr:GetDownloadUrlForLayer","ecr:BatchGetImage"],'
    + '"Condition":{"ArnLike":{"aws:SourceArn":["arn:x","arn:y"]},"Bool":{"aws:SecureTransport":true}},'
    + '"Effect":"Allow","Principal":{"AWS":"arn:${AWS::Partition}:iam::444455556666:root","Service":"lambda.amazonaws.com"},"Sid":"Pull"}',
  );
});

test.each([
  ['a literal', 'arn:aws:ecr:eu-west-1:111122223333:repository/a', 'arn:aws:ecr:eu-west-1:111122223333:repository/a'],
  ['a pseudo parameter', Aws.ACCOUNT_ID, '${AWS::AccountId}'],
  ['a text with parameters', `arn:${Aws.PARTITION}:ecr:${Aws.REGION}:1:repository/a`, 'arn:${AWS::Partition}:ecr:${AWS::Region}:1:repository/a'],
  ['an attribute', new ecr.CfnRepository(stack, 'Repository').attrArn, '${Repository.Arn}'],
  ['a text with an attribute', `${new ecr.CfnRepository(stack, 'Other').attrArn}/*`, '${Other.Arn}/*'],
  ['an attribute in the other spelling', Lazy.string({ produce: () => ({ 'Fn::GetAtt': 'A.Arn' }) as unknown as string }), '${A.Arn}'],
  ['an import', Fn.importValue('Name'), '${{"Fn::ImportValue":"Name"}}'],
  ['a text with an import', `${Fn.importValue('Name')}/*`, '${{"Fn::ImportValue":"Name"}}/*'],
  ['a join of a late list', Fn.join('-', Fn.split(',', Fn.ref('List'))), '${{"Fn::Join":["-",{"Fn::Split":[",",{"Ref":"List"}]}]}}'],
])('shows %s readably', (_, resource, text) => {
  expect(resourceText(resource)).toBe(text);
});

describe('for a reader in another account', () => {
  const role = new iam.Role(stack, 'Role', { assumedBy: new iam.AccountRootPrincipal(), roleName: 'deploy' });
  const statement = new iam.PolicyStatement({
    actions: ['ecr:BatchGetImage'],
    principals: [new iam.AccountPrincipal('444455556666')],
    conditions: { ArnEquals: { 'aws:PrincipalArn': role.roleArn } },
  });

  test.each([['eu-west-1', 'aws'], ['cn-north-1', 'aws-cn'], ['us-gov-west-1', 'aws-us-gov'], ['xx-west-9', '${AWS::Partition}'], [Aws.REGION, '${AWS::Partition}']])('in %s names what has a name', (region, partition) => {
    const text = statementText(stack, statement, { account: '777788889999', region });

    expect(JSON.parse(text)).toMatchObject({
      Principal: { AWS: `arn:${partition}:iam::444455556666:root` },
      Condition: { ArnEquals: { 'aws:PrincipalArn': `arn:${partition}:iam::111122223333:role/deploy` } },
    });
  });

  test('is not needed in the account itself', () => {
    expect(JSON.parse(statementText(stack, statement))).toMatchObject({ Condition: { ArnEquals: { 'aws:PrincipalArn': '${Role1ABCC5F0.Arn}' } } });
  });
});
