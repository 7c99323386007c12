import { isObject, type JsonObject, valueAt } from '../core/json';
import type { RegistryDump } from '../dump/dump';
import { type Call } from '../dump/read-call';

/** The kinds of principals outside of the account. */
export type PrincipalKind = 'public' | 'organization' | 'account' | 'service' | 'federated';

/**
 * A principal outside of the account, and what policies allow it.
 */
export interface Access {
  readonly kind: PrincipalKind;
  /** The account, the organization, the service; empty for the public. */
  readonly id: string;
  /** `pull`, `push`, `manage`, `replicate`, `import`, `read`. */
  readonly rights: readonly string[];
  /** The repositories whose policies allow it; `registry policy` for that of the registry. */
  readonly where: readonly string[];
}

/** An action that stands for a right. */
const RIGHTS: ReadonlyArray<readonly [string, string]> = [
  ['pull', 'ecr:BatchGetImage'],
  ['push', 'ecr:PutImage'],
  ['manage', 'ecr:SetRepositoryPolicy'],
  ['manage', 'ecr:DeleteRepository'],
  ['delete', 'ecr:BatchDeleteImage'],
  ['replicate', 'ecr:ReplicateImage'],
  ['import', 'ecr:BatchImportUpstreamImage'],
];

/**
 * The principals outside of the account that the policies of repositories and of the registry allow something.
 *
 * Statements that deny are not evaluated: they may take back what is listed here.
 */
export function accessTo(registry: RegistryDump): Access[] {
  const found = new Map<string, { kind: PrincipalKind; id: string; rights: Set<string>; where: Set<string> }>();
  const read = (where: string, call: Call<{ readonly policyText: string }>): void => {
    for (const { kind, id, rights } of call.state === 'read' ? principalsIn(call.value.policyText) : []) {
      if (kind === 'account' && id === registry.account) {
        continue;
      }
      const key = `${kind} ${id}`;
      const access = found.get(key) ?? { kind, id, rights: new Set(), where: new Set() };
      found.set(key, access);
      rights.forEach(right => access.rights.add(right));
      access.where.add(where);
    }
  };
  read('registry policy', registry.call('get-registry-policy'));
  registry.repositories.forEach(repository => read(repository.name, repository.call('get-repository-policy')));
  const order: PrincipalKind[] = ['public', 'organization', 'account', 'federated', 'service'];
  return [...found.values()]
    .sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind) || (a.id < b.id ? -1 : 1))
    .map(({ kind, id, rights, where }) => ({ kind, id, rights: [...rights].sort(), where: [...where] }));
}

function principalsIn(policy: string): Array<{ kind: PrincipalKind; id: string; rights: string[] }> {
  let document: unknown;
  try {
    document = JSON.parse(policy);
  } catch {
    return [];
  }
  return [valueAt(document, 'Statement')].flat().filter(isObject).filter(({ Effect }) => Effect === 'Allow').flatMap(statement => {
    const rights = rightsOf(statement);
    return principalsOf(statement).map(principal => ({ ...principal, rights }));
  });
}

function principalsOf(statement: JsonObject): Array<{ kind: PrincipalKind; id: string }> {
  if (statement.NotPrincipal !== undefined) {
    return [{ kind: 'public', id: '' }];
  }
  const { Principal: principal } = statement;
  const entries: Array<[string, unknown]> = isObject(principal) ? Object.entries(principal) : [['AWS', principal]];
  return entries.flatMap(([type, value]) => strings(value).flatMap((id): Array<{ kind: PrincipalKind; id: string }> => {
    if (type === 'Service') {
      return [{ kind: 'service', id }];
    }
    if (type !== 'AWS') {
      return [{ kind: 'federated', id }];
    }
    const account = /^(\d{12})$|^arn:[^:]*:(?:iam|sts)::(\d{12}):/.exec(id);
    return account ? [{ kind: 'account', id: account[1] ?? account[2] }] : /^\*+$/.test(id) ? limited(statement) : [{ kind: 'account', id }];
  }));
}

/** Everybody, as far as conditions that a caller cannot choose allow. */
function limited(statement: JsonObject): Array<{ kind: PrincipalKind; id: string }> {
  const conditions = Object.entries(isObject(statement.Condition) ? statement.Condition : {})
    .filter(([operator]) => /^(?:ForAnyValue:)?(?:String|Arn)(?:Equals|Like)(?:IgnoreCase)?$/.test(operator))
    .flatMap(([, keys]) => Object.entries(isObject(keys) ? keys : {}));
  for (const [key, value] of conditions) {
    const values = strings(value);
    switch (key.toLowerCase()) {
      case 'aws:principalorgid':
        if (!values.some(id => id.includes('*'))) {
          return values.map(id => ({ kind: 'organization', id }));
        }
        break;
      case 'aws:principalorgpaths':
        if (values.every(path => /^o-[a-z0-9]+\//.test(path))) {
          return values.map(id => ({ kind: 'organization', id }));
        }
        break;
      case 'aws:principalaccount':
      case 'aws:sourceaccount':
        if (values.every(id => /^\d{12}$/.test(id))) {
          return values.map(id => ({ kind: 'account', id }));
        }
        break;
      case 'aws:principalarn': {
        const accounts = values.map(arn => /^arn:[^:]*:(?:iam|sts)::(\d{12}):/.exec(arn)?.[1]);
        if (accounts.every(id => id !== undefined)) {
          return accounts.map(id => ({ kind: 'account', id }));
        }
      }
    }
  }
  return [{ kind: 'public', id: '' }];
}

function rightsOf({ Action: action, NotAction: notAction }: JsonObject): string[] {
  const included = (candidate: string): boolean => notAction === undefined
    ? strings(action).some(pattern => matches(pattern, candidate))
    : !strings(notAction).some(pattern => matches(pattern, candidate));
  const rights = new Set(RIGHTS.filter(([, candidate]) => included(candidate)).map(([right]) => right));
  return rights.size === 0 ? ['read'] : [...rights];
}

function matches(pattern: string, action: string): boolean {
  const expression = pattern.toLowerCase().replace(/[.+^${}()|[\]\\]/g, '\\$&').replace(/\*+/g, '.*').replace(/\?/g, '.');
  return new RegExp(`^${expression}$`).test(action.toLowerCase());
}

function strings(value: unknown): string[] {
  return [value].flat().filter(it => typeof it === 'string');
}
