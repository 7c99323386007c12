import { parseJson, type ParsedJson } from '../private/core/json';

/**
 * Reads JSON in a template, such as a policy in `Fn::Sub`. Values that are only known at deployment become tokens, also where they stand for numbers.
 */
export function readJsonText(property: string, text: string): ParsedJson {
  return parseJson(property, quoted(text));
}

/** JSON in which each token is a text, or a part of one: numbers that come from parameters have no quotes. */
function quoted(text: string): string {
  return text.includes('${Token[')
    ? text.split(/("(?:[^"\\]|\\.)*")/).map((part, index) => index % 2 === 1 ? part : part.replace(/\$\{Token\[[^\]]*\]\}/g, '"$&"')).join('')
    : text;
}
