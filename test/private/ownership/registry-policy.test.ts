import { App, CfnParameter, CfnResource, Fn, NestedStack, Stack, Stage, type StackProps, Validations } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { addToRegistryPolicy, registryPolicyProblems } from '../../../lib/private/ownership/registry-policy';
import { policyLength } from '../../../lib/private/policy/policy-length';

const IRELAND = { account: '111122223333', region: 'eu-west-1' };
const FRANKFURT = { account: '111122223333', region: 'eu-central-1' };
const OTHER_ACCOUNT = { account: '444455556666', region: 'eu-west-1' };
const WARNING = 'cdk-secure-ecr:RegistryPolicy.environmentUnknown';

class Contributor extends Construct {
  constructor(scope: Construct, id: string, account = '777788889999') {
    super(scope, id);
    addToRegistryPolicy(this, statement(account));
  }
}

function statement(account: string, resource = '*'): iam.PolicyStatement {
  return new iam.PolicyStatement({
    principals: [new iam.AccountPrincipal(account)],
    actions: ['ecr:ReplicateImage'],
    resources: [resource],
  });
}

function stackIn(app: Construct, id: string, env?: StackProps['env']): Stack {
  return new Stack(app, id, { env });
}

function foreignPolicy(scope: Construct): ecr.CfnRegistryPolicy {
  return new ecr.CfnRegistryPolicy(scope, 'Foreign', { policyText: {} });
}

describe('addToRegistryPolicy', () => {
  test('gives one policy with all statements, under a stable logical id, as an object', () => {
    const stack = stackIn(new App(), 'Registry', IRELAND);

    new Contributor(stack, 'First', '777788889999');
    new Contributor(new Construct(stack, 'Deep'), 'Second', '000011112222');

    const policies = Template.fromStack(stack).findResources('AWS::ECR::RegistryPolicy');
    expect(policies).toEqual({
      SecureEcrRegistryPolicy: {
        Type: 'AWS::ECR::RegistryPolicy',
        Properties: {
          PolicyText: {
            Version: '2012-10-17',
            Statement: [{
              Effect: 'Allow',
              Action: 'ecr:ReplicateImage',
              Principal: { AWS: ['000011112222', '777788889999'].map(rootOf) },
              Resource: '*',
            }],
          },
        },
      },
    });
  });

  test('returns the policy that it contributed to', () => {
    const stack = stackIn(new App(), 'Registry', IRELAND);

    expect(addToRegistryPolicy(stack, statement('777788889999'))).toBe(addToRegistryPolicy(stack, statement('000011112222')));
    expect(registryPolicyProblems(stack)).toEqual([]);
  });

  test('writes the same statement once', () => {
    const stack = stackIn(new App(), 'Registry', IRELAND);

    new Contributor(stack, 'First');
    new Contributor(stack, 'Second');

    Template.fromStack(stack).hasResourceProperties('AWS::ECR::RegistryPolicy', {
      PolicyText: { Statement: [{ Principal: { AWS: rootOf('777788889999') } }] },
    });
  });

  test('does not depend on the feature flag for smaller policies', () => {
    const templates = [true, false].map(minimize => {
      const stack = stackIn(new App({ context: { '@aws-cdk/aws-iam:minimizePolicies': minimize } }), 'Registry', IRELAND);
      new Contributor(stack, 'First', '777788889999');
      new Contributor(stack, 'Second', '000011112222');
      return Template.fromStack(stack).findResources('AWS::ECR::RegistryPolicy');
    });

    expect(templates[0]).toEqual(templates[1]);
  });

  test('collects from nested stacks in the outermost stack', () => {
    const parent = stackIn(new App(), 'Parent', IRELAND);
    const nested = new NestedStack(new NestedStack(parent, 'Nested'), 'Deeper');

    new Contributor(nested, 'Inside', '000011112222');
    new Contributor(parent, 'Outside', '777788889999');

    Template.fromStack(parent).hasResourceProperties('AWS::ECR::RegistryPolicy', {
      PolicyText: { Statement: [{ Principal: { AWS: ['000011112222', '777788889999'].map(rootOf) } }] },
    });
    Template.fromStack(nested).resourceCountIs('AWS::ECR::RegistryPolicy', 0);
  });
});

