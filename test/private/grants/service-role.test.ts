import { CfnParameter, CfnResource, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import { addServiceStatements, trustProblems } from '../../../lib/private/grants/service-role';

describe('addServiceStatements', () => {
  const statement = new iam.PolicyStatement({ actions: ['ecr:BatchGetImage'], resources: ['*'] });

  test('makes a resource wait for the policy of a role', () => {
    const stack = new Stack();
    const resource = new CfnResource(stack, 'Resource', { type: 'AWS::ECR::Repository' });
    addServiceStatements(stack, 'id', new iam.Role(stack, 'Role', { assumedBy: new iam.ServicePrincipal('ecr.amazonaws.com') }), [statement], resource);
    Template.fromStack(stack).hasResource('AWS::ECR::Repository', { DependsOn: ['RoleDefaultPolicy5FFB7DAB'] });
  });

  test('makes it wait for nothing where there is no policy to wait for', () => {
    const stack = new Stack();
    const resource = new CfnResource(stack, 'Resource', { type: 'AWS::ECR::Repository' });
    const role = new iam.Role(stack, 'Role', { assumedBy: new iam.ServicePrincipal('ecr.amazonaws.com') });
    Object.defineProperty(role, 'grantPrincipal', { value: new iam.ServicePrincipal('ecr.amazonaws.com') });
    addServiceStatements(stack, 'id', role, [statement], resource);
    expect(Object.values(Template.fromStack(stack).findResources('AWS::ECR::Repository'))).toEqual([{ Type: 'AWS::ECR::Repository' }]);
  });
});

describe('trustProblems', () => {
  const trusting = (...services: string[]): iam.Role => new iam.Role(new Stack(), 'Role', {
    assumedBy: new iam.CompositePrincipal(...services.map(service => new iam.ServicePrincipal(service))),
  });

  test.each([['ecr.amazonaws.com'], ['ec2.amazonaws.com', 'ecr.amazonaws.com']])('passes a role that trusts %s', (...services) => {
    expect(trustProblems('role', trusting(...services), 'ecr.amazonaws.com')).toEqual([]);
  });

  test('passes a service that only the deployment knows, and an import', () => {
    const stack = new Stack();
    const service = new CfnParameter(stack, 'Service').valueAsString;
    expect(trustProblems('role', new iam.Role(stack, 'Role', { assumedBy: iam.ServicePrincipal.fromStaticServicePrincipleName(service) }), 'ecr.amazonaws.com')).toEqual([]);
    expect(trustProblems('role', iam.Role.fromRoleName(stack, 'Import', 'x'), 'ecr.amazonaws.com')).toEqual([]);
  });

  test('refuses a role that requires an external ID, unless another statement does not', () => {
    const role = new iam.Role(new Stack(), 'Role', { assumedBy: new iam.ServicePrincipal('ecr.amazonaws.com'), externalIds: ['x'] });
    expect(trustProblems('role', role, 'ecr.amazonaws.com')).toEqual([
      "'role' must be a role that ecr.amazonaws.com can assume, got 'Default/Role', whose trust policy requires 'sts:ExternalId', which Amazon ECR does not send; omit its 'externalIds'",
    ]);
    role.assumeRolePolicy!.addStatements(new iam.PolicyStatement({
      principals: [new iam.ServicePrincipal('ecr.amazonaws.com', { conditions: { StringEquals: { 'aws:SourceAccount': '111122223333' } } })],
      actions: ['sts:AssumeRole'],
    }));
    expect(trustProblems('role', role, 'ecr.amazonaws.com')).toEqual([]);
  });

  test('refuses a role whose trust policy has no statements', () => {
    const assumedBy = new class extends iam.PrincipalBase {
      public readonly policyFragment = new iam.PrincipalPolicyFragment({});
      public override addToAssumeRolePolicy(): void {}

      public override dedupeString(): undefined {
        return undefined;
      }
    }();
    expect(trustProblems('role', new iam.Role(new Stack(), 'Role', { assumedBy }), 'ecr.amazonaws.com')).toEqual([expect.stringContaining('which trusts no service')]);
  });

  test('refuses a role that another service assumes, nobody, or that denies it', () => {
    const other = trusting('ec2.amazonaws.com');
    expect(trustProblems('role', other, 'ecr.amazonaws.com')).toEqual([
      "'role' must be a role that ecr.amazonaws.com can assume, got 'Default/Role', which trusts [\"ec2.amazonaws.com\"]; "
      + "add new iam.ServicePrincipal('ecr.amazonaws.com') to its 'assumedBy'",
    ]);
    other.assumeRolePolicy!.addStatements(new iam.PolicyStatement({
      effect: iam.Effect.DENY, actions: ['sts:AssumeRole'], principals: [new iam.ServicePrincipal('ecr.amazonaws.com')],
    }));
    expect(trustProblems('role', other, 'ecr.amazonaws.com')).toHaveLength(1);
    const account = new iam.Role(new Stack(), 'Role', { assumedBy: new iam.AccountRootPrincipal() });
    expect(trustProblems('role', account, 'ecr.amazonaws.com')).toEqual([expect.stringContaining('which trusts no service')]);
  });
});
