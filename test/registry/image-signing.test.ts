import { App, Aws, CfnParameter, Duration, NestedStack, Stack, Stage, Validations } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as signer from 'aws-cdk-lib/aws-signer';
import { CiPushRole, CiSubject, ImageSigning, type ImageSigningProps, SecureRepository, type SigningRule } from '../../lib';
import { messageOf } from '../message-of';
import { nagFindings } from '../nag';

const TYPE = 'AWS::ECR::SigningConfiguration';
const OWN = { account: '111122223333', region: 'eu-west-1' };
const OTHER = '444455556666';
const ARN = `arn:aws:signer:eu-west-1:${OTHER}:/signing-profiles/release`;
const NAMED = { '@aws-cdk/aws-signer:signingProfileNamePassedToCfn': true };

let app: App;
let stack: Stack;
let agnostic: Stack;

beforeEach(() => {
  app = new App({ context: NAMED });
  stack = new Stack(app, 'Registry', { env: OWN });
  agnostic = new Stack(app, 'Agnostic');
});

function rulesOf(scope: Stack): unknown {
  const [resource] = Object.values(Template.fromStack(scope).findResources(TYPE));
  return resource.Properties.Rules;
}

function sign(props?: ImageSigningProps, scope = stack): ImageSigning {
  return new ImageSigning(scope, 'Signing', props);
}

const refusal = (props: ImageSigningProps, scope = stack): string => messageOf(() => sign(props, scope));

function profileIn(scope: Stack, props: Partial<signer.SigningProfileProps> = {}, id = 'Theirs'): signer.SigningProfile {
  return new signer.SigningProfile(scope, id, { platform: signer.Platform.NOTATION_OCI_SHA384_ECDSA, ...props });
}

function imported(arn = ARN, id = 'Imported'): signer.ISigningProfileRef {
  return ImageSigning.signingProfileFromArn(stack, id, arn);
}

function stackOf(account: string, id = 'Other', region = OWN.region): Stack {
  return new Stack(app, id, { env: { account, region } });
}

function roleIn(scope: Stack, id = 'Ci'): iam.Role {
  return new iam.Role(scope, id, { assumedBy: new iam.ServicePrincipal('codebuild.amazonaws.com') });
}

function pushRole(): CiPushRole {
  return new CiPushRole(stack, 'Push', {
    repositories: [new SecureRepository(stack, 'Api')],
    subjects: [CiSubject.github({ owner: 'octo', ownerId: '1', repo: 'api', repoId: '2', branches: ['main'] })],
  });
}

function warnings(scope = stack): string[] {
  return Annotations.fromStack(scope).findWarning('*', Match.anyValue()).map(({ entry }) => entry.data as string);
}

function filters(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `team-${index}/*`);
}

function signStatements(scope: Stack): Array<Record<string, unknown>> {
  return Object.values(Template.fromStack(scope).findResources('AWS::IAM::Policy'))
    .flatMap(({ Properties }) => Properties.PolicyDocument.Statement as Array<Record<string, unknown>>)
    .filter(({ Action }) => Action === 'signer:SignPayload');
}

