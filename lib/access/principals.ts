import { Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { isUnnamed, ownResource } from '../private/core/physical-names';
import { isKnown, show } from '../private/core/values';
import { matchesWildcards } from '../private/core/wildcards';

// CloudFormation calls a role '<stack>-<logical id>-<random>', and cuts long parts somewhere behind this many characters.
const SURE_CHARACTERS = 16;

/**
 * Whether a principal is a role, defined in this app or imported into it.
 */
function isRole(principal: iam.IPrincipal): principal is iam.IRole {
  return 'roleArn' in principal;
}

/**
 * A principal as a message calls it.
 */
export function nameOf(principal: iam.IPrincipal): string {
  return Construct.isConstruct(principal) ? `'${principal.node.path}'` : principal.constructor.name;
}

/**
 * Whether a role is imported in such a way that the CDK drops, without a word, whatever is added to its policy.
 */
export function isOutOfReach(principal: iam.IPrincipal): boolean {
  return isRole(principal) && !isOwned(principal) && !principal.node.findAll().some(construct => construct instanceof iam.Policy);
}

/**
 * Problems with a role whose name surely matches none of the patterns.
 *
 * @param principal who pulls
 * @param patterns names of roles with their paths, and wildcards
 */
export function roleNameProblems(principal: iam.IPrincipal, patterns: readonly string[]): string[] {
  const name = isRole(principal) ? roleName(principal) : undefined;
  if (name === undefined || patterns.some(pattern => !isKnown(pattern) || name.mayMatch(pattern))) {
    return [];
  }
  return [`'roleNames' must match the role ${nameOf(principal)}, ${name.description}, or its pulls are denied, got ${show(patterns)}; `
    + "add its name to PullConsumer.roles, or set a 'roleName' that matches"];
}

interface RoleName {
  readonly description: string;
  mayMatch(pattern: string): boolean;
}

function roleName(role: iam.IRole): RoleName | undefined {
  if (!isOwned(role)) {
    return isKnown(role.roleArn) ? literalName(role.roleArn.slice(role.roleArn.indexOf('/') + 1)) : undefined;
  }

  const { roleName: name, path = '/' } = ownResource(role) as iam.CfnRole;
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
  const sure = path + stackName.slice(0, SURE_CHARACTERS);
  return {
    description: `whose name CloudFormation makes up, as in ${show(`${path}${stackName}-…`)}`,
    mayMatch: pattern => {
      const [literal] = pattern.split(/[*?]/, 1);
      const length = Math.min(literal.length, sure.length);
      return literal.slice(0, length) === sure.slice(0, length);
    },
  };
}

function isOwned(role: iam.IRole): boolean {
  return ownResource(role) instanceof iam.CfnRole;
}
