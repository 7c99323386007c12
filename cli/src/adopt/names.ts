/** Words that cannot be a variable. */
const RESERVED = [
  'arguments', 'await', 'break', 'case', 'catch', 'class', 'const', 'continue', 'debugger', 'default', 'delete', 'do', 'else', 'enum', 'eval',
  'export', 'extends', 'false', 'finally', 'for', 'function', 'if', 'implements', 'import', 'in', 'instanceof', 'interface', 'let', 'new', 'null',
  'package', 'private', 'protected', 'public', 'return', 'static', 'super', 'switch', 'this', 'throw', 'true', 'try', 'typeof', 'undefined',
  'var', 'void', 'while', 'with', 'yield',
];

/** Names that the generated files use themselves. */
const TAKEN = ['app', 'ecr', 'env', 'iam', 'id', 'kms', 'props', 'scope', 'secretsmanager'];

/**
 * Gives each thing a name that nothing else of its scope has.
 */
export class Names {
  private readonly used: Set<string>;

  constructor(used: readonly string[] = []) {
    this.used = new Set(used);
  }

  /** Names of variables. */
  static ofVariables(): Names {
    return new Names([...RESERVED, ...TAKEN]);
  }

  /**
   * A name that is not taken: the wish, or the wish with a number.
   *
   * @param suffix what precedes the number if the wish is taken
   */
  take(wish: string, suffix = ''): string {
    const candidates = function* (): Generator<string> {
      yield wish;
      if (suffix !== '') {
        yield `${wish}${suffix}`;
      }
      for (let number = 2; ; number += 1) {
        yield `${wish}${suffix}${number}`;
      }
    };
    for (const candidate of candidates()) {
      if (!this.used.has(candidate)) {
        this.used.add(candidate);
        return candidate;
      }
    }
    /* istanbul ignore next -- there is always another number */
    throw new Error('unreachable');
  }
}

/**
 * A name in Pascal case, such as `TeamApi` for `team/api`.
 *
 * @param prefix what precedes a name that begins with a digit or has no letters and digits
 */
export function pascalCase(name: string, prefix: string): string {
  const words = name.split(/[^a-zA-Z0-9]+/).filter(word => word !== '').map(word => word[0].toUpperCase() + word.slice(1)).join('');
  return /^[A-Za-z]/.test(words) ? words : `${prefix}${words}`;
}

/** A name in camel case. */
export function camelCase(name: string, prefix: string): string {
  const pascal = pascalCase(name, prefix);
  return pascal[0].toLowerCase() + pascal.slice(1);
}

/** A name in kebab case, for files. */
export function kebabCase(name: string): string {
  return name.replace(/([a-z0-9])([A-Z])/g, '$1-$2').replace(/([A-Z])([A-Z][a-z])/g, '$1-$2').toLowerCase().split(/[^a-z0-9]+/).filter(word => word !== '').join('-') || 'policy';
}
