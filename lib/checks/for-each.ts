import { isObject, type Properties } from './template-json';

const LOOP = 'Fn::ForEach::';

/** The value of a loop variable, or undefined if only the deployment knows the values. */
type Item = string | undefined;

/**
 * A template part with its `Fn::ForEach` loops written out. A loop over values that only the deployment knows counts as one round, whose
 * texts are unknown.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-foreach.html
 * @param value the part
 * @param parameters the parameters of the template, whose default values a loop may use
 */
export function withoutLoops(value: unknown, parameters: Properties): unknown {
  if (Array.isArray(value)) {
    return value.map(entry => withoutLoops(entry, parameters));
  }
  if (!isObject(value)) {
    return value;
  }
  return Object.fromEntries(Object.entries(value).flatMap(([key, entry]): Array<[string, unknown]> => {
    if (!key.startsWith(LOOP) || !Array.isArray(entry) || typeof entry[0] !== 'string') {
      return [[key, withoutLoops(entry, parameters)]];
    }
    const [variable, list, body] = entry as [string, unknown, unknown];
    return itemsOf(list, parameters).flatMap(item => Object.entries(withoutLoops(replaced(body, variable, item), parameters) as Properties));
  }));
}

function itemsOf(list: unknown, parameters: Properties): Item[] {
  const parameter = isObject(list) && typeof list.Ref === 'string' ? parameters[list.Ref] : undefined;
  const items = isObject(parameter) && typeof parameter.Default === 'string' ? parameter.Default.split(',').map(item => item.trim()) : list;
  return Array.isArray(items) && items.length > 0 ? items.map(item => typeof item === 'string' ? item : undefined) : [undefined];
}

/** A part with the value of a variable in place of the variable, in keys and texts. */
function replaced(part: unknown, variable: string, item: Item): unknown {
  const inText = (text: string): string => item === undefined ? text : text
    .replaceAll(`\${${variable}}`, item)
    .replaceAll(`&{${variable}}`, item.replace(/[^A-Za-z0-9]/g, ''));
  if (typeof part === 'string') {
    return item === undefined && part.includes(`{${variable}}`) ? { 'Fn::Sub': part.replace('&{', '${') } : inText(part);
  }
  if (Array.isArray(part)) {
    return part.map(entry => replaced(entry, variable, item));
  }
  if (!isObject(part)) {
    return part;
  }
  if (part.Ref === variable && item !== undefined) {
    return item;
  }
  return Object.fromEntries(Object.entries(part).map(([key, entry]) => (
    [inText(key), isText(key, entry) ? textIn(entry, inText) : replaced(entry, variable, item)]
  )));
}

/** Whether an entry is the text of `Fn::Sub`, which may have other variables. */
function isText(key: string, entry: unknown): entry is string | [string, unknown] {
  return key === 'Fn::Sub' && (typeof entry === 'string' || (Array.isArray(entry) && typeof entry[0] === 'string'));
}

function textIn(entry: string | [string, unknown], inText: (text: string) => string): unknown {
  return typeof entry === 'string' ? inText(entry) : [inText(entry[0]), entry[1]];
}
