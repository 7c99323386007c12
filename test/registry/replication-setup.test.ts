import { App, Aws, CfnParameter, NestedStack, Stack, Validations } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as fc from 'fast-check';
import { ReplicationSetup, ReplicationTarget, type ReplicationSetupProps } from '../../lib';
import { messageOf } from '../message-of';

// https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_CreateRepository.html
const REPOSITORY_NAME = /^[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*(\/[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*)*$/;
const TYPE = 'AWS::ECR::ReplicationConfiguration';
const OWN = { account: '111122223333', region: 'eu-west-1' };
const OTHER = '444455556666';
const FRANKFURT = ReplicationTarget.region('eu-central-1');
const FRANKFURT_OF_OTHER = ReplicationTarget.account(OTHER, 'eu-central-1');

let stack: Stack;
let agnostic: Stack;

beforeEach(() => {
  stack = new Stack(new App(), 'Source', { env: OWN });
  agnostic = new Stack(new App(), 'Agnostic');
});

function rulesOf(scope: Stack): unknown {
  const [resource] = Object.values(Template.fromStack(scope).findResources(TYPE));
  return resource.Properties.ReplicationConfiguration.Rules;
}

function setup(props: ReplicationSetupProps, scope = stack): ReplicationSetup {
  return new ReplicationSetup(scope, 'Dr', props);
}

const refusal = (props: ReplicationSetupProps, scope = stack): string => messageOf(() => setup(props, scope));

/** Accounts that are all different. */
function accounts(count: number): ReplicationTarget[] {
  return Array.from({ length: count }, (_, index) => ReplicationTarget.account(String(200000000000 + index), 'eu-west-1'));
}

function prefixes(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `team-${index}/`);
}

describe('ReplicationSetup', () => {
  test('replicates all repositories to another Region of the same account', () => {
    setup({ destinations: [FRANKFURT] });

    expect(rulesOf(stack)).toEqual([{ Destinations: [{ Region: 'eu-central-1', RegistryId: '111122223333' }] }]);
  });

  test('replicates the repositories that begin with a prefix, to another account', () => {
    setup({ destinations: [ReplicationTarget.account(OTHER, 'eu-west-1')], repositoryPrefixes: ['prod/', 'base/'] });

    expect(rulesOf(stack)).toEqual([{
      Destinations: [{ Region: 'eu-west-1', RegistryId: OTHER }],
      RepositoryFilters: [{ Filter: 'prod/', FilterType: 'PREFIX_MATCH' }, { Filter: 'base/', FilterType: 'PREFIX_MATCH' }],
    }]);
  });

  test('takes further rules after the one that the destinations make', () => {
    const { rules } = setup({
      destinations: [FRANKFURT],
      repositoryPrefixes: ['prod/'],
      rules: [{ destinations: [ReplicationTarget.account(OTHER, 'us-east-1')], repositoryPrefixes: ['base/'] }, { destinations: [FRANKFURT] }],
    });

    expect(rulesOf(stack)).toMatchObject([
      { Destinations: [{ Region: 'eu-central-1' }] },
      { Destinations: [{ Region: 'us-east-1', RegistryId: OTHER }] },
      { Destinations: [{ Region: 'eu-central-1' }] },
    ]);
    expect(rules).toHaveLength(3);
  });

  test('takes rules only', () => {
    setup({ rules: [{ destinations: [FRANKFURT], repositoryPrefixes: ['prod/'] }] });

    expect(rulesOf(stack)).toHaveLength(1);
  });

  test('makes one resource and refers to it', () => {
    const { replicationConfigurationRef } = setup({ destinations: [FRANKFURT] });

    expect(Object.keys(Template.fromStack(stack).toJSON().Resources)).toHaveLength(1);
    expect(stack.resolve(replicationConfigurationRef.registryId))
      .toEqual({ Ref: 'SecureEcrReplication' });
  });

  test('uses the account of the deployment in an environment-agnostic stack', () => {
    setup({ destinations: [FRANKFURT] }, agnostic);

    expect(rulesOf(agnostic)).toEqual([{ Destinations: [{ Region: 'eu-central-1', RegistryId: { Ref: 'AWS::AccountId' } }] }]);
  });

  test('takes parameters as account, Region and prefix', () => {
    const [account, region, prefix] = ['Account', 'Region', 'Prefix'].map(id => new CfnParameter(stack, id).valueAsString);

    setup({ destinations: [ReplicationTarget.account(account, region)], repositoryPrefixes: [prefix] });

    expect(rulesOf(stack)).toEqual([{
      Destinations: [{ Region: { Ref: 'Region' }, RegistryId: { Ref: 'Account' } }],
      RepositoryFilters: [{ Filter: { Ref: 'Prefix' }, FilterType: 'PREFIX_MATCH' }],
    }]);
    Annotations.fromStack(stack).hasNoWarning('*', Match.anyValue());
  });
});

describe('the rules of a ReplicationSetup', () => {
  test.each<[string, ReplicationSetupProps, string]>([
    ['no props', {}, "'destinations' must have a registry such as ReplicationTarget.region('eu-central-1'), got none and no 'rules'"],
    ['no rules', { rules: [] }, "'destinations' must have a registry such as ReplicationTarget.region('eu-central-1'), got none and no 'rules'"],
    ['no destinations', { destinations: [] },
      "'destinations' must have at least one entry, got []; use a registry such as ReplicationTarget.region('eu-central-1')"],
    ['a rule without destinations', { rules: [{ destinations: [] }] }, "'rules[0].destinations' must have at least one entry, got []"],
    ['prefixes without destinations', { repositoryPrefixes: ['prod/'], rules: [{ destinations: [FRANKFURT] }] },
      "'repositoryPrefixes' must be used with 'destinations', got none; add a registry such as ReplicationTarget.region('eu-central-1')"],
    ['an empty list of prefixes', { destinations: [FRANKFURT], repositoryPrefixes: [] },
      "'repositoryPrefixes' must have at least one entry, got []; leave it out for all repositories"],
    ['a prefix twice', { destinations: [FRANKFURT], repositoryPrefixes: ['prod/', 'dev/', 'prod/'] },
      "'repositoryPrefixes' must not have duplicates, got \"prod/\" twice"],
    ['a registry twice', { destinations: [FRANKFURT, FRANKFURT_OF_OTHER, ReplicationTarget.account(OWN.account, 'eu-central-1')] },
      "'destinations[2]' must be another registry than 'destinations[0]', got the same account and Region"],
    ['11 rules', { rules: Array(11).fill({ destinations: [FRANKFURT] }) },
      "'rules' must be at most 10 in a registry, got 11; a rule accepts up to 100 'repositoryPrefixes'"],
    ['11 rules with the one of the destinations', { destinations: [FRANKFURT], rules: Array(10).fill({ destinations: [FRANKFURT] }) },
      "'rules' must be at most 10 in a registry, got 11"],
    ['26 destinations', { destinations: accounts(26) }, "'destinations' must be at most 25 different registries over all rules, got 26"],
    ['26 destinations over two rules', { destinations: accounts(25), rules: [{ destinations: [FRANKFURT] }] },
      "'destinations' must be at most 25 different registries over all rules, got 26; replicate to the others from another account or Region"],
    ['101 prefixes', { destinations: [FRANKFURT], repositoryPrefixes: prefixes(101) },
      "'repositoryPrefixes' must have at most 100 entries, got 101; use a common prefix or another rule"],
  ])('fail with %s', (_, props, message) => {
    expect(refusal(props)).toContain(message);
  });

  test('fail with nothing at all', () => {
    expect(() => new ReplicationSetup(stack, 'Dr')).toThrow("'destinations' must have a registry");
  });

  test.each<[string, ReplicationSetupProps]>([
    ['10 rules', { rules: Array(10).fill({ destinations: [FRANKFURT] }) }],
    ['25 destinations, however often', { destinations: accounts(25), rules: [{ destinations: accounts(25) }] }],
    ['100 prefixes', { destinations: [FRANKFURT], repositoryPrefixes: prefixes(100) }],
  ])('may be %s', (_, props) => {
    expect(refusal(props)).toBe('accepted');
  });

  test('fail when the list of prefixes is a token, which CloudFormation cannot turn into filters', () => {
    const list = new CfnParameter(stack, 'Prefixes', { type: 'CommaDelimitedList' }).valueAsList;

    expect(refusal({ destinations: [FRANKFURT], repositoryPrefixes: list }))
      .toBe("'repositoryPrefixes' must be a list of known length, got a token; list the entries, which may be tokens");
  });

  test('report all problems at once', () => {
    const message = refusal({
      destinations: [ReplicationTarget.account('12', 'EU West')],
      repositoryPrefixes: ['a', 'PROD/'],
      rules: [{ destinations: [] }],
    });

    expect(message.split('\n')).toHaveLength(5);
  });
});

describe('the destinations of a ReplicationSetup', () => {
  test.each<[string, ReplicationTarget, string]>([
    ['the Region of the source', ReplicationTarget.region('eu-west-1'),
      "'destinations[0]' must be another account or another Region than the source, got \"eu-west-1\" in the same account"],
    ['the account and Region of the source', ReplicationTarget.account(OWN.account, 'eu-west-1'), "'destinations[0]' must be another account or another Region"],
    ['China', ReplicationTarget.account(OTHER, 'cn-north-1'),
      "'destinations[0]' must be in the partition aws of the source, got \"cn-north-1\" of aws-cn; copy the images to another partition with your own tools"],
    ['GovCloud', ReplicationTarget.account(OTHER, 'us-gov-west-1'), 'got "us-gov-west-1" of aws-us-gov'],
    ['an account of 13 digits', ReplicationTarget.account('1234567890123', 'eu-central-1'), "'destinations[0]' must be an AWS account id of 12 digits"],
    ['no Region', ReplicationTarget.region('Frankfurt!'), "'destinations[0]' must be an AWS Region such as 'eu-west-1', got \"Frankfurt!\""],
  ])('fail with %s', (_, target, message) => {
    expect(refusal({ destinations: [target] })).toContain(message);
  });

  test('fail with the Region of an environment-agnostic stack', () => {
    expect(refusal({ destinations: [ReplicationTarget.region(Aws.REGION)] }, agnostic))
      .toBe("'destinations[0]' must be another account or another Region than the source, got the Region of the stack in the same account");
  });

  test('fail in two partitions, even when that of the source is unknown', () => {
    const rules = [{ destinations: [ReplicationTarget.region('eu-new-1'), FRANKFURT] }, { destinations: [ReplicationTarget.region('cn-north-1')] }];

    expect(refusal({ rules }, agnostic)).toContain("'rules[1].destinations[0]' must be in the partition aws of the other destinations, got \"cn-north-1\" of aws-cn");
  });

  test.each<[string, ReplicationTarget]>([
    ['another account in the same Region', ReplicationTarget.account(OTHER, 'eu-west-1')],
    ['an unknown account in the same Region', ReplicationTarget.account(Aws.ACCOUNT_ID, 'eu-west-1')],
    ['an unknown Region of another account', ReplicationTarget.account(OTHER, Aws.REGION)],
  ])('may be %s', (_, target) => {
    expect(refusal({ destinations: [target] })).toBe('accepted');
  });

  test('may be in China for a source in China', () => {
    const china = new Stack(new App(), 'China', { env: { account: OTHER, region: 'cn-north-1' } });

    expect(refusal({ destinations: [ReplicationTarget.region('cn-northwest-1')] }, china)).toBe('accepted');
  });

  test('warn about a Region that the CDK does not know', () => {
    const replication = setup({ destinations: [ReplicationTarget.region('eu-centrl-1')], rules: [{ destinations: [ReplicationTarget.region('eu-centrl-1')] }] });
    const id = 'cdk-secure-ecr:ReplicationSetup.unknownRegion';

    expect(warnings()).toEqual([expect.stringContaining('the deployment may fail, because this version of aws-cdk-lib does not know the Region "eu-centrl-1"; check its spelling')]);
    Validations.of(replication).acknowledge({ id, reason: 'a new Region' });
    expect(warnings()).toEqual([]);
  });
});

describe('the prefixes of a ReplicationSetup', () => {
  test.each(['prod/', 'team.a/', 'a_b/', 'a__b/', 'a--b/', 'prod/api', 'a__', 'a--', 'a.', 'prod/api-', 'team-', 'a/', '0/1/2', 'ab_'])('may be %j', prefix => {
    expect(refusal({ destinations: [FRANKFURT], repositoryPrefixes: [prefix] })).toBe('accepted');
    expect(warnings()).toEqual([]);
  });

  test.each(['prod/*', '*', 'Prod/', '/prod', 'prod//api', 'prod api', 'prod/ä', 'a', '-/a', '-ab', 'a-/b', 'a.._', 'a___'])('fail with %j', prefix => {
    const message = refusal({ destinations: [FRANKFURT], repositoryPrefixes: ['base/', prefix] });

    expect(message).toContain("'repositoryPrefixes[1]' must be");
    expect(message).toContain(JSON.stringify(prefix));
  });

  test('may be 256 characters, and fail at 257', () => {
    expect(refusal({ destinations: [FRANKFURT], repositoryPrefixes: [`${'x'.repeat(255)}/`] }, agnostic)).toBe('accepted');
    expect(refusal({ destinations: [FRANKFURT], repositoryPrefixes: ['x'.repeat(257)] }))
      .toContain("'repositoryPrefixes[0]' must be 2 to 256 characters long, got 257");
  });

  test.each(['prod', 'team-a', 'a1'])('warn about %j, which also matches the repositories beside it', prefix => {
    const replication = setup({ destinations: [FRANKFURT], repositoryPrefixes: [prefix] });
    const id = 'cdk-secure-ecr:ReplicationSetup.prefixWithoutSlash';

    expect(warnings()).toEqual([expect.stringContaining(
      `the prefix "${prefix}" also replicates repositories such as "${prefix}-other" and "${prefix}x/api"; end it with '/' for repositories in "${prefix}/" only`,
    )]);
    Validations.of(replication).acknowledge({ id, reason: 'meant' });
    expect(warnings()).toEqual([]);
  });
});

describe('one ReplicationSetup in each registry', () => {
  const props = { destinations: [FRANKFURT] };

  test('fails for a second one in the same stack, whatever its environment', () => {
    new ReplicationSetup(agnostic, 'First', props);

    expect(() => new ReplicationSetup(new NestedStack(agnostic, 'Nested'), 'Second', props)).toThrow(
      "'Agnostic/First' and 'Agnostic/Nested/Second' both define the replication configuration of the registry of stack 'Agnostic', of which there is only one; "
      + "keep one ReplicationSetup and move the rules of the other to its 'rules'",
    );
  });

  test('fails for a second stack of the same account and Region', () => {
    new ReplicationSetup(stack, 'First', props);

    expect(() => new ReplicationSetup(new Stack(stack.node.root as App, 'Two', { env: OWN }), 'Second', props))
      .toThrow("'Source/First' and 'Two/Second' both define the replication configuration of account 111122223333 in eu-west-1");
  });

  test('accepts one in each Region and account', () => {
    const app = stack.node.root as App;
    new ReplicationSetup(stack, 'Dr', { destinations: [FRANKFURT] });
    new ReplicationSetup(new Stack(app, 'Region', { env: { ...OWN, region: 'eu-north-1' } }), 'Dr', props);
    new ReplicationSetup(new Stack(app, 'Account', { env: { ...OWN, account: OTHER } }), 'Dr', props);

    expect(() => app.synth()).not.toThrow();
  });

  test('warns when two stacks without environment may share a registry', () => {
    const second = new Stack(agnostic.node.root, 'Second');
    new ReplicationSetup(agnostic, 'Dr', props);
    new ReplicationSetup(second, 'Dr', props);

    Annotations.fromStack(second).hasWarning('/Second/Dr', Match.stringLikeRegexp('also defines the replication.*cdk-secure-ecr:ReplicationSetup.environmentUnknown'));
  });

  test('fails synthesis when the app holds a replication configuration of someone else', () => {
    new ReplicationSetup(stack, 'Dr', props);
    new ecr.CfnReplicationConfiguration(stack, 'Foreign', { replicationConfiguration: { rules: [] } });

    expect(() => Template.fromStack(stack)).toThrow(
      "'Source/Foreign' and 'Source/Dr' both define the replication configuration of account 111122223333 in eu-west-1, of which there is only one; "
      + "move the rules of the first into the 'rules' of the second",
    );
  });
});

describe('any replication rules', () => {
  // Mostly legal rules, with one mistake here and there.
  const mostly = <T, U>(legal: fc.Arbitrary<T>, mistake: fc.Arbitrary<U>) =>
    fc.oneof({ arbitrary: legal, weight: 30 }, { arbitrary: mistake, weight: 1 });
  const region = fc.constantFrom('eu-central-1', 'us-east-1', 'ap-south-1', 'sa-east-1', 'ca-central-1');
  const target = mostly(
    fc.oneof(
      region.map(name => ReplicationTarget.region(name)),
      fc.tuple(fc.constantFrom(OWN.account, OTHER, '777788889999'), region).map(([id, name]) => ReplicationTarget.account(id, name)),
      fc.constantFrom(OTHER, '777788889999').map(id => ReplicationTarget.account(id, 'eu-west-1')),
    ),
    fc.constantFrom(ReplicationTarget.region('eu-west-1'), ReplicationTarget.account(OWN.account, 'eu-west-1'), ReplicationTarget.region('cn-north-1')),
  );
  const segment = fc.stringMatching(/^[a-z0-9]{1,3}$/);
  const prefix = mostly(
    fc.array(segment, { minLength: 1, maxLength: 3 }).map(parts => `${parts.join('/')}/`),
    fc.string({ maxLength: 4, unit: fc.constantFrom('a', '0', '-', '/', '.', '_', '*', 'A') }),
  );
  const rule = fc.record({
    destinations: mostly(
      fc.uniqueArray(target, { minLength: 1, maxLength: 4, selector: it => `${it.registryAccount ?? OWN.account}${it.registryRegion}` }),
      fc.array(target, { maxLength: 4 }),
    ),
    repositoryPrefixes: fc.option(
      mostly(fc.uniqueArray(prefix, { minLength: 1, maxLength: 2 }), fc.constantFrom([], ['a/', 'a/'], prefixes(100), prefixes(101))),
      { nil: undefined },
    ),
  });

  // What the service documents, written down a second time and without the code under test.
  function isLegal(rules: Array<{ destinations: ReplicationTarget[]; repositoryPrefixes?: string[] }>): boolean {
    const registries = rules.map(({ destinations }) => destinations.map(it => `${it.registryAccount ?? OWN.account}/${it.registryRegion}`));
    const unique = (list: string[]) => new Set(list).size;
    return rules.length >= 1 && rules.length <= 10
      && unique(registries.flat()) <= 25
      && registries.every(list => list.length > 0 && unique(list) === list.length && !list.includes(`${OWN.account}/eu-west-1`))
      && registries.flat().every(it => !it.includes('cn-'))
      && rules.every(({ repositoryPrefixes: list }) => list === undefined
        || (list.length >= 1 && list.length <= 100 && unique(list) === list.length
          && list.every(it => it.length >= 2 && it.length <= 256 && REPOSITORY_NAME.test(`${it}a`))));
  }

  test('are accepted exactly when the service accepts them, and rendered without loss', () => {
    fc.assert(fc.property(fc.array(rule, { maxLength: 11 }), rules => {
      const scope = new Stack(new App(), 'Source', { env: OWN });
      const message = refusal({ rules }, scope);

      expect(message === 'accepted').toBe(isLegal(rules));
      if (message === 'accepted') {
        const { replicationConfiguration } = scope.node.findChild('Dr').node.defaultChild as ecr.CfnReplicationConfiguration;
        expect(scope.resolve(replicationConfiguration)).toEqual({
          rules: rules.map(({ destinations, repositoryPrefixes }) => ({
            destinations: destinations.map(it => ({ region: it.registryRegion, registryId: it.registryAccount ?? OWN.account })),
            ...(repositoryPrefixes && { repositoryFilters: repositoryPrefixes.map(it => ({ filter: it, filterType: 'PREFIX_MATCH' })) }),
          })),
        });
      }
    }), { numRuns: 500 });
  });

  test('have at most 25 different destinations, wherever they stand', () => {
    fc.assert(fc.property(fc.integer({ min: 20, max: 30 }), fc.integer({ min: 1, max: 10 }), fc.nat(), (count, ruleCount, seed) => {
      const all = accounts(count);
      const rules = Array.from({ length: ruleCount }, (_, index) => ({
        destinations: all.filter((__, at) => at % ruleCount === index || (at + seed) % 7 === index),
      }));

      expect(refusal({ rules }, new Stack(new App(), 'Source', { env: OWN })) === 'accepted').toBe(count <= 25);
    }), { numRuns: 100 });
  });
});

function warnings(): string[] {
  return Annotations.fromStack(stack).findWarning('*', Match.anyValue()).map(({ entry }) => entry.data as string);
}