describe('ImageSigning', () => {
  test('signs the images of all repositories with a profile of its own', () => {
    const { signingConfigurationRef, profiles } = sign();

    const { Resources } = Template.fromStack(stack).toJSON();
    expect(Resources).toEqual({
      SigningProfileF8A8ADCE: { Type: 'AWS::Signer::SigningProfile', Properties: { PlatformId: 'Notation-OCI-SHA384-ECDSA' } },
      SecureEcrImageSigning: { Type: TYPE, Properties: { Rules: [{ SigningProfileArn: { Ref: 'SigningProfileF8A8ADCE' } }] } },
    });
    expect(stack.resolve(signingConfigurationRef.registryId)).toEqual({ Ref: 'SecureEcrImageSigning' });
    expect(profiles.map(profile => profile.node.path)).toEqual(['Registry/Signing/Profile']);
  });

  test('signs what the filters match', () => {
    sign({ rules: [{ repositoryFilters: ['release/*', 'base'] }] });

    expect(rulesOf(stack)).toEqual([{
      SigningProfileArn: { Ref: 'SigningProfileF8A8ADCE' },
      RepositoryFilters: [{ Filter: 'release/*', FilterType: 'WILDCARD_MATCH' }, { Filter: 'base', FilterType: 'WILDCARD_MATCH' }],
    }]);
  });

  test('makes one profile for the rules that have none, and takes others', () => {
    const theirs = profileIn(stack);
    const { profiles } = sign({ rules: [{ repositoryFilters: ['a/*'] }, { profile: theirs, repositoryFilters: ['b/*'] }, { repositoryFilters: ['c/*'] }] });

    expect(rulesOf(stack)).toMatchObject([
      { SigningProfileArn: { Ref: 'SigningProfileF8A8ADCE' } },
      { SigningProfileArn: { 'Fn::GetAtt': [expect.stringMatching(/^Theirs/), 'Arn'] } },
      { SigningProfileArn: { Ref: 'SigningProfileF8A8ADCE' } },
    ]);
    expect(profiles.map(({ node }) => node.path)).toEqual(['Registry/Signing/Profile', 'Registry/Theirs']);
  });

  test('makes no profile where every rule has one, and takes an L1', () => {
    sign({ rules: [{ profile: new signer.CfnSigningProfile(stack, 'L1', { platformId: 'Notation-OCI-SHA384-ECDSA' }) }] });

    expect(rulesOf(stack)).toEqual([{ SigningProfileArn: { Ref: 'L1' } }]);
    Template.fromStack(stack).resourceCountIs('AWS::Signer::SigningProfile', 1);
  });

  test('limits how long a signature is valid, and names the profile', () => {
    sign({ signatureValidity: Duration.days(365), signingProfileName: 'release_images' });

    Template.fromStack(stack).hasResourceProperties('AWS::Signer::SigningProfile', {
      ProfileName: 'release_images', SignatureValidityPeriod: { Type: 'DAYS', Value: 365 },
    });
  });

  test('takes parameters as filter, name and validity', () => {
    const text = (id: string): string => new CfnParameter(stack, id).valueAsString;
    const days = new CfnParameter(stack, 'Days', { type: 'Number' }).valueAsNumber;
    sign({ rules: [{ repositoryFilters: [text('Filter')] }], signingProfileName: text('Name'), signatureValidity: Duration.days(days) });

    expect(rulesOf(stack)).toMatchObject([{ RepositoryFilters: [{ Filter: { Ref: 'Filter' } }] }]);
    Template.fromStack(stack).hasResourceProperties('AWS::Signer::SigningProfile', {
      ProfileName: { Ref: 'Name' }, SignatureValidityPeriod: { Type: 'DAYS', Value: { Ref: 'Days' } },
    });
  });

  test('writes a trust policy of Notation that names the profiles and nobody else', () => {
    const { notationTrustPolicy } = sign({ rules: [{}, { profile: imported() }, { profile: imported(ARN, 'Again') }] });

    const joined = stack.resolve(notationTrustPolicy) as { 'Fn::Join': [string, unknown[]] };
    const text = joined['Fn::Join'][1].map(part => typeof part === 'string' ? part : '{made}').join('');
    expect(JSON.parse(text)).toEqual({
      version: '1.0',
      trustPolicies: [{
        name: 'aws-signer-tp',
        registryScopes: ['*'],
        signatureVerification: { level: 'strict' },
        trustStores: ['signingAuthority:aws-signer-ts', 'signingAuthority:aws-us-gov-signer-ts'],
        trustedIdentities: ['{made}', ARN],
      }],
    });
  });

  test('needs no acknowledgement of cdk-nag, and has no warnings', () => {
    sign().grants.sign(pushRole());

    expect(nagFindings(stack)).toEqual([]);
    expect(warnings()).toEqual([]);
  });
});

