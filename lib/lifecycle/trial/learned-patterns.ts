import { tagTest } from '../tag-pattern';

/** Patterns that are learned, and tags without one, at most: more of them are joined. */
const MOST = 12;
/** Tags with the same first word that are a pattern, such as those of branches: `feature-login`, `feature-search`. */
const MANY = 4;

/** Words with digits that name a platform, not a version. */
const NAMES = /^(?:amd64|arm64|arm64v8|arm32v\d|arm|x86|x64|i386|ppc64le|s390x|riscv64)$/;
/** A commit or another hash. */
const HEXADECIMAL = /^(?=.*\d)[\da-f]{7,}$/;

interface CompiledPattern {
  readonly pattern: string;
  readonly test: (tag: string) => boolean;
}

/**
 * The patterns of the tags of a repository: `release-1.4.2` and `release-1.5.0` are `release-*`.
 *
 * A tag is described by the narrowest hint that it matches, such as a pattern of a lifecycle rule. Of other tags, the part from the first
 * number, version or hash on is the wildcard. A tag that has no such part, and one that is the only one of its kind, is its own pattern.
 * Nothing depends on the order of the tags.
 */
export class LearnedPatterns {
  private readonly hints: CompiledPattern[];
  private readonly learned: CompiledPattern[];
  /** Wider patterns for those that are too many. */
  private readonly joined = new Map<string, string>();

  /**
   * @param tags without duplicates
   */
  constructor(tags: readonly string[], hints: readonly string[]) {
    this.hints = narrowestFirst(hints);
    const counts = new Map<string, number>();
    const guesses = tags.filter(tag => !find(this.hints, tag)).map((tag): [string, string] => [tag, guess(tag)]);
    guesses.forEach(([, pattern]) => counts.set(pattern, (counts.get(pattern) ?? 0) + 1));
    const isLearned = (pattern: string) => pattern.includes('*') && counts.get(pattern)! > 1;
    const patterns = [...counts.keys()].filter(isLearned);
    this.learned = narrowestFirst(patterns);
    const single = guesses.filter(([tag, pattern]) => !isLearned(pattern) && !find(this.learned, tag)).map(([tag]) => tag);
    this.join(patterns.length > MOST ? patterns : [], 2);
    this.join(single, MANY);
  }

  /** The pattern of a tag: with a wildcard, or the tag itself. */
  public patternOf(tag: string): string {
    const hint = find(this.hints, tag);
    const pattern = find(this.learned, tag) ?? tag;
    return hint ?? this.joined.get(pattern) ?? pattern;
  }

  /** Joins those that share their first word, if they are enough, and all others if they are still too many. */
  private join(texts: readonly string[], enough: number): void {
    const firstWordOf = (text: string) => /^[^-._*]+[-._]/.exec(text)?.[0] ?? '';
    const counts = new Map<string, number>();
    texts.forEach(text => counts.set(firstWordOf(text), (counts.get(firstWordOf(text)) ?? 0) + 1));
    const wide = texts.filter(text => firstWordOf(text) !== '' && counts.get(firstWordOf(text))! >= enough);
    wide.forEach(text => this.joined.set(text, `${firstWordOf(text)}*`));
    const left = texts.filter(text => !this.joined.has(text));
    (left.length > MOST ? left : []).forEach(text => this.joined.set(text, '*'));
  }
}

/** The tag with a wildcard in the place of its variable part; the tag itself when it has none. */
function guess(tag: string): string {
  const words = [...tag.matchAll(/[^-._]+/g)].map(({ 0: word, index }) => ({ word, index, variable: variablePartOf(word) }));
  const first = words.find(({ variable }) => variable !== undefined);
  if (!first) {
    return tag;
  }
  const head = tag.slice(0, first.index + first.variable!);
  const last = words.filter(({ variable }) => variable !== undefined).at(-1)!;
  return head === '' ? `*${tag.slice(last.index + last.word.length)}` : `${head}*`;
}

/** Where the variable part of a word begins. */
function variablePartOf(word: string): number | undefined {
  if (NAMES.test(word)) {
    return undefined;
  }
  if (HEXADECIMAL.test(word)) {
    return 0;
  }
  const digit = word.search(/\d/);
  return digit === -1 ? undefined : digit;
}

/** Patterns with the longest text first, so that the first one that matches is the narrowest. */
function narrowestFirst(patterns: readonly string[]): CompiledPattern[] {
  const literal = (pattern: string) => pattern.replaceAll('*', '').length;
  return [...new Set(patterns)].sort((a, b) => literal(b) - literal(a) || (a < b ? -1 : 1))
    .map(pattern => ({ pattern, test: tagTest('tagPatternList', pattern) }));
}

function find(patterns: readonly CompiledPattern[], tag: string): string | undefined {
  return patterns.find(({ test }) => test(tag))?.pattern;
}
