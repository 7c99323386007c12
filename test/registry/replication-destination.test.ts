import { App, Aws, CfnParameter, Stack, Stage, Validations } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as sns from 'aws-cdk-lib/aws-sns';
import { AwsSolutionsChecks, HIPAASecurityChecks, NIST80053R5Checks, PCIDSS321Checks } from 'cdk-nag';
import * as fc from 'fast-check';
import {
  LifecyclePolicy,
  ReplicationDestination,
  type ReplicationDestinationProps,
  ReplicationSetup,
  ReplicationSource,
  ReplicationTarget,
  RepositoryEncryption,
} from '../../lib';

const SOURCE = '111122223333';
const DR = '444455556666';
const POLICY = 'AWS::ECR::RegistryPolicy';
const TEMPLATE = 'AWS::ECR::RepositoryCreationTemplate';

let app: App;
let source: Stack;
let dr: Stack;

beforeEach(() => {
  app = new App();
  source = new Stack(app, 'Source', { env: { account: SOURCE, region: 'eu-west-1' } });
  dr = new Stack(app, 'DrStack', { env: { account: DR, region: 'eu-central-1' } });
});

function destination(sources: ReplicationSource[], props: Partial<ReplicationDestinationProps> = {}, scope = dr): ReplicationDestination {
  return new ReplicationDestination(scope, 'Replicas', { sources, ...props });
}

function rootOf(account: string): unknown {
  return { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, `:iam::${account}:root`]] };
}

function repositories(name: string): unknown {
  return { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, `:ecr:eu-central-1:${DR}:repository/${name}`]] };
}

function statements(scope = dr): unknown[] {
  return Object.values(Template.fromStack(scope).findResources(POLICY)).flatMap(it => it.Properties.PolicyText.Statement);
}

function templates(scope = dr): string[] {
  return Object.values(Template.fromStack(scope).findResources(TEMPLATE)).map(it => it.Properties.Prefix as string);
}

function warnings(scope = dr): string[] {
  return Annotations.fromStack(scope).findWarning('*', Match.anyValue()).map(({ entry }) => entry.data as string);
}

