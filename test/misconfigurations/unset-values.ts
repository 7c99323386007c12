import { checkArguments } from '../../lib/private/input/check-arguments';
import { CALLS, CLASSES, ENUMS, MEMBERS, STRUCTS } from '../../lib/private/input/signatures';

/** A kind of wrong value, counted in each prop and parameter that can have it. */
interface Kind {
  readonly kind: string;
  /** The wrong value for a type, if the type can have it. */
  readonly valueFor: (type: string) => { readonly value: unknown } | undefined;
}

const plain = (type: string): string => type.replace(/\?$/, '');
const isText = (type: string): boolean => /^(?:string|text)$/.test(plain(type));
const isObject = (type: string): boolean => plain(type) in CLASSES || plain(type) in MEMBERS;

export const KINDS: Kind[] = [
  { kind: 'a required value that is undefined', valueFor: type => type.endsWith('?') || type === 'any' ? undefined : { value: undefined } },
  { kind: 'a value that is null', valueFor: type => plain(type) === 'any' ? undefined : { value: null } },
  { kind: 'a text that is empty', valueFor: type => plain(type) === 'string' ? { value: '' } : undefined },
  { kind: 'a text made of an unset variable, such as `team/undefined`', valueFor: type => isText(type) ? { value: 'team/undefined' } : undefined },
  { kind: 'a list with an entry that is undefined', valueFor: type => plain(type).endsWith('[]') && plain(type) !== 'any[]' ? { value: [undefined] } : undefined },
  { kind: 'a map with a value that is undefined', valueFor: type => plain(type).endsWith('{}') && plain(type) !== 'any{}' ? { value: { key: undefined } } : undefined },
  { kind: 'a value of another type', valueFor: type => plain(type) === 'any' ? undefined : { value: isText(type) || plain(type) in ENUMS ? 7 : 'seven' } },
  { kind: 'an object that only looks like one of the class', valueFor: type => isObject(type) ? { value: {} } : undefined },
];

/** Each value of the public API: a parameter, or a prop of a parameter. */
function places(): Array<{ call: string; index: number; name: string; type: string; prop?: string }> {
  return Object.entries(CALLS).flatMap(([call, parameters]) => parameters.flatMap((text, index) => {
    const [, name, type] = /^(?:\.\.\.)?(\w+): (.+)$/.exec(text)!;
    const struct = STRUCTS[plain(type)] as Readonly<Record<string, string>> | undefined;
    return [
      ...text.startsWith('...') || struct ? [] : [{ call, index, name, type }],
      ...Object.entries(struct ?? {}).map(([prop, propType]) => ({ call, index, name: prop, type: propType, prop })),
    ];
  }));
}

/** In how many places a kind of value is possible, and in how many an error names the place. */
export function countOf({ valueFor }: Kind): { readonly places: number; readonly stopped: number } {
  const possible = places().flatMap(place => {
    const wrong = valueFor(place.type);
    return wrong ? [{ ...place, ...wrong }] : [];
  });
  return { places: possible.length, stopped: possible.filter(isStopped).length };
}

function isStopped({ call, index, name, prop, value }: { call: string; index: number; name: string; prop?: string; value: unknown }): boolean {
  const args: unknown[] = [];
  args[index] = prop === undefined ? value : { [prop]: value };
  try {
    checkArguments(call, args);
    return false;
  } catch (error) {
    return new RegExp(`'${name}(?:\\[[^']*\\])?[^']*' must `).test((error as Error).message);
  }
}
