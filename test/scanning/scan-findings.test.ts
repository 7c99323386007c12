import { App, CfnParameter, Stack, Validations } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import type * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { FindingGranularity, FindingSeverity, ScanFindings, ScanFindingsFormat, type ScanFindingsProps, SecureRepository } from '../../lib';
import { nagFindings } from '../nag';
import { type InputTransformer, matches, transform } from './event-bridge';
import { ACCOUNT, type AwsEvent, basicScan, DIGEST, finding, firstScan, REGION, REPOSITORY } from './scan-events';
import { CASES, type Told, type Watch } from './told';

const { FINDING } = FindingGranularity;
const { CHAT } = ScanFindingsFormat;

let app: App;
let stack: Stack;

beforeEach(() => {
  app = new App();
  stack = new Stack(app, 'Stack', { env: { account: ACCOUNT, region: REGION } });
});

interface Rule {
  readonly EventPattern: Record<string, unknown>;
  readonly Targets: Array<{ Arn: unknown; RoleArn?: unknown; InputTransformer?: InputTransformer }>;
}

const make = (props?: ScanFindingsProps): ScanFindings => new ScanFindings(stack, 'Findings', props);
const imported = (name: string): ecr.IRepository => ecr.Repository.fromRepositoryName(stack, name.replace(/\W/g, '-'), name);

/** The two rules, with what only the deployment knows filled in. */
function rules(): { basic: Rule; enhanced: Rule } {
  const found = Template.fromStack(stack).findResources('AWS::Events::Rule');
  const [basic, enhanced] = ['Basic', 'Enhanced'].map(name => Object.entries(found).find(([id]) => id.includes(`${name}Rule`))![1].Properties);
  return JSON.parse(JSON.stringify({ basic, enhanced }), (_, value: unknown) => {
    const join = (value as { 'Fn::Join'?: [string, unknown[]] } | null)?.['Fn::Join'];
    const known = ({ Ref: id }: { Ref: string }): string => id === 'AWS::Partition' ? 'aws' : `Ref(${id})`;
    return join ? join[1].map(part => typeof part === 'string' ? part : known(part as { Ref: string })).join(join[0]) : value;
  }) as { basic: Rule; enhanced: Rule };
}

function toldOf(event: AwsEvent): Told | 'twice' {
  const { basic, enhanced } = rules();
  const hit = [basic, enhanced].map(({ EventPattern }) => matches(EventPattern, event));
  return hit[0] && hit[1] ? 'twice' : hit[0] ? 'basic' : hit[1] ? 'enhanced' : 'nobody';
}

/** What a subscriber gets. */
function message(event: AwsEvent): string {
  const { basic, enhanced } = rules();
  const rule = [basic, enhanced].find(({ EventPattern }) => matches(EventPattern, event))!;
  return transform(rule.Targets[0].InputTransformer!, event);
}

function warnings(): Array<{ id: string; message: string }> {
  return Annotations.fromStack(stack).findWarning('*', Match.anyValue()).map(({ entry }) => {
    const [, text, id] = /^(.*) \[ack: [Aa]nnotation::(.*)\]$/.exec(entry.data as string) ?? [];
    return { id, message: text };
  });
}

describe('ScanFindings tells', () => {
  describe.each(CASES)('%s:', (_what, { repositoryNames, ...watch }: Watch, cases) => {
    test.each(cases)('%s', (_case, event, told) => {
      make({ ...watch, repositories: repositoryNames?.map(imported) });

      expect(toldOf(event)).toBe(told);
    });
  });

  test('of a repository of the same stack, by its ARN', () => {
    make({ repositories: [new SecureRepository(stack, 'Api')], granularity: FINDING });

    const arn = { 'Fn::GetAtt': ['ApiF70053CD', 'Arn'] };
    Template.fromStack(stack).hasResourceProperties('AWS::Events::Rule', { EventPattern: { source: ['aws.ecr'], resources: [arn] } });
    Template.fromStack(stack).hasResourceProperties('AWS::Events::Rule', {
      EventPattern: { 'detail-type': ['Inspector2 Finding'], 'resources': [{ prefix: { 'Fn::Join': ['', [arn, '/sha256:']] } }] },
    });
  });

  test('of what a parameter says', () => {
    make({ repositoryPrefixes: [new CfnParameter(stack, 'Prefix').valueAsString] });

    Template.fromStack(stack).hasResourceProperties('AWS::Events::Rule', {
      EventPattern: {
        source: ['aws.ecr'],
        resources: [{ prefix: { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, `:ecr:${REGION}:${ACCOUNT}:repository/`, { Ref: 'Prefix' }]] } }],
      },
    });
  });

  test('in a stack without an environment', () => {
    const anywhere = new Stack(app, 'Anywhere');
    new ScanFindings(anywhere, 'Findings', { repositories: [new SecureRepository(anywhere, 'Api')] });

    Template.fromStack(anywhere).resourceCountIs('AWS::Events::Rule', 2);
  });
});

