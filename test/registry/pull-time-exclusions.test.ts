import { App, CfnParameter, Duration, NestedStack, Stack, Stage, Validations } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import {
  ImageSelection, LifecyclePolicy, LifecycleRule, PullTimeExclusions, type PullTimeExclusionsProps, RepositoryTemplate, SecureRepository, TemplateUse,
} from '../../lib';
import { messageOf } from '../message-of';
import { nagFindings } from '../nag';

const TYPE = 'AWS::ECR::PullTimeUpdateExclusion';
const ENV = { account: '111122223333', region: 'eu-west-1' };
const SCANNER = 'arn:aws:iam::111122223333:role/scanner';

let app: App;
let stack: Stack;

beforeEach(() => {
  app = new App();
  stack = new Stack(app, 'Registry', { env: ENV });
});

const exclude = (props?: PullTimeExclusionsProps, scope = stack, id = 'Exclusions'): PullTimeExclusions => new PullTimeExclusions(scope, id, props);
const imported = (arn: string, scope = stack, id = arn.slice(-40)): iam.IRole => iam.Role.fromRoleArn(scope, id, arn);
const roles = (count: number, scope = stack): iam.IRole[] => Array.from({ length: count }, (_, index) => imported(`${SCANNER}-${index}`, scope));
const scanner = (props: Partial<iam.RoleProps> = {}, scope = stack): iam.Role => (
  new iam.Role(scope, 'Scanner', { assumedBy: new iam.ServicePrincipal('codebuild.amazonaws.com'), ...props })
);
/** A role or user of somebody else's making: the imports of the CDK do not take every ARN. */
const ref = (arn: string): iam.IRoleRef & iam.IUserRef => Object.assign(new Construct(stack, arn.slice(-40)), {
  env: ENV, roleRef: { roleArn: arn, roleName: 'scanner' }, userRef: { userArn: arn, userName: 'scanner' },
});
const excluded = (scope = stack): Record<string, unknown> => Object.fromEntries(Object.entries(Template.fromStack(scope).findResources(TYPE))
  .map(([id, { Properties }]) => [id, (Properties as Record<string, unknown>).PrincipalArn]));
const warnings = (scope = stack): string[] => Annotations.fromStack(scope).findWarning('*', Match.anyValue()).map(({ entry }) => entry.data as string);

