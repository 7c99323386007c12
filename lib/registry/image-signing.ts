import { type Duration, Resource, Stack, Stage, Validations } from 'aws-cdk-lib';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as signer from 'aws-cdk-lib/aws-signer';
import type { Construct } from 'constructs';
import { failIfAny } from '../private/core/errors';
import { isKnown, show } from '../private/core/values';
import { signingProfileArnProblems } from '../private/ecr/arns';
import { LIMITS } from '../private/ecr/limits';
import { lengthProblems } from '../private/ecr/names';
import { undocumented } from '../private/ecr/partitions';
import { REGISTRY_SETTINGS } from '../private/ecr/registry-resources';
import { signingFiltersProblems } from '../private/ecr/repository-filters';
import { checkArguments } from '../private/input/check-arguments';
import { injectable } from '../private/input/injectable';
import { publicClass } from '../private/input/public-class';
import { claimProblems, claimResource, type OwnedKind } from '../private/ownership/claims';
import { makeRegistrySetting } from '../private/ownership/logical-ids';
import { SigningGrants, type IImageSigning } from './signing-grants';
import { ImportedProfile, isElsewhere, ownProfile, PLATFORM, profileArn, profileProblems } from './signing-profile';
import type { SigningRule } from './signing-rule';

const SIGNING_CONFIGURATION: OwnedKind = {
  ...REGISTRY_SETTINGS.signing,
  warningId: 'cdk-secure-ecr:ImageSigning.environmentUnknown',
  fix: "keep one ImageSigning and move the rules of the other to its 'rules'",
  fixForeign: "move the rules of the first into the 'rules' of the second",
};

/**
 * Properties for defining an `ImageSigning`.
 */
export interface ImageSigningProps {
  /**
   * The repositories to sign and the profile for each: 1 to 10 rules.
   *
   * An image that several rules match is signed with the profile of each, and the principal that pushes it needs permissions for all of them.
   *
   * @default - one rule, which signs the images of all repositories with a new profile
   */
  readonly rules?: SigningRule[];

  /**
   * The validity period of the signatures of the new profile: 1 to 4,050 whole days.
   *
   * Changing it replaces the profile. Verifiers must then trust the new profile first.
   *
   * @default - 135 months, the maximum of AWS Signer
   */
  readonly signatureValidity?: Duration;

  /**
   * The name of the new profile: 2 to 64 letters, digits and `_`. It is required for grants to a role of the app in another account.
   *
   * AWS Signer reserves the name of a deleted profile until its signatures are no longer valid.
   *
   * @default - a name that CloudFormation generates
   */
  readonly signingProfileName?: string;
}

/**
 * Signs every image that is pushed to this registry with AWS Signer. The principal that pushes needs no signing tool.
 *
 * Amazon ECR signs with the identity of the principal that pushes, which needs `grants.sign` besides the permission to push. A
 * registry, which is one account in one Region, has one signing configuration: a second `ImageSigning` for it in the same app is an
 * error.
 *
 * A signature is an untagged artifact that refers to its image. It does not conflict with immutable tags, is deleted within
 * a day after the lifecycle policy removes its image, and counts as an image in the quota of the repository. Existing images
 * are not signed, and removing the configuration or the profile does not remove existing signatures. This construct does not block
 * unsigned images: verify signatures where images run, with `notationTrustPolicy`.
 *
 * @resource AWS::ECR::SigningConfiguration
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/managed-signing.html
 */
@injectable
export class ImageSigning extends Resource implements IImageSigning {
  static {
    publicClass(this, 'ImageSigning');
  }

  /**
   * Uniquely identifies this class.
   */
  public static readonly PROPERTY_INJECTION_ID: string = 'cdk-secure-ecr.ImageSigning';

  /**
   * Imports a signing profile, for a `SigningRule`. Unlike `SigningProfile.fromSigningProfileAttributes`, it may be of another account.
   *
   * @param scope the scope of the profile
   * @param id its id
   * @param signingProfileArn its ARN, without a version: `arn:aws:signer:eu-west-1:111122223333:/signing-profiles/release`
   */
  public static signingProfileFromArn(scope: Construct, id: string, signingProfileArn: string): signer.ISigningProfileRef {
    failIfAny(scope, 'InvalidSigningProfileArn', signingProfileArnProblems('signingProfileArn', signingProfileArn));
    return new ImportedProfile(scope, id, signingProfileArn);
  }

  public readonly profiles: signer.ISigningProfileRef[];

  public readonly grants: SigningGrants;

  public readonly signingConfigurationRef: ecr.SigningConfigurationReference;