describe('the rules of an ImageSigning', () => {
  test.each<[string, ImageSigningProps, string]>([
    ['none', { rules: [] }, "'rules' must have at least one entry, got []; omit it to sign the images of all repositories"],
    ['11', { rules: Array<SigningRule>(11).fill({}) }, "'rules' must be at most 10 in a registry, got 11; a rule accepts up to 100 'repositoryFilters'"],
    ['an empty list of filters', { rules: [{}, { repositoryFilters: [] }] },
      "'rules[1].repositoryFilters' must have at least one entry, got []; leave it out for all repositories"],
    ['101 filters', { rules: [{ repositoryFilters: filters(101) }] },
      "'rules[0].repositoryFilters' must have at most 100 entries, got 101; use '*' for a part of the name, or another rule"],
    ['a filter twice', { rules: [{ repositoryFilters: ['a/*', 'b', 'a/*'] }] }, "'rules[0].repositoryFilters' must not have duplicates, got \"a/*\" twice"],
  ])('fail when they are %s', (_, props, message) => {
    expect(refusal(props)).toBe(message);
  });

  test.each<[string, ImageSigningProps]>([
    ['1', { rules: [{}] }],
    ['10', { rules: Array<SigningRule>(10).fill({}) }],
    ['100 filters', { rules: [{ repositoryFilters: filters(100) }] }],
    ['one filter in two rules', { rules: [{ repositoryFilters: ['a'] }, { repositoryFilters: ['a'] }] }],
  ])('may be %s', (_, props) => {
    expect(refusal(props)).toBe('accepted');
  });

  test.each(['*', 'prod', 'prod/*', '*/production', '*prod*', 'team.a/b_c-d', 'a*b', 'a/*/c', '0', '**'])('may filter by %j', filter => {
    expect(refusal({ rules: [{ repositoryFilters: [filter] }] })).toBe('accepted');
  });

  test.each(['Prod', 'prod/', '/prod', 'a//b', 'a__b', 'a--b', 'a.-b', '-a', 'a-', 'prod?', 'a b', 'ä', 'prod/*/'])('fail with the filter %j', filter => {
    expect(refusal({ rules: [{ repositoryFilters: ['ok', filter] }] })).toContain(
      "'rules[0].repositoryFilters[1]' must be a repository name such as 'team/api' or, with '*' for any text, 'team/*', without '__', '--' or an outer '/', "
      + `got ${JSON.stringify(filter)}`,
    );
  });

  test('filter by 256 characters, and fail at 257', () => {
    expect(refusal({ rules: [{ repositoryFilters: ['x'.repeat(256)] }] }, agnostic)).toBe('accepted');
    expect(refusal({ rules: [{ repositoryFilters: ['x'.repeat(257)] }] }))
      .toContain("'rules[0].repositoryFilters[0]' must be 1 to 256 characters long, got 257");
  });

  test('fail when the list of filters is a token, which CloudFormation cannot turn into filters', () => {
    const repositoryFilters = new CfnParameter(stack, 'Filters', { type: 'CommaDelimitedList' }).valueAsList;

    expect(refusal({ rules: [{ repositoryFilters }] }))
      .toBe("'rules[0].repositoryFilters' must be a list of known length, got a token; list the entries, which may be tokens");
  });

  test('report all problems at once', () => {
    const rules = [{ repositoryFilters: ['A', 'B/'] }, { repositoryFilters: [] }];

    expect(refusal({ rules, signatureValidity: Duration.days(0), signingProfileName: 'a-b' }).split('\n')).toHaveLength(5);
  });
});

