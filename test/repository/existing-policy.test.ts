import { App, Aws, Stack, Validations } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import type * as ecr from 'aws-cdk-lib/aws-ecr';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import {
  ExistingPolicy, PublicRepository, PullThroughCache, RegistryPolicy, ReplicationDestination, ReplicationSource, RepositoryTemplate, SecureRepository,
  TemplateUse, UpstreamRegistry,
} from '../../lib';
import { messageOf } from '../message-of';

const PULL = ['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'];
const READER = 'arn:aws:iam::444455556666:role/reader';

/** What AWS Lambda adds to a repository by itself, between statements that this library refuses. */
const LIVE = {
  Version: '2008-10-17',
  Id: 'by-hand',
  Statement: [
    { Sid: 'Everybody', Effect: 'Allow', Principal: '*', Action: ['ecr:GetDownloadUrlForLayer', 'ecr:BatchGetImage'] },
    {
      Sid: 'LambdaECRImageRetrievalPolicy',
      Effect: 'Allow',
      Principal: { Service: 'lambda.amazonaws.com' },
      Action: ['ecr:BatchGetImage', 'ecr:DeleteRepositoryPolicy', 'ecr:GetDownloadUrlForLayer', 'ecr:GetRepositoryPolicy', 'ecr:SetRepositoryPolicy'],
      Condition: { StringLike: { 'aws:sourceArn': 'arn:aws:lambda:eu-west-1:111122223333:function:*' } },
    },
    { Sid: 'Login', Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::444455556666:root' }, Action: 'ecr:GetAuthorizationToken' },
    { Sid: 'Everybody', Effect: 'Allow', Principal: { AWS: '444455556666' }, Action: PULL },
  ],
};
const ORDINARY = { Version: '2012-10-17', Statement: [{ Sid: 'Reader', Effect: 'Allow', Principal: { AWS: READER }, Action: PULL[0] }] };

interface Place {
  readonly name: string;
  readonly className: string;
  readonly prop: string;
  readonly actions: string[];
  readonly make: (scope: Construct, policy?: iam.PolicyDocument) => unknown;
  readonly policyIn: (stack: Stack) => unknown;
}

const property = (type: string, name: string) => (stack: Stack): unknown => {
  const [{ Properties }] = Object.values(Template.fromStack(stack).findResources(type));
  return Properties[name] as unknown;
};
const PLACES: Place[] = [
  {
    name: 'SecureRepository',
    className: 'SecureRepository',
    prop: 'repositoryPolicy',
    actions: PULL,
    make: (scope, repositoryPolicy) => new SecureRepository(scope, 'Api', { repositoryPolicy }),
    policyIn: property('AWS::ECR::Repository', 'RepositoryPolicyText'),
  },
  {
    name: 'PublicRepository',
    className: 'PublicRepository',
    prop: 'repositoryPolicy',
    actions: ['ecr-public:PutImage'],
    make: (scope, repositoryPolicy) => new PublicRepository(scope, 'Public', { repositoryPolicy }),
    policyIn: property('AWS::ECR::PublicRepository', 'RepositoryPolicyText'),
  },
  {
    name: 'RepositoryTemplate',
    className: 'RepositoryTemplate',
    prop: 'repositoryPolicy',
    actions: PULL,
    make: (scope, repositoryPolicy) => new RepositoryTemplate(scope, 'Template', { prefix: 'team', appliedFor: [TemplateUse.CREATE_ON_PUSH], repositoryPolicy }),
    policyIn: stack => JSON.parse(String(property('AWS::ECR::RepositoryCreationTemplate', 'RepositoryPolicy')(stack))),
  },
  {
    name: 'PullThroughCache',
    className: 'RepositoryTemplate',
    prop: 'repositoryPolicy',
    actions: PULL,
    make: (scope, repositoryPolicy) => new PullThroughCache(scope, 'Cache', { upstream: UpstreamRegistry.QUAY, repositoryPolicy }),
    policyIn: stack => JSON.parse(String(property('AWS::ECR::RepositoryCreationTemplate', 'RepositoryPolicy')(stack))),
  },
  {
    name: 'ReplicationDestination',
    className: 'RepositoryTemplate',
    prop: 'repositoryPolicy',
    actions: PULL,
    make: (scope, repositoryPolicy) => new ReplicationDestination(scope, 'Destination', {
      sources: [ReplicationSource.account('444455556666')], repositoryPolicy,
    }),
    policyIn: stack => JSON.parse(String(property('AWS::ECR::RepositoryCreationTemplate', 'RepositoryPolicy')(stack))),
  },
  {
    name: 'RegistryPolicy',
    className: 'RegistryPolicy',
    prop: 'existingPolicy',
    actions: ['ecr:ReplicateImage'],
    make: (scope, existingPolicy) => new RegistryPolicy(scope, 'Policy', { existingPolicy }),
    policyIn: property('AWS::ECR::RegistryPolicy', 'PolicyText'),
  },
];
const NAMED = PLACES.map(place => [place.name, place] as const);

function newStack(region = 'us-east-1'): Stack {
  return new Stack(new App({ analyticsReporting: false }), 'Stack', { env: { account: '111122223333', region } });
}

function warningsOf(stack: Stack): Array<{ id: string; message: string }> {
  return Annotations.fromStack(stack).findWarning('*', Match.anyValue()).flatMap(({ entry }) => {
    const [, message, id] = /^(.*) \[ack: (?:[Aa]nnotation::)?(.*)\]$/s.exec(entry.data as string)!;
    return /existing|Any|unknown|all/.test(id) ? [{ id, message }] : [];
  });
}

function idsOf(stack: Stack): string[] {
  return [...new Set(warningsOf(stack).map(({ id }) => id))].sort();
}

function takenBy(place: Place, policy: object): Stack {
  const stack = newStack();
  place.make(stack, ExistingPolicy.fromJson(policy));
  return stack;
}

describe('an existing policy', () => {
  test.each(NAMED)('is in the template of a %s word for word', (_, place) => {
    expect(place.policyIn(takenBy(place, LIVE))).toEqual(LIVE);
  });

  test.each(NAMED)('of a %s warns of no ordinary statement', (_, place) => {
    const Resource = place.prop === 'existingPolicy' ? '*' : undefined;
    const statement = { ...ORDINARY.Statement[0], Action: place.actions[0], ...Resource && { Resource } };

    expect(idsOf(takenBy(place, { ...ORDINARY, Statement: statement }))).toEqual([]);
  });

  const BAD: Array<[kind: string, id: string, statement: object]> = [
    ['a principal * without a condition', 'existingOutsider', { Principal: '*' }],
    ['an action of the registry', 'existingAction', { Action: 'ecr:GetAuthorizationToken' }],
    ['an action of another service', 'existingAction', { Action: 's3:GetObject' }],
    ['a misspelled condition operator', 'existingCondition', { Condition: { StringEqual: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } } }],
    ['a group', 'existingPrincipal', { Principal: { AWS: 'arn:aws:iam::444455556666:group/dev' } }],
    ['the id of a role that was deleted', 'existingPrincipal', { Principal: { AWS: ['AROADBQP57FF2AEXAMPLE'] } }],
    ['a Deny for its owner', 'existingLockOut', { Effect: 'Deny', Principal: '*', Action: '*' }],
    ['a service for any account', 'serviceForAnyAccount', { Principal: { Service: 'lambda.amazonaws.com' } }],
    ['an action that AWS does not list', 'unknownAction', { Action: 'ecr:Xyzzy' }],
    ['a condition key that AWS does not list', 'unknownConditionKey', { Condition: { StringEquals: { 'xyz:Plugh': '1' } } }],
  ];
  const cases = NAMED.flatMap(([name, place]) => BAD.map(([kind, id, statement]) => [kind, name, place, id, statement] as const))
    .filter(([kind, , place]) => kind !== 'an action of the registry' || place.prop !== 'existingPolicy');

  test.each(cases)('with %s warns in a %s, and is not refused', (_kind, _name, place, id, part) => {
    const action = place.className === 'PublicRepository' && 'Action' in part ? String(part.Action).replace('ecr:X', 'ecr-public:X') : undefined;
    const statement = { Sid: 'It', Effect: 'Allow', Principal: { AWS: READER }, Action: place.actions, ...part, ...action === undefined ? {} : { Action: action } };
    const stack = takenBy(place, { Statement: [statement] });

    expect(idsOf(stack)).toContain(`cdk-secure-ecr:${place.className}.${id}`);
    expect(place.policyIn(stack)).toEqual({ Statement: [statement] });
  });

  test('warns of two statements of one Sid', () => {
    expect(warningsOf(takenBy(PLACES[0], LIVE)).filter(({ id }) => id.endsWith('existingSid'))).toEqual([{
      id: 'cdk-secure-ecr:SecureRepository.existingSid',
      message: "the existing policy is deployed as it is, although 'repositoryPolicy' must name each statement once, got the Sid \"Everybody\" twice",
    }]);
  });

  test('names the statement that it warns of', () => {
    expect(warningsOf(takenBy(PLACES[0], LIVE)).filter(({ id }) => id.endsWith('existingAction'))).toEqual([{
      id: 'cdk-secure-ecr:SecureRepository.existingAction',
      message: "the existing policy is deployed as it is, although 'repositoryPolicy.Statement[2]' must not include \"ecr:GetAuthorizationToken\": it applies to the registry "
        + "and has no effect in a repository policy; allow it on '*' in an identity policy",
    }]);
  });

  test('is held to nothing but its form before the CLI has looked it up', () => {
    const stack = newStack();
    new SecureRepository(stack, 'Api', { repositoryPolicy: ExistingPolicy.fromJson('dummy-value-for-/policies/api') });
    new RegistryPolicy(stack, 'Policy', { existingPolicy: ExistingPolicy.fromJson('dummy-value-for-/policies/registry') });

    Template.fromStack(stack).resourceCountIs('AWS::ECR::RegistryPolicy', 0);
  });

  test('stops warning once it is acknowledged', () => {
    const stack = newStack();
    const repository = new SecureRepository(stack, 'Api', { repositoryPolicy: ExistingPolicy.fromJson({ ...LIVE, Statement: LIVE.Statement[0] }) });
    Validations.of(repository).acknowledge({ id: 'cdk-secure-ecr:SecureRepository.existingOutsider', reason: 'public on purpose' });

    expect(idsOf(stack)).toEqual([]);
  });

  test('is a policy document of the CDK', () => {
    const policy = ExistingPolicy.fromJson(LIVE);

    expect([policy.isEmpty, policy.statementCount, policy.toJSON()]).toEqual([false, 4, LIVE]);
    expect(new Stack().resolve(policy)).toEqual(LIVE);
  });
});

