import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Signatures } from '../../tools/input-signatures';

const parameter = (name: string, type: object, more: object = {}) => ({ name, type, ...more });
const text = { primitive: 'string' };
const list = (elementtype: object) => ({ collection: { kind: 'array', elementtype } });

const TYPES = {
  'own.Thing': {
    fqn: 'own.Thing', name: 'Thing', kind: 'class', interfaces: ['own.IThing'],
    initializer: { parameters: [parameter('props', { fqn: 'own.ThingProps' }, { optional: true })] },
    methods: [
      { name: 'of', static: true, parameters: [parameter('names', text, { variadic: true })], returns: { type: { fqn: 'own.Thing' } } },
      { name: 'use', parameters: [parameter('thing', { fqn: 'own.IThing' }), parameter('key', { fqn: 'cdk.IKeyRef' })] },
      { name: 'hidden', protected: true, parameters: [parameter('a', text)] },
      { name: 'nothing' },
    ],
  },
  'own.IThing': { fqn: 'own.IThing', name: 'IThing', kind: 'interface', methods: [{ name: 'toString' }, { name: 'use' }], properties: [parameter('name', text)] },
  'own.ThingProps': {
    fqn: 'own.ThingProps', name: 'ThingProps', kind: 'interface', datatype: true,
    properties: [
      parameter('like', list({ fqn: 'own.Thing' }), { optional: true }), parameter('kind', { fqn: 'own.Kind' }), parameter('policy', { fqn: 'cdk.Policy' }),
      parameter('resourceTags', { collection: { kind: 'map', elementtype: text } }), parameter('labels', { collection: { kind: 'map', elementtype: text } }),
    ],
  },
  'own.Kind': { fqn: 'own.Kind', name: 'Kind', kind: 'enum' },
  'cdk.Policy': { fqn: 'cdk.Policy', name: 'Policy', kind: 'enum' },
  'cdk.IKeyRef': { fqn: 'cdk.IKeyRef', name: 'IKeyRef', kind: 'interface', interfaces: ['cdk.IRef'] },
  'cdk.IRef': { fqn: 'cdk.IRef', name: 'IRef', kind: 'interface', properties: [parameter('ref', text), parameter('note', text, { optional: true })] },
};

describe('the signatures of a package', () => {
  const values: Record<string, Record<string, string>> = { 'own.Kind': { A: 'a', B: 'b' }, 'cdk.Policy': { RETAIN: 'retain' } };
  const signatures = new Signatures('own', TYPES as never, fqn => values[fqn]);

  test('have the parameters of public constructors and methods', () => {
    expect(signatures.calls).toEqual({ 'Thing': ['props: ThingProps?'], 'Thing.of': ['...names: string'], 'Thing.use': ['thing: IThing', 'key: IKeyRef'] });
  });

  test('have the props of structs, with texts that may be empty', () => {
    expect(signatures.structs).toEqual({ ThingProps: { like: 'Thing[]?', kind: 'Kind', policy: 'Policy', resourceTags: 'text{}', labels: 'string{}' } });
  });

  test('have what an instance is recognized by', () => {
    expect(signatures.classes).toEqual({ Thing: ['Thing.of()'] });
    expect(signatures.enums).toEqual({ Kind: { A: 'a', B: 'b' }, Policy: 'string' });
    expect(signatures.members).toEqual({ IThing: ['class Thing', 'use', 'name'], IKeyRef: ['ref'] });
  });

  test('are written as TypeScript', () => {
    expect(signatures.toSource()).toContain("  ThingProps: { like: 'Thing[]?', kind: 'Kind', policy: 'Policy', resourceTags: 'text{}', labels: 'string{}' },\n");
    expect(signatures.toSource()).toContain("  'Thing.of': ['...names: string'],\n");
  });
});

test('the file of this library says how it is made', () => {
  expect(readFileSync(join(__dirname, '../../lib/private/input/signatures.ts'), 'utf8')).toContain('Written by tools/input-signatures.ts when the library is built.');
});