describe('the profile that an ImageSigning makes', () => {
  test.each([1, 365, 4050])('makes signatures that are valid for %d days', days => {
    expect(refusal({ signatureValidity: Duration.days(days) })).toBe('accepted');
  });

  test.each([[Duration.days(0), 0], [Duration.days(4051), 4051], [Duration.hours(36), 1.5]])('fails with a validity of %s', (signatureValidity, days) => {
    expect(refusal({ signatureValidity })).toBe(`'signatureValidity' must be 1 to 4050 whole days, got ${days}; omit it for 135 months`);
  });

  test.each(['ab', 'Release_2', 'x'.repeat(64)])('may be named %j', signingProfileName => {
    expect(refusal({ signingProfileName })).toBe('accepted');
  });

  test.each(['a', 'x'.repeat(65)])('fails with the name %j', signingProfileName => {
    expect(refusal({ signingProfileName })).toContain("'signingProfileName' must be 2 to 64 characters long, got");
  });

  test.each(['release-images', 'a.b', 'ä_b', 'a b'])('fails with the name %j', signingProfileName => {
    expect(refusal({ signingProfileName })).toBe(`'signingProfileName' must be letters, digits and '_', got ${JSON.stringify(signingProfileName)}`);
  });

  test('takes no settings where it is not made', () => {
    expect(refusal({ rules: [{ profile: imported() }], signatureValidity: Duration.days(1), signingProfileName: 'images' })).toBe([
      "'signatureValidity' must be used with a rule without 'profile', which gets a new profile; omit it, or omit the 'profile' of a rule",
      "'signingProfileName' must be used with a rule without 'profile', which gets a new profile; omit it, or omit the 'profile' of a rule",
    ].join('\n'));
  });
});