describe('statements of this app', () => {
  const allowing = (principal: iam.IPrincipal, actions: string[], conditions?: iam.Conditions): iam.PolicyStatement => (
    new iam.PolicyStatement({ principals: [principal], actions, conditions })
  );

  test.each(NAMED.filter(([name]) => /Repository$/.test(name)))('follow the statements of an existing policy in a %s', (_, place) => {
    const stack = newStack();
    const added = { Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::777788889999:role/pusher' }, Action: place.actions[0] };
    const repository = place.make(stack, ExistingPolicy.fromJson(LIVE)) as ecr.IRepository;
    repository.addToResourcePolicy(allowing(new iam.ArnPrincipal('arn:aws:iam::777788889999:role/pusher'), [place.actions[0]]));

    expect(place.policyIn(stack)).toEqual({ ...LIVE, Statement: [...LIVE.Statement, added] });
  });

  test('of grants follow them', () => {
    const stack = newStack();
    const repository = new SecureRepository(stack, 'Api', { repositoryPolicy: ExistingPolicy.fromJson(ORDINARY) });
    repository.grants.pull(new iam.AccountPrincipal('777788889999'));

    const { Statement } = PLACES[0].policyIn(stack) as { Statement: Array<{ Principal: unknown }> };
    expect(Statement[0]).toEqual(ORDINARY.Statement[0]);
    expect(Statement.length).toBeGreaterThan(1);
  });

  test('follow them also if they were added before', () => {
    const stack = newStack();
    new RegistryPolicy(stack, 'Own', { statements: [new iam.PolicyStatement({
      principals: [new iam.AccountPrincipal('777788889999')], actions: ['ecr:ReplicateImage'], resources: ['*'],
    })] });
    new RegistryPolicy(stack, 'Policy', { existingPolicy: ExistingPolicy.fromJson({ ...ORDINARY }) });

    const { Statement } = PLACES[5].policyIn(stack) as { Statement: Array<{ Action: unknown }> };
    expect(Statement.map(({ Action }) => Action)).toEqual(['ecr:BatchGetImage', 'ecr:ReplicateImage']);
  });

  test('cannot be added to the existing policy itself', () => {
    const policy = ExistingPolicy.fromJson(LIVE);

    expect(messageOf(() => policy.addStatements(allowing(new iam.AnyPrincipal(), PULL)))).toContain("add them with 'addToResourcePolicy'");
    expect(messageOf(() => policy.addStatements())).toBe('accepted');
  });

  test('do not change the document of the user', () => {
    const policy = ExistingPolicy.fromJson(ORDINARY);
    const stack = newStack();
    const repository = new SecureRepository(stack, 'Api', { repositoryPolicy: policy });
    repository.grants.pull(new iam.AccountPrincipal('777788889999'));

    expect(policy.toJSON()).toEqual(ORDINARY);
  });

  test('count for the limit of the policy together with it', () => {
    const stack = newStack();
    const Statement = Array.from({ length: 60 }, (_, index) => ({ ...ORDINARY.Statement[0], Sid: `Reader${index}` }));
    new SecureRepository(stack, 'Api', { repositoryPolicy: ExistingPolicy.fromJson({ ...ORDINARY, Statement: [...Statement, ...Statement] }) });

    expect(messageOf(() => Template.fromStack(stack))).toMatch(/the repository policy must be at most 10240 characters long, got \d+/);
  });

  const variable = allowing(new iam.AnyPrincipal(), PULL, { StringEquals: { 'aws:ResourceOrgID': '${aws:PrincipalOrgID}' } });

  test.each<[string, object, string]>([
    ['the version before variables', LIVE, '"2008-10-17"'],
    ['no version', { Statement: LIVE.Statement }, 'undefined'],
  ])('with a policy variable are refused after %s', (_, policy, got) => {
    const stack = newStack();
    new SecureRepository(stack, 'Api', { repositoryPolicy: ExistingPolicy.fromJson(policy) }).addToResourcePolicy(variable);

    expect(messageOf(() => Template.fromStack(stack))).toContain(
      `'repositoryPolicy' must have the Version "2012-10-17", got ${got}, in which "\${aws:PrincipalOrgID}" of an added statement is plain text`,
    );
  });

  test('with a policy variable are accepted after the version with variables, and tokens after any', () => {
    const stack = newStack();
    new SecureRepository(stack, 'Api', { repositoryPolicy: ExistingPolicy.fromJson(ORDINARY) }).addToResourcePolicy(variable);
    new SecureRepository(stack, 'Old', { repositoryPolicy: ExistingPolicy.fromJson(LIVE) }).addToResourcePolicy(
      allowing(new iam.ArnPrincipal(`arn:${Aws.PARTITION}:iam::444455556666:role/reader`), PULL),
    );

    expect(() => Template.fromStack(stack)).not.toThrow();
  });

  test('with a policy variable are refused in the registry policy alike', () => {
    const stack = newStack();
    new RegistryPolicy(stack, 'Policy', { existingPolicy: ExistingPolicy.fromJson(LIVE) }).addStatement(new iam.PolicyStatement({
      principals: [new iam.AnyPrincipal()],
      actions: ['ecr:BatchImportUpstreamImage'],
      resources: ['*'],
      conditions: { StringEquals: { 'aws:ResourceOrgID': '${aws:PrincipalOrgID}' } },
    }));

    expect(messageOf(() => Template.fromStack(stack))).toContain("'existingPolicy' must have the Version");
  });
});

describe('a document that is no existing policy', () => {
  const REPOSITORIES = NAMED.filter(([name]) => /Repository$/.test(name));
  const document = (principal: iam.IPrincipal, actions: string[]): iam.PolicyDocument => new iam.PolicyDocument({
    statements: [new iam.PolicyStatement({ principals: [principal], actions, resources: ['*'] })],
  });

  test.each(REPOSITORIES)('is the policy of a %s without resources, with what is added to it later', (_, place) => {
    const stack = newStack();
    const policy = document(new iam.ArnPrincipal(READER), [place.actions[0]]);
    place.make(stack, policy);
    policy.addStatements(new iam.PolicyStatement({ principals: [new iam.ArnPrincipal(`${READER}2`)], actions: [place.actions[0]] }));

    expect(place.policyIn(stack)).toEqual({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: { AWS: [READER, `${READER}2`] }, Action: place.actions[0] }],
    });
  });

  test.each(REPOSITORIES)('is held to the rules of a %s', (_, place) => {
    const stack = newStack();
    place.make(stack, document(new iam.AnyPrincipal(), [place.actions[0]]));

    expect(messageOf(() => Template.fromStack(stack))).toContain("'repositoryPolicy[0]' must not allow the principal '*'");
  });

  test.each(REPOSITORIES)('warns of a service for any account in a %s', (_, place) => {
    const stack = newStack();
    place.make(stack, document(new iam.ServicePrincipal('lambda.amazonaws.com'), [place.actions[0]]));

    expect(idsOf(stack)).toEqual([`cdk-secure-ecr:${place.className}.serviceForAnyAccount`]);
  });

  test.each(REPOSITORIES)('must not be empty in a %s', (_, place) => {
    const stack = newStack();
    place.make(stack, new iam.PolicyDocument());

    expect(messageOf(() => Template.fromStack(stack))).toContain("'repositoryPolicy' must have at least one statement");
  });
});

