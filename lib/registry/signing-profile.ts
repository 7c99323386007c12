import { CfnResource, Resource, Stack, Stage } from 'aws-cdk-lib';
import type * as signer from 'aws-cdk-lib/aws-signer';
import type { Construct, IConstruct } from 'constructs';
import { areDifferent } from '../private/core/environment';
import { ownResource } from '../private/core/physical-names';
import { isKnown, orUntilLookup, show } from '../private/core/values';
import { signingProfileArnProblems } from '../private/ecr/arns';

export const PLATFORM = 'Notation-OCI-SHA384-ECDSA';

/**
 * A signing profile of another app.
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
 * The ARN of a signing profile in a stack. For a profile in another environment, it is built from the name.
 */
export function profileArn(profile: signer.ISigningProfileRef, reader: IConstruct): string {
  const own = ownProfile(profile);
  return own && isElsewhere(own, reader)
    ? own.stack.formatArn({ service: 'signer', resource: '', resourceName: `signing-profiles/${String(own.profileName)}` })
    // `SigningProfile.fromSigningProfileAttributes` writes an extra slash.
    : profile.signingProfileRef.signingProfileArn.replace('://signing-profiles/', ':/signing-profiles/');
}

/**
 * Problems with a profile that a stack of another environment refers to.
 */
export function profileNameProblems(profile: signer.ISigningProfileRef, reader: IConstruct): string[] {
  const own = ownProfile(profile);
  return own && isElsewhere(own, reader) && !isKnown(own.profileName) ? [
    `the signing profile '${own.node.path}' must have a name that is not a token, because stack '${Stack.of(reader).node.path}' is in another account, Region or stage; `
    + "set 'signingProfileName', which SigningProfile uses only with the feature flag '@aws-cdk/aws-signer:signingProfileNamePassedToCfn'",
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
      ? [`'${prop}' must be in ${region}, the Region of the registry, got a signing profile of ${profile.env.region}; define a profile for each Region`]
      : [],
    ...isKnown(platform) && platform !== PLATFORM
      ? [`'${prop}' must be of the platform '${PLATFORM}', got ${show(platform)}; use Platform.NOTATION_OCI_SHA384_ECDSA`]
      : [],
  ];
}

/**
 * Whether a stack is in another account, Region or stage than a resource, so that CloudFormation has no reference between them.
 */
export function isElsewhere(own: CfnResource, reader: IConstruct): boolean {
  const { account, region } = Stack.of(reader);
  return areDifferent(own.stack.account, account) || areDifferent(own.stack.region, region) || Stage.of(own) !== Stage.of(reader);
}
