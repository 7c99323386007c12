import { BRAND } from '../private/core/brand';
import { failUnscopedIfAny } from '../private/core/errors';
import { nearMiss } from '../private/core/near-miss';
import { nearestText, type TextPart } from '../private/core/nearest-text';
import { duplicatesOf, isKnown, show } from '../private/core/values';
import { repositoryNameProblems } from '../private/ecr/names';
import { publicClass } from '../private/input/public-class';

const PART_OF_NAME = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*$/;
const PLACEHOLDER = /\{([^{}]*)\}/;
const SHOWN_VALUES = 10;

/** The values of parts, by the names of the parts. */
interface Values {
  readonly [part: string]: readonly string[];
}

/**
 * A naming convention for repositories, such as `{team}/{service}` with the teams that exist.
 *
 * For `EcrChecks`, which holds every repository of an app to it, and for `DefaultPropsInjector`.
 */
export class RepositoryNaming {
  static {
    publicClass(this, 'RepositoryNaming');
  }

  /**
   * A convention for the whole name. `{part}` in the pattern stands for letters and digits joined by `.`, `_` or `-`, without `/`, or for
   * one of the values of that part.
   *
   * Throws if a part has no name, a name twice or no separator from the next one, if values are for no part of the pattern, and if a name
   * of the pattern is not valid for Amazon ECR.
   *
   * @param pattern the pattern, such as `{team}/{service}`
   * @param values the values that a part may have, such as `{ team: ['payments', 'search'] }`; all others may have any
   */
  public static of(pattern: string, values: { [part: string]: string[] } = {}): RepositoryNaming {
    return new RepositoryNaming(pattern, values);
  }

  private declare readonly [BRAND]: 'RepositoryNaming';
  private readonly expression: RegExp;
  private readonly parts: readonly TextPart[];

  private constructor(private readonly form: string, private readonly values: Values) {
    const pieces = form.split(new RegExp(PLACEHOLDER, 'g'));
    const names = pieces.filter((_, index) => index % 2 === 1);
    failUnscopedIfAny('InvalidRepositoryNaming', patternProblems(form, pieces, names, values));
    this.parts = pieces
      .map((piece, index): TextPart => index % 2 === 0 ? [piece] : values[piece] ?? { name: piece, isText: isPart, near: nearestPart })
      .filter(part => !Array.isArray(part) || part[0] !== '');
    const alternatives = this.parts.map(part => 'name' in part ? PART_OF_NAME.source.slice(1, -1) : part.map(escape).join('|'));
    this.expression = new RegExp(`^${alternatives.map(it => `(?:${it})`).join('')}$`);
  }

  /**
   * Whether a name follows the convention.
   *
   * @param repositoryName the name of a repository
   */
  public matches(repositoryName: string): boolean {
    return this.expression.test(repositoryName);
  }

  /**
   * Returns the name nearest to another one that follows the convention: the one that differs in the fewest letters.
   *
   * @param repositoryName the name of a repository, up to 256 characters
   */
  public nearest(repositoryName: string): string {
    return this.matches(repositoryName) ? repositoryName : nearestText(repositoryName.toLowerCase().slice(0, 256), this.parts);
  }

  /**
   * Problems with a name.
   *
   * @internal
   */
  public _problems(prop: string, repositoryName: string | undefined): string[] {
    if (repositoryName === undefined) {
      return [`'${prop}' must follow the naming convention ${this.text()}, got none, so that CloudFormation generates a name; set one such as ${show(nearestText('', this.parts))}`];
    }
    return !isKnown(repositoryName) || this.matches(repositoryName) ? []
      : [`'${prop}' must follow the naming convention ${this.text()}, got ${show(repositoryName)}; use ${show(this.nearest(repositoryName))}`];
  }

  private text(): string {
    const lists = Object.entries(this.values).map(([name, values]) => {
      const more = values.length - SHOWN_VALUES;
      return `'${name}' one of ${values.slice(0, SHOWN_VALUES).map(show).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
    });
    return `'${this.form}'${lists.length > 0 ? ` with ${lists.join(' and ')}` : ''}`;
  }
}

function patternProblems(form: string, pieces: readonly string[], names: readonly string[], values: Values): string[] {
  const problems = names.filter(name => !/^\w+$/.test(name)).map(name => `'pattern' must have names of letters and digits in braces, got '{${name}}' in ${show(form)}`);
  if (names.length === 0) {
    problems.push(`'pattern' must have a part in braces such as '{team}/{service}', got ${show(form)}`);
  }
  for (const name of duplicatesOf(names)) {
    problems.push(`'pattern' must have each part once, got '{${name}}' twice in ${show(form)}`);
  }
  if (pieces.slice(1, -1).includes('')) {
    problems.push(`'pattern' must separate its parts, such as '{team}/{service}', got ${show(form)}`);
  }
  for (const [name, list] of Object.entries(values)) {
    const meant = nearMiss(name, names);
    problems.push(
      ...names.includes(name) ? [] : [`'values' must be for parts of the pattern, got ${show(name)}; ${meant ? `use ${show(meant)}` : `add '{${name}}' to the pattern`}`],
      ...list.length > 0 ? [] : [`'values.${name}' must have at least one value, got []; leave it out for any value`],
      ...list.filter(value => !value.split('/').every(isPart)).map(value => `'values.${name}' must be parts of lowercase repository names such as 'payments', got ${show(value)}`),
    );
  }
  if (problems.length === 0) {
    const example = pieces.map((piece, index) => index % 2 === 0 ? piece : values[piece]?.[0] ?? 'aa').join('');
    problems.push(...repositoryNameProblems('pattern', example).map(problem => `${problem}, which ${show(form)} allows`));
  }
  return problems;
}

function isPart(text: string): boolean {
  return PART_OF_NAME.test(text);
}

/** A valid part of a name that is like a text; empty if the text has no letter and no digit. */
function nearestPart(text: string): string {
  return text.replace(/[^a-z0-9._-]+|[._-]*(?:\.[._-]|[_-]\.|___|_-|-_)[._-]*/g, '-').replace(/^[._-]+|[._-]+$/g, '').replace(/--+/g, '-');
}

function escape(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
