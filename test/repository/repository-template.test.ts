import { App, CfnParameter, NestedStack, Stack, Validations } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import { AwsSolutionsChecks, HIPAASecurityChecks, NIST80053R5Checks, PCIDSS321Checks } from 'cdk-nag';
import { LifecyclePolicy, RepositoryEncryption, RepositoryTemplate, TemplateUse, type RepositoryTemplateProps } from '../../lib';

const TYPE = 'AWS::ECR::RepositoryCreationTemplate';
const ENV = { account: '111122223333', region: 'eu-west-1' };
const USES = [TemplateUse.REPLICATION];

let app: App;
let stack: Stack;

beforeEach(() => {
  app = new App();
  stack = new Stack(app, 'Stack', { env: ENV });
});

function make(props: Partial<RepositoryTemplateProps> = {}, scope = stack): RepositoryTemplate {
  return new RepositoryTemplate(scope, 'Template', { prefix: 'team', appliedFor: USES, ...props });
}

function properties(scope = stack): Record<string, unknown> {
  const [template] = Object.values(Template.fromStack(scope).findResources(TYPE));
  return (template as { Properties: Record<string, unknown> }).Properties;
}

function warnings(): string[] {
  return Annotations.fromStack(stack).findWarning('*', Match.anyValue()).map(({ entry }) => /cdk-secure-ecr:[\w.]+/.exec(entry.data as string)?.[0] ?? '');
}

function policyStatements(): unknown[] {
  const [policy] = Object.values(Template.fromStack(stack).findResources('AWS::IAM::ManagedPolicy'));
  return (policy as { Properties: { PolicyDocument: { Statement: unknown[] } } }).Properties.PolicyDocument.Statement;
}

