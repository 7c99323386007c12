import { App, CfnCondition, CfnParameter, Fn, NestedStack, Stack, type StackProps, Validations } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { CfnPullThroughCacheRule } from 'aws-cdk-lib/aws-ecr';
import { Construct } from 'constructs';
import { normalPrefix } from '../../../lib/private/ecr/prefixes';
import { KEYED_RESOURCES } from '../../../lib/private/ecr/registry-resources';
import { claimProblems, claimResource, type OwnedKind, ownersRelatedTo } from '../../../lib/private/ownership/claims';
import { messageOf } from '../../message-of';

const ENV = { account: '111122223333', region: 'eu-west-1' };
const WARNING = 'cdk-secure-ecr:Test.environmentUnknown';
const CACHES: OwnedKind = {
  ...KEYED_RESOURCES.cache, max: 3, warningId: WARNING, fix: 'keep one', fixForeign: 'remove the first', normalize: normalPrefix,
};

class Cache extends Construct {
  public readonly resource: CfnPullThroughCacheRule;

  constructor(scope: Construct, id: string, prefix: string) {
    super(scope, id);
    const problems = claimProblems(this, CACHES, [prefix]);
    this.resource = new CfnPullThroughCacheRule(this, 'Resource', { ecrRepositoryPrefix: prefix });
    if (problems.length > 0) {
      this.node.addValidation({ validate: () => problems });
    } else {
      claimResource(this, CACHES, this.resource, [prefix]);
    }
  }
}

function stackIn(scope: Construct, id = 'Stack', props: StackProps = { env: ENV }): Stack {
  return new Stack(scope, id, props);
}

function rule(scope: Construct, id: string, ecrRepositoryPrefix: string): CfnPullThroughCacheRule {
  return new CfnPullThroughCacheRule(scope, id, { ecrRepositoryPrefix });
}

function problemsOf(stack: Stack): string {
  return messageOf(() => Template.fromStack(stack));
}

function isQuiet(stack: Stack): void {
  expect(() => Template.fromStack(stack)).not.toThrow();
  Annotations.fromStack(stack).hasNoWarning('*', Match.stringLikeRegexp(WARNING));
}

describe('a key that two constructs of this library claim', () => {
  test('is a problem that names both, the key and the remedy', () => {
    const stack = stackIn(new App());
    new Cache(stack, 'First', 'quay/');

    expect(claimProblems(new Construct(stack, 'Second'), CACHES, ['quay'])).toEqual([
      "'Stack/First' and 'Stack/Second' both define the pull through cache \"quay\" of account 111122223333 in eu-west-1, of which there is only one; keep one",
    ]);
  });

  test('is a problem if a token names both', () => {
    const stack = stackIn(new App());
    const { valueAsString: prefix } = new CfnParameter(stack, 'Prefix');
    new Cache(stack, 'First', prefix);

    expect(claimProblems(new Construct(stack, 'Second'), CACHES, [prefix])).toEqual([expect.stringContaining('both define the pull through cache of the same name')]);
  });

  test('is a problem at synthesis if different tokens have one value', () => {
    const stack = stackIn(new App());
    new CfnParameter(stack, 'Prefix');
    new Cache(stack, 'First', Fn.ref('Prefix'));
    new Cache(stack, 'Second', Fn.ref('Prefix'));

    expect(problemsOf(stack)).toContain("'Stack/First/Resource' and 'Stack/Second' both define the pull through cache of the same name");
  });

  test('is fine for parameters of two stacks', () => {
    const app = new App();
    const stacks = ['One', 'Two'].map(id => stackIn(app, id));
    for (const stack of stacks) {
      new CfnParameter(stack, 'Prefix');
      new Cache(stack, 'Cache', Fn.ref('Prefix'));
    }

    stacks.forEach(isQuiet);
  });

  test('is fine if a condition decides which of the two exists', () => {
    const stack = stackIn(new App());
    const first = new Cache(stack, 'First', 'quay');
    first.resource.cfnOptions.condition = new CfnCondition(stack, 'IsProduction', { expression: Fn.conditionEquals('a', 'b') });
    const second = new Cache(stack, 'Second', 'quay');
    second.resource.cfnOptions.condition = new CfnCondition(stack, 'IsTest', { expression: Fn.conditionEquals('a', 'c') });
    rule(stack, 'Third', 'quay');

    isQuiet(stack);
  });

  test('is fine after the first construct was removed', () => {
    const stack = stackIn(new App());
    new Cache(stack, 'First', 'quay');
    stack.node.tryRemoveChild('First');
    new Cache(stack, 'Second', 'quay');

    isQuiet(stack);
  });

  test('is a warning where the environment is unknown, once, until it is acknowledged', () => {
    const app = new App();
    new Cache(stackIn(app, 'One', {}), 'First', 'quay');
    const stack = stackIn(app, 'Two', {});
    const second = new Cache(stack, 'Second', 'quay');

    expect(Annotations.fromStack(stack).findWarning('*', Match.stringLikeRegexp(
      "one deployment fails or overwrites the other if both stacks share a registry: 'One/First' also defines the pull through cache \"quay\", "
      + "of which an account has only one in each Region; set the account and Region in 'env' of both stacks",
    ))).toHaveLength(1);
    Validations.of(second).acknowledge({ id: WARNING, reason: 'two accounts' });
    isQuiet(stack);
  });
});