describe('the profile of a rule', () => {
  test('may be imported by its ARN, from another account', () => {
    const profile = imported();
    sign({ rules: [{ profile }] });

    expect(rulesOf(stack)).toEqual([{ SigningProfileArn: ARN }]);
    expect(profile.env).toEqual({ account: OTHER, region: 'eu-west-1' });
  });

  test('may be an ARN that is known at deployment only', () => {
    sign({ rules: [{ profile: imported(new CfnParameter(stack, 'Arn').valueAsString) }] });

    expect(rulesOf(stack)).toEqual([{ SigningProfileArn: { Ref: 'Arn' } }]);
  });

  test('may be imported by its attributes, for which the CDK writes a slash too many', () => {
    const profile = signer.SigningProfile.fromSigningProfileAttributes(stack, 'P', { signingProfileName: 'release', signingProfileVersion: 'abcdefghij' });
    sign({ rules: [{ profile }] });

    expect(rulesOf(stack)).toEqual([{
      SigningProfileArn: { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':signer:eu-west-1:111122223333:/signing-profiles/release']] },
    }]);
  });

  test.each([
    `${ARN}/abcdefghij`, ARN.replace(':/', '://'), ARN.replace(':/', ':'), ARN.replace('signer', 'lambda'), `${ARN}-2`, 'release',
    ARN.replace(OTHER, '1234'), ARN.replace('release', 'x'), ARN.replace('release', 'x'.repeat(65)), ARN.replace('eu-west-1', 'e'.repeat(200)),
  ])('fails with the ARN %j', arn => {
    expect(() => imported(arn)).toThrow("'signingProfileArn' must be the ARN of a signing profile such as 'arn:aws:signer:eu-west-1:111122223333:/signing-profiles/release' without a version");
  });

  test.each([ARN, ARN.replace('aws', 'aws-us-gov'), ARN.replace('release', 'x_'), ARN.replace('release', 'x'.repeat(64))])('may have the ARN %j', arn => {
    expect(() => imported(arn)).not.toThrow();
  });

  test('has 200 characters at most', () => {
    const ofLength = (length: number): string => ARN.replace('eu-west-1', 'e'.repeat(length - ARN.length + 9));

    expect(() => imported(ofLength(200))).not.toThrow();
    expect(() => imported(ofLength(201), 'Longer')).toThrow('of at most 200 characters, got');
  });

  test('fails with a reference that is a wrong ARN', () => {
    const profile = Object.assign(imported(), { signingProfileRef: { signingProfileArn: `${ARN}/abcdefghij` } });

    expect(refusal({ rules: [{ profile }] })).toContain("'rules[0].profile' must be the ARN of a signing profile such as");
  });

  test('fails in another Region', () => {
    const elsewhere = imported(ARN.replace('eu-west-1', 'us-east-1'));

    expect(refusal({ rules: [{ profile: elsewhere }] }))
      .toBe("'rules[0].profile' must be in eu-west-1, the Region of the registry, got a signing profile of us-east-1; define a profile for each Region");
    expect(refusal({ rules: [{ profile: elsewhere }] }, agnostic)).toBe('accepted');
  });

  test('fails for another platform', () => {
    expect(refusal({ rules: [{ profile: profileIn(stack, { platform: signer.Platform.AWS_LAMBDA_SHA384_ECDSA }) }] })).toBe(
      "'rules[0].profile' must be of the platform 'Notation-OCI-SHA384-ECDSA', got \"AWSLambda-SHA384-ECDSA\"; use Platform.NOTATION_OCI_SHA384_ECDSA",
    );
  });

  test('may be in another stack of the same account and Region', () => {
    sign({ rules: [{ profile: profileIn(stackOf(OWN.account)) }] });

    expect(rulesOf(stack)).toMatchObject([{ SigningProfileArn: { 'Fn::ImportValue': expect.stringContaining('Theirs') } }]);
  });

  test('may be in a stack of another account, which is deployed first', () => {
    const other = stackOf(OTHER);
    sign({ rules: [{ profile: profileIn(other, { signingProfileName: 'release' }) }] });

    expect(rulesOf(stack)).toEqual([{
      SigningProfileArn: { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, `:signer:eu-west-1:${OTHER}:/signing-profiles/release`]] },
    }]);
    expect(stack.dependencies).toEqual([other]);
  });

  test('may be in another stage, where nothing can be said about the order', () => {
    const other = new Stack(new Stage(app, 'Security'), 'Other', { env: { ...OWN, account: OTHER } });
    sign({ rules: [{ profile: profileIn(other, { signingProfileName: 'release' }) }] });

    expect(JSON.stringify(rulesOf(stack))).toContain(`${OTHER}:/signing-profiles/release`);
  });

  test('fails without a name in another account', () => {
    expect(refusal({ rules: [{ profile: profileIn(stackOf(OTHER)) }] })).toBe(
      "the signing profile 'Other/Theirs/Resource' must have a name that is not a token, because stack 'Registry' is in another account, Region or stage; "
      + "set 'signingProfileName', which SigningProfile uses only with the feature flag '@aws-cdk/aws-signer:signingProfileNamePassedToCfn'",
    );
  });
});