describe('The message', () => {
  const image = `https://console.aws.amazon.com/ecr/repositories/private/${ACCOUNT}/${REPOSITORY}/_/image/${DIGEST}/details?region=${REGION}`;

  test('of basic scanning', () => {
    make();

    expect(message(basicScan({ CRITICAL: 10, MEDIUM: 9 }, { tags: ['latest', 'v1.2'] }))).toBe([
      'Vulnerabilities in amazon/amazon-ecs-sample: {CRITICAL:10,MEDIUM:9}',
      '',
      'Repository: amazon/amazon-ecs-sample',
      'Tags: [latest,v1.2]',
      `Digest: ${DIGEST}`,
      'Findings: {CRITICAL:10,MEDIUM:9}',
      'Found by: Amazon ECR',
      'Account: 123456789012',
      'Region: us-east-2',
      'Time: 2019-10-29T02:36:48Z',
      '',
      image,
    ].join('\n'));
  });

  test('of an image without a tag', () => {
    make();

    expect(message(basicScan({ HIGH: 1 }))).toContain('\nTags: []\n');
  });

  test('of enhanced scanning, whose events have the ARN of the repository only', () => {
    make();

    expect(message(firstScan({ CRITICAL: 7, HIGH: 61, MEDIUM: 62, TOTAL: 158 }))).toBe([
      'Vulnerabilities in arn:aws:ecr:us-east-2:123456789012:repository/amazon/amazon-ecs-sample: {CRITICAL:7,HIGH:61,MEDIUM:62,TOTAL:158}',
      '',
      'Repository: arn:aws:ecr:us-east-2:123456789012:repository/amazon/amazon-ecs-sample',
      'Tags: [latest]',
      `Digest: ${DIGEST}`,
      'Findings: {CRITICAL:7,HIGH:61,MEDIUM:62,TOTAL:158}',
      'Found by: Amazon Inspector',
      'Account: 123456789012',
      'Region: us-east-2',
      'Time: 2021-12-03T18:03:16Z',
      '',
      'https://console.aws.amazon.com/inspector/v2/home?region=us-east-2#/findings/all',
    ].join('\n'));
  });

  test('of enhanced scanning of one repository links to the image', () => {
    make({ repositories: [imported(REPOSITORY)] });

    const lines = message(firstScan({ CRITICAL: 7, HIGH: 61, MEDIUM: 62, TOTAL: 158 })).split('\n');
    expect(lines[0]).toBe('Vulnerabilities in amazon/amazon-ecs-sample: {CRITICAL:7,HIGH:61,MEDIUM:62,TOTAL:158}');
    expect(lines.at(-1)).toBe(image);
  });

  test.each([ScanFindingsFormat.TEXT, CHAT])('of enhanced scanning of one repository has the name that CloudFormation gives it: %s', format => {
    make({ repositories: [new SecureRepository(stack, 'Api')], format });

    const { InputTemplate } = rules().enhanced.Targets[0].InputTransformer!;
    expect(InputTemplate).toContain('"Vulnerabilities in Ref(ApiF70053CD): <detail-finding-severity-counts>"');
    expect(InputTemplate).toContain('/ecr/repositories/private/<account>/Ref(ApiF70053CD)/_/image/<detail-image-digest>/details?region=<region>"');
  });

  test.each<[string, Watch]>([
    ['several repositories', { repositoryNames: [REPOSITORY, 'api'] }],
    ['a repository and a prefix', { repositoryNames: [REPOSITORY], repositoryPrefixes: ['prod/'] }],
  ])('of enhanced scanning of %s does not', (_, { repositoryNames, ...watch }) => {
    make({ ...watch, repositories: repositoryNames!.map(imported) });

    expect(message(firstScan({ CRITICAL: 1, TOTAL: 1 })).split('\n').at(-1)).toContain('/inspector/v2/');
  });

  test('of a single finding', () => {
    make({ granularity: FINDING });

    expect(message(finding('HIGH', { tags: ['v1', 'v1.2'] }))).toBe([
      'HIGH vulnerability in amazon/amazon-ecs-sample: CVE-2024-6119 - libssl3t64, openssl',
      '',
      'Repository: amazon/amazon-ecs-sample',
      'Tags: [v1,v1.2]',
      `Digest: ${DIGEST}`,
      'Fix available: YES',
      'Found by: Amazon Inspector',
      'Account: 123456789012',
      'Region: us-east-2',
      'Time: 2024-09-04T16:55:38Z',
      '',
      image,
    ].join('\n'));
  });

  test('has a gap where an event lacks a field', () => {
    make({ granularity: FINDING });
    const { fixAvailable, ...detail } = finding('HIGH').detail;

    expect(fixAvailable).toBe('YES');
    expect(message({ ...finding('HIGH'), detail })).toContain('\nFix available: \n');
  });

  test.each<[string, FindingGranularity | undefined, AwsEvent, object]>([
    ['a basic scan', undefined, basicScan({ CRITICAL: 10, MEDIUM: 9 }, { tags: ['v1'] }), {
      title: 'Vulnerabilities in amazon/amazon-ecs-sample: {CRITICAL:10,MEDIUM:9}',
      description: `*Repository:* amazon/amazon-ecs-sample\n*Tags:* [v1]\n*Digest:* ${DIGEST}\n*Findings:* {CRITICAL:10,MEDIUM:9}\n*Found by:* Amazon ECR\n`
        + `*Account:* 123456789012\n*Region:* us-east-2\n*Time:* 2019-10-29T02:36:48Z\n${image}`,
    }],
    ['an enhanced scan', undefined, firstScan({ CRITICAL: 1, TOTAL: 1 }), { title: expect.stringMatching(/^Vulnerabilities in arn:.*: \{CRITICAL:1,TOTAL:1\}$/) }],
    ['a finding', FINDING, finding('HIGH'), {
      title: 'HIGH vulnerability in amazon/amazon-ecs-sample: CVE-2024-6119 - libssl3t64, openssl',
      description: expect.stringContaining('*Fix available:* YES\n'),
    }],
  ])('for chat of %s is a custom notification, with a thread for the image', (_, granularity, event, content) => {
    make({ format: CHAT, granularity });

    expect(JSON.parse(message(event))).toEqual({
      version: '1.0',
      source: 'custom',
      content: { textType: 'client-markdown', title: expect.any(String), description: expect.any(String), ...content },
      metadata: { threadId: `image ${DIGEST}` },
    });
  });

  test('for chat is still one where an event lacks a field', () => {
    make({ format: CHAT, granularity: FINDING });
    const detail = { ...finding('HIGH').detail, fixAvailable: undefined, title: undefined };

    expect(JSON.parse(message({ ...finding('HIGH'), detail }))).toMatchObject({ content: { title: 'HIGH vulnerability in amazon/amazon-ecs-sample: ' } });
  });

  test.each([
    ['cn-north-1', 'https://console.amazonaws.cn/ecr/'],
    ['us-gov-west-1', 'https://console.amazonaws-us-gov.com/ecr/'],
    ['eusc-de-east-1', 'https://console.amazonaws-eusc.eu/ecr/'],
    ['eu-west-1', 'https://console.aws.amazon.com/ecr/'],
    [undefined, 'https://console.aws.amazon.com/ecr/'],
  ])('in %s links to %s', (region, link) => {
    stack = new Stack(app, 'There', { env: { region } });
    make();

    expect(rules().basic.Targets[0].InputTransformer!.InputTemplate).toContain(link);
  });

  test.each([undefined, CHAT])('has no link where the console has no public address: %s', format => {
    stack = new Stack(app, 'There', { env: { region: 'us-iso-east-1' } });
    make({ format });

    expect(rules().basic.Targets[0].InputTransformer!.InputTemplate).not.toContain('http');
  });

  test('keeps to what EventBridge takes', () => {
    make({ format: CHAT, granularity: FINDING, repositories: [imported('a'.repeat(256))] });

    for (const { Targets } of Object.values(rules())) {
      const { InputPathsMap, InputTemplate } = Targets[0].InputTransformer!;
      expect(InputTemplate.length).toBeLessThanOrEqual(8192);
      expect(Object.keys(InputPathsMap).filter(key => !/^(?!AWS\.)[A-Za-z0-9_-]{1,256}$/.test(key))).toEqual([]);
      const variables = [...InputTemplate.matchAll(/<([^>]+)>/g)].map(([, key]) => key);
      expect(new Set(variables)).toEqual(new Set(Object.keys(InputPathsMap)));
    }
  });
});

