/**
 * Every kind of grantee through every class of grants, and through the evaluator: the grantee may do what was granted, others may not,
 * and a statement that a warning hands over is what was missing.
 */
import type { App } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { CLASSES, GRANTEES, OTHER, OWNER, outcomeOf, type Stacks, stacks } from '../private/grants/grantees';
import { administrator, type Caller, Evaluator, type Statement, STRANGER, World } from './harness';

const GRANTED = GRANTEES.filter(({ caller }) => caller !== undefined);

/** The caller that a grant is for. An account gets nothing by itself: its administrator has a policy for everything. */
function callerOf(principal: string): Caller {
  const account = principal.split(':')[4];
  return principal.endsWith(':role/admin') ? administrator(account) : { principal, account, tags: { team: 'payments' } };
}

function handedOver({ own, other }: Stacks): Statement[] {
  return [own, other].flatMap(stack => Annotations.fromStack(stack).findWarning('*', Match.anyValue()).flatMap(({ entry }) => {
    const [, json] = /these statements?: (\[.*\])|this statement: (\{.*\}) \[ack/.exec(entry.data as string)?.filter(it => it !== undefined) ?? [];
    return json === undefined ? [] : [JSON.parse(json.replace(/ \[ack.*$/, '')) as Statement | Statement[]].flat();
  }));
}

describe.each(CLASSES)('$name', grantsClass => {
  const { action, resource } = grantsClass;

  test.each(GRANTED.filter(grantee => !outcomeOf(grantsClass, grantee).refused))('lets $name do what was granted, and nobody else', async grantee => {
    const all = stacks();
    grantsClass.grant(all.own, grantee.make(all));
    const world = World.of(all.own.node.root as App);
    const caller = callerOf(grantee.caller!);
    const allows = (in_: World, who: Caller): Promise<boolean> => new Evaluator(in_).allows(who, action, resource);

    const account = caller.account!;
    const foreignArn = grantee.kind === 'arn' && account === OTHER; // its identity policy is up to its owner, whom nothing in the app knows
    const { warned, half } = outcomeOf(grantsClass, grantee);
    const needsOwner = (warned && !(grantee.refused === true && half && account === OWNER)) || foreignArn;
    const administers = grantee.kind === 'account';
    expect(await allows(world, caller)).toBe(administers || !needsOwner);

    if (warned && !administers) {
      const Statement = handedOver(all);
      expect(await allows(world.with({ kind: 'identity', of: caller.principal, document: { Version: '2012-10-17', Statement } }), caller)).toBe(true);
    }
    if (grantee.conditions) {
      expect(await allows(world, { ...caller, tags: {} })).toBe(false);
    }
    for (const stranger of [administrator(STRANGER), { ...caller, principal: `arn:aws:iam::${account}:role/nobody`, policies: [] }]) {
      expect(await allows(world, stranger)).toBe(false);
    }
  });
});
