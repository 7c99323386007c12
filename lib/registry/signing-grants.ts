import { type IResource, Names, Validations } from 'aws-cdk-lib';
import type * as ecr from 'aws-cdk-lib/aws-ecr';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as signer from 'aws-cdk-lib/aws-signer';
import { BRAND } from '../private/core/brand';
import { failIfAny } from '../private/core/errors';
import { show } from '../private/core/values';
import { SIGN_ACTIONS } from '../private/ecr/actions';
import { grantTo, type GrantTarget, type ResourceHalf } from '../private/grants/grant';
import type { Grantee } from '../private/grants/grantee';
import { publicClass } from '../private/input/public-class';
import { ownProfile, profileArn, profileNameProblems } from './signing-profile';

/**
 * The managed signing of a registry.
 */
export interface IImageSigning extends IResource, ecr.ISigningConfigurationRef {
  /**
   * The signing profiles of all rules, without duplicates.
   */
  readonly profiles: signer.ISigningProfileRef[];

  /**
   * Permissions to sign.
   */
  readonly grants: SigningGrants;
}

const ROLE = /^arn:[^:]+:iam::[0-9]{12}:role\/[\w+=,.@/-]+$/;

/**
 * Permissions to sign with the profiles of an `ImageSigning`, and nothing else.
 *
 * A principal of the account of a profile gets an identity policy. A principal of another account gets an identity policy, and a
 * permission of the profile for its account, or for the role only if the role already exists. If this app cannot add one of them, a
 * warning contains the steps for its owner.
 *
 * @see https://docs.aws.amazon.com/signer/latest/developerguide/signing-profile-cross-account.html
 */
export class SigningGrants {
  static {
    publicClass(this, 'SigningGrants');
  }

  /**
   * Permissions to sign.
   *
   * @param signing the signing of the registry
   */
  public static fromImageSigning(signing: IImageSigning): SigningGrants {
    return new SigningGrants(signing);
  }

  private declare readonly [BRAND]: 'SigningGrants';

  private constructor(private readonly signing: IImageSigning) {}

  /**
   * Grants permission to sign the images that a principal pushes: `signer:SignPayload` on the profiles. The permission to push comes
   * from the repository.
   *
   * @param grantee the principal that pushes: a `CiPushRole`, a build project, a role or user, an account
   * @param profiles the profiles of the rules that match what the grantee pushes; defaults to the profiles of all rules
   */
  public sign(grantee: iam.IGrantable, ...profiles: signer.ISigningProfileRef[]): iam.Grant {
    const { signing } = this;
    failIfAny(signing, 'InvalidSigningGrant', profiles.flatMap((profile, index) => this.profileProblems(`profiles[${index}]`, profile)));
    const chosen = profiles.length > 0 ? profiles : signing.profiles;
    return grantTo(grantee, {
      scope: signing,
      region: signing.env.region,
      errorCode: 'InvalidSigningGrant',
      warningId: 'cdk-secure-ecr:SigningGrants.importedPrincipal',
      isNamed: true,
      problems: part => [
        ...granteeProblems(part),
        ...chosen.flatMap(profile => profileNameProblems(profile, part.construct ?? signing)),
      ],
      permissions: part => [{ actions: SIGN_ACTIONS, resourceArns: chosen.map(profile => profileArn(profile, part.construct ?? signing)) }],
      targets: chosen.map(profile => this.targetOf(profile)),
    });
  }

  /**
   * The permission of the profile, which accepts other accounts and existing roles: a role of this app may not exist when the permission
   * is created.
   */
  private targetOf(profile: signer.ISigningProfileRef): GrantTarget {
    return {
      resource: profile,
      foreignOnly: true,
      half: ({ account, arn }, principal): ResourceHalf => {
        const who = arn !== undefined && ROLE.test(arn) ? arn : account!;
        const own = ownProfile(profile);
        return {
          statement: new iam.PolicyStatement({ actions: SIGN_ACTIONS, principals: [principal] }),
          add: () => own ? { statementAdded: true, policyDependable: this.permit(own, who) } : { statementAdded: false },
          warn: () => this.warnOfProfile(profile, who),
        };
      },
    };
  }

  private permit(own: signer.CfnSigningProfile, who: string): signer.CfnProfilePermission {
    const id = `Sign-${who}`;
    const permission = (own.node.tryFindChild(id) ?? new signer.CfnProfilePermission(own, id, {
      profileName: own.attrProfileName,
      action: SIGN_ACTIONS[0],
      principal: who,
      statementId: '',
    })) as signer.CfnProfilePermission;
    permission.statementId = Names.uniqueResourceName(permission, { maxLength: 64 });
    return permission;
  }

  private warnOfProfile(profile: signer.ISigningProfileRef, who: string): void {
    const name = profileArn(profile, this.signing).split('/').pop();
    Validations.of(this.signing).addWarning(
      'cdk-secure-ecr:SigningGrants.importedProfile',
      `the grant has no effect until the owner of the imported signing profile ${show(name)} of account ${profile.env.account} runs: aws signer add-profile-permission `
      + `--profile-name ${name} --action ${SIGN_ACTIONS[0]} --principal ${who} --statement-id ecr-${who.replace(/.*[:/]/, '').replace(/[^\w-]/g, '-')} --region ${profile.env.region}`,
    );
  }

  private profileProblems(prop: string, profile: signer.ISigningProfileRef): string[] {
    const arns = this.signing.profiles.map(it => profileArn(it, this.signing));
    return arns.includes(profileArn(profile, this.signing)) ? [] : [
      `'${prop}' must be a profile of the rules of '${this.signing.node.path}', got '${profile.node.path}'; add a rule for it, or remove it`,
    ];
  }
}

function granteeProblems({ kind, name }: Grantee): string[] {
  return ['service', 'organization', 'allPrincipals'].includes(kind)
    ? [`'grantee' must be a role, a user or an account, got ${name}; AWS Signer does not accept services and organizations; grant to the role that pushes`]
    : [];
}