describe('ReplicationDestination', () => {
  test('lets one account replicate what begins with a prefix, and nothing else', () => {
    destination([ReplicationSource.account(SOURCE, ['prod/', 'base/'])]);

    expect(statements()).toEqual([{
      Effect: 'Allow',
      Principal: { AWS: rootOf(SOURCE) },
      Action: ['ecr:CreateRepository', 'ecr:ReplicateImage'],
      Resource: [repositories('base/*'), repositories('prod/*')],
    }]);
  });

  test('makes the replicas immutable, encrypted with a customer managed key, and expire', () => {
    destination([ReplicationSource.account(SOURCE, ['prod/'])]);

    const key = Object.keys(Template.fromStack(dr).findResources('AWS::KMS::Key'))[0];
    Template.fromStack(dr).hasResourceProperties(TEMPLATE, {
      Prefix: 'prod',
      AppliedFor: ['REPLICATION'],
      ImageTagMutability: 'IMMUTABLE',
      EncryptionConfiguration: { EncryptionType: 'KMS', KmsKey: { 'Fn::GetAtt': [key, 'Arn'] } },
      LifecyclePolicy: LifecyclePolicy.standard().toJson(),
      CustomRoleArn: Match.anyValue(),
    });
  });

  test('takes all repositories of a source', () => {
    destination([ReplicationSource.account(SOURCE)]);

    expect(statements()).toMatchObject([{ Resource: repositories('*') }]);
    expect(templates()).toEqual(['ROOT']);
  });

  test('needs no permission for another Region of the same account, and makes no policy', () => {
    const { registryPolicy, templates: made } = destination([ReplicationSource.account(DR, ['prod/'])]);

    expect(registryPolicy).toBeUndefined();
    expect(made.map(template => template.repositoryCreationTemplateRef.prefix)).toEqual(['prod']);
    Template.fromStack(dr).resourceCountIs(POLICY, 0);
  });

  test('lets several accounts in with one policy and shares their templates', () => {
    const { registryPolicy } = destination([ReplicationSource.account(SOURCE, ['prod/']), ReplicationSource.account('777788889999', ['prod/'])]);

    expect(statements()).toMatchObject([{ Principal: { AWS: [rootOf(SOURCE), rootOf('777788889999')] }, Resource: repositories('prod/*') }]);
    expect(templates()).toEqual(['prod']);
    expect(registryPolicy).toBeInstanceOf(ecr.CfnRegistryPolicy);
  });

  test('keeps accounts with different prefixes apart', () => {
    destination([ReplicationSource.account(SOURCE, ['prod/']), ReplicationSource.account('777788889999', ['dev/'])]);

    expect(statements()).toMatchObject([
      { Principal: { AWS: rootOf(SOURCE) }, Resource: repositories('prod/*') },
      { Principal: { AWS: rootOf('777788889999') }, Resource: repositories('dev/*') },
    ]);
  });

  test('names a prefix once that a shorter one includes', () => {
    destination([ReplicationSource.account(SOURCE, ['prod/', 'prod/api/', 'prod/web']), ReplicationSource.account(SOURCE, ['prod/'])]);

    expect(statements()).toMatchObject([{ Resource: repositories('prod/*') }]);
    expect(templates()).toEqual(['prod']);
  });

  test('shares the registry policy with other destinations of the stack', () => {
    destination([ReplicationSource.account(SOURCE, ['prod/'])]);
    new ReplicationDestination(dr, 'More', { sources: [ReplicationSource.account('777788889999', ['dev/'])] });

    Template.fromStack(dr).resourceCountIs(POLICY, 1);
    expect(statements()).toHaveLength(2);
  });

  test('passes settings on to the templates', () => {
    const key = new kms.Key(dr, 'Key');
    destination([ReplicationSource.account(SOURCE, ['prod/'])], {
      encryption: RepositoryEncryption.customerManagedKey(key),
      lifecycle: LifecyclePolicy.production(),
      mutableTags: ['latest'],
      repositoryPolicy: new iam.PolicyDocument({
        statements: [new iam.PolicyStatement({ principals: [new iam.AccountPrincipal('777788889999')], actions: ['ecr:BatchGetImage'] })],
      }),
    });

    Template.fromStack(dr).hasResourceProperties(TEMPLATE, {
      EncryptionConfiguration: { EncryptionType: 'KMS', KmsKey: dr.resolve(key.keyArn) },
      LifecyclePolicy: LifecyclePolicy.production().toJson(),
      ImageTagMutability: 'IMMUTABLE_WITH_EXCLUSION',
      RepositoryPolicy: Match.anyValue(),
    });
    Template.fromStack(dr).resourceCountIs('AWS::KMS::Key', 1);
  });

  test('lets the source tag repositories only if they get tags', () => {
    destination([ReplicationSource.account(SOURCE, ['prod/'])], { resourceTags: { team: 'platform' } });

    expect(statements()).toMatchObject([{ Action: ['ecr:CreateRepository', 'ecr:ReplicateImage', 'ecr:TagResource'] }]);
    Template.fromStack(dr).hasResourceProperties(TEMPLATE, { ResourceTags: [{ Key: 'team', Value: 'platform' }] });
  });

  test('does not take empty tags for tags', () => {
    destination([ReplicationSource.account(SOURCE, ['prod/'])], { resourceTags: {} });

    expect(statements()).toMatchObject([{ Action: ['ecr:CreateRepository', 'ecr:ReplicateImage'] }]);
  });

  test('takes parameters as account and prefix, with a template for everything', () => {
    const [account, prefix] = ['Account', 'Prefix'].map(id => new CfnParameter(dr, id).valueAsString);

    destination([ReplicationSource.account(account, [prefix])]);

    expect(statements()).toEqual([{
      Effect: 'Allow',
      Principal: { AWS: { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':iam::', { Ref: 'Account' }, ':root']] } },
      Action: ['ecr:CreateRepository', 'ecr:ReplicateImage'],
      Resource: { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, `:ecr:eu-central-1:${DR}:repository/`, { Ref: 'Prefix' }, '*']] },
    }]);
    expect(templates()).toEqual(['ROOT']);
  });

  test('works in an environment-agnostic stack', () => {
    const agnostic = new Stack(app, 'Agnostic');

    destination([ReplicationSource.account(SOURCE, ['prod/'])], {}, agnostic);

    expect(statements(agnostic)).toMatchObject([{
      Resource: { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':ecr:', { Ref: 'AWS::Region' }, ':', { Ref: 'AWS::AccountId' }, ':repository/prod/*']] },
    }]);
  });

  test('has a template of a stable id for each namespace', () => {
    destination([ReplicationSource.account(SOURCE, ['prod/eu/', 'base/'])]);

    expect(dr.node.findChild('Replicas').node.findChild('Templates').node.children.map(({ node }) => node.id)).toEqual(['prod:eu', 'base']);
  });

  test.each([new AwsSolutionsChecks(), new HIPAASecurityChecks(), new NIST80053R5Checks(), new PCIDSS321Checks()])('passes $name', pack => {
    new ReplicationSetup(source, 'Setup', { destinations: [ReplicationTarget.account(DR, 'eu-central-1')], repositoryPrefixes: ['prod/'] });
    destination([ReplicationSource.account(SOURCE, ['prod/', 'base/'])]);

    expect(pack.validateScope(app).violations).toEqual([]);
  });
});