  constructor(scope: Construct, id: string, props: ImageSigningProps = {}) {
    checkArguments('ImageSigning', [scope, id, props]);
    super(scope, id);

    const rules = props.rules ?? [{}];
    failIfAny(this, 'InvalidImageSigning', [
      ...rules.flatMap((rule, index) => this.ruleProblems(`rules[${index}].`, rule)),
      ...ruleCountProblems(rules),
      ...madeProfileProblems(props, rules),
      ...claimProblems(this, SIGNING_CONFIGURATION),
    ]);

    const made = rules.some(({ profile }) => !profile) ? this.makeProfile(props) : undefined;
    const profileOf = ({ profile }: SigningRule): signer.ISigningProfileRef => profile ?? made as signer.CfnSigningProfile;
    this.profiles = [...new Map(rules.map(profileOf).map(profile => [profileArn(profile, this), profile])).values()];
    this.grants = SigningGrants.fromImageSigning(this);

    const resource = makeRegistrySetting(this, 'SecureEcrImageSigning', (at, name) => new ecr.CfnSigningConfiguration(at, name, {
      rules: rules.map(rule => ({
        signingProfileArn: profileArn(profileOf(rule), this),
        repositoryFilters: rule.repositoryFilters?.map(filter => ({ filter, filterType: 'WILDCARD_MATCH' })),
      })),
    }));
    this.signingConfigurationRef = resource.signingConfigurationRef;
    this.deployAfterProfiles(resource);

    claimResource(this, SIGNING_CONFIGURATION, resource);
    const undocumentedThere = undocumented('signing', this.env.region);
    if (undocumentedThere) {
      Validations.of(this).addWarning('cdk-secure-ecr:ImageSigning.undocumentedPartition', undocumentedThere);
    }
  }

  /**
   * The trust policy of Notation as JSON. It trusts images of any registry that are signed by a profile of the rules, and no others.
   *
   * Use it in `trustpolicy.json`, in the image verifier of Bottlerocket or in an admission controller, which also need `signer:GetRevocationStatus`.
   *
   * @see https://docs.aws.amazon.com/signer/latest/developerguide/image-verification.html
   */
  public get notationTrustPolicy(): string {
    return Stack.of(this).toJsonString({
      version: '1.0',
      trustPolicies: [{
        name: 'aws-signer-tp',
        registryScopes: ['*'],
        signatureVerification: { level: 'strict' },
        trustStores: ['signingAuthority:aws-signer-ts', 'signingAuthority:aws-us-gov-signer-ts'],
        trustedIdentities: this.profiles.map(profile => profileArn(profile, this)),
      }],
    });
  }

  private makeProfile({ signatureValidity, signingProfileName: profileName }: ImageSigningProps): signer.CfnSigningProfile {
    return new signer.CfnSigningProfile(this, 'Profile', {
      platformId: PLATFORM,
      profileName,
      signatureValidityPeriod: signatureValidity && { type: 'DAYS', value: signatureValidity.toDays() },
    });
  }

  private deployAfterProfiles(resource: ecr.CfnSigningConfiguration): void {
    for (const own of this.profiles.map(ownProfile)) {
      if (own && isElsewhere(own, this) && Stage.of(own) === Stage.of(this)) {
        resource.node.addDependency(own);
      }
    }
  }

  private ruleProblems(at: string, { profile, repositoryFilters }: SigningRule): string[] {
    return [
      ...profile ? profileProblems(`${at}profile`, profile, this) : [],
      ...signingFiltersProblems(`${at}repositoryFilters`, repositoryFilters),
    ];
  }
}

function ruleCountProblems(rules: readonly SigningRule[]): string[] {
  if (rules.length === 0) {
    return ["'rules' must have at least one entry, got []; omit it to sign the images of all repositories"];
  }
  const max = LIMITS.signingRules;
  return rules.length > max
    ? [`'rules' must be at most ${max} in a registry, got ${rules.length}; a rule accepts up to ${LIMITS.signingFilters} 'repositoryFilters'`]
    : [];
}

function madeProfileProblems({ signatureValidity, signingProfileName }: ImageSigningProps, rules: readonly SigningRule[]): string[] {
  const problems: string[] = [];
  if (rules.every(({ profile }) => profile)) {
    for (const prop of Object.entries({ signatureValidity, signingProfileName }).filter(([, value]) => value !== undefined).map(([name]) => name)) {
      problems.push(`'${prop}' must be used with a rule without 'profile', which gets a new profile; omit it, or omit the 'profile' of a rule`);
    }
  }
  if (signatureValidity && !signatureValidity.isUnresolved()) {
    const { min, max } = LIMITS.signatureValidityDays;
    const days = signatureValidity.toDays({ integral: false });
    if (!Number.isInteger(days) || days < min || days > max) {
      problems.push(`'signatureValidity' must be ${min} to ${max} whole days, got ${days}; omit it for 135 months`);
    }
  }
  if (isKnown(signingProfileName)) {
    problems.push(...lengthProblems('signingProfileName', signingProfileName, LIMITS.signingProfileName));
    if (!/^[a-zA-Z0-9_]*$/.test(signingProfileName)) {
      problems.push(`'signingProfileName' must be letters, digits and '_', got ${show(signingProfileName)}`);
    }
  }
  return problems;
}