describe('RepositoryTemplate', () => {
  describe('with no choice made', () => {
    test('gives immutable tags, a customer managed key and the standard lifecycle policy', () => {
      make();

      expect(properties()).toEqual({
        AppliedFor: ['REPLICATION'],
        CustomRoleArn: { 'Fn::GetAtt': [expect.stringMatching(/^TemplateRole/), 'Arn'] },
        EncryptionConfiguration: { EncryptionType: 'KMS', KmsKey: { 'Fn::GetAtt': [expect.stringMatching(/^SecureRepositoryKey/), 'Arn'] } },
        ImageTagMutability: 'IMMUTABLE',
        LifecyclePolicy: LifecyclePolicy.standard().toJson(),
        Prefix: 'team',
      });
      expect(warnings()).toEqual([]);
    });

    test('shares the key of the stack among its templates', () => {
      make();
      new RepositoryTemplate(stack, 'Second', { prefix: 'other', appliedFor: USES });

      Template.fromStack(stack).resourceCountIs('AWS::KMS::Key', 1);
    });

    test('lets every tag move for a cache, which could not refresh it otherwise', () => {
      make({ appliedFor: [TemplateUse.PULL_THROUGH_CACHE, TemplateUse.CREATE_ON_PUSH] });

      expect(properties()).toMatchObject({ AppliedFor: ['PULL_THROUGH_CACHE', 'CREATE_ON_PUSH'], ImageTagMutability: 'MUTABLE' });
      expect(warnings()).toEqual([]);
    });

    test.each([AwsSolutionsChecks, HIPAASecurityChecks, NIST80053R5Checks, PCIDSS321Checks])('has no finding of %p', Pack => {
      make({ resourceTags: { team: 'payments' } });
      make({}, new Stack(app, 'Agnostic'));

      expect(new Pack().validateScope(app).violations).toEqual([]);
    });
  });

  describe('prefix', () => {
    test.each(['a', 'team/cache', 'team/', 'a__b', 'a--b', '1', 'ROOT', 'a'.repeat(256)])('accepts %p', prefix => {
      make({ prefix });

      expect(properties().Prefix).toBe(prefix);
    });

    test.each([
      ['a'.repeat(257), "'prefix' must be 1 to 256 characters long, got 257"],
      ['Team', "'prefix' must be 'ROOT' or a path"],
      ['/team', "'prefix' must be 'ROOT' or a path"],
      ['a//b', "'prefix' must be 'ROOT' or a path"],
      ['team/*', "'prefix' must be 'ROOT' or a path"],
      ['root/ROOT', "'prefix' must be 'ROOT' or a path"],
    ])('fails for %p', (prefix, message) => {
      expect(() => make({ prefix })).toThrow(message);
    });

    test('passes when it is known only at deployment', () => {
      make({ prefix: new CfnParameter(stack, 'Prefix').valueAsString });

      expect(properties().Prefix).toEqual({ Ref: 'Prefix' });
    });
  });

  describe('prefix of another template', () => {
    const second = (scope: Stack, prefix = 'team/') => new RepositoryTemplate(scope, 'Second', { prefix, appliedFor: USES });
    const conflict = (path: string) => `'Stack/Template' and '${path}' both define the repository creation template "team" of account 111122223333 in eu-west-1, of which there is only one; `
      + "give one template several entries in 'appliedFor', or another prefix";

    test('fails in one stack and in two stacks of one environment', () => {
      make();

      expect(() => second(stack)).toThrow(conflict('Stack/Second'));
      expect(() => second(new Stack(app, 'Twin', { env: ENV }))).toThrow(conflict('Twin/Second'));
      expect(() => second(new NestedStack(stack, 'Nested'))).toThrow(conflict('Stack/Nested/Second'));
    });

    test('is fine in another Region, in another account and below', () => {
      make();
      second(new Stack(app, 'Region', { env: { ...ENV, region: 'eu-central-1' } }));
      second(new Stack(app, 'Account', { env: { ...ENV, account: '444455556666' } }));
      second(stack, 'team/cache');

      expect(warnings()).toEqual([]);
    });

    test('warns about stacks that may share a registry', () => {
      make({}, new Stack(app, 'Agnostic'));
      const template = make();

      expect(warnings()).toEqual(['cdk-secure-ecr:RepositoryTemplate.environmentUnknown']);
      Validations.of(template).acknowledge({ id: 'cdk-secure-ecr:RepositoryTemplate.environmentUnknown', reason: 'two accounts' });
      expect(warnings()).toEqual([]);
    });
  });

  describe('appliedFor', () => {
    test('fails when it is empty', () => {
      expect(() => make({ appliedFor: [] })).toThrow("'appliedFor' must have at least one use");
    });

    test('fails when it names an occasion twice', () => {
      expect(() => make({ appliedFor: [...USES, ...USES] })).toThrow("'appliedFor' must not have duplicates, got \"REPLICATION\" twice");
    });
  });

  describe('description', () => {
    test.each([256, 257])('of %i characters', length => {
      const description = 'x'.repeat(length);
      if (length > 256) {
        expect(() => make({ description })).toThrow("'description' must be 0 to 256 characters long, got 257");
      } else {
        make({ description });
        expect(properties().Description).toBe(description);
      }
    });

    test('passes when it is known only at deployment', () => {
      make({ description: new CfnParameter(stack, 'Text').valueAsString });

      expect(properties().Description).toEqual({ Ref: 'Text' });
    });
  });

  describe('encryption', () => {
    test('with keys of Amazon S3 needs no role', () => {
      const template = make({ encryption: RepositoryEncryption.AES_256 });

      expect(properties()).toMatchObject({ EncryptionConfiguration: { EncryptionType: 'AES256' } });
      expect(properties()).not.toHaveProperty('CustomRoleArn');
      expect(template.role).toBeUndefined();
      Template.fromStack(stack).resourceCountIs('AWS::IAM::Role', 0);
      Template.fromStack(stack).resourceCountIs('AWS::KMS::Key', 0);
    });

    test('with the AWS managed key needs a role, which the policy of that key already lets in', () => {
      make({ encryption: RepositoryEncryption.AWS_MANAGED_KEY });

      expect(properties()).toMatchObject({ CustomRoleArn: expect.anything() as unknown, EncryptionConfiguration: { EncryptionType: 'KMS' } });
      expect(policyStatements()).toHaveLength(1);
    });

    test('with a key of the user names it by its ARN', () => {
      make({ encryption: RepositoryEncryption.customerManagedKey(kms.Key.fromKeyArn(stack, 'Key', 'arn:aws:kms:eu-west-1:111122223333:key/abc')) });

      expect(properties().EncryptionConfiguration).toEqual({ EncryptionType: 'KMS', KmsKey: 'arn:aws:kms:eu-west-1:111122223333:key/abc' });
      expect(warnings()).toEqual([]);
    });

    test('fails for a key of another Region', () => {
      const key = kms.Key.fromKeyArn(stack, 'Key', 'arn:aws:kms:eu-central-1:111122223333:key/abc');

      expect(() => make({ encryption: RepositoryEncryption.customerManagedKey(key) }))
        .toThrow('\'encryption\' must use a key of the repository\'s Region eu-west-1, got a key of eu-central-1');
    });

    test('passes a key whose Region is not known', () => {
      const agnostic = new Stack(app, 'Agnostic');
      make({ encryption: RepositoryEncryption.customerManagedKey(kms.Key.fromKeyArn(agnostic, 'Key', 'arn:aws:kms:eu-central-1:111122223333:key/abc')) }, agnostic);

      expect(properties(agnostic).EncryptionConfiguration).toMatchObject({ KmsKey: 'arn:aws:kms:eu-central-1:111122223333:key/abc' });
    });

    test.each([
      ['of this app', () => new kms.Alias(stack, 'Alias', { aliasName: 'alias/ours', targetKey: new kms.Key(stack, 'Key') })],
      ['imported by name', () => kms.Alias.fromAliasName(stack, 'Alias', 'alias/ours')],
      ['imported by ARN', () => kms.Key.fromKeyArn(stack, 'Alias', 'arn:aws:kms:eu-west-1:111122223333:alias/ours')],
    ])('fails for an alias %s', (_, alias) => {
      expect(() => make({ encryption: RepositoryEncryption.customerManagedKey(alias()) }))
        .toThrow('\'encryption\' must use a key in a template, got the alias "Stack/Alias"; pass the key of the alias');
    });

    test('fails for two layers outside AWS GovCloud (US)', () => {
      expect(() => make({ encryption: RepositoryEncryption.DUAL_LAYER })).toThrow("'encryption' must not be dual-layer (KMS_DSSE) in eu-west-1");
    });

    test.each([['in', { region: 'us-gov-west-1' }], ['perhaps in', {}]])('has two layers %s AWS GovCloud (US)', (_, env) => {
      const gov = new Stack(app, 'Gov', { env });
      make({ encryption: RepositoryEncryption.DUAL_LAYER }, gov);

      expect(properties(gov).EncryptionConfiguration).toEqual({ EncryptionType: 'KMS_DSSE' });
    });

    test('warns that the owner of a key of another account must let the role in', () => {
      const template = make({ encryption: RepositoryEncryption.customerManagedKey(kms.Key.fromKeyArn(stack, 'Key', 'arn:aws:kms:eu-west-1:444455556666:key/abc')) });

      expect(warnings()).toEqual(['cdk-secure-ecr:RepositoryTemplate.foreignKey']);
      Validations.of(template).acknowledge({ id: 'cdk-secure-ecr:RepositoryTemplate.foreignKey', reason: 'its policy does' });
      expect(warnings()).toEqual([]);
    });
  });

  describe('role', () => {
    test('may create repositories below the prefix and let them use the key, and nothing else', () => {
      make();

      expect(policyStatements()).toEqual([
        {
          Action: ['ecr:CreateRepository', 'ecr:ReplicateImage', 'ecr:TagResource'],
          Effect: 'Allow',
          Resource: { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':ecr:eu-west-1:111122223333:repository/team/*']] },
        },
        {
          Action: ['kms:CreateGrant', 'kms:DescribeKey', 'kms:RetireGrant'],
          Condition: { StringLike: { 'kms:ViaService': 'ecr.eu-west-1.*' } },
          Effect: 'Allow',
          Resource: { 'Fn::GetAtt': [expect.stringMatching(/^SecureRepositoryKey/), 'Arn'] },
        },
      ]);
    });

    test('is assumed by Amazon ECR only, and has its permissions before the template exists', () => {
      make();

      Template.fromStack(stack).hasResourceProperties('AWS::IAM::Role', {
        AssumeRolePolicyDocument: { Statement: [{ Action: 'sts:AssumeRole', Effect: 'Allow', Principal: { Service: 'ecr.amazonaws.com' } }] },
        ManagedPolicyArns: [{ Ref: Match.stringLikeRegexp('^TemplateRolePolicy') }],
        Path: Match.absent(),
      });
    });

    test.each([
      ['team/', ':ecr:eu-west-1:111122223333:repository/team/*'],
      ['ROOT', ':ecr:eu-west-1:111122223333:repository/*'],
    ])('of the prefix %p is scoped to %p', (prefix, resource) => {
      make({ prefix });

      expect(policyStatements()[0]).toMatchObject({ Resource: { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, resource]] } });
    });

    test('is made for tags alone', () => {
      make({ encryption: RepositoryEncryption.AES_256, resourceTags: { team: 'payments' } });

      expect(properties()).toMatchObject({ CustomRoleArn: expect.anything() as unknown, ResourceTags: [{ Key: 'team', Value: 'payments' }] });
      expect(policyStatements()).toHaveLength(1);
    });

    test('of the user gets the permissions before the template uses it', () => {
      const role = new iam.Role(stack, 'Mine', { assumedBy: new iam.ServicePrincipal('ecr.amazonaws.com') });
      const template = make({ role });

      expect(template.role).toBe(role);
      Template.fromStack(stack).resourceCountIs('AWS::IAM::Role', 1);
      Template.fromStack(stack).hasResourceProperties('AWS::IAM::Policy', {
        PolicyDocument: { Statement: [Match.objectLike({ Action: Match.arrayWith(['ecr:CreateRepository']) }), Match.objectLike({ Action: Match.arrayWith(['kms:CreateGrant']) })] },
      });
      Template.fromStack(stack).hasResource(TYPE, { DependsOn: [Match.stringLikeRegexp('^MineDefaultPolicy')] });
    });

    test('of the user that nobody may change is used as it is', () => {
      make({ role: iam.Role.fromRoleArn(stack, 'Mine', 'arn:aws:iam::111122223333:role/ecr', { mutable: false }), encryption: RepositoryEncryption.AES_256 });

      expect(properties().CustomRoleArn).toBe('arn:aws:iam::111122223333:role/ecr');
      Template.fromStack(stack).resourceCountIs('AWS::IAM::Policy', 0);
      Annotations.fromStack(stack).hasWarning('*', Match.stringLikeRegexp(
        "Amazon ECR cannot use the role until the owner of 'Stack/Mine', whose policies this app cannot change, attaches this statement: .*ecr:CreateRepository.*RepositoryTemplate.importedRole",
      ));
    });

    test('of the user must be one that Amazon ECR can assume', () => {
      make({ role: new iam.Role(stack, 'Mine', { assumedBy: new iam.ServicePrincipal('ec2.amazonaws.com') }) });

      expect(() => Template.fromStack(stack)).toThrow("'role' must be a role that ecr.amazonaws.com can assume, got 'Stack/Mine', which trusts [\"ec2.amazonaws.com\"]");
    });

    test('passes when its ARN is known only at deployment', () => {
      make({ role: iam.Role.fromRoleArn(stack, 'Mine', new CfnParameter(stack, 'Role').valueAsString, { mutable: false }) });

      expect(properties().CustomRoleArn).toEqual({ Ref: 'Role' });
    });

    test.each([
      ['imported', () => iam.Role.fromRoleArn(stack, 'Mine', 'arn:aws:iam::111122223333:role/teams/ecr'), 'got "arn:aws:iam::111122223333:role/teams/ecr"'],
      ['of this app', () => new iam.Role(stack, 'Mine', { assumedBy: new iam.AccountRootPrincipal(), path: '/teams/' }), 'got "/teams/"'],
    ])('fails for a role with a path, %s', (_, role, message) => {
      expect(() => make({ role: role() })).toThrow(`'role' must be a role without a path, ${message}; CloudFormation rejects '/' in its name`);
    });

    test('accepts the path that stands for none', () => {
      make({ role: new iam.Role(stack, 'Mine', { assumedBy: new iam.ServicePrincipal('ecr.amazonaws.com'), path: '/' }) });

      Template.fromStack(stack).resourceCountIs(TYPE, 1);
    });

    test('fails for a role of another account', () => {
      expect(() => make({ role: iam.Role.fromRoleArn(stack, 'Mine', 'arn:aws:iam::444455556666:role/ecr') }))
        .toThrow('\'role\' must be a role of account 111122223333, got "Stack/Mine" of 444455556666');
    });
  });

  describe('mutableTags', () => {
    test('lets the tags that match a filter move', () => {
      make({ mutableTags: ['latest', 'prod-*'] });

      expect(properties()).toMatchObject({
        ImageTagMutability: 'IMMUTABLE_WITH_EXCLUSION',
        ImageTagMutabilityExclusionFilters: [
          { ImageTagMutabilityExclusionFilterType: 'WILDCARD', ImageTagMutabilityExclusionFilterValue: 'latest' },
          { ImageTagMutabilityExclusionFilterType: 'WILDCARD', ImageTagMutabilityExclusionFilterValue: 'prod-*' },
        ],
      });
    });

    test('fails for a sixth filter', () => {
      expect(() => make({ mutableTags: ['a', 'b', 'c', 'd', 'e', 'f'] })).toThrow("'mutableTags' must have at most 5 entries, got 6");
    });

    test('warns when none of the tags of a cache may move', () => {
      const template = make({ appliedFor: [TemplateUse.PULL_THROUGH_CACHE], mutableTags: [] });

      expect(properties().ImageTagMutability).toBe('IMMUTABLE');
      expect(warnings()).toEqual(['cdk-secure-ecr:RepositoryTemplate.immutableCache']);
      Validations.of(template).acknowledge({ id: 'cdk-secure-ecr:RepositoryTemplate.immutableCache', reason: 'pinned by version' });
      expect(warnings()).toEqual([]);
    });

    test.each([['a*b*', 0], ['a*b*c*', 1]])('of the filter %p gives %i warnings', (filter, count) => {
      make({ mutableTags: [filter] });

      expect(warnings()).toEqual(Array<string>(count).fill('cdk-secure-ecr:RepositoryTemplate.mutableTagWildcards'));
    });
  });

  describe('resourceTags', () => {
    const tags = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, index) => [`key${index}`, '']));

    test('of 50 entries and of the longest texts', () => {
      make({ resourceTags: { ...tags(49), ['k'.repeat(128)]: 'v'.repeat(256) } });

      expect(properties().ResourceTags).toHaveLength(50);
    });

    test('leaves the property out when there are none', () => {
      make({ resourceTags: {} });

      expect(properties()).not.toHaveProperty('ResourceTags');
    });

    test.each([
      [tags(51), "'resourceTags' must have at most 50 entries, got 51"],
      [{ ['k'.repeat(129)]: 'x' }, "'resourceTags key' must be 1 to 128 characters long, got 129"],
      [{ team: 'v'.repeat(257) }, "'resourceTags.team' must be 0 to 256 characters long, got 257"],
      [{ 'aws:team': 'x' }, "'resourceTags' must not have keys that begin with 'aws:', which are reserved, got \"aws:team\""],
    ])('fails for %p', (resourceTags, message) => {
      expect(() => make({ resourceTags })).toThrow(message);
    });

    test('pass when keys or values are known only at deployment', () => {
      const text = new CfnParameter(stack, 'Text').valueAsString;
      make({ resourceTags: { team: text, [text]: 'x' } });

      expect(properties().ResourceTags).toEqual([{ Key: 'team', Value: { Ref: 'Text' } }, { Key: { Ref: 'Text' }, Value: 'x' }]);
    });
  });

  describe('lifecycle', () => {
    test('leaves the policy out with LifecyclePolicy.none()', () => {
      make({ lifecycle: LifecyclePolicy.none() });

      expect(properties()).not.toHaveProperty('LifecyclePolicy');
    });

    test('warns about what the policy finds wrong with itself', () => {
      const lifecycle = LifecyclePolicy.standard();
      jest.spyOn(lifecycle, 'findings').mockReturnValue([{ id: 'unreachableRule', message: 'rule 2 acts on nothing' }]);
      make({ lifecycle });

      expect(warnings()).toEqual(['cdk-secure-ecr:RepositoryTemplate.lifecycleUnreachableRule']);
    });
  });

  describe('repositoryPolicy', () => {
    const pull = (props: iam.PolicyStatementProps = {}) => new iam.PolicyDocument({
      statements: [new iam.PolicyStatement({ actions: ['ecr:BatchGetImage'], principals: [new iam.AccountPrincipal('444455556666')], ...props })],
    });

    test('is a text in the template, with what was added after the template was defined', () => {
      const repositoryPolicy = pull({ principals: [new iam.ArnPrincipal('arn:aws:iam::444455556666:root')] });
      make({ repositoryPolicy });
      repositoryPolicy.addStatements(new iam.PolicyStatement({ actions: ['ecr:ListImages'], principals: [new iam.ArnPrincipal('arn:aws:iam::444455556666:role/r')] }));

      expect(JSON.parse(properties().RepositoryPolicy as string)).toEqual({
        Statement: [
          { Action: 'ecr:BatchGetImage', Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::444455556666:root' } },
          { Action: 'ecr:ListImages', Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::444455556666:role/r' } },
        ],
        Version: '2012-10-17',
      });
    });

    test('keeps what is known only at deployment', () => {
      make({ repositoryPolicy: pull() });

      expect(properties().RepositoryPolicy).toEqual({ 'Fn::Join': ['', [
        '{"Statement":[{"Action":"ecr:BatchGetImage","Effect":"Allow","Principal":{"AWS":"arn:', { Ref: 'AWS::Partition' }, ':iam::444455556666:root"}}],"Version":"2012-10-17"}',
      ]] });
    });

    test('leaves out the resource, which is the repository anyway', () => {
      make({ repositoryPolicy: pull({ resources: ['*'] }) });

      expect(JSON.stringify(properties().RepositoryPolicy)).not.toContain('Resource');
    });

    test.each<[string, iam.PolicyDocument, string]>([
      ['without a statement', new iam.PolicyDocument(), "'repositoryPolicy' must have at least one statement"],
      ['without a principal', pull({ principals: [] }), 'must specify at least one IAM principal'],
      ['with a registry action', pull({ actions: ['ecr:GetAuthorizationToken', 'ecr:BatchGetImage'] }), '\'repositoryPolicy[0]\' must not include "ecr:GetAuthorizationToken"'],
      ['for everybody', pull({ principals: [new iam.AnyPrincipal()] }), "'repositoryPolicy[0]' must not allow the principal '*'"],
      ['over 10,240 characters', pull({ actions: Array.from({ length: 300 }, (_, index) => `ecr:AnActionThatIsMadeUpForItsLength${index}`) }), 'the repository policy must be at most 10240 characters long, got 1'],
    ])('fails at synthesis %s', (_, repositoryPolicy, message) => {
      make({ repositoryPolicy });

      expect(() => app.synth()).toThrow(message);
    });

    test.each<[string, iam.PolicyDocument]>([
      ['for everybody of an organization', pull({ principals: [new iam.AnyPrincipal()], conditions: { StringEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } } })],
      ['that denies everybody', pull({ effect: iam.Effect.DENY, principals: [new iam.AnyPrincipal()] })],
      ['for all but one', pull({ effect: iam.Effect.DENY, principals: [], notPrincipals: [new iam.ArnPrincipal('arn:aws:iam::444455556666:root')], actions: undefined, notActions: ['ecr:BatchGetImage'] })],
    ])('passes %s', (_, repositoryPolicy) => {
      make({ repositoryPolicy });

      expect(() => app.synth()).not.toThrow();
    });
  });

  test('fails with all problems at once', () => {
    expect(() => make({ prefix: 'A', appliedFor: [], mutableTags: ['a b'] })).toThrow(/'prefix' .*\n'mutableTags\[0\]' .*\n'appliedFor' /);
  });

  test('names the prefix so that others wait for the template, and when it was made', () => {
    const template = make();

    expect(stack.resolve(template.repositoryTemplatePrefix)).toEqual({ Ref: expect.any(String) as string });
    expect(template.repositoryCreationTemplateRef).toEqual({ prefix: 'team' });
    expect(stack.resolve(template.repositoryTemplateCreatedAt)).toEqual({ 'Fn::GetAtt': [expect.any(String), 'CreatedAt'] });
    expect(stack.resolve(template.repositoryTemplateUpdatedAt)).toEqual({ 'Fn::GetAtt': [expect.any(String), 'UpdatedAt'] });
  });

  test('can be imported by its prefix', () => {
    const imported = RepositoryTemplate.fromRepositoryTemplatePrefix(stack, 'Imported', 'team');

    expect(imported.repositoryTemplatePrefix).toBe('team');
    expect(imported.repositoryCreationTemplateRef).toEqual({ prefix: 'team' });
    Template.fromStack(stack).resourceCountIs(TYPE, 0);
  });
});
