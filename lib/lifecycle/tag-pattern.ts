import { LIMITS } from '../private/ecr/limits';
import type { TagModel } from './rule-model';

type TagTest = (tag: string) => boolean;

/** No tag and no pattern that could match one contains it, so only a wildcard can stand for it. */
const ANY_TEXT = '\0';

/**
 * Whether an image with these tags is selected: every entry must match a tag, and different entries may match different tags.
 */
export function tagsTest(tags: TagModel): (imageTags: readonly string[]) => boolean {
  if (tags.status === 'any') {
    return () => true;
  }
  if (tags.status === 'untagged') {
    return imageTags => imageTags.length === 0;
  }

  const tests = tags.entries.map(entry => tagTest(tags.list, entry));
  const [first] = tests;
  return tests.length === 1
    ? imageTags => hasMatch(imageTags, first)
    : imageTags => tests.every(test => hasMatch(imageTags, test));
}

/**
 * Whether a tag matches one entry of a list.
 */
export function tagTest(list: TagModel['list'], entry: string): TagTest {
  return list === 'tagPrefixList' ? prefixTest(entry) : patternTest(entry);
}

/**
 * The texts that each tag that matches an entry begins and ends with.
 */
export function affixesOf(list: TagModel['list'], entry: string): { readonly prefix: string; readonly suffix: string } {
  const parts = (list === 'tagPrefixList' ? `${entry}*` : entry).split('*');
  return { prefix: parts[0], suffix: parts.at(-1)! };
}

/**
 * Whether every image that `narrow` selects is also selected by `wide`.
 */
export function covers(wide: TagModel, narrow: TagModel): boolean {
  if (wide.status === 'any' || wide.status === 'untagged' || narrow.status !== 'tagged') {
    return wide.status === 'any' || wide.status === narrow.status;
  }
  return patternsOf(wide).every(outer => {
    const test = patternTest(outer);
    return patternsOf(narrow).some(inner => test(inner.replaceAll('*', ANY_TEXT)));
  });
}

/**
 * Whether an entry can match a tag at all; tags are letters, digits, `_`, `.` and `-`, and begin with none of the last two.
 *
 * @see https://github.com/opencontainers/distribution-spec/blob/main/spec.md#pulling-manifests
 */
export function canMatchTag(list: TagModel['list'], entry: string): boolean {
  return list === 'tagPrefixList'
    ? /^\w[\w.-]*$/.test(entry) && entry.length <= LIMITS.imageTagCharacters
    : /^[\w*][\w.*-]*$/.test(entry) && entry.replaceAll('*', '').length <= LIMITS.imageTagCharacters;
}

function patternsOf(tags: TagModel): string[] {
  return tags.list === 'tagPrefixList' ? tags.entries.map(prefix => `${prefix}*`) : tags.entries;
}

function hasMatch(tags: readonly string[], test: TagTest): boolean {
  for (let index = 0; index < tags.length; index++) {
    if (test(tags[index])) {
      return true;
    }
  }
  return false;
}

/** Compares one character first, because most tags fail and a call of the engine takes longer. */
function prefixTest(prefix: string): TagTest {
  const last = prefix.length - 1;
  const code = prefix.charCodeAt(last);
  return prefix === '' ? () => true : tag => tag.charCodeAt(last) === code && tag.startsWith(prefix);
}

/** As `prefixTest`. */
function suffixTest(suffix: string): TagTest {
  const code = suffix.charCodeAt(0);
  return suffix === '' ? () => true : tag => tag.charCodeAt(tag.length - suffix.length) === code && tag.endsWith(suffix);
}

/**
 * A pattern is anchored on both sides. Each part between wildcards takes the first place that is left, which is as good as any
 * later one, so a tag is read once however many wildcards there are.
 */
function patternTest(pattern: string): TagTest {
  const [prefix, ...parts] = pattern.split('*');
  const suffix = parts.pop();
  if (suffix === undefined) {
    return tag => tag === pattern;
  }
  const inner = parts.filter(part => part !== '');
  if (inner.length === 0 && suffix === '') {
    return prefixTest(prefix);
  }
  const shortest = pattern.length - pattern.split('*').length + 1;
  const begins = prefixTest(prefix);
  const ends = suffixTest(suffix);
  return tag => {
    if (tag.length < shortest || !begins(tag) || !ends(tag)) {
      return false;
    }
    const end = tag.length - suffix.length;
    let from = prefix.length;
    for (let index = 0; index < inner.length; index++) {
      const found = tag.indexOf(inner[index], from);
      if (found === -1 || found + inner[index].length > end) {
        return false;
      }
      from = found + inner[index].length;
    }
    return true;
  };
}