describe('the grants of an ImageSigning', () => {
  test('let a role sign with the profile, and nothing else', () => {
    sign().grants.sign(roleIn(stack)).assertSuccess();

    Template.fromStack(stack).hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 'signer:SignPayload', Resource: { Ref: 'SigningProfileF8A8ADCE' } }] },
    });
    Template.fromStack(stack).resourceCountIs('AWS::Signer::ProfilePermission', 0);
  });

  test('let the role of CI sign what it pushes', () => {
    sign().grants.sign(pushRole()).assertSuccess();

    Template.fromStack(stack).resourceCountIs('AWS::IAM::Policy', 0);
    Template.fromStack(stack).hasResourceProperties('AWS::IAM::ManagedPolicy', {
      PolicyDocument: {
        Statement: Match.arrayWith([{ Effect: 'Allow', Action: 'signer:SignPayload', Resource: { Ref: 'SigningProfileF8A8ADCE' } }]),
      },
    });
    expect(warnings()).toEqual([]);
  });

  test('are for the profiles of all rules, or for some', () => {
    const theirs = profileIn(stack);
    const { grants, profiles } = sign({ rules: [{ repositoryFilters: ['a/*'] }, { repositoryFilters: ['b/*'], profile: theirs }] });
    const [own, foreign] = [{ Ref: 'SigningProfileF8A8ADCE' }, { 'Fn::GetAtt': [expect.stringMatching(/^Theirs/), 'Arn'] }];

    grants.sign(roleIn(stack, 'All'));
    grants.sign(roleIn(stack, 'Theirs only'), theirs);
    grants.sign(roleIn(stack, 'Own only'), profiles[0]);

    expect(signStatements(stack).map(({ Resource }) => Resource)).toEqual([[own, foreign], foreign, own]);
  });

  test('fail for a profile that no rule has', () => {
    const { grants } = sign();

    expect(() => grants.sign(roleIn(stack), profileIn(stack))).toThrow(
      "'profiles[0]' must be a profile of the rules of 'Registry/Signing', got 'Registry/Theirs'; add a rule for it, or remove it",
    );
  });

  test('keep the conditions of a principal', () => {
    sign().grants.sign(new iam.PrincipalWithConditions(roleIn(stack), { StringEquals: { 'signer:ProfileVersion': 'abcdefghij' } }));

    expect(signStatements(stack)).toMatchObject([{ Condition: { StringEquals: { 'signer:ProfileVersion': 'abcdefghij' } } }]);
  });

  test('take every part of a composite principal', () => {
    sign().grants.sign(new iam.CompositePrincipal(roleIn(stack, 'A'), roleIn(stack, 'B')));

    expect(signStatements(stack)).toHaveLength(2);
  });

  test('leave an imported resource without a role to the CDK, which warns', () => {
    sign().grants.sign({ grantPrincipal: new iam.UnknownPrincipal({ resource: stack }) });

    expect(warnings()).toEqual([expect.stringContaining('Add statement to this resource')]);
  });

  test.each<[string, iam.IPrincipal, string]>([
    ['a service', new iam.ServicePrincipal('codebuild.amazonaws.com'), '"codebuild.amazonaws.com"'],
    ['an organization', new iam.OrganizationPrincipal('o-a1b2c3d4e5'), '"OrganizationPrincipal(o-a1b2c3d4e5)"'],
  ])('fail for %s', (_, principal, shown) => {
    const { grants } = sign();

    expect(() => grants.sign(principal)).toThrow(
      `'grantee' must be a role, a user or an account, got ${shown}; AWS Signer does not accept services and organizations; grant to the role that pushes`,
    );
  });

  test.each([
    new iam.AnyPrincipal(), new iam.StarPrincipal(), new iam.FederatedPrincipal('gitlab.com'),
  ])('fail for %s', principal => {
    expect(() => sign().grants.sign(principal)).toThrow(/'grantee' must (not allow the principal '\*' without a condition|be an AWS identity, got "FederatedPrincipal)/);
  });

  test('warn about a principal that has no policy here', () => {
    const signing = sign();
    const id = 'cdk-secure-ecr:SigningGrants.importedPrincipal';
    const grant = signing.grants.sign(new iam.ArnPrincipal(`arn:aws:iam::${OWN.account}:role/ci`));

    expect(grant.success).toBe(false);
    expect(warnings()).toEqual([expect.stringContaining(
      `the grant has no effect until the owner of "arn:aws:iam::${OWN.account}:role/ci", whose policies this app cannot change, attaches this statement: `
      + '{"Action":"signer:SignPayload","Effect":"Allow","Resource":"${SigningProfileF8A8ADCE}"}',
    )]);
    Validations.of(signing).acknowledge({ id, reason: 'attached by hand' });
    expect(warnings()).toEqual([]);
  });
});