describe('the existing policy of a registry', () => {
  test('must be an existing one', () => {
    const existingPolicy = new iam.PolicyDocument();

    expect(messageOf(() => new RegistryPolicy(newStack(), 'Policy', { existingPolicy }))).toContain(
      "'existingPolicy' must come from ExistingPolicy.fromJson, got another document; put statements of your own into 'statements'",
    );
  });

  test('may be given once', () => {
    const stack = newStack();
    new RegistryPolicy(stack, 'Policy', { existingPolicy: ExistingPolicy.fromJson(ORDINARY) });

    expect(messageOf(() => new RegistryPolicy(stack, 'Second', { existingPolicy: ExistingPolicy.fromJson(ORDINARY) }))).toContain(
      "'existingPolicy' must be given once, since a registry has one policy, got a second one; remove one of the two",
    );
  });

  test('warns of resources of another registry, and of every action', () => {
    const stack = newStack();
    const Statement = [
      { Effect: 'Allow', Principal: { AWS: READER }, Action: 'ecr:*', Resource: 'arn:aws:ecr:eu-north-1:111122223333:repository/*' },
      { Effect: 'Deny', Principal: { AWS: READER }, Action: 'ecr:PutRegistryScanningConfiguration', Resource: '*' },
    ];
    new RegistryPolicy(stack, 'Policy', { existingPolicy: ExistingPolicy.fromJson({ Version: '2012-10-17', Statement }) });

    expect(Annotations.fromStack(stack).findWarning('*', Match.anyValue()).map(({ entry }) => /\[ack: .*\.(\w+)\]$/.exec(entry.data as string)![1]).sort())
      .toEqual(['allActions', 'deniesScanning', 'existingResource']);
  });
});

