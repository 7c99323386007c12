import { App, aws_ec2 as ec2, CfnParameter, Lazy, Stack, Token } from 'aws-cdk-lib';
import { PolicyDocument } from 'aws-cdk-lib/aws-iam';
import { CiSubject, CrossAccountPull, EcrVpcEndpoints, LifecyclePolicy, PullConsumer, ReplicationTarget, RepositoryTemplate, SecureRepository, TemplateUse } from '../../../lib';
import * as library from '../../../lib';
import { BRAND } from '../../../lib/private/core/brand';
import { checkArguments } from '../../../lib/private/input/check-arguments';
import { CALLS, CLASSES, ENUMS, MEMBERS, STRUCTS } from '../../../lib/private/input/signatures';
import { messageOf } from '../../message-of';

/** A way to put a value into the arguments of a call, and the name that a message must have for it. */
interface Place {
  readonly name: string;
  readonly type: string;
  readonly args: (value: unknown) => unknown[];
}

const UNSET = [undefined, null, ''];
const WRONG: Readonly<Record<string, readonly unknown[]>> = {
  string: [1, true, {}, [], () => 'text', 'team/undefined', 'undefined', '[object Object]/api'],
  text: [1, true, {}, []],
  number: ['1', true, {}, []],
  boolean: ['true', 1, {}, []],
  date: ['2026-01-01', 1, {}, []],
};
const WRONG_OBJECTS = ['text', 1, true, [], {}, () => ({})];

/** A value of a type, as far as its form goes. */
function valueOf(type: string): unknown {
  const bare = type.replace(/\?$/, '');
  if (bare.endsWith('[]')) {
    return [valueOf(bare.slice(0, -2))];
  }
  if (bare.endsWith('{}')) {
    return { key: valueOf(bare.slice(0, -2)) };
  }
  if (bare in STRUCTS) {
    return Object.fromEntries(Object.entries(STRUCTS[bare]).filter(([, of]) => !of.endsWith('?')).map(([name, of]) => [name, valueOf(of)]));
  }
  if (bare in CLASSES) {
    return { [BRAND]: bare };
  }
  if (bare in MEMBERS) {
    return { [MEMBERS[bare].find(mark => !mark.startsWith('class '))!]: 'value' };
  }
  const values = ENUMS[bare];
  if (values !== undefined) {
    return typeof values === 'string' ? 'value' : Object.values(values)[0];
  }
  return { string: 'value', text: 'value', number: 1, boolean: true, date: new Date(0), any: {} }[bare];
}

/** The places within a value of a type: the value itself, its props, elements and entries. */
function placesIn(type: string, name: string, outermost: boolean): Array<{ name: string; type: string; wrap: (value: unknown) => unknown }> {
  const bare = type.replace(/\?$/, '');
  const own = { name, type, wrap: (value: unknown) => value };
  if (bare.endsWith('[]')) {
    return [own, ...placesIn(bare.slice(0, -2), `${name}[1]`, false).map(place => ({ ...place, wrap: (value: unknown) => [valueOf(bare.slice(0, -2)), place.wrap(value)] }))];
  }
  if (bare.endsWith('{}')) {
    return [own, ...placesIn(bare.slice(0, -2), `${name}["key"]`, false).map(place => ({ ...place, wrap: (value: unknown) => ({ key: place.wrap(value) }) }))];
  }
  if (!(bare in STRUCTS)) {
    return [own];
  }
  const whole = valueOf(bare) as object;
  return [own, ...Object.entries(STRUCTS[bare]).flatMap(([prop, of]) => (
    placesIn(of, outermost ? prop : `${name}.${prop}`, false).map(place => ({ ...place, wrap: (value: unknown) => ({ ...whole, [prop]: place.wrap(value) }) }))
  ))];
}