describe('one registry policy in each registry', () => {
  test('fails for two stacks of the same account and Region, and names both constructs and the way out', () => {
    const app = new App();
    new Contributor(stackIn(app, 'One', IRELAND), 'First');
    const second = stackIn(app, 'Two', IRELAND);

    expect(() => new Contributor(second, 'Second')).toThrow(
      "'One/First' and 'Two/Second' both define the registry policy of account 111122223333 in eu-west-1, of which there is only one; "
      + 'move both to one stack, which merges their statements into one policy',
    );
    expect(registryPolicyProblems(new Construct(second, 'Third'))).toHaveLength(1);
  });

  test('fails for two stages that deploy to the same account and Region', () => {
    const app = new App();
    new Contributor(stackIn(new Stage(app, 'Staging'), 'Stack', IRELAND), 'First');

    expect(() => new Contributor(stackIn(new Stage(app, 'Production'), 'Stack', IRELAND), 'Second'))
      .toThrow("'Staging/Stack/First' and 'Production/Stack/Second'");
  });

  test('fails for a stack and the nested stack of another one', () => {
    const app = new App();
    new Contributor(new NestedStack(stackIn(app, 'One', IRELAND), 'Nested'), 'First');

    expect(() => new Contributor(stackIn(app, 'Two', IRELAND), 'Second')).toThrow("'One/Nested/First' and 'Two/Second'");
  });

  test.each([
    ['Regions', FRANKFURT],
    ['accounts', OTHER_ACCOUNT],
    ['Regions with unknown accounts', { region: 'eu-central-1' }],
    ['accounts with unknown Regions', { account: '444455556666' }],
  ])('accepts different %s', (_, env) => {
    const app = new App();
    const stacks = [stackIn(app, 'One', IRELAND), stackIn(app, 'Two', env)];

    for (const stack of stacks) {
      new Contributor(stack, 'Contributor');
    }

    for (const stack of stacks) {
      Template.fromStack(stack).resourceCountIs('AWS::ECR::RegistryPolicy', 1);
      Annotations.fromStack(stack).hasNoWarning('*', Match.anyValue());
    }
  });

  test('accepts the same environment in two apps', () => {
    new Contributor(stackIn(new App(), 'One', IRELAND), 'First');

    expect(() => new Contributor(stackIn(new App(), 'Two', IRELAND), 'Second')).not.toThrow();
  });

  test('does not warn about one environment-agnostic stack', () => {
    const stack = stackIn(new App(), 'Agnostic');

    new Contributor(stack, 'First');
    new Contributor(stack, 'Second');

    Annotations.fromStack(stack).hasNoWarning('*', Match.anyValue());
  });

  test.each([
    ['two environment-agnostic stacks', undefined, undefined],
    ['an environment-agnostic and another stack', IRELAND, undefined],
    ['stacks of one Region with an unknown account', IRELAND, { region: 'eu-west-1' }],
  ])('warns about %s', (_, one, two) => {
    const app = new App();
    const [first, second] = [stackIn(app, 'One', one), stackIn(app, 'Two', two)];

    new Contributor(first, 'First');
    new Contributor(second, 'Second');

    Annotations.fromStack(first).hasNoWarning('*', Match.anyValue());
    Annotations.fromStack(second).hasWarning('/Two/Second', Match.stringLikeRegexp(`'One/First' also defines the registry policy.*${WARNING}`));
  });

  test('warns once, and no more when acknowledged', () => {
    const app = new App();
    const second = stackIn(app, 'Two');
    new Contributor(stackIn(app, 'One'), 'First');
    const contributor = new Contributor(second, 'Second');

    expect(Annotations.fromStack(second).findWarning('*', Match.anyValue())).toHaveLength(1);
    Validations.of(contributor).acknowledge({ id: WARNING, reason: 'two accounts' });
    expect(Annotations.fromStack(second).findWarning('*', Match.anyValue())).toHaveLength(0);
  });
});