describe('the grants to another account', () => {
  const permissionsOf = (scope: Stack): unknown[] =>
    Object.values(Template.fromStack(scope).findResources('AWS::Signer::ProfilePermission')).map(({ Properties }) => Properties as unknown);
  const permission = (Principal: string): unknown => ({
    Action: 'signer:SignPayload',
    Principal,
    ProfileName: { 'Fn::GetAtt': ['SigningProfileF8A8ADCE', 'ProfileName'] },
    StatementId: expect.stringMatching(/^[0-9a-zA-Z_-]{1,64}$/),
  });

  test('are both halves for a role of the app', () => {
    const other = stackOf(OTHER);
    const role = roleIn(other);
    const { grants } = sign({ signingProfileName: 'release' });

    grants.sign(role).assertSuccess();
    grants.sign(role);
    grants.sign(roleIn(other, 'Second'));

    expect(permissionsOf(stack)).toEqual([permission(OTHER)]);
    expect(signStatements(other).map(({ Resource }) => Resource)).toEqual(Array(2).fill(
      { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':signer:eu-west-1:111122223333:/signing-profiles/release']] },
    ));
    expect([...warnings(), ...warnings(other)]).toEqual([]);
  });

  test('fail for a role of the app when the profile has no name', () => {
    const { grants } = sign();

    expect(() => grants.sign(roleIn(stackOf(OTHER)))).toThrow(
      "the signing profile 'Registry/Signing/Profile' must have a name that is not a token, because stack 'Other' is in another account, Region or stage; set 'signingProfileName'",
    );
  });

  test('fail for a role in a stack of another Region when the profile has no name, and take a name', () => {
    const other = stackOf(OWN.account, 'Global', 'us-east-1');

    expect(() => sign().grants.sign(roleIn(other))).toThrow("because stack 'Global' is in another account, Region or stage");

    const frankfurt = stackOf(OWN.account, 'Frankfurt', 'eu-central-1');
    sign({ signingProfileName: 'release' }, frankfurt).grants.sign(roleIn(other, 'Named'));
    expect(permissionsOf(frankfurt)).toEqual([]);
    expect(JSON.stringify(signStatements(other))).toContain(':signer:eu-central-1:111122223333:/signing-profiles/release');
  });

  test('are the permission for an account and for a role that exists, with the statement for their owner', () => {
    const { grants } = sign();
    const role = `arn:aws:iam::${OTHER}:role/ci/push`;

    expect(grants.sign(new iam.AccountPrincipal(OTHER)).success).toBe(true);
    grants.sign(new iam.ArnPrincipal(role));
    grants.sign(iam.Role.fromRoleArn(stack, 'Imported', `arn:aws:iam::${OTHER}:role/imported`));
    grants.sign(new iam.ArnPrincipal(`arn:aws:iam::${OTHER}:user/ci`));

    expect(permissionsOf(stack)).toEqual([permission(OTHER), permission(role), permission(`arn:aws:iam::${OTHER}:role/imported`)]);
    expect(new Set(permissionsOf(stack).map(it => (it as { StatementId: string }).StatementId)).size).toBe(3);
    expect(warnings()).toEqual([expect.stringContaining(
      "the grant has no effect until the owner of 'Registry/Imported', whose policies this app cannot change, attaches this statement: {\"Action\":\"signer:SignPayload\"",
    )]);
  });

  test('are one half for a role whose profile is imported, with the command for its owner', () => {
    const signing = sign({ rules: [{ profile: imported() }] });
    const id = 'cdk-secure-ecr:SigningGrants.importedProfile';
    signing.grants.sign(roleIn(stack));

    expect(signStatements(stack)).toEqual([{ Effect: 'Allow', Action: 'signer:SignPayload', Resource: ARN }]);
    expect(warnings()).toEqual([expect.stringContaining(
      `the grant has no effect until the owner of the imported signing profile "release" of account ${OTHER} runs: aws signer add-profile-permission `
      + `--profile-name release --action signer:SignPayload --principal ${OWN.account} --statement-id ecr-${OWN.account} --region eu-west-1`,
    )]);
    Validations.of(signing).acknowledge({ id, reason: 'done' });
    expect(warnings()).toEqual([]);
  });

  test('name an existing role in that command', () => {
    sign({ rules: [{ profile: imported() }] }).grants.sign(iam.Role.fromRoleArn(stack, 'Existing', `arn:aws:iam::${OWN.account}:role/ci/push.images`));

    expect(warnings()).toEqual([
      expect.stringContaining(`--principal arn:aws:iam::${OWN.account}:role/ci/push.images --statement-id ecr-push-images --region eu-west-1`),
    ]);
  });

  test('are the permission in the stack of the profile, if that is in the app', () => {
    const other = stackOf(OTHER);
    sign({ rules: [{ profile: profileIn(other, { signingProfileName: 'release' }) }] }).grants.sign(roleIn(stack));

    expect(permissionsOf(other)).toMatchObject([{ Principal: OWN.account, ProfileName: { 'Fn::GetAtt': [expect.stringMatching(/^Theirs/), 'ProfileName'] } }]);
    expect(JSON.stringify(signStatements(stack))).toContain(`:signer:eu-west-1:${OTHER}:/signing-profiles/release`);
    expect(warnings()).toEqual([]);
  });

  test('are one half where nobody knows the account', () => {
    sign({}, agnostic).grants.sign(roleIn(agnostic));
    sign().grants.sign(new iam.AccountPrincipal(Aws.ACCOUNT_ID));

    expect([...permissionsOf(agnostic), ...permissionsOf(stack)]).toEqual([]);
  });
});