/** Every place of a call. */
function placesOf(call: string): Place[] {
  const parameters = CALLS[call].map(text => /^(\.\.\.)?(\w+): (.+)$/.exec(text)!);
  const args = parameters.map(([, , , type]) => valueOf(type));
  return parameters.flatMap(([, dots, name, type], index) => placesIn(type, dots ? `${name}[1]` : name, true).map(place => ({
    name: place.name,
    type: place.type,
    args: (value: unknown) => dots ? [...args, place.wrap(value)] : args.map((it, at) => at === index ? place.wrap(value) : it),
  })));
}

function wrongValues(type: string): readonly unknown[] {
  const bare = type.replace(/\?$/, '');
  const missing = type.endsWith('?') || bare === 'any' ? [] : [undefined];
  const empty = bare === 'text' || bare === 'any' ? [] : [''];
  if (bare === 'any') {
    return [];
  }
  if (bare.endsWith('[]') || bare.endsWith('{}')) {
    return [...missing, null, ...empty, 'text', 1, true, () => ({}), bare.endsWith('[]') ? {} : []];
  }
  const objects = bare in STRUCTS ? WRONG_OBJECTS.filter(value => !isPlainObject(value)) : WRONG_OBJECTS;
  const values = ENUMS[bare] === 'string' ? [1, true, {}, []] : objects;
  return [...missing, null, ...empty, ...WRONG[bare] ?? values];
}

function isPlainObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

describe('every argument of the public API', () => {
  test.each(Object.keys(CALLS))('%s has its type', call => {
    for (const place of placesOf(call)) {
      expect(messageOf(() => checkArguments(call, place.args(valueOf(place.type))))).toBe('accepted');
      for (const value of wrongValues(place.type)) {
        const message = messageOf(() => checkArguments(call, place.args(value)));
        expect(`${place.name} ${String(value)}: ${message}`).toContain(`'${place.name}' must `);
        expect(message).toContain(', got ');
        expect(message).not.toMatch(/TypeError|Cannot read/);
        if (UNSET.includes(value as string)) {
          expect(message).toContain('; check that the variable it comes from is set');
        }
      }
    }
  });

  test('is checked by the class itself', () => {
    const unchecked = Object.keys(CALLS).filter(call => placesOf(call).length > 0).filter(call => {
      const [name, method] = call.split('.');
      const type = (library as unknown as Record<string, { prototype: object } & Record<string, unknown>>)[name];
      const args = placesOf(call).at(-1)!.args(valueOf(placesOf(call).at(-1)!.type)).map(() => Symbol('nothing that a call takes'));
      const invoke = (): unknown => {
        if (method === undefined) {
          return Reflect.construct(type as unknown as new () => object, args);
        }
        const owner = method in type ? type : type.prototype as Record<string, unknown>;
        return (owner[method] as (...values: unknown[]) => unknown).apply({}, args);
      };
      return !/' must .*, got Symbol/.test(messageOf(invoke)) && !/: any\??$/.test(CALLS[call][0]);
    });
    expect(unchecked).toEqual([]);
  });
});

