import type { Stack } from 'aws-cdk-lib';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import type * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { PullTimeExclusions } from '../../lib';
import { another, type Mistake, OWNER } from './mistake';

const REFUSED = 'RegisterPullTimeUpdateExclusion: InvalidParameterException';
const SCANNER = `arn:aws:iam::${OWNER}:role/scanner`;

function roles(stack: Stack, arns: readonly string[]): iam.IRoleRef[] {
  return arns.map((roleArn, index) => Object.assign(new Construct(stack, `Role${index}`), { env: stack.env, roleRef: { roleArn, roleName: 'scanner' } }));
}

function excluding(arns: readonly string[], mistake: string, atAws: string, names: string): Mistake {
  return {
    mistake,
    atAws,
    names,
    ours: stack => new PullTimeExclusions(stack, 'Exclusions', { roles: roles(stack, arns) }),
    core: stack => arns.map((principalArn, index) => new ecr.CfnPullTimeUpdateExclusion(stack, `Exclusion${index}`, { principalArn })),
  };
}

export const EXCLUSION_MISTAKES: Mistake[] = [
  excluding([`${SCANNER}-*`], 'a pattern for the roles of scanners', REFUSED, "'roles[0]'"),
  excluding([`arn:aws:sts::${OWNER}:assumed-role/scanner/session`], 'the session of a scanner, as a log of AWS CloudTrail names it', REFUSED, "'roles[0]'"),
  excluding([`arn:aws:iam::${OWNER}:root`], 'an account in place of a role of a scanner', REFUSED, "'roles[0]'"),
  excluding([`arn:aws:iam::${OWNER}:instance-profile/scanner`], 'the instance profile of a scanner', REFUSED, "'roles[0]'"),
  excluding([SCANNER, SCANNER], 'a scanner excluded twice', 'the second fails with ExclusionAlreadyExistsException', "'roles' and 'users'"),
  excluding(Array.from({ length: 101 }, (_, index) => `${SCANNER}-${index}`), 'a role for each of 101 scanners', 'the last one fails with LimitExceededException', "'roles' and 'users'"),
  {
    mistake: 'a scanner excluded by each of two stacks',
    atAws: 'the second fails with ExclusionAlreadyExistsException',
    names: 'Stack/Exclusions',
    ours: stack => [stack, another(stack)].map(it => new PullTimeExclusions(it, 'Exclusions', { roles: roles(it, [SCANNER]) })),
    core: stack => [stack, another(stack)].map(it => new ecr.CfnPullTimeUpdateExclusion(it, 'Exclusion', { principalArn: SCANNER })),
  },
];