describe('PullTimeExclusions', () => {
  test('are one resource for each principal, in their order, and nothing else', () => {
    const user = new iam.User(stack, 'Backup');
    const { exclusions } = exclude({ roles: [scanner(), imported(SCANNER)], users: [user] });

    expect(excluded()).toEqual({
      ExclusionsScanner6EC53827: { 'Fn::GetAtt': ['Scanner1EAEC57B', 'Arn'] },
      SecureEcrExclusionrolescanner1A64C9E0: SCANNER,
      ExclusionsBackup2250A332: { 'Fn::GetAtt': ['BackupDA3807AC', 'Arn'] },
    });
    expect(Object.keys(Template.fromStack(stack).toJSON().Resources as object)).toHaveLength(5);
    expect(exclusions.map(({ pullTimeUpdateExclusionRef: { principalArn } }) => stack.resolve(principalArn) as object)).toEqual([
      { Ref: 'ExclusionsScanner6EC53827' }, { Ref: 'SecureEcrExclusionrolescanner1A64C9E0' }, { Ref: 'ExclusionsBackup2250A332' },
    ]);
    expect(nagFindings(app).filter(({ path }) => path.startsWith('Registry/Exclusions'))).toEqual([]);
    expect(warnings()).toEqual([]);
  });

  test('take L1 resources and what the deployment knows', () => {
    const role = new iam.CfnRole(stack, 'Role', { assumeRolePolicyDocument: {} });
    const user = new iam.CfnUser(stack, 'User');
    const parameter = imported(new CfnParameter(stack, 'Arn').valueAsString, stack, 'Late');
    exclude({ roles: [role, parameter], users: [user] });

    expect(Object.values(excluded())).toEqual([{ 'Fn::GetAtt': ['Role', 'Arn'] }, { Ref: 'Arn' }, { 'Fn::GetAtt': ['User', 'Arn'] }]);
  });

  test('take principals of other stacks and accounts', () => {
    const other = new Stack(app, 'Scanners', { env: { account: '444455556666', region: 'eu-west-1' } });
    exclude({ roles: [scanner({ roleName: 'scanner', path: '/security/' }, other)] });

    expect(JSON.stringify(Object.values(excluded()))).toContain(':iam::444455556666:role/security/scanner');
  });

  test('keep their logical ids when the stack gets an environment or moves into a stage', () => {
    const ids = (scope: Stack): string[] => {
      exclude({ roles: [iam.Role.fromRoleName(scope, 'Scanner', 'scanner')] }, scope);
      return Object.keys(excluded(scope));
    };

    expect(ids(stack)).toEqual(['SecureEcrExclusionrolescanner1A64C9E0']);
    expect(ids(new Stack(new App(), 'Other'))).toEqual(['SecureEcrExclusionrolescanner1A64C9E0']);
    expect(ids(new Stack(new Stage(new App(), 'Production'), 'Registry', { env: ENV }))).toEqual(['SecureEcrExclusionrolescanner1A64C9E0']);
  });

  test.each([
    'arn:aws:iam::111122223333:role/a', 'arn:aws-cn:iam::111122223333:role/a/b/c', 'arn:aws-us-gov:iam::111122223333:role/service-role/w+=,.@-_', `${SCANNER}/${'x'.repeat(161)}`,
  ])('take %.60s', arn => {
    expect(messageOf(() => exclude({ roles: [imported(arn)] }))).toBe('accepted');
  });

  test.each([
    'arn:aws:iam::111122223333:role/*', 'arn:aws:iam::111122223333:role/a b', 'arn:aws:iam::111122223333:user/a', 'arn:aws:iam::11112222333:role/a', 'arn:aws:iam::111122223333:role/a/',
    'arn:aws:sts::111122223333:assumed-role/scanner/session', 'arn:aws:iam::111122223333:root', 'arn:other:iam::111122223333:role/a', `${SCANNER}/${'x'.repeat(162)}`,
  ])('fail with %.60s', arn => {
    expect(messageOf(() => exclude({ roles: [imported(SCANNER, stack, 'First'), ref(arn)] }))).toBe(
      "'roles[1]' must be the ARN of a role such as 'arn:aws:iam::111122223333:role/scanner', of up to 200 characters and without wildcards, "
      + `got ${arn.length > 120 ? `"${arn.slice(0, 116)}...` : `"${arn}"`}`,
    );
  });

  test('fail with a role among the users, and with names that cannot be', () => {
    const role = imported(SCANNER, stack, 'Scanner');

    expect(messageOf(() => exclude({ users: [ref(SCANNER)] }))).toContain("'users[0]' must be the ARN of a user such as 'arn:aws:iam::111122223333:user/scanner', of up to");
    expect(messageOf(() => exclude({ roles: [role, iam.Role.fromRoleName(stack, 'Bad', 'a b')] }, stack, 'Other'))).toContain('got "arn:${AWS::Partition}:iam::111122223333:role/a b"');
  });

  test.each<PullTimeExclusionsProps | undefined>([undefined, {}, { roles: [] }, { roles: [], users: [] }])('fail with nobody: %j', props => {
    expect(messageOf(() => exclude(props))).toBe("'roles' or 'users' must have at least one entry, got none");
  });

  test('are up to 100 in a construct', () => {
    expect(messageOf(() => exclude({ roles: roles(101) }))).toBe("'roles' and 'users' must have at most 100 principals in a registry, got 101; use one role for several scanners");
    expect(messageOf(() => exclude({ roles: roles(100, new Stack(app, 'Full')) }, stack, 'Full'))).toBe('accepted');
  });

  test('are up to 100 in a registry', () => {
    exclude({ roles: roles(60) });
    exclude({ roles: roles(60, new Stack(app, 'Elsewhere')) }, new Stack(app, 'Frankfurt', { env: { ...ENV, region: 'eu-central-1' } }));
    const more = new Stack(app, 'More', { env: ENV });

    expect(messageOf(() => exclude({ users: Array.from({ length: 41 }, (_, index) => new iam.User(more, `User${index}`)) }, more)))
      .toBe("'roles' and 'users' must have at most 100 principals in a registry, got 41 beside 60 in other constructs; use one role for several scanners");
    expect(messageOf(() => exclude({ users: Array.from({ length: 40 }, (_, index) => new iam.User(more, `Fewer${index}`)) }, more, 'Fewer'))).toBe('accepted');
  });
});