describe('the events of a ReplicationDestination', () => {
  test('tell failures, to a target and with a pattern of the user', () => {
    const replicas = destination([ReplicationSource.account(SOURCE, ['prod/'])]);

    replicas.onReplicationFailed('Failed', {
      description: 'Tells the platform team',
      eventPattern: { detail: { 'source-account': [SOURCE] } },
      target: new targets.SnsTopic(new sns.Topic(dr, 'Topic')),
    });

    Template.fromStack(dr).hasResourceProperties('AWS::Events::Rule', {
      Description: 'Tells the platform team',
      EventPattern: {
        'source': ['aws.ecr'],
        'detail-type': ['ECR Replication Action'],
        'detail': { 'action-type': ['REPLICATE'], 'result': ['FAILED'], 'source-account': [SOURCE] },
      },
      Targets: [{ Arn: { Ref: Match.stringLikeRegexp('^Topic') } }],
    });
  });

  test('tell failures to a target that comes later', () => {
    destination([ReplicationSource.account(SOURCE, ['prod/'])]).onReplicationFailed('Failed').addTarget(new targets.SnsTopic(new sns.Topic(dr, 'Topic')));

    Template.fromStack(dr).hasResourceProperties('AWS::Events::Rule', {
      EventPattern: { 'source': ['aws.ecr'], 'detail-type': ['ECR Replication Action'], 'detail': { 'action-type': ['REPLICATE'], 'result': ['FAILED'] } },
      Targets: [{ Arn: { Ref: Match.stringLikeRegexp('^Topic') } }],
    });
  });

  test('tell everything, and take a target later', () => {
    const rule = destination([ReplicationSource.account(SOURCE, ['prod/'])]).onEvent('Replicated');

    Template.fromStack(dr).hasResourceProperties('AWS::Events::Rule', {
      EventPattern: { 'source': ['aws.ecr'], 'detail-type': ['ECR Replication Action'], 'detail': { 'action-type': ['REPLICATE'] } },
      Targets: Match.absent(),
    });
    expect(rule.node.path).toBe('DrStack/Replicas/Replicated');
  });
});