describe('The topic', () => {
  const TOPIC = { Ref: 'FindingsTopic6108FA32' };

  test('is encrypted with a key that rotates', () => {
    const { topic } = make();

    const template = Template.fromStack(stack);
    template.hasResourceProperties('AWS::SNS::Topic', { KmsMasterKeyId: { 'Fn::GetAtt': [Match.stringLikeRegexp('FindingsKey'), 'Arn'] }, TopicName: Match.absent() });
    template.hasResourceProperties('AWS::KMS::Key', { EnableKeyRotation: true });
    expect(stack.resolve(topic!.topicArn)).toEqual(TOPIC);
  });

  test('takes no messages from anybody but the role, and none without TLS', () => {
    make();

    Template.fromStack(stack).hasResourceProperties('AWS::SNS::TopicPolicy', {
      Topics: [TOPIC],
      PolicyDocument: {
        Statement: [
          { Effect: 'Deny', Principal: '*', Action: 'sns:Publish', Resource: TOPIC, Condition: { Bool: { 'aws:SecureTransport': 'false' } } },
          {
            Effect: 'Deny',
            Principal: { AWS: '*' },
            Action: 'sns:Publish',
            Resource: TOPIC,
            Condition: { ArnNotEquals: { 'aws:PrincipalArn': { 'Fn::GetAtt': [Match.stringLikeRegexp('FindingsRole'), 'Arn'] } } },
          },
        ],
      },
    });
  });

  test('gets the events of both rules through a role that can do nothing else, and that only rules of this account and Region have', () => {
    const { role } = make();

    const template = Template.fromStack(stack);
    template.hasResourceProperties('AWS::IAM::Role', {
      AssumeRolePolicyDocument: {
        Statement: [{
          Effect: 'Allow',
          Action: 'sts:AssumeRole',
          Principal: { Service: 'events.amazonaws.com' },
          Condition: {
            StringEquals: { 'aws:SourceAccount': ACCOUNT },
            ArnLike: { 'aws:SourceArn': { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, `:events:${REGION}:${ACCOUNT}:rule/*`]] } },
          },
        }],
      },
    });
    template.hasResourceProperties('AWS::IAM::ManagedPolicy', {
      PolicyDocument: {
        Statement: [
          { Effect: 'Allow', Action: 'sns:Publish', Resource: TOPIC },
          { Effect: 'Allow', Action: ['kms:Decrypt', 'kms:GenerateDataKey'], Resource: { 'Fn::GetAtt': [Match.stringLikeRegexp('FindingsKey'), 'Arn'] } },
        ],
      },
    });
    const { basic, enhanced } = rules();
    for (const { Targets } of [basic, enhanced]) {
      expect(Targets).toEqual([expect.objectContaining({ Arn: TOPIC, RoleArn: stack.resolve(role!.roleArn) })]);
    }
  });

  test('can have a key that is there already', () => {
    const encryptionKey = new kms.Key(stack, 'Mine');
    make({ encryptionKey });

    const template = Template.fromStack(stack);
    template.resourceCountIs('AWS::KMS::Key', 1);
    template.hasResourceProperties('AWS::SNS::Topic', { KmsMasterKeyId: stack.resolve(encryptionKey.keyArn) });
    template.hasResourceProperties('AWS::IAM::ManagedPolicy', {
      PolicyDocument: { Statement: Match.arrayWith([Match.objectLike({ Action: ['kms:Decrypt', 'kms:GenerateDataKey'], Resource: stack.resolve(encryptionKey.keyArn) })]) },
    });
  });

  test('can have an imported key', () => {
    make({ encryptionKey: kms.Key.fromKeyArn(stack, 'Import', `arn:aws:kms:${REGION}:${ACCOUNT}:key/1234abcd`) });

    Template.fromStack(stack).hasResourceProperties('AWS::SNS::Topic', { KmsMasterKeyId: `arn:aws:kms:${REGION}:${ACCOUNT}:key/1234abcd` });
  });

  test('cannot have an alias, which gives no access', () => {
    expect(() => make({ encryptionKey: kms.Alias.fromAliasName(stack, 'Alias', 'alias/mine') }))
      .toThrow("'encryptionKey' must be a key, got the alias \"Stack/Alias\"; pass the key of the alias");
  });

  test('cannot have a key of another Region', () => {
    expect(() => make({ encryptionKey: kms.Key.fromKeyArn(stack, 'Far', `arn:aws:kms:eu-west-1:${ACCOUNT}:key/1234abcd`) }))
      .toThrow(/^'encryptionKey' must use a key of the repository's Region us-east-2, got a key of eu-west-1/);
  });

  test.each([{}, { format: CHAT, granularity: FINDING }])('needs no acknowledgement of any rule pack: %j', props => {
    make(props);

    expect(nagFindings(app)).toEqual([]);
  });
});