describe('a key that a resource from elsewhere has', () => {
  test.each(['before', 'after'])('is a problem if the resource is defined %s', when => {
    const stack = stackIn(new App());
    const define = [() => rule(stack, 'Raw', 'quay'), () => new Cache(stack, 'Ours', 'quay')];
    (when === 'before' ? define : define.reverse()).forEach(it => it());

    expect(problemsOf(stack)).toContain("'Stack/Raw' and 'Stack/Ours' both define the pull through cache \"quay\" of account 111122223333 in eu-west-1, of which there is only one; remove the first");
  });

  test('is a problem after the resource was changed, at each synthesis', () => {
    const app = new App();
    const stack = stackIn(app);
    const nested = new NestedStack(stack, 'Nested');
    const raw = rule(nested, 'Raw', 'docker');
    const ours = new Cache(stack, 'Ours', 'quay');
    const problems = (): string[] => ours.node.validate();

    expect(problems()).toEqual([]);
    raw.ecrRepositoryPrefix = 'quay/';
    expect(problems()).toEqual([expect.stringContaining("'Stack/Nested/Raw' and 'Stack/Ours'")]);
  });

  test('is fine for another key, another environment and a resource without a key', () => {
    const app = new App();
    const stack = stackIn(app);
    new Cache(stack, 'Ours', 'quay');
    rule(stack, 'Other', 'quay-io');
    rule(stackIn(app, 'There', { env: { ...ENV, region: 'eu-central-1' } }), 'Raw', 'quay');
    new CfnPullThroughCacheRule(stack, 'NoPrefix');

    isQuiet(stack);
  });
});

describe('the quota of a registry', () => {
  test('is a problem when it is exhausted, in this registry only', () => {
    const app = new App();
    const stack = stackIn(app);
    ['a1', 'b1', 'c1'].forEach(prefix => new Cache(stack, prefix, prefix));
    const there = stackIn(app, 'There', { env: { ...ENV, region: 'eu-central-1' } });

    expect(claimProblems(new Construct(stack, 'Fourth'), CACHES, ['d1'])).toEqual([
      "'Stack/Fourth' is one pull through cache more than the 3 that a registry may have; use another Region or account, or remove one",
    ]);
    expect(claimProblems(new Construct(there, 'First'), CACHES, ['d1'])).toEqual([]);
    expect(ownersRelatedTo(there, CACHES.type)).toEqual(['different', 'different', 'different']);
  });
});