describe('the sources of a ReplicationDestination', () => {
  test.each<[string, ReplicationSource[], string]>([
    ['none', [], "'sources' must have at least one entry, got []; use a source such as ReplicationSource.account('111122223333')"],
    ['an account of 11 digits', [ReplicationSource.account('12345678901')], "'sources[0]' must be an AWS account id of 12 digits, got \"12345678901\""],
    ['a wildcard', [ReplicationSource.account(SOURCE), ReplicationSource.account(SOURCE, ['prod/*'])],
      "'sources[1].repositoryPrefixes[0]' must be a valid prefix of repository names in lowercase, such as 'prod/', without wildcards, got \"prod/*\""],
    ['an empty list', [ReplicationSource.account(SOURCE, [])],
      "'sources[0].repositoryPrefixes' must have at least one entry, got []; leave it out for all repositories"],
  ])('fail with %s', (_, sources, message) => {
    expect(() => destination(sources)).toThrow(message);
  });

  test('fail in a second stack of the same account and Region, before anything is made', () => {
    destination([ReplicationSource.account(SOURCE, ['prod/'])]);
    const second = new Stack(app, 'Second', { env: { account: DR, region: 'eu-central-1' } });

    expect(() => destination([ReplicationSource.account(SOURCE, ['base/'])], {}, second))
      .toThrow("'DrStack/Replicas' and 'Second/Replicas' both define the registry policy of account 444455556666 in eu-central-1");
    expect(second.node.findChild('Replicas').node.children).toEqual([]);
  });

  test('of the same account need no policy, so that two stacks can have them', () => {
    destination([ReplicationSource.account(SOURCE, ['prod/'])]);
    const second = new Stack(app, 'Second', { env: { account: DR, region: 'eu-central-1' } });

    expect(() => destination([ReplicationSource.account(DR, ['base/'])], {}, second)).not.toThrow();
  });

  test('warn about a prefix that lets more in than it seems to', () => {
    const replicas = destination([ReplicationSource.account(SOURCE, ['prod', 'base/'])]);
    const id = 'cdk-secure-ecr:ReplicationDestination.prefixWithoutSlash';

    expect(warnings()).toEqual([expect.stringContaining(
      'the source can also create repositories such as "prod-other" and "prodx/api", and one template applies to all replicas, because the prefix "prod" does not end with \'/\'; '
      + "end it with '/' on both sides for repositories in \"prod/\" only",
    )]);
    Validations.of(replicas).acknowledge({ id, reason: 'meant' });
    expect(warnings()).toEqual([]);
  });
});

describe('a ReplicationSetup as the source', () => {
  const toDr = ReplicationTarget.account(DR, 'eu-central-1');

  test('describes both sides', () => {
    const setup = new ReplicationSetup(source, 'Setup', { destinations: [toDr], repositoryPrefixes: ['prod/'] });

    destination([ReplicationSource.setup(setup)]);

    expect(statements()).toMatchObject([{ Principal: { AWS: rootOf(SOURCE) }, Resource: repositories('prod/*') }]);
    expect(templates()).toEqual(['prod']);
    expect(warnings()).toEqual([]);
  });

  test('takes the rules for this account and Region only', () => {
    const setup = new ReplicationSetup(source, 'Setup', {
      destinations: [toDr, ReplicationTarget.region('us-east-1')],
      repositoryPrefixes: ['prod/'],
      rules: [
        { destinations: [ReplicationTarget.region('eu-central-1')], repositoryPrefixes: ['own/'] },
        { destinations: [ReplicationTarget.account(DR, 'eu-north-1')], repositoryPrefixes: ['north/'] },
        { destinations: [ReplicationTarget.account('777788889999', 'eu-central-1')], repositoryPrefixes: ['other/'] },
        { destinations: [toDr], repositoryPrefixes: ['base/'] },
      ],
    });

    destination([ReplicationSource.setup(setup)]);

    expect(statements()).toMatchObject([{ Resource: [repositories('base/*'), repositories('prod/*')] }]);
    expect(templates()).toEqual(['prod', 'base']);
  });

  test.each([
    ['by Region', ReplicationTarget.region('eu-central-1')],
    ['by its own account', ReplicationTarget.account(SOURCE, 'eu-central-1')],
  ])('of the same account, named %s, needs no permission', (_, target) => {
    const setup = new ReplicationSetup(source, 'Setup', { destinations: [target] });
    const region = new Stack(app, 'Region', { env: { account: SOURCE, region: 'eu-central-1' } });

    destination([ReplicationSource.setup(setup)], {}, region);

    Template.fromStack(region).resourceCountIs(POLICY, 0);
    expect(templates(region)).toEqual(['ROOT']);
  });

  test('works from one environment-agnostic stack to another Region of the account', () => {
    const setup = new ReplicationSetup(new Stack(app, 'Agnostic'), 'Setup', { destinations: [ReplicationTarget.region('eu-central-1')] });

    destination([ReplicationSource.setup(setup)], {}, new Stack(app, 'Target'));

    Template.fromStack(app.node.findChild('Target') as Stack).resourceCountIs(POLICY, 0);
  });

  test('works for an environment-agnostic destination', () => {
    const setup = new ReplicationSetup(source, 'Setup', { destinations: [toDr], repositoryPrefixes: ['prod/'] });
    const agnostic = new Stack(app, 'Agnostic');

    destination([ReplicationSource.setup(setup)], {}, agnostic);

    expect(statements(agnostic)).toMatchObject([{ Principal: { AWS: rootOf(SOURCE) } }]);
  });

  test('works across stages', () => {
    const setup = new ReplicationSetup(source, 'Setup', { destinations: [toDr], repositoryPrefixes: ['prod/'] });
    const stack = new Stack(new Stage(app, 'Production'), 'Dr', { env: { account: DR, region: 'eu-central-1' } });

    destination([ReplicationSource.setup(setup)], {}, stack);

    expect(() => app.synth()).not.toThrow();
  });

  test.each([
    ['another Region', { account: DR, region: 'us-east-1' }],
    ['another account', { account: '777788889999', region: 'eu-central-1' }],
    ['its own registry', { account: SOURCE, region: 'eu-west-1' }],
  ])('fails when it does not replicate here: %s', (_, env) => {
    const setup = new ReplicationSetup(source, 'Setup', { destinations: [toDr] });

    expect(() => destination([ReplicationSource.setup(setup)], {}, new Stack(app, 'Wrong', { env }))).toThrow(
      "'sources[0]' must replicate to the account and Region of this stack, got \"Source/Setup\", whose destinations are other registries; add this registry to its destinations",
    );
  });

  test('fails when nobody knows which account to let in', () => {
    const setup = new ReplicationSetup(new Stack(app, 'Agnostic'), 'Setup', { destinations: [toDr] });

    expect(() => destination([ReplicationSource.setup(setup)])).toThrow(
      "'sources[0]' must be in a stack with a known account, got \"Agnostic/Setup\"; set 'env' of its stack or use ReplicationSource.account('111122223333')",
    );
  });

  test('takes a destination whose account is a token for this one', () => {
    const setup = new ReplicationSetup(source, 'Setup', { destinations: [ReplicationTarget.account(Aws.ACCOUNT_ID, 'eu-central-1')] });

    expect(() => destination([ReplicationSource.setup(setup)])).not.toThrow();
  });
});