describe('one ImageSigning in each registry', () => {
  test('fails for a second one in the same stack, whatever its environment', () => {
    new ImageSigning(agnostic, 'First');

    expect(() => new ImageSigning(new NestedStack(agnostic, 'Nested'), 'Second')).toThrow(
      "'Agnostic/First' and 'Agnostic/Nested/Second' both define the signing configuration of the registry of stack 'Agnostic', of which there is only one; "
      + "keep one ImageSigning and move the rules of the other to its 'rules'",
    );
  });

  test('fails for a second stack of the same account and Region, and not for others', () => {
    new ImageSigning(stack, 'First');

    expect(() => new ImageSigning(stackOf(OWN.account), 'Second'))
      .toThrow("'Registry/First' and 'Other/Second' both define the signing configuration of account 111122223333 in eu-west-1");
    expect(() => new ImageSigning(stackOf(OWN.account, 'Region', 'us-east-1'), 'Second')).not.toThrow();
    expect(() => new ImageSigning(stackOf(OTHER, 'Account'), 'Second')).not.toThrow();
  });

  test('warns when two stacks without environment may share a registry', () => {
    const second = new Stack(app, 'Second');
    sign({}, agnostic);
    const signing = sign({}, second);

    expect(warnings(second)).toEqual([expect.stringMatching(/'Agnostic\/Signing' also defines the signing configuration.*cdk-secure-ecr:ImageSigning.environmentUnknown/)]);
    Validations.of(signing).acknowledge({ id: 'cdk-secure-ecr:ImageSigning.environmentUnknown', reason: 'two accounts' });
    expect(warnings(second)).toEqual([]);
  });

  test('fails synthesis when the app holds a signing configuration of someone else', () => {
    sign();
    new ecr.CfnSigningConfiguration(stack, 'Foreign', { rules: [{ signingProfileArn: ARN }] });

    expect(() => Template.fromStack(stack)).toThrow(
      "'Registry/Foreign' and 'Registry/Signing' both define the signing configuration of account 111122223333 in eu-west-1, of which there is only one; "
      + "move the rules of the first into the 'rules' of the second",
    );
  });
});

test.each([['eu-west-1', false], ['cn-north-1', false], ['us-gov-west-1', false], ['eusc-de-east-1', true], ['us-iso-east-1', true]])(
  'ImageSigning in %s warns that AWS does not document it: %s',
  (region, warned) => {
    const there = stackOf(OWN.account, 'There', region);
    sign({}, there);

    expect(warnings(there).some(text => text.includes('AWS does not document managed signing for'))).toBe(warned);
  },
);