describe('ExistingPolicy.fromJson', () => {
  const text = JSON.stringify(ORDINARY);

  test.each<[string, unknown]>([
    ['an object', ORDINARY],
    ['text', text],
    ['text with white space', JSON.stringify(ORDINARY, undefined, 2)],
    ['the output of aws ecr get-repository-policy', JSON.stringify({ registryId: '111122223333', repositoryName: 'team/api', policyText: text }, undefined, 4)],
    ['the output of aws ecr get-registry-policy as an object', { registryId: '111122223333', policyText: text }],
  ])('reads %s', (_, source) => {
    expect(ExistingPolicy.fromJson(source).toJSON()).toEqual(ORDINARY);
  });

  test.each<[string, unknown, string]>([
    ['nothing', undefined, "'obj' must be a policy with 'Statement', got undefined; pass the output of aws ecr get-repository-policy"],
    ['null', null, "'obj' must be a policy with 'Statement', got null"],
    ['a list', [ORDINARY], "'obj' must be a policy with 'Statement', got [{"],
    ['a number', 1, "'obj' must be a policy with 'Statement', got 1"],
    ['an empty text', '', "'obj' must be JSON, got \"\""],
    ['text that is not JSON', 'policy.json', "'obj' must be JSON, got \"policy.json\""],
    ['text inside the output that is not JSON', { policyText: '{' }, "'obj' must be JSON, got \"{\""],
    ['a token', Aws.NO_VALUE, "'obj' must be known at synthesis, got a token; read the policy from a file"],
    ['a key twice', '{"Statement":[],"Statement":[]}', "'Statement' must be given once, got it twice"],
    ['no statement', { Version: '2012-10-17' }, "'Statement' must have at least one statement, got none; leave the policy out"],
    ['an empty list of statements', { Statement: [] }, "'Statement' must have at least one statement, got none"],
    ['a lifecycle policy', { rules: [] }, "'obj' must have only the keys Version, Id, Statement, got \"rules\""],
    ['a statement that is text', { Statement: ['Allow'] }, "'Statement[0]' must be a statement, got \"Allow\""],
    ['no effect', { Statement: { Principal: '*', Action: '*' } }, "'Statement[0].Effect' must be 'Allow' or 'Deny', got undefined"],
    ['no principal', { Statement: { Effect: 'Allow', Action: '*' } }, "'Statement[0]' must have 'Principal' or 'NotPrincipal', got none"],
    ['no action', { Statement: { Effect: 'Allow', Principal: '*', Action: null } }, "'Statement[0]' must have 'Action' or 'NotAction', got none"],
    ['a key that no statement has', { Statement: { ...ORDINARY.Statement[0], Principals: 1 } }, "'Statement[0]' must have only the keys Sid, Effect,"],
  ])('refuses %s', (_, source, message) => {
    expect(messageOf(() => ExistingPolicy.fromJson(source))).toContain(message);
  });
});
