import type { Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { messageOf } from '../../message-of';
import { CLASSES, GRANTEES, outcomeOf, type Stacks, stacks } from './grantees';

type Statement = Record<string, any>;

function resources(scope: Stack, type: string): Array<Record<string, any>> {
  return Object.values(Template.fromStack(scope).findResources(type)).map(({ Properties }) => (Properties ?? {}) as Record<string, any>);
}

function has(action: string): (statement: Statement) => boolean {
  return statement => [statement.Action].flat().includes(action);
}

/** The statements with an action in the identity policies of a stack. */
function identityStatements(scope: Stack, action: string): Statement[] {
  return ['AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy']
    .flatMap(type => resources(scope, type))
    .filter(({ Description }) => Description === undefined || Description === '')
    .flatMap(({ PolicyDocument }) => PolicyDocument.Statement as Statement[])
    .filter(has(action));
}

/** The halves of the resource with an action, but for the consumers of a `CrossAccountPull`. */
function halves(scope: Stack, action: string): Statement[] {
  return [
    ...['AWS::ECR::Repository', 'AWS::ECR::PublicRepository'].flatMap(type => resources(scope, type)).flatMap(({ RepositoryPolicyText: it }) => it?.Statement ?? []),
    ...resources(scope, 'AWS::ECR::RegistryPolicy').flatMap(({ PolicyText }) => PolicyText.Statement),
    ...resources(scope, 'AWS::Signer::ProfilePermission'),
  ].filter(has(action)) as Statement[];
}

function warnings({ own, other }: Stacks): string[] {
  return [own, other].flatMap(stack => Annotations.fromStack(stack).findWarning('*', Match.anyValue()).map(({ entry }) => entry.data as string));
}

describe.each(CLASSES)('$name', grantsClass => {
  const { action, warningId } = grantsClass;

  test.each(GRANTEES.filter(grantee => outcomeOf(grantsClass, grantee).refused))('refuses $name', ({ make }) => {
    const all = stacks();

    expect(messageOf(() => grantsClass.grant(all.own, make(all)))).toMatch(/^'grantee' must /);
    expect(halves(all.own, action).filter(() => grantsClass.half !== 'never')).toEqual([]);
  });

  test.each(GRANTEES.filter(grantee => !outcomeOf(grantsClass, grantee).refused))('puts each half where it belongs for $name', grantee => {
    const { identity, half, warned } = outcomeOf(grantsClass, grantee);
    const all = stacks();
    const { success } = grantsClass.grant(all.own, grantee.make(all));

    const identities = { own: identityStatements(all.own, action), other: identityStatements(all.other, action) };
    expect({ own: identities.own.length > 0, other: identities.other.length > 0 }).toEqual({ own: identity === 'own', other: identity === 'other' });
    const added = halves(all.own, action).filter(() => grantsClass.half !== 'never');
    expect(added.length > 0).toBe(half);
    expect(warnings(all).map(message => message.replace(/.*annotation::cdk-secure-ecr:(.*)\].*/is, '$1'))).toEqual(warned ? [warningId] : []);
    expect(success || warned).toBe(true);

    const conditional = [...identities.own, ...identities.other, ...grantsClass.name === 'SigningGrants' ? [] : added];
    for (const { Condition } of conditional) {
      expect(Condition ?? {}).toMatchObject(grantee.conditions ?? {});
    }
  });
});
