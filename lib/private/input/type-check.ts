import { Token } from 'aws-cdk-lib';
import { isA } from '../core/brand';
import { isRecord } from '../core/json';
import { show } from '../core/values';
import { CLASSES, ENUMS, MEMBERS, STRUCTS } from './signatures';

/**
 * Adds a problem to a list for each part of a value that does not have its type.
 */
export type Check = (value: unknown, path: string, problems: string[]) => void;

/** The problem of a value that is set, as the text of a message, or undefined. */
type Test = (value: unknown) => string | undefined;

/** The marker of a class of this library in a list of members. */
const CLASS = 'class ';

const UNSET = 'check that the variable it comes from is set';

/** A part of a name that is the text of an unset variable. */
const UNSET_PART = /(?:^|[/:@.-])(?:undefined|\[object Object\])(?:$|[/:@.-])/;

const PRIMITIVES: Readonly<Record<string, Test>> = {
  any: () => undefined,
  boolean: value => typeof value === 'boolean' ? undefined : 'be true or false',
  date: value => value instanceof Date ? undefined : 'be a Date',
  number: value => typeof value === 'number' ? undefined : 'be a number',
  string: textTest,
  text: value => value === '' ? undefined : textTest(value),
};

const checks = new Map<string, Check>();

/**
 * The check for a type, as the signatures write it.
 *
 * @param type the type
 * @param outermost whether it is the type of a parameter; messages name its props without the parameter
 */
export function checkOf(type: string, outermost = false): Check {
  const key = `${outermost ? '!' : ''}${type}`;
  let check = checks.get(key);
  if (check === undefined) {
    check = type.endsWith('?') ? optional(required(type.slice(0, -1), outermost)) : required(type, outermost);
    checks.set(key, check);
  }
  return check;
}

function optional(check: Check): Check {
  return (value, path, problems) => {
    if (value !== undefined) {
      check(value, path, problems);
    }
  };
}

function required(type: string, outermost: boolean): Check {
  if (type.endsWith('[]')) {
    return listCheck(checkOf(type.slice(0, -2)));
  }
  if (type.endsWith('{}')) {
    return mapCheck(checkOf(type.slice(0, -2)));
  }
  if (type in STRUCTS) {
    return structCheck(type, outermost);
  }
  return type in PRIMITIVES ? unlessToken(testCheck(PRIMITIVES[type])) : testCheck(referenceTest(type));
}

function testCheck(test: Test): Check {
  return (value, path, problems) => {
    const rule = test(value);
    if (rule !== undefined) {
      problems.push(problem(path, rule, value));
    }
  };
}

function unlessToken(check: Check): Check {
  return (value, path, problems) => {
    if (!Token.isUnresolved(value)) {
      check(value, path, problems);
    }
  };
}

function listCheck(element: Check): Check {
  return unlessToken((value, path, problems) => {
    if (!Array.isArray(value)) {
      problems.push(problem(path, 'be a list', value));
      return;
    }
    for (let index = 0; index < value.length; index++) { // not forEach, which skips holes
      element(value[index], `${path}[${index}]`, problems);
    }
  });
}

function mapCheck(element: Check): Check {
  return unlessToken((value, path, problems) => {
    if (!isRecord(value)) {
      problems.push(problem(path, 'be an object with names and values', value));
      return;
    }
    for (const [name, entry] of Object.entries(value)) {
      const rule = textTest(name);
      if (rule !== undefined) {
        problems.push(problem(`a name in '${path}'`, rule, name));
      }
      element(entry, `${path}[${show(name)}]`, problems);
    }
  });
}

function structCheck(type: string, outermost: boolean): Check {
  let props: Array<[string, Check]> | undefined; // the check is created for the first value, because a struct can contain itself
  return (value, path, problems) => {
    if (!isRecord(value)) {
      problems.push(problem(path, `be an object with the properties of ${type}`, value));
      return;
    }
    props ??= Object.entries(STRUCTS[type]).map(([name, of]) => [name, checkOf(of)]);
    for (const [name, check] of props) {
      check(value[name], outermost ? name : `${path}.${name}`, problems);
    }
  };
}

function referenceTest(type: string): Test {
  const makers = CLASSES[type];
  if (makers !== undefined) {
    const rule = `be ${withArticle(type)}${makers.length > 0 ? `, for example ${makers.join(' or ')}` : ''}`;
    return value => isA(value, type) ? undefined : rule;
  }
  const values = ENUMS[type];
  if (typeof values === 'string') {
    const rule = `be a value of ${type}`;
    return value => typeof value === values && value !== '' ? undefined : rule;
  }
  if (values !== undefined) {
    const rule = `be one of ${Object.keys(values).map(name => `${type}.${name}`).join(', ')}`;
    return value => Object.values(values).includes(value as string) ? undefined : rule;
  }
  const isInstance = memberTest(MEMBERS[type]);
  const rule = `be ${withArticle(type)}`;
  return value => isInstance(value) ? undefined : rule;
}

function memberTest(marks: readonly string[]): (value: unknown) => boolean {
  const names = marks.filter(mark => mark.startsWith(CLASS)).map(mark => mark.slice(CLASS.length));
  const members = marks.filter(mark => !mark.startsWith(CLASS));
  return value => isRecord(value) && (members.some(member => member in value) || names.some(name => isA(value, name)));
}

function textTest(value: unknown): string | undefined {
  if (typeof value !== 'string') {
    return 'be a string';
  }
  if (value === '') {
    return 'not be empty';
  }
  return hasUnsetPart(value) ? "not contain the text of a value that is not set, 'undefined' or '[object Object]'" : undefined;
}

/** Text with spaces is prose, which may contain any word. */
function hasUnsetPart(text: string): boolean {
  return UNSET_PART.test(text) && !/\s/.test(text.replaceAll('[object Object]', ''));
}

function problem(path: string, rule: string, value: unknown): string {
  const name = path.startsWith('a name') ? path : `'${path}'`;
  return `${name} must ${rule}, got ${described(value)}${isUnset(value) ? `; ${UNSET}` : ''}`;
}

function isUnset(value: unknown): boolean {
  return value === undefined || value === null || value === '' || (typeof value === 'string' && hasUnsetPart(value));
}

function described(value: unknown): string {
  if (Array.isArray(value)) {
    return 'a list';
  }
  switch (typeof value) {
    case 'function':
      return 'a function';
    case 'object':
      return value === null ? 'null' : describedObject(value);
    case 'string':
      return show(value);
    default:
      return String(value);
  }
}

function describedObject(value: object): string {
  const { name } = (Object.getPrototypeOf(value) as object | null ?? Object.prototype).constructor;
  return name === 'Object' ? 'an object' : `an object of class ${name}`;
}

function withArticle(type: string): string {
  return `${/^[AEIOU]/.test(type) ? 'an' : 'a'} ${type}`;
}
