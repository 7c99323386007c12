import { CfnResource, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import { addStatements } from '../../../lib/private/policy/role-statements';

describe('addStatements', () => {
  const statement = new iam.PolicyStatement({ actions: ['ecr:BatchGetImage'], resources: ['*'] });

  test('makes a resource wait for the policy of a role', () => {
    const stack = new Stack();
    const resource = new CfnResource(stack, 'Resource', { type: 'AWS::ECR::Repository' });
    addStatements(new iam.Role(stack, 'Role', { assumedBy: new iam.ServicePrincipal('ecr.amazonaws.com') }), [statement], resource);
    Template.fromStack(stack).hasResource('AWS::ECR::Repository', { DependsOn: ['RoleDefaultPolicy5FFB7DAB'] });
  });

  test('makes it wait for nothing where there is no policy to wait for', () => {
    const stack = new Stack();
    const resource = new CfnResource(stack, 'Resource', { type: 'AWS::ECR::Repository' });
    const role = iam.Role.fromRoleName(stack, 'Role', 'builder');
    Object.defineProperty(role, 'grantPrincipal', { value: new iam.ServicePrincipal('ecr.amazonaws.com') });
    addStatements(role, [statement], resource);
    expect(Object.values(Template.fromStack(stack).findResources('AWS::ECR::Repository'))).toEqual([{ Type: 'AWS::ECR::Repository' }]);
  });
});