describe('Targets', () => {
  const queue = (id = 'Queue'): events.IRuleTarget => new targets.SqsQueue(new sqs.Queue(stack, id, { enforceSSL: true }));

  test('get the events as they are, in place of a topic', () => {
    const findings = make({ targets: [queue()] });

    const template = Template.fromStack(stack);
    for (const type of ['AWS::SNS::Topic', 'AWS::KMS::Key', 'AWS::IAM::Role']) {
      template.resourceCountIs(type, 0);
    }
    expect(findings).toMatchObject({ topic: undefined, role: undefined });
    expect(Object.values(rules()).map(({ Targets }) => Targets)).toEqual([1, 2].map(() => [{ Arn: { 'Fn::GetAtt': ['Queue4A7E3555', 'Arn'] }, Id: 'Target0' }]));
  });

  test('can be added, to the topic too', () => {
    make().addTarget(queue());

    expect(Object.values(rules()).map(({ Targets }) => Targets.map(({ Arn }) => Arn))).toEqual([1, 2].map(() => [
      { Ref: 'FindingsTopic6108FA32' }, { 'Fn::GetAtt': ['Queue4A7E3555', 'Arn'] },
    ]));
  });

  test('are 5 at most', () => {
    const findings = make({ targets: ['A', 'B', 'C', 'D', 'E'].map(queue) });

    expect(rules().basic.Targets).toHaveLength(5);
    expect(() => findings.addTarget(queue('F')))
      .toThrow("'targets' must be 1 to 5 targets, got 6; omit it for a topic, which can have many subscribers");
  });

  test.each([0, 6])('cannot be %d', count => {
    expect(() => make({ targets: [...Array(count).keys()].map(index => queue(`Queue${index}`)) })).toThrow(`'targets' must be 1 to 5 targets, got ${count}`);
  });

  test('have formats and encryption of their own', () => {
    expect(() => make({ targets: [queue()], format: CHAT, encryptionKey: new kms.Key(stack, 'Mine') })).toThrow([
      "'format' must not be used with 'targets', got both; it applies to the topic, and targets receive the unchanged events",
      "'encryptionKey' must not be used with 'targets', got both; it applies to the topic, and targets receive the unchanged events",
    ].join('\n'));
  });
});