describe('registry policies that others made', () => {
  test('fail synthesis in the same stack, whatever its environment', () => {
    const stack = stackIn(new App(), 'Agnostic');
    new Contributor(stack, 'Ours');
    foreignPolicy(stack);

    expect(() => Template.fromStack(stack)).toThrow(
      "'Agnostic/Foreign' and 'Agnostic/Ours' both define the registry policy of the registry of stack 'Agnostic', of which there is only one; "
      + 'replace the first with a RegistryPolicy of cdk-secure-ecr in the stack of the second',
    );
  });

  test('fail synthesis in another stack of the same environment, although they are defined first and of the generic class', () => {
    const app = new App();
    new CfnResource(stackIn(app, 'Theirs', IRELAND), 'Generic', { type: 'AWS::ECR::RegistryPolicy' });
    const stack = stackIn(app, 'Ours', IRELAND);
    new Contributor(stack, 'Contributor');

    expect(() => Template.fromStack(stack)).toThrow(
      "'Theirs/Generic' and 'Ours/Contributor' both define the registry policy of account 111122223333 in eu-west-1",
    );
  });

  test('fail synthesis of the stage that holds ours', () => {
    const app = new App();
    new Contributor(stackIn(new Stage(app, 'Production'), 'Stack', IRELAND), 'Ours');
    foreignPolicy(stackIn(app, 'Theirs', IRELAND));

    expect(() => app.synth()).toThrow("'Theirs/Foreign' and 'Production/Stack/Ours'");
  });

  test('are accepted in another account or Region', () => {
    const app = new App();
    const stack = stackIn(app, 'Ours', IRELAND);
    new Contributor(stack, 'Contributor');
    foreignPolicy(stackIn(app, 'Frankfurt', FRANKFURT));
    foreignPolicy(stackIn(app, 'Other', OTHER_ACCOUNT));

    Template.fromStack(stack).resourceCountIs('AWS::ECR::RegistryPolicy', 1);
    Annotations.fromStack(stack).hasNoWarning('*', Match.anyValue());
  });

  test('warn where the environment is unknown', () => {
    const app = new App();
    const stack = stackIn(app, 'Ours');
    new Contributor(stack, 'Contributor');
    foreignPolicy(stackIn(app, 'Theirs'));

    Annotations.fromStack(stack).hasWarning('/Ours/Contributor', Match.stringLikeRegexp(`'Theirs/Foreign' also defines the registry policy.*${WARNING}`));
  });

  test('are left alone where nothing of ours owns one', () => {
    const app = new App();
    foreignPolicy(stackIn(app, 'One', IRELAND));
    foreignPolicy(stackIn(app, 'Two', IRELAND));

    expect(() => app.synth()).not.toThrow();
  });
});

describe('the length of the registry policy', () => {
  const shortest = policyLength(stackIn(new App(), 'Probe', IRELAND), new iam.PolicyDocument({ statements: [statement('777788889999', 'x')] }));

  function synthesizePolicyOf(characters: number): void {
    const stack = stackIn(new App(), 'Registry', IRELAND);
    addToRegistryPolicy(stack, statement('777788889999', 'x'.repeat(characters - shortest + 1)));
    Template.fromStack(stack);
  }

  test('may be 10240 characters', () => {
    expect(() => synthesizePolicyOf(10_240)).not.toThrow();
  });

  test('fails at 10241 characters, at synthesis, when all statements are known', () => {
    expect(() => synthesizePolicyOf(10_241)).toThrow(
      '[Registry/SecureEcrRegistryPolicy] the registry policy must be at most 10240 characters long, got 10241; name fewer accounts and shorter or fewer prefixes',
    );
  });
});

describe('policyLength', () => {
  function lengthOf(resource: (stack: Stack) => string): number {
    const stack = new Stack();
    return policyLength(stack, new iam.PolicyDocument({ statements: [statement('777788889999', resource(stack))] }));
  }

  test('counts nothing for a policy without statements, which is not rendered', () => {
    expect(policyLength(new Stack(), new iam.PolicyDocument())).toBe(0);
  });

  const base = lengthOf(() => '');

  test.each<[string, number, (stack: Stack) => string]>([
    ['plain text', 4, () => 'text'],
    ['an account', 12, stack => stack.account],
    ['a partition', 3, stack => stack.partition],
    ['a Region', 9, stack => stack.region],
    ['a joined ARN', 'arn:aws:ecr:us-east-1:000000000000:repository/a'.length, stack => stack.formatArn({ service: 'ecr', resource: 'repository', resourceName: 'a' })],
    ['a parameter', 0, stack => new CfnParameter(stack, 'P').valueAsString],
    ['a function', 0, () => Fn.select(1, Fn.split('/', Fn.importValue('x')))],
    ['a function around a list', 0, stack => Fn.join(',', new CfnParameter(stack, 'P', { type: 'CommaDelimitedList' }).valueAsList)],
  ])('counts %s as %d characters', (_, characters, resource) => {
    expect(lengthOf(resource) - base).toBe(characters);
  });
});

function rootOf(account: string): unknown {
  return { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, `:iam::${account}:root`]] };
}
