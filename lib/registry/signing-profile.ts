import { CfnResource, Resource, Stack, Stage } from 'aws-cdk-lib';
import type * as signer from 'aws-cdk-lib/aws-signer';
import type { Construct, IConstruct } from 'constructs';
import { areDifferent } from '../private/core/environment';
import { ownResource } from '../private/core/physical-names';
import { isKnown, orUntilLookup, show } from '../private/core/values';
import { signingProfileArnProblems } from '../private/ecr/arns';

export const PLATFORM = 'Notation-OCI-SHA384-ECDSA';

/**
 * A signing profile that another app made.
 */
export class ImportedProfile extends Resource implements signer.ISigningProfileRef {
  public readonly signingProfileRef: signer.SigningProfileReference;

  constructor(scope: Construct, id: string, signingProfileArn: string) {
    super(scope, id, { environmentFromArn: orUntilLookup(signingProfileArn, undefined) });
    this.signingProfileRef = { signingProfileArn };
  }
}

/**
 * The resource of a signing profile of this app; an import has none.
 */
export function ownProfile(profile: signer.ISigningProfileRef): signer.CfnSigningProfile | undefined {
  return (CfnResource.isCfnResource(profile) ? profile : ownResource(profile)) as signer.CfnSigningProfile | undefined;
}

/**
 * The ARN of a signing profile as a stack may write it: of a profile in another environment, it has to be made of the name.
 */
export function profileArn(profile: signer.ISigningProfileRef, reader: IConstruct): string {
  const own = ownProfile(profile);
  return own && isElsewhere(own, reader)
    ? own.stack.formatArn({ service: 'signer', resource: '', resourceName: `signing-profiles/${String(own.profileName)}` })
    // `SigningProfile.fromSigningProfileAttributes` writes a slash too many.
    : profile.signingProfileRef.signingProfileArn.replace('://signing-profiles/', ':/signing-profiles/');
}

/**
 * Problems with a profile that a stack of another environment has to refer to.
 */
export function profileNameProblems(profile: signer.ISigningProfileRef, reader: IConstruct): string[] {
  const own = ownProfile(profile);
  return own && isElsewhere(own, reader) && !isKnown(own.profileName) ? [
    `the signing profile '${own.node.path}' must have a name that is known now, because stack '${Stack.of(reader).node.path}' is in another account, Region or stage; `
    + "set 'signingProfileName', which SigningProfile obeys with the feature flag '@aws-cdk/aws-signer:signingProfileNamePassedToCfn' only",
  ] : [];
}

/**
 * Problems with the profile of a rule.
 */
export function profileProblems(prop: string, profile: signer.ISigningProfileRef, scope: IConstruct): string[] {
  const { region } = Stack.of(scope);
  const platform = ownProfile(profile)?.platformId;
  return [
    ...signingProfileArnProblems(prop, profile.signingProfileRef.signingProfileArn),
    ...profileNameProblems(profile, scope),
    ...areDifferent(profile.env.region, region)
      ? [`'${prop}' must be in ${region} like the registry, got a signing profile of ${profile.env.region}; make one for each Region`]
      : [],
    ...isKnown(platform) && platform !== PLATFORM
      ? [`'${prop}' must be of the platform '${PLATFORM}', got ${show(platform)}; use Platform.NOTATION_OCI_SHA384_ECDSA`]
      : [],
  ];
}

/**
 * Whether a stack is in another account, Region or stage than a resource, so that CloudFormation sees no reference between them.
 */
export function isElsewhere(own: CfnResource, reader: IConstruct): boolean {
  const { account, region } = Stack.of(reader);
  return areDifferent(own.stack.account, account) || areDifferent(own.stack.region, region) || Stage.of(own) !== Stage.of(reader);
}