describe('a principal that is excluded twice', () => {
  const conflict = (name: string, first: string, second: string, fix = 'name the principal in one of them'): string => (
    `'${first}' and '${second}' both define the pull time exclusion "${name}" of account 111122223333 in eu-west-1, of which there is only one; ${fix}`
  );

  test.each<[string, () => iam.IRole[], string]>([
    ['an import', () => [imported(SCANNER, stack, 'A'), imported(SCANNER, stack, 'B')], '111122223333:role/scanner'],
    ['an import by name', () => [imported(SCANNER, stack, 'A'), iam.Role.fromRoleName(stack, 'B', 'scanner')], '111122223333:role/scanner'],
    ['a role with a name', () => [scanner({ roleName: 'scanner' }), imported(SCANNER)], '111122223333:role/scanner'],
    ['a role with a path', () => [scanner({ roleName: 'scanner', path: '/a/' }), imported('arn:aws:iam::111122223333:role/a/scanner')], '111122223333:role/a/scanner'],
    ['a role without a name', () => Array.from({ length: 2 }, () => stack.node.tryFindChild('Scanner') as iam.Role | undefined ?? scanner()), 'Registry/Scanner'],
  ])('%s, is an error in one construct and in two', (_, make, name) => {
    const [first, second] = make();

    expect(messageOf(() => exclude({ roles: [first, second] }, stack, 'Both'))).toBe(`'roles' and 'users' must not have duplicates, got "${name}" twice`);
    exclude({ roles: [first] });
    expect(messageOf(() => exclude({ roles: [second] }, stack, 'Again'))).toBe(conflict(name, 'Registry/Exclusions', 'Registry/Again'));
  });

  test('is an error in two stacks of one registry, and in a nested stack', () => {
    exclude({ roles: [imported(SCANNER)] });
    const other = new Stack(app, 'Other', { env: ENV });
    const nested = new NestedStack(stack, 'Nested');

    expect(messageOf(() => exclude({ roles: [imported(SCANNER, other)] }, other))).toBe(conflict('111122223333:role/scanner', 'Registry/Exclusions', 'Other/Exclusions'));
    expect(messageOf(() => exclude({ roles: [imported(SCANNER, nested)] }, nested))).toBe(conflict('111122223333:role/scanner', 'Registry/Exclusions', 'Registry/Nested/Exclusions'));
  });

  test('is an error beside an L1 exclusion', () => {
    new ecr.CfnPullTimeUpdateExclusion(stack, 'Raw', { principalArn: SCANNER });
    new ecr.CfnPullTimeUpdateExclusion(stack, 'Another', { principalArn: `${SCANNER}-2` });
    exclude({ roles: [imported(SCANNER)] });

    expect(messageOf(() => app.synth())).toContain(conflict('111122223333:role/scanner', 'Registry/Raw', 'Registry/Exclusions', "remove it from 'roles'"));
  });

  test('is none in another Region, and other principals are none', () => {
    const frankfurt = new Stack(app, 'Frankfurt', { env: { ...ENV, region: 'eu-central-1' } });
    exclude({ roles: [imported(SCANNER)] });
    exclude({ roles: [imported(SCANNER, frankfurt)] }, frankfurt);
    exclude({ roles: [imported('arn:aws:iam::444455556666:role/scanner')], users: [iam.User.fromUserName(stack, 'User', 'scanner')] }, stack, 'More');

    expect([...warnings(), ...warnings(frankfurt)]).toEqual([]);
  });

  test('is a warning where nobody knows whether the registry is the same, until somebody acknowledges it', () => {
    const agnostic = new Stack(app, 'Agnostic');
    exclude({ roles: [imported(SCANNER)] });
    const exclusions = exclude({ roles: [imported(SCANNER, agnostic)] }, agnostic);

    expect(warnings(agnostic)).toEqual([expect.stringContaining("'Registry/Exclusions' also defines the pull time exclusion \"111122223333:role/scanner\", of which an account has only one")]);
    Validations.of(exclusions).acknowledge({ id: 'cdk-secure-ecr:PullTimeExclusions.environmentUnknown', reason: 'two accounts' });
    expect(warnings(agnostic)).toEqual([]);
  });

  test('of unknown accounts is known by the name of the role', () => {
    const agnostic = new Stack(app, 'Agnostic');
    exclude({ roles: [iam.Role.fromRoleName(agnostic, 'A', 'scanner')] }, agnostic);

    expect(messageOf(() => exclude({ roles: [scanner({ roleName: 'scanner' }, agnostic)] }, agnostic, 'Again'))).toContain("the pull time exclusion \"this account:role/scanner\" of the registry of stack 'Agnostic'");
  });
});

