import { Names, Validations } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as signer from 'aws-cdk-lib/aws-signer';
import { BRAND, brand } from '../private/core/brand';
import { areDifferent } from '../private/core/environment';
import { failIfAny } from '../private/core/errors';
import { show } from '../private/core/values';
import { SIGN_ACTIONS } from '../private/ecr/actions';
import { statementText } from '../private/policy/statement-text';
import { accountOf, arnOf, conditionsOf, constructOf, isOutOfReach, partsOf, serviceOf } from '../repository/resource-principal';
import type { IImageSigning } from './image-signing';
import { ownProfile, profileArn, profileNameProblems } from './signing-profile';

const ROLE = /^arn:[^:]+:iam::[0-9]{12}:role\/[\w+=,.@/-]+$/;

/**
 * Permissions to sign with the profiles of an `ImageSigning`, and nothing else.
 *
 * A principal of the account of a profile gets an identity policy. A principal of another account gets both halves: the identity
 * policy, and a permission of the profile for its account, or for it alone if it is a role that exists already. What is out of reach
 * of the app is a warning with what its owner has to do.
 *
 * @see https://docs.aws.amazon.com/signer/latest/developerguide/signing-profile-cross-account.html
 */
export class SigningGrants {
  static {
    brand(this, 'SigningGrants');
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
   * Sign the images that one pushes: `signer:SignPayload` on the profiles. The permission to push comes from the repository.
   *
   * @param grantee who pushes: a `CiPushRole`, a build project, a role or user, an account
   * @param profiles the profiles of the rules that match what the grantee pushes; those of all rules if left out
   */
  public sign(grantee: iam.IGrantable, ...profiles: signer.ISigningProfileRef[]): iam.Grant {
    const chosen = profiles.length > 0 ? profiles : this.signing.profiles;
    const principals = partsOf(grantee.grantPrincipal);
    failIfAny(this.signing, 'InvalidSigningGrant', [
      ...profiles.flatMap((profile, index) => this.profileProblems(`profiles[${index}]`, profile)),
      ...principals.flatMap(granteeProblems),
      ...principals.flatMap(principal => chosen.flatMap(profile => profileNameProblems(profile, constructOf(principal) ?? this.signing))),
    ]);
    return principals
      .flatMap(principal => chosen.map(profile => this.signAs(principal, profile)))
      .reduce((left, right) => left.combine(right));
  }

  private signAs(principal: iam.IPrincipal, profile: signer.ISigningProfileRef): iam.Grant {
    const identity = this.grantIdentity(principal, profile);
    const account = accountOf(principal);
    if (account === undefined || !areDifferent(profile.env.account, account)) {
      return identity;
    }
    const arn = arnOf(principal);
    const isRole = arn !== undefined && ROLE.test(arn);
    return identity.combine(this.grantAbroad(principal, profile, isRole ? arn : account));
  }

  private grantIdentity(principal: iam.IPrincipal, profile: signer.ISigningProfileRef): iam.Grant {
    const grant: iam.GrantOnPrincipalOptions = {
      grantee: principal,
      actions: SIGN_ACTIONS,
      resourceArns: [profileArn(profile, constructOf(principal) ?? this.signing)],
      conditions: conditionsOf(principal) as Record<string, Record<string, unknown>>,
    };
    const identity = isOutOfReach(principal) ? iam.Grant.drop(principal, '') : iam.Grant.addToPrincipal(grant);
    if (!identity.success) {
      const { actions, resourceArns: resources, conditions } = grant;
      Validations.of(this.signing).addWarning(
        'cdk-secure-ecr:SigningGrants.importedPrincipal',
        `the principal ${show(arnOf(principal))} is out of reach of this app; ask its owner to attach this statement to whoever pushes: `
        + statementText(this.signing, new iam.PolicyStatement({ actions, resources, conditions })),
      );
    }
    return identity;
  }

  /**
   * The half of the profile. Signer takes accounts and roles; a role that this app makes may not exist when the permission is made.
   */
  private grantAbroad(principal: iam.IPrincipal, profile: signer.ISigningProfileRef, who: string): iam.Grant {
    const own = ownProfile(profile);
    if (!own) {
      const name = profileArn(profile, this.signing).split('/').pop();
      Validations.of(this.signing).addWarning(
        'cdk-secure-ecr:SigningGrants.importedProfile',
        `the imported signing profile ${show(name)} of account ${profile.env.account} is out of reach of this app; ask its owner to run: aws signer add-profile-permission `
        + `--profile-name ${name} --action ${SIGN_ACTIONS[0]} --principal ${who} --statement-id ecr-${who.replace(/.*[:/]/, '').replace(/[^\w-]/g, '-')} --region ${profile.env.region}`,
      );
      return iam.Grant.drop(principal, '');
    }

    const id = `Sign-${who}`;
    const permission = (own.node.tryFindChild(id) ?? new signer.CfnProfilePermission(own, id, {
      profileName: own.attrProfileName,
      action: SIGN_ACTIONS[0],
      principal: who,
      statementId: '',
    })) as signer.CfnProfilePermission;
    permission.statementId = Names.uniqueResourceName(permission, { maxLength: 64 });
    return iam.Grant.addStatementToResourcePolicy({
      grantee: principal,
      actions: SIGN_ACTIONS,
      resourceArns: [],
      statement: new iam.PolicyStatement({ actions: SIGN_ACTIONS, principals: [principal] }),
      resource: { env: own.env, addToResourcePolicy: () => ({ statementAdded: true, policyDependable: permission }) },
    });
  }

  private profileProblems(prop: string, profile: signer.ISigningProfileRef): string[] {
    const arns = this.signing.profiles.map(it => profileArn(it, this.signing));
    return arns.includes(profileArn(profile, this.signing)) ? [] : [
      `'${prop}' must be a profile of the rules of '${this.signing.node.path}', got '${profile.node.path}'; add a rule for it, or leave it out`,
    ];
  }
}

function granteeProblems(principal: iam.IPrincipal): string[] {
  if (principal instanceof iam.UnknownPrincipal) {
    return []; // the CDK itself warns that the statements are up to the owner of the imported resource
  }
  const { AWS, ...others } = principal.policyFragment.principalJson;
  const stranger: unknown = serviceOf(principal) ?? Object.values(others).flat()[0] ?? ([AWS].flat().includes('*') ? '*' : undefined);
  return stranger === undefined ? [] : [
    `'grantee' must be a role, a user or an account, got ${show(stranger)}; AWS Signer knows no services and organizations: grant to the role that pushes`,
  ];
}
