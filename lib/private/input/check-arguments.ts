import { Construct } from 'constructs';
import { failIfAny, failUnscopedIfAny } from '../core/errors';
import { CALLS } from './signatures';
import { stageProblems } from './stage-problems';
import { checkOf, type Check } from './type-check';

interface Parameter {
  readonly name: string;
  readonly variadic: boolean;
  readonly check: Check;
}

const parametersOfCalls = new Map<string, readonly Parameter[]>();

/**
 * Fails with every argument that does not have its type: a variable that is not set, an object of another class. Unresolved tokens pass.
 *
 * @param call the public name of the class, for its constructor, or of the method
 * @param args the arguments
 * @param receiver the object whose method is called
 */
export function checkArguments(call: string, args: readonly unknown[], receiver?: unknown): void {
  const problems: string[] = [];
  for (const [index, { name, variadic, check }] of parametersOf(call).entries()) {
    if (variadic) {
      args.slice(index).forEach((value, position) => check(value, `${name}[${position}]`, problems));
    } else {
      check(args[index], name, problems);
    }
  }
  const [owner, ...others] = args;
  if (problems.length === 0 && Construct.isConstruct(owner) && others.length > 1) {
    problems.push(...others.slice(1).flatMap(value => stageProblems(owner, value)));
  }
  if (problems.length > 0) {
    const scope = [receiver, args[0]].find(it => Construct.isConstruct(it));
    if (scope !== undefined) {
      failIfAny(scope, 'InvalidArgument', problems);
    }
    failUnscopedIfAny('InvalidArgument', problems.map(problem => `${problem} (${call})`));
  }
}

function parametersOf(call: string): readonly Parameter[] {
  let parameters = parametersOfCalls.get(call);
  if (parameters === undefined) {
    parameters = (CALLS[call] ?? []).map(text => {
      const [, dots, name, type] = /^(\.\.\.)?(\w+): (.+)$/.exec(text)!;
      return { name, variadic: dots !== undefined, check: checkOf(type, true) };
    });
    parametersOfCalls.set(call, parameters);
  }
  return parameters;
}
