import type { Construct } from 'constructs';

/**
 * An expression of the generated code. The command writes it as text, and evaluates it to compare what it makes with the registry.
 */
export type Expression =
  | { readonly kind: 'value'; readonly value: unknown }
  | { readonly kind: 'list'; readonly items: readonly Expression[] }
  | { readonly kind: 'object'; readonly entries: readonly Entry[] }
  | { readonly kind: 'member'; readonly path: string }
  | { readonly kind: 'call'; readonly path: string; readonly args: readonly Expression[] }
  /** A document of JSON; a long one becomes a file. */
  | { readonly kind: 'document'; readonly value: unknown; readonly name: string }
  /** A construct that exists elsewhere, which the stack imports once. */
  | { readonly kind: 'imported'; readonly type: ImportType; readonly arn: string };

/** An entry of an object, with the lines of a comment above it. */
export interface Entry {
  readonly key: string;
  readonly value: Expression;
  readonly comments?: readonly string[];
}

/**
 * The kinds of constructs that generated stacks import, with the function that imports each and its arguments after the ARN.
 */
export const IMPORTS = {
  key: { path: 'kms.Key.fromKeyArn', noun: 'Key', args: [] },
  role: { path: 'iam.Role.fromRoleArn', noun: 'Role', args: [{ mutable: false }] },
  user: { path: 'iam.User.fromUserArn', noun: 'User', args: [] },
  secret: { path: 'secretsmanager.Secret.fromSecretCompleteArn', noun: 'Secret', args: [] },
  profile: { path: 'ImageSigning.signingProfileFromArn', noun: 'Profile', args: [] },
} as const;

export type ImportType = keyof typeof IMPORTS;

/** The modules that are imported as a namespace; other names are those of `cdk-secure-ecr`. */
export const NAMESPACES: { readonly [name: string]: string } = {
  ecr: 'aws-cdk-lib/aws-ecr',
  iam: 'aws-cdk-lib/aws-iam',
  kms: 'aws-cdk-lib/aws-kms',
  secretsmanager: 'aws-cdk-lib/aws-secretsmanager',
};

export const value = (of: unknown): Expression => ({ kind: 'value', value: of });
export const list = (items: readonly Expression[]): Expression => ({ kind: 'list', items });
export const member = (path: string): Expression => ({ kind: 'member', path });
export const call = (path: string, ...args: Expression[]): Expression => ({ kind: 'call', path, args });
export const imported = (type: ImportType, arn: string): Expression => ({ kind: 'imported', type, arn });

/** An object of the entries that are given. */
export function object(entries: { readonly [key: string]: Expression | undefined }): Expression & { kind: 'object' } {
  return {
    kind: 'object',
    entries: Object.entries(entries).flatMap(([key, entry]) => entry === undefined ? [] : [{ key, value: entry }]),
  };
}

/**
 * What an expression evaluates to.
 *
 * @param importOf the construct that stands for an ARN in the stack
 */
export function evaluate(expression: Expression, importOf: (type: ImportType, arn: string) => Construct): unknown {
  switch (expression.kind) {
    case 'value':
    case 'document':
      return expression.value;
    case 'list':
      return expression.items.map(item => evaluate(item, importOf));
    case 'object':
      return Object.fromEntries(expression.entries.map(entry => [entry.key, evaluate(entry.value, importOf)]));
    case 'member':
      return resolve(expression.path).member;
    case 'call': {
      const { owner, member: method } = resolve(expression.path);
      return (method as (...args: unknown[]) => unknown).apply(owner, expression.args.map(arg => evaluate(arg, importOf)));
    }
    case 'imported':
      return importOf(expression.type, expression.arn);
  }
}

/**
 * Finds what a path such as `RepositoryEncryption.AES_256` names.
 */
export function resolve(path: string): { owner: unknown; member: unknown } {
  const [root, ...rest] = path.split('.');
  let owner: unknown;
  let found: unknown = root === 'JSON' ? JSON : moduleOf(root);
  for (const name of NAMESPACES[root] === undefined && root !== 'JSON' ? [root, ...rest] : rest) {
    owner = found;
    found = (found as Record<string, unknown>)[name];
    if (found === undefined) {
      throw new Error(`this version of cdk-secure-ecr has no ${path}`);
    }
  }
  return { owner, member: found };
}

function moduleOf(root: string): unknown {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- named by the expression
  return require(NAMESPACES[root] ?? 'cdk-secure-ecr');
}
