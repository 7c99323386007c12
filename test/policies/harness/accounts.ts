import { type App, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { Organizations } from './evaluator';

export const REGION = 'eu-west-1';

/** The account that owns the images. */
export const OWNER = '111111111111';
/** An account that is granted something, in the organization of the owner. */
export const GRANTED = '222222222222';
/** An account in the organization of the owner that is granted nothing. */
export const COLLEAGUE = '333333333333';
/** An account in another organization. */
export const STRANGER = '444444444444';
/** An account in no organization. */
export const LONER = '555555555555';

export const ORGANIZATION = 'o-a1b2c3d4e5';
/** The organizational unit of GRANTED; COLLEAGUE is in another one. */
export const UNIT = 'ou-ab12-11111111';

export const ORGANIZATIONS: Organizations = {
  [OWNER]: { id: ORGANIZATION, path: `${ORGANIZATION}/r-ab12/ou-ab12-00000000/` },
  [GRANTED]: { id: ORGANIZATION, path: `${ORGANIZATION}/r-ab12/${UNIT}/` },
  [COLLEAGUE]: { id: ORGANIZATION, path: `${ORGANIZATION}/r-ab12/ou-ab12-22222222/` },
  [STRANGER]: { id: 'o-z9y8x7w6v5', path: 'o-z9y8x7w6v5/r-zy98/ou-zy98-11111111/' },
};

/** A stack of an account. */
export function stackOf(app: App, account: string, id = `Stack${account[0]}`, region = REGION): Stack {
  return new Stack(app, id, { env: { account, region } });
}

/** A role that workloads of a stack have. */
export function roleIn(stack: Stack, roleName: string): iam.Role {
  return new iam.Role(stack, roleName, { roleName, assumedBy: new iam.ServicePrincipal('ecs-tasks.amazonaws.com') });
}

/** The ARN of a repository. */
export function repositoryArn(name: string, account = OWNER, region = REGION): string {
  return `arn:aws:ecr:${region}:${account}:repository/${name}`;
}