describe('the templates for any prefixes', () => {
  test.each<[string[], string[]]>([
    [['prod/'], ['prod']],
    [['prod'], ['ROOT']],
    [['prod/api'], ['prod']],
    [['prod/api-'], ['prod']],
    [['prod/eu/', 'prod/us/'], ['prod/eu', 'prod/us']],
    [['prod/eu/', 'prod/'], ['prod']],
    [['prod/', 'production/'], ['prod', 'production']],
    [['prod/', 'dev'], ['ROOT']],
  ])('%j are %j', (prefixes, expected) => {
    destination([ReplicationSource.account(DR, prefixes)]);

    expect(templates()).toEqual(expected);
  });

  test('match every repository that the prefixes let in, and none of them is in vain', () => {
    const segment = fc.stringMatching(/^[ab]{1,2}$/);
    const name = fc.array(segment, { minLength: 1, maxLength: 3 }).map(parts => parts.join('/'));
    const prefix = fc.tuple(name, fc.constantFrom('', '/')).map(parts => parts.join('')).filter(it => it.length > 1);
    const matches = (template: string, repository: string) => template === 'ROOT' || repository.startsWith(`${template}/`);

    fc.assert(fc.property(fc.uniqueArray(prefix, { minLength: 1, maxLength: 4 }), name, (prefixes, repository) => {
      const stack = new Stack(new App(), 'Dr', { env: { account: DR, region: 'eu-central-1' } });
      const made = destination([ReplicationSource.account(DR, prefixes)], { encryption: RepositoryEncryption.AES_256 }, stack)
        .templates.map(template => template.repositoryCreationTemplateRef.prefix);

      if (prefixes.some(it => repository.startsWith(it))) {
        expect(made.some(template => matches(template, repository))).toBe(true);
      }
      for (const template of made) {
        expect(made.filter(other => other !== template && matches(other, template === 'ROOT' ? 'a' : `${template}/a`))).toEqual([]);
      }
    }), { numRuns: 300 });
  });
});