describe('Repositories', () => {
  test.each<[ScanFindingsProps, string]>([
    [{ repositories: [] }, "'repositories' must have at least one repository, got []; omit it for the whole registry"],
    [{ repositoryPrefixes: [] }, "'repositoryPrefixes' must have at least one prefix, got []; omit it for the whole registry"],
    [{ repositoryPrefixes: ['prod/*'] }, "'repositoryPrefixes[0]' must be a valid prefix of repository names in lowercase, such as 'prod/', without wildcards, got \"prod/*\""],
    [{ repositoryPrefixes: ['prod/', 'a'] }, "'repositoryPrefixes[1]' must be 2 to 256 characters long, got 1: \"a\""],
    [{ repositoryPrefixes: ['a'.repeat(257)] }, "'repositoryPrefixes[0]' must be 2 to 256 characters long, got 257"],
    [{ repositoryPrefixes: ['prod/', 'prod/'] }, "'repositoryPrefixes' must not have duplicates, got \"prod/\" twice"],
  ])('fail as %j', (props, problem) => {
    expect(() => make(props)).toThrow(problem);
    expect(stack.node.findAll().filter(({ node }) => node.path.startsWith('Stack/Findings/'))).toEqual([]);
  });

  test.each(['ab', 'a'.repeat(256)])('can begin with %s', prefix => {
    make({ repositoryPrefixes: [prefix] });

    expect(toldOf(basicScan({ HIGH: 1 }, { repository: prefix }))).toBe('basic');
  });

  test.each([
    `arn:aws:ecr:${REGION}:444455556666:repository/team/api`,
    `arn:aws:ecr:eu-west-1:${ACCOUNT}:repository/team/api`,
  ])('elsewhere warn that their events do not come here: %s', arn => {
    const repository = SecureRepository.fromRepositoryArn(stack, 'Import', arn);
    const findings = make({ repositories: [repository] });

    expect(warnings()).toEqual([{
      id: 'cdk-secure-ecr:ScanFindings.foreignRepository',
      message: `these rules never match, because the events of 'Stack/Import' are in account ${repository.env.account} and Region ${repository.env.region}; `
        + 'ask the owner to forward them to the event bus of this account and Region',
    }]);
    Validations.of(findings).acknowledge({ id: 'cdk-secure-ecr:ScanFindings.foreignRepository', reason: 'They are forwarded' });
    expect(warnings()).toEqual([]);
  });

  test('warn when they make too long a pattern', () => {
    const prefixes = (last: number): string[] => [...[...Array(30).keys()].map(index => `${'a'.repeat(14)}${10 + index}`), 'b'.repeat(last)];
    make({ repositoryPrefixes: prefixes(49) });
    expect(warnings()).toEqual([]);

    const findings = new ScanFindings(stack, 'More', { repositoryPrefixes: prefixes(50) });
    expect(warnings()).toEqual([{
      id: 'cdk-secure-ecr:ScanFindings.longPattern',
      message: expect.stringMatching(/^'repositories' and 'repositoryPrefixes' make an event pattern of at least 2049 characters, and Amazon EventBridge accepts 2048 by default; use fewer/),
    }]);
    Validations.of(findings).acknowledge({ id: 'cdk-secure-ecr:ScanFindings.longPattern', reason: 'The quota is raised' });
    expect(warnings()).toEqual([]);
  });
});

test('the default severity is HIGH, which the rules say', () => {
  const findings = make({ minimumSeverity: FindingSeverity.HIGH });
  const same = new ScanFindings(stack, 'Same');

  const [explicit, implicit] = [findings, same].map(({ basicRule }) => {
    return stack.resolve((basicRule.node.defaultChild as events.CfnRule).eventPattern) as object;
  });
  expect(explicit).toEqual(implicit);
  Template.fromStack(stack).hasResourceProperties('AWS::Events::Rule', { Description: 'Images with findings of Amazon ECR of severity HIGH or higher' });
  Template.fromStack(stack).hasResourceProperties('AWS::Events::Rule', { Description: 'Images with findings of Amazon Inspector of severity HIGH or higher' });
});