describe('a variable that is not set', () => {
  const stack = (): Stack => new Stack(new App(), 'Stack', { env: { account: '111111111111', region: 'eu-west-1' } });
  const NOT_SET = process.env.THIS_IS_NOT_SET!;

  test.each<[string, () => unknown, string]>([
    ['an account', () => ReplicationTarget.account(NOT_SET, 'eu-central-1'), "'account' must be a string, got undefined; check that the variable it comes from is set (ReplicationTarget.account)"],
    ['a Region', () => ReplicationTarget.region(NOT_SET), "'region' must be a string, got undefined"],
    ['an owner', () => CiSubject.github({ owner: NOT_SET, repo: 'api', branches: ['main'] }), "'owner' must be a string, got undefined"],
    ['an element', () => new EcrVpcEndpoints(stack(), 'Endpoints', { vpc: new ec2.Vpc(stack(), 'Vpc'), trustedAccounts: [NOT_SET] }), "'trustedAccounts[0]' must be a string, got undefined"],
    ['a name', () => SecureRepository.fromRepositoryName(stack(), 'Api', NOT_SET), "'repositoryName' must be a string, got undefined"],
    ['a part of a name', () => new SecureRepository(stack(), 'Api', { repositoryName: `team/${NOT_SET}` }), "'repositoryName' must not contain the text of a value that is not set"],
    ['a value of a map', () => new RepositoryTemplate(stack(), 'T', { prefix: 'a', appliedFor: [TemplateUse.REPLICATION], resourceTags: { team: NOT_SET } }), "'resourceTags[\"team\"]' must be a string"],
    ['a name in a map', () => new RepositoryTemplate(stack(), 'T', { prefix: 'a', appliedFor: [TemplateUse.REPLICATION], resourceTags: { '': 'x' } }), "a name in 'resourceTags' must not be empty"],
    ['the scope', () => new SecureRepository(NOT_SET as unknown as Stack, 'Api'), "'scope' must be a Construct, got undefined"],
    ['all props', () => new CrossAccountPull(stack(), 'Pull', undefined as any), "'props' must be an object with the properties of CrossAccountPullProps, got undefined"],
  ])('is an error that names it: %s', (_, create, message) => {
    expect(create).toThrow(message);
  });
});

test('a call without a signature has no checks', () => {
  expect(() => checkArguments('Unknown', [undefined])).not.toThrow();
});

describe('an argument may be', () => {
  const stack = new Stack(new App(), 'Stack', { env: { account: '111111111111', region: 'eu-west-1' } });
  const text = new CfnParameter(stack, 'Text').valueAsString;
  const list = new CfnParameter(stack, 'List', { type: 'CommaDelimitedList' }).valueAsList;

  test.each<[string, string, unknown[]]>([
    ['a token', 'ReplicationTarget.account', [text, text]],
    ['a list that is a token', 'PullConsumer.accounts', [list]],
    ['a list with a token', 'PullConsumer.accounts', [[text, '111111111111']]],
    ['a token with text around it', 'ReplicationTarget.region', [`${text}-undefined-x`.replace('-undefined-x', '')]],
    ['a number that is a token', 'LifecyclePolicy.keepLatest', [Token.asNumber(Lazy.number({ produce: () => 1 }))]],
    ['prose with any word', 'RepositoryTemplate', [stack, 'Id', { prefix: 'a', appliedFor: [TemplateUse.REPLICATION], description: 'What is undefined here' }]],
    ['an object of another copy of the library', 'CrossAccountPull.repositoryPolicy', [stack, [{ [BRAND]: 'PullConsumer' }]]],
    ['an optional one that is left out', 'SecureRepository', [stack, 'Id']],
  ])('%s', (_, call, args) => {
    expect(() => checkArguments(call, args)).not.toThrow();
  });

  test('no policy in place of a class of this library, although it is a token', () => {
    expect(() => checkArguments('SecureRepository', [stack, 'Id', { lifecycle: new PolicyDocument() }]))
      .toThrow("'lifecycle' must be a LifecyclePolicy, for example LifecyclePolicy.");
  });

  test('no element that is a hole', () => {
    // eslint-disable-next-line no-sparse-arrays
    expect(() => checkArguments('PullConsumer.accounts', [[, '111111111111']])).toThrow("'accounts[0]' must be a string, got undefined");
  });

  test('an object without a prototype, in a message', () => {
    expect(() => checkArguments('PullConsumer.account', [Object.create(null)])).toThrow("'account' must be a string, got an object");
  });

  test('of a class of the same name only', () => {
    expect(() => checkArguments('CrossAccountPull.repositoryPolicy', [stack, [LifecyclePolicy.standard()]])).toThrow(
      "'consumers[0]' must be a PullConsumer, for example PullConsumer.account() or PullConsumer.accounts() or PullConsumer.lambdaFunctions() or PullConsumer.organization(), got an object of class LifecyclePolicy",
    );
    expect(() => checkArguments('CrossAccountPull.repositoryPolicy', [stack, [PullConsumer.account('111111111111')]])).not.toThrow();
  });
});