describe('lifecycle rules by the last pull', () => {
  const lifecycle = LifecyclePolicy.of(LifecycleRule.archive({ images: ImageSelection.ANY, notPulledFor: Duration.days(90) }));
  const ID = 'cdk-secure-ecr:SecureRepository.lifecycleScannersCountAsPulls';
  const aboutPulls = (scope = stack): string[] => warnings(scope).filter(warning => warning.includes('lifecycleScannersCountAsPulls'));

  test('warn of scanners as long as the registry of the app has no exclusions', () => {
    const frankfurt = new Stack(app, 'Frankfurt', { env: { ...ENV, region: 'eu-central-1' } });
    new SecureRepository(stack, 'Api', { lifecycle });
    exclude({ roles: [imported(SCANNER, frankfurt)] }, frankfurt);

    expect(aboutPulls()).toEqual([expect.stringContaining(
      'rule 1 archives images that are not pulled, but scanners that pull keep an image in use; name their roles in PullTimeExclusions',
    )]);
  });

  test.each([['the same stack', () => stack], ['another stack', () => new Stack(app, 'Other', { env: ENV })], ['a stack that may be there', () => new Stack(app, 'Agnostic')]])(
    'do not with exclusions in %s, also later ones', (_, where) => {
      new SecureRepository(stack, 'Api', { lifecycle });
      new RepositoryTemplate(stack, 'Template', { prefix: 'team', appliedFor: [TemplateUse.REPLICATION], lifecycle });
      exclude({ roles: [imported(SCANNER)] }, where());

      expect(aboutPulls()).toEqual([]);
    },
  );

  test('do not once it is acknowledged, at the repository or above', () => {
    const repository = new SecureRepository(stack, 'Api', { lifecycle });
    const template = new RepositoryTemplate(stack, 'Template', { prefix: 'team', appliedFor: [TemplateUse.REPLICATION], lifecycle });
    expect(aboutPulls()).toHaveLength(2);

    Validations.of(repository).acknowledge({ id: ID, reason: 'only workloads pull' });
    Validations.of(template).acknowledge({ id: ID.replace('SecureRepository', 'RepositoryTemplate'), reason: 'only workloads pull' });
    expect(aboutPulls()).toEqual([]);
  });
});
