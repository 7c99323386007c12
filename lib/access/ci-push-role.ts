import { type Duration, Validations } from 'aws-cdk-lib';
import type * as ecr from 'aws-cdk-lib/aws-ecr';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { acknowledgeWildcard } from '../private/core/acknowledgements';
import { failIfAny } from '../private/core/errors';
import { duplicatesOf, isKnown, orUntilLookup, show } from '../private/core/values';
import { CREATE_ON_PUSH_ACTIONS, LOGIN_ACTIONS, PUSH_ACTIONS } from '../private/ecr/actions';
import { LIMITS } from '../private/ecr/limits';
import { lengthProblems, namespaceProblems } from '../private/ecr/names';
import { repositoriesBelow, ROOT } from '../private/ecr/prefixes';
import { checkArguments } from '../private/input/check-arguments';
import { publicClass } from '../private/input/public-class';
import { policyLength } from '../private/policy/policy-length';
import { RepositoryGrants } from '../repository/repository-grants';
import { providerProblems, sharedProvider } from './ci-provider';
import { warnOfPushes } from './ci-push-warnings';
import type { CiSubject } from './ci-subject';
import { trustOf } from './ci-trust';

const ROLE_NAME = /^[\w+=,.@-]*$/;

/**
 * Properties for defining a `CiPushRole`.
 */
export interface CiPushRoleProps {
  /**
   * The jobs that may push, which all have one issuer: `CiSubject.github` or `CiSubject.gitlab`.
   */
  readonly subjects: CiSubject[];

  /**
   * The repositories to push to.
   *
   * [disable-awslint:prefer-ref-interface]
   *
   * @default - only the repositories below `createOnPushPrefixes`, which is then required
   */
  readonly repositories?: ecr.IRepository[];

  /**
   * The prefixes below which a push creates repositories. Each needs a `RepositoryTemplate` for `TemplateUse.CREATE_ON_PUSH`.
   *
   * @default - a push to a repository that does not exist fails
   */
  readonly createOnPushPrefixes?: string[];

  /**
   * Whether the jobs may read the findings of basic scans of the images of `repositories`. For enhanced scans, use `ScanGate.grantRead`.
   *
   * @default false
   */
  readonly scanFindings?: boolean;

  /**
   * The OIDC provider of the issuer, if the account already has it: an account has one provider for each URL. Its client ids must
   * include the audience.
   *
   * @default - a provider that all roles of this stack share
   */
  readonly provider?: iam.IOIDCProviderRef;

  /**
   * The maximum session duration of the credentials: 1 to 12 hours. A job can request shorter sessions, at least 15 minutes.
   *
   * @default Duration.hours(1)
   */
  readonly maxSessionDuration?: Duration;

  /**
   * The name of the role: 1 to 64 letters, digits and characters of `_+=,.@-`.
   *
   * @default - a name that CloudFormation generates
   */
  readonly roleName?: string;

  /**
   * The permissions boundary of the role.
   *
   * [disable-awslint:prefer-ref-interface]
   *
   * @default - no permissions boundary
   */
  readonly permissionsBoundary?: iam.IManagedPolicy;
}

/**
 * A role for jobs of GitHub Actions or GitLab CI/CD to push images with their OIDC tokens, without other permissions.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-idp_oidc.html
 */
export class CiPushRole extends Construct implements iam.IGrantable {
  static {
    publicClass(this, 'CiPushRole');
  }

  /**
   * The role; a workflow needs its `roleArn`.
   */
  public readonly role: iam.IRole;

  /**
   * The OIDC provider that the role trusts, for the roles of other stacks.
   */
  public readonly provider: iam.IOIDCProviderRef;

  public readonly grantPrincipal: iam.IPrincipal;

  constructor(scope: Construct, id: string, props: CiPushRoleProps) {
    checkArguments('CiPushRole', [scope, id, props]);
    super(scope, id);
    failIfAny(this, 'InvalidCiPushRole', [
      ...subjectsProblems(props.subjects),
      ...targetProblems(props),
      ...roleProblems(props),
      ...props.subjects.slice(0, 1).flatMap(({ issuer }) => {
        return providerProblems(this, issuer, props.subjects.map(({ audience }) => audience), props.provider);
      }),
    ]);

    const { subjects, repositories = [], createOnPushPrefixes = [] } = props;
    const { issuer } = subjects[0];
    this.provider = props.provider ?? sharedProvider(this, issuer, subjects.map(({ audience }) => audience));
    const policy = new iam.ManagedPolicy(this, 'Policy', {
      description: `Permissions in Amazon ECR for jobs with tokens of ${issuer}`,
      document: new iam.PolicyDocument({ minimize: true }),
    });
    const role = new iam.Role(this, 'Role', {
      assumedBy: new iam.CompositePrincipal(...trustOf(this.provider, subjects)),
      description: `Pushes images to Amazon ECR, for jobs with tokens of ${issuer}`,
      managedPolicies: [policy],
      permissionsBoundary: props.permissionsBoundary,
      roleName: orUntilLookup(props.roleName, undefined),
    });
    setSessionDuration(role, props.maxSessionDuration);
    this.role = role;
    this.grantPrincipal = new PrincipalOfPolicy(role, policy);

    for (const repository of repositories) {
      const grants = RepositoryGrants.fromRepository(repository);
      grants.push(this);
      if (props.scanFindings) {
        grants.scanFindings(this);
      }
    }
    this.grantCreation(policy, createOnPushPrefixes);
    acknowledgeWildcard(policy, '*', 'ecr:GetAuthorizationToken has no resource type in IAM');

    policy.node.addValidation({ validate: () => policyProblems(policy) });
    this.warn(subjects, role);
    warnOfPushes(this, policy, repositories, createOnPushPrefixes);
  }

