import { Duration, Stack } from 'aws-cdk-lib';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as signer from 'aws-cdk-lib/aws-signer';
import { ImageSigning, type ImageSigningProps } from '../../lib';
import { CONSUMER, type Mistake, OWNER, REGION } from './mistake';

const REFUSED = 'PutSigningConfiguration: ValidationException';

type L1Rule = ecr.CfnSigningConfiguration.RuleProperty;
const l1 = (stack: Stack, rules: L1Rule[], id = 'Signing'): ecr.CfnSigningConfiguration => new ecr.CfnSigningConfiguration(stack, id, { rules });
const arnOf = (name: string, region = REGION, account = OWNER): string => `arn:aws:signer:${region}:${account}:/signing-profiles/${name}`;
const PROFILE = arnOf('release');

function signing(mistake: string, names: string, ours: (stack: Stack) => ImageSigningProps, core: L1Rule[], atAws = REFUSED): Mistake {
  return { mistake, atAws, names, ours: stack => new ImageSigning(stack, 'Signing', ours(stack)), core: stack => l1(stack, core) };
}

function filter(value: string, mistake: string): Mistake {
  return signing(mistake, "'rules[0].repositoryFilters[0]'", () => ({ rules: [{ repositoryFilters: [value] }] }),
    [{ signingProfileArn: PROFILE, repositoryFilters: [{ filter: value, filterType: 'WILDCARD_MATCH' }] }]);
}

function imported(arn: string, mistake: string, names: string, atAws = REFUSED): Mistake {
  return signing(mistake, names, stack => ({ rules: [{ profile: ImageSigning.signingProfileFromArn(stack, 'Profile', arn) }] }), [{ signingProfileArn: arn }], atAws);
}

const lambdaProfile = (stack: Stack): signer.SigningProfile => new signer.SigningProfile(stack, 'Profile', { platform: signer.Platform.AWS_LAMBDA_SHA384_ECDSA });
const another = (stack: Stack): Stack => new Stack(stack.node.root, 'Other', { env: { account: OWNER, region: REGION } });
const pusher = (stack: Stack, roleArn: string): iam.IRole => iam.Role.fromRoleArn(stack, 'Role', roleArn);

export const SIGNING_MISTAKES: Mistake[] = [
  signing('11 signing rules', "'rules'", () => ({ rules: Array(11).fill({}) as [] }), Array<L1Rule>(11).fill({ signingProfileArn: PROFILE })),
  signing('no signing rules', "'rules'", () => ({ rules: [] }), [], 'nothing is signed'),
  signing('101 filters in a signing rule', "'rules[0].repositoryFilters'", () => ({ rules: [{ repositoryFilters: many(101) }] }),
    [{ signingProfileArn: PROFILE, repositoryFilters: many(101).map(it => ({ filter: it, filterType: 'WILDCARD_MATCH' })) }]),
  filter('release/', 'a filter of a signing rule that ends with a slash'),
  filter('Release/*', 'a filter of a signing rule with capitals'),
  filter('release__*', 'a filter of a signing rule with two underscores, which a repository may have'),
  imported(`${PROFILE}/abcdefghij`, 'the ARN of a version of a signing profile', 'signingProfileArn'),
  imported(arnOf('release', 'us-east-1'), 'a signing profile of another Region', "'rules[0].profile'"),
  {
    mistake: 'a signing profile for AWS Lambda',
    atAws: 'the profile cannot sign images',
    names: "'rules[0].profile'",
    ours: stack => new ImageSigning(stack, 'Signing', { rules: [{ profile: lambdaProfile(stack) }] }),
    core: stack => l1(stack, [{ signingProfileArn: lambdaProfile(stack).signingProfileArn }]),
  },
  {
    mistake: 'signatures that are valid for 20 years',
    atAws: 'PutSigningProfile: 135 months is the most',
    names: "'signatureValidity'",
    ours: stack => new ImageSigning(stack, 'Signing', { signatureValidity: Duration.days(7300) }),
    core: stack => new signer.SigningProfile(stack, 'Profile', { platform: signer.Platform.NOTATION_OCI_SHA384_ECDSA, signatureValidity: Duration.days(7300) }),
  },
  {
    mistake: 'a signing profile that the CDK imports by its attributes',
    atAws: `${REFUSED}: the ARN has a slash too many`,
    mends: template => template.hasResourceProperties('AWS::ECR::SigningConfiguration', {
      Rules: [{ SigningProfileArn: { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, `:signer:${REGION}:${OWNER}:/signing-profiles/release`]] } }],
    }),
    ours: stack => new ImageSigning(stack, 'Signing', { rules: [{ profile: byAttributes(stack) }] }),
    core: stack => l1(stack, [{ signingProfileArn: byAttributes(stack).signingProfileArn }]),
  },
  {
    mistake: 'a pusher of another account that the profile does not let in',
    atAws: 'its images are not signed: only one half of the permission exists',
    mends: template => template.hasResourceProperties('AWS::Signer::ProfilePermission', { Action: 'signer:SignPayload', Principal: CONSUMER }),
    ours: stack => new ImageSigning(stack, 'Signing', { signingProfileName: 'release' }).grants.sign(pusherIn(stack)),
    core: stack => iam.Grant.addToPrincipal({ grantee: pusherIn(stack), actions: ['signer:SignPayload'], resourceArns: [PROFILE] }),
  },
  {
    mistake: 'the permission to sign for a role that the app cannot change',
    atAws: 'its images are not signed',
    names: 'cdk-secure-ecr:SigningGrants.importedPrincipal',
    ours: stack => new ImageSigning(stack, 'Signing').grants.sign(pusher(stack, `arn:aws:iam::${CONSUMER}:role/ci`)),
    core: stack => iam.Grant.addToPrincipal({ grantee: pusher(stack, `arn:aws:iam::${CONSUMER}:role/ci`), actions: ['signer:SignPayload'], resourceArns: [PROFILE] }),
  },
  {
    mistake: 'the permission to sign for a service instead of the role that pushes',
    atAws: 'nothing is signed: Amazon ECR signs with the identity of the pusher',
    names: "'grantee'",
    ours: stack => new ImageSigning(stack, 'Signing').grants.sign(new iam.ServicePrincipal('codebuild.amazonaws.com')),
    core: stack => new signer.CfnProfilePermission(stack, 'Permission', {
      profileName: 'release', action: 'signer:SignPayload', principal: 'codebuild.amazonaws.com', statementId: 'codebuild',
    }),
  },
  {
    mistake: 'two stacks of one account and Region with a signing configuration each',
    atAws: 'the second deployment fails with AlreadyExists',
    names: 'Other/Second',
    ours: stack => [stack, another(stack)].map((it, index) => new ImageSigning(it, ['First', 'Second'][index])),
    core: stack => [stack, another(stack)].map(it => l1(it, [{ signingProfileArn: PROFILE }])),
  },
];

function many(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `team-${index}/*`);
}

function byAttributes(stack: Stack): signer.ISigningProfile {
  return signer.SigningProfile.fromSigningProfileAttributes(stack, 'Profile', { signingProfileName: 'release', signingProfileVersion: 'abcdefghij' });
}

function pusherIn(stack: Stack): iam.Role {
  const theirs = new Stack(stack.node.root, 'Theirs', { env: { account: CONSUMER, region: REGION } });
  return new iam.Role(theirs, 'Role', { assumedBy: new iam.ServicePrincipal('codebuild.amazonaws.com') });
}
