import { App, Aws, CfnCondition, Fn, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { EcrChecks, RegistryPolicy } from '../../lib';
import { ENVIRONMENT } from '../environment';
import { add, found, INCOMPLETE, newStack } from './fixtures';

describe('ownedTwice', () => {
  const TYPES = ['RegistryPolicy', 'RegistryScanningConfiguration', 'ReplicationConfiguration', 'SigningConfiguration'].map(name => `AWS::ECR::${name}`);

  test.each(TYPES)('finds two %s of one registry', type => {
    const alone = newStack();
    add(alone, 'One', type, {});
    expect(found(alone)).toEqual([]);

    const stack = newStack();
    add(stack, 'One', type, {});
    add(new Stack(stack.node.root, 'Second', { env: ENVIRONMENT }), 'Two', type, {});
    const violations = new EcrChecks().validateScope(stack.node.root).violations.filter(({ ruleName }) => !INCOMPLETE.includes(ruleName));

    expect(violations).toHaveLength(1);
    expect(violations[0].description).toMatch(/^a registry has one .*, got 'One' in Stack\.template\.json and 'Two' in Second\.template\.json$/);
    expect(violations[0].violatingResources).toEqual([
      expect.objectContaining({ resourceLogicalId: 'One', locations: ['Properties'] }),
      expect.objectContaining({ resourceLogicalId: 'Two' }),
    ]);

    const unknown = new Stack(new App({ analyticsReporting: false }), 'Stack');
    add(unknown, 'One', type, {});
    add(unknown, 'Two', type, {});
    expect(found(unknown)).toHaveLength(1);
  });

  test('lets other Regions, accounts and conditions pass, and stacks of nobody knows where', () => {
    const app = new App({ analyticsReporting: false });
    const envs = [ENVIRONMENT, { ...ENVIRONMENT, region: 'eu-central-1' }, { ...ENVIRONMENT, account: '222222222222' }, {}, {}];
    envs.forEach((env, index) => add(new Stack(app, `Stack${index}`, { env }), 'Policy', TYPES[0], {}));
    const stack = new Stack(app, 'Conditional', { env: ENVIRONMENT });
    const condition = new CfnCondition(stack, 'Condition', { expression: Fn.conditionEquals('a', Aws.PARTITION) });
    add(stack, 'Other', TYPES[0], { PolicyText: {} }).cfnOptions.condition = condition;

    expect(new EcrChecks().validateScope(app).violations.filter(({ ruleName }) => !INCOMPLETE.includes(ruleName))).toEqual([]);
  });

  test('knows what this library makes', () => {
    const stack = newStack();
    new RegistryPolicy(stack, 'Ours', {
      statements: [new iam.PolicyStatement({ actions: ['ecr:ReplicateImage'], resources: ['*'], principals: [new iam.AccountPrincipal('222222222222')] })],
    });
    add(new Stack(stack.node.root, 'Second', { env: { ...ENVIRONMENT, region: 'eu-central-1' } }), 'Theirs', TYPES[0], { PolicyText: {} });
    expect(new EcrChecks().validateScope(stack.node.root).violations).toEqual([]);
  });

  test.each([
    ['AWS::ECR::Repository', 'RepositoryName', 'repository', 'team/api'],
    ['AWS::ECR::PullThroughCacheRule', 'EcrRepositoryPrefix', 'pull through cache', 'docker-hub'],
    ['AWS::ECR::RepositoryCreationTemplate', 'Prefix', 'repository creation template', 'team'],
  ])('finds two of %s with one %s', (type, property, noun, name) => {
    const stack = newStack();
    add(stack, 'One', type, { [property]: name });
    add(stack, 'Two', type, { [property]: name });
    add(stack, 'Three', type, { [property]: `${name}-other` });
    add(stack, 'Four', type, { [property]: { Ref: 'Name' } });
    add(stack, 'Five', type, { [property]: { Ref: 'Name' } });

    expect(found(stack).filter(message => message.startsWith('ownedTwice'))).toEqual([
      `ownedTwice: a registry has one ${noun} for "${name}", got 'One' in Stack.template.json and 'Two' in Stack.template.json`,
    ]);
  });
});