  private grantCreation(policy: iam.ManagedPolicy, prefixes: string[]): void {
    for (const prefix of prefixes) {
      const below = repositoriesBelow(this, this.role.env, prefix);
      policy.addStatements(
        new iam.PolicyStatement({ actions: [...PUSH_ACTIONS, ...CREATE_ON_PUSH_ACTIONS], resources: [below] }),
        new iam.PolicyStatement({ actions: LOGIN_ACTIONS, resources: ['*'] }),
      );
      acknowledgeWildcard(policy, below, 'The repositories do not exist yet: a push creates them, below this prefix only');
    }
  }

  private warn(subjects: CiSubject[], role: iam.Role): void {
    const validations = Validations.of(this);
    const doubts = new Map(subjects.flatMap(({ _trust }) => _trust.doubts).map(({ id, message }) => [message, id]));
    for (const [message, id] of doubts) {
      validations.addWarning(id, message);
    }
    const length = policyLength(this, role.assumeRolePolicy!);
    if (length > LIMITS.trustPolicyCharacters) {
      validations.addWarning(
        'cdk-secure-ecr:CiPushRole.longTrustPolicy',
        `the deployment fails unless the quota is raised, because the trust policy is ${length} characters long and the default quota is ${LIMITS.trustPolicyCharacters}; use several roles, or request a higher quota`,
      );
    }
  }
}

/**
 * The role as a principal whose permissions are in a managed policy, because several security standards reject inline policies.
 */
class PrincipalOfPolicy extends iam.PrincipalWithConditions {
  constructor(role: iam.IRole, private readonly policy: iam.ManagedPolicy) {
    super(role, {});
  }

  public override addToPrincipalPolicy(statement: iam.PolicyStatement): iam.AddToPrincipalPolicyResult {
    this.policy.addStatements(statement);
    return { statementAdded: true, policyDependable: this.policy };
  }
}

/**
 * Sets the duration on the resource, because `iam.Role` rejects tokens. A role of `Role.customizeRoles` has no resource: its owner sets the duration.
 */
function setSessionDuration({ node }: iam.Role, duration: Duration | undefined): void {
  const resource = node.defaultChild as iam.CfnRole | undefined;
  if (resource) {
    resource.maxSessionDuration = duration?.toSeconds();
  }
}

function subjectsProblems(subjects: CiSubject[]): string[] {
  const issuers = [...new Set(subjects.map(({ issuer }) => issuer))];
  return [
    ...subjects.length > 0 ? [] : ["'subjects' must have at least one entry, such as CiSubject.github({ owner, repo, branches: ['main'] }), got []"],
    ...issuers.length > 1 ? [`'subjects' must have one issuer, got ${issuers.join(' and ')}; define a CiPushRole for each`] : [],
  ];
}

function targetProblems({ repositories = [], createOnPushPrefixes = [], scanFindings }: CiPushRoleProps): string[] {
  const problems = createOnPushPrefixes.flatMap((prefix, index) => {
    const prop = `createOnPushPrefixes[${index}]`;
    return prefix === ROOT
      ? [`'${prop}' must be a prefix such as 'team', got "${ROOT}"; name the prefixes of the jobs`]
      : namespaceProblems(prop, prefix, LIMITS.templatePrefix);
  });
  for (const twice of duplicatesOf(createOnPushPrefixes)) {
    problems.push(`'createOnPushPrefixes' must not have duplicates, got ${show(twice)} twice`);
  }
  if (repositories.length + createOnPushPrefixes.length === 0) {
    problems.push("'repositories' or 'createOnPushPrefixes' must have at least one entry, got none");
  }
  if (scanFindings && repositories.length === 0) {
    problems.push("'scanFindings' must be used with 'repositories', got none; omit it");
  }
  return problems;
}

function roleProblems({ roleName, maxSessionDuration }: CiPushRoleProps): string[] {
  const problems: string[] = [];
  if (isKnown(roleName)) {
    problems.push(...lengthProblems('roleName', roleName, LIMITS.roleName));
    if (!ROLE_NAME.test(roleName)) {
      problems.push(`'roleName' must be letters, digits and characters of '_+=,.@-', got ${show(roleName)}`);
    }
  }
  if (maxSessionDuration && !maxSessionDuration.isUnresolved()) {
    const { min, max } = LIMITS.roleSessionHours;
    const hours = maxSessionDuration.toHours({ integral: false });
    if (!(hours >= min && hours <= max)) {
      problems.push(`'maxSessionDuration' must be ${min} to ${max} hours, got ${maxSessionDuration.toHumanString()}`);
    }
  }
  return problems;
}

function policyProblems({ document, node }: iam.ManagedPolicy): string[] {
  const length = policyLength(node.scope!, document);
  const max = LIMITS.managedPolicyCharacters;
  return length > max
    ? [`'repositories' and 'createOnPushPrefixes' must make a policy of at most ${max} characters, got ${length}; use several roles`]
    : [];
}
