import { CfnResource, Stack } from 'aws-cdk-lib';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import type * as iam from 'aws-cdk-lib/aws-iam';
import { Construct, type IConstruct } from 'constructs';
import { failIfAny } from '../private/core/errors';
import { ownResource } from '../private/core/physical-names';
import { duplicatesOf, isKnown, show } from '../private/core/values';
import { identityArnProblems } from '../private/ecr/arns';
import { LIMITS } from '../private/ecr/limits';
import { KEYED_RESOURCES } from '../private/ecr/registry-resources';
import { checkArguments } from '../private/input/check-arguments';
import { publicClass } from '../private/input/public-class';
import { claimProblems, claimResource, type OwnedKind, ownersRelatedTo } from '../private/ownership/claims';
import { keepLogicalId } from '../private/ownership/logical-ids';

// https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_RegisterPullTimeUpdateExclusion.html
const ARN = /^arn:(?:aws(?:-[a-z]+)*|\$\{Token\[[^\]]*\]\}):iam::(.*)$/s;
const THIS_ACCOUNT = /^\$\{Token\[AWS\.AccountId\.\d+\]\}/;

const EXCLUSIONS: OwnedKind = {
  ...KEYED_RESOURCES.exclusion,
  warningId: 'cdk-secure-ecr:PullTimeExclusions.environmentUnknown',
  fix: 'name the principal in one of them',
  normalize: nameIn,
};

/**
 * Properties for defining `PullTimeExclusions`. At least one role or user is needed.
 */
export interface PullTimeExclusionsProps {
  /**
   * The roles whose pulls do not count: up to 100 in a registry, together with the users.
   *
   * @default - none
   */
  readonly roles?: iam.IRoleRef[];

  /**
   * The users whose pulls do not count.
   *
   * @default - none
   */
  readonly users?: iam.IUserRef[];
}

/**
 * Excludes the pulls of scanners, backup jobs and similar tools from the last pull time of images.
 *
 * A rule with `LifecycleRule.archive({ notPulledFor })` uses the last pull time of an image. Pulls by these roles and users do not
 * change it; pulls of Amazon Inspector never do. Do not exclude principals that run the images, such as the execution roles of Amazon
 * ECS and the roles of nodes: an image that only they pull would be archived while it is in use, and an archived image cannot be pulled.
 *
 * A registry, which is one account in one Region, has up to 100 exclusions, and one for each principal: a second one in the same app is
 * an error. Define them in every Region from which these principals pull.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-time-update-exclusions.html
 */
export class PullTimeExclusions extends Construct {
  static {
    publicClass(this, 'PullTimeExclusions');
  }

  /**
   * The exclusions, first those of roles, then those of users.
   */
  public readonly exclusions: ecr.IPullTimeUpdateExclusionRef[];

  constructor(scope: Construct, id: string, props: PullTimeExclusionsProps = {}) {
    checkArguments('PullTimeExclusions', [scope, id, props]);
    super(scope, id);

    const principals = [
      ...(props.roles ?? []).map((role, index) => new Principal(`roles[${index}]`, 'role', role, role.roleRef.roleArn)),
      ...(props.users ?? []).map((user, index) => new Principal(`users[${index}]`, 'user', user, user.userRef.userArn)),
    ];
    failIfAny(this, 'InvalidPullTimeExclusions', [
      ...principals.flatMap(principal => principal.problems()),
      ...duplicatesOf(principals.map(({ name }) => name)).map(name => `'roles' and 'users' must not have duplicates, got ${show(name)} twice`),
      ...this.numberProblems(principals.length),
      ...principals.flatMap(({ kind, keys }) => claimProblems(this, kind, keys)),
    ]);

    this.exclusions = principals.map(principal => {
      const resource = new ecr.CfnPullTimeUpdateExclusion(this, principal.idIn(this), { principalArn: principal.arn });
      claimResource(this, principal.kind, resource, principal.keys);
      keepLogicalId(resource, 'Exclusion', principal.nameIn(this));
      return resource;
    });
  }

  private numberProblems(added: number): string[] {
    const max = LIMITS.pullTimeExclusions;
    const others = ownersRelatedTo(this, KEYED_RESOURCES.exclusion.type).filter(relation => relation === 'same').length;
    if (added === 0) {
      return ["'roles' or 'users' must have at least one entry, got none"];
    }
    return added + others > max
      ? [`'roles' and 'users' must have at most ${max} principals in a registry, got ${added}${others > 0 ? ` beside ${others} in other constructs` : ''}; use one role for several scanners`]
      : [];
  }
}

/**
 * One of the roles and users.
 */
class Principal {
  /** The key of a principal: `111122223333:role/scanner` or, if CloudFormation generates the name, a path. */
  public readonly name: string;
  private readonly knownName?: string;

  constructor(private readonly prop: string, private readonly type: 'role' | 'user', private readonly construct: IConstruct, public readonly arn: string) {
    const name = this.ownName() ?? nameIn(arn);
    this.knownName = isKnown(name) ? name : undefined;
    this.name = this.knownName ?? construct.node.path;
  }

  public get kind(): OwnedKind {
    return { ...EXCLUSIONS, fixForeign: `remove it from '${this.type}s'` };
  }

  /** The name of the principal, and its ARN in the form in which `EXCLUSIONS` compares it. */
  public get keys(): string[] {
    return [this.name, nameIn(this.arn)];
  }

  /** The name, if it is known; without the account of a construct, which is unknown in a stack without an environment. */
  public nameIn(owner: Construct): string | undefined {
    return this.knownName?.replace(/^this account:/, '').replace(`${Stack.of(owner).account}:`, '');
  }

  public problems(): string[] {
    return identityArnProblems(this.prop, this.arn, [this.type]);
  }

  /**
   * An id that follows from the ids of the principal, like the logical ids of the CDK: it does not change when the stack gets an environment.
   */
  public idIn(scope: Construct): string {
    const stack = Stack.of(this.construct);
    const ids = this.construct.node.scopes.slice(stack.node.scopes.length).map(({ node }) => node.id);
    return (stack === Stack.of(scope) ? ids : [stack.node.id, ...ids]).join('/');
  }

  /**
   * The name of a role or user of the app, unless CloudFormation generates it.
   */
  private ownName(): string | undefined {
    const resource = CfnResource.isCfnResource(this.construct) ? this.construct : ownResource(this.construct);
    const { roleName, userName, path = '/' } = (resource ?? {}) as { roleName?: string; userName?: string; path?: string };
    const name = roleName ?? userName;
    return isKnown(name) ? `${Stack.of(this.construct).account}:${this.type}${path}${name}`.replace(THIS_ACCOUNT, 'this account') : undefined;
  }
}

/**
 * The parts of an ARN that identify the principal: all parts except the partition.
 */
function nameIn(arn: string): string {
  return (ARN.exec(arn)?.[1] ?? arn).replace(THIS_ACCOUNT, 'this account');
}
