import { Stack } from 'aws-cdk-lib';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type { IConstruct } from 'constructs';
import { isUnnamed, ownResource } from '../private/core/physical-names';
import { isKnown, show } from '../private/core/values';
import { matchesWildcards } from '../private/core/wildcards';

// CloudFormation names a role '<stack>-<logical id>-<random>', and truncates long parts after at least this many characters.
const CERTAIN_CHARACTERS = 16;

/**
 * Problems with a role whose name matches none of the patterns.
 *
 * @param grantee the construct that pulls
 * @param patterns names of roles with their paths, and wildcards
 */
export function roleNameProblems(grantee: IConstruct | undefined, patterns: readonly string[]): string[] {
  const name = grantee && 'roleArn' in grantee ? roleName(grantee as iam.IRole) : undefined;
  if (name === undefined || patterns.some(pattern => !isKnown(pattern) || name.mayMatch(pattern))) {
    return [];
  }
  return [`'roleNames' must match the role '${grantee!.node.path}', ${name.description}, otherwise its pulls are denied, got ${show(patterns)}; `
    + "add its name to PullConsumer.roles, or set a 'roleName' that matches"];
}

interface RoleName {
  readonly description: string;
  mayMatch(pattern: string): boolean;
}

function roleName(role: iam.IRole): RoleName | undefined {
  const resource = ownResource(role);
  if (resource === undefined) {
    return isKnown(role.roleArn) ? literalName(role.roleArn.slice(role.roleArn.indexOf('/') + 1)) : undefined;
  }

  const { roleName: name, path = '/' } = resource as iam.CfnRole;
  if (isKnown(name) && isKnown(path)) {
    return literalName(`${path.slice(1)}${name}`);
  }
  const { stackName } = Stack.of(role);
  return isUnnamed(role) && isKnown(stackName) && isKnown(path) ? generatedName(path.slice(1), stackName) : undefined;
}

function literalName(name: string): RoleName {
  return { description: `named ${show(name)}`, mayMatch: pattern => matchesWildcards(name, pattern) };
}

function generatedName(path: string, stackName: string): RoleName {
  const certain = path + stackName.slice(0, CERTAIN_CHARACTERS);
  return {
    description: `whose name CloudFormation generates, as in ${show(`${path}${stackName}-…`)}`,
    mayMatch: pattern => {
      const [literal] = pattern.split(/[*?]/, 1);
      const length = Math.min(literal.length, certain.length);
      return literal.slice(0, length) === certain.slice(0, length);
    },
  };
}
