import { nearMiss } from '../core/near-miss';
import { isKnown, show } from '../core/values';
import { actionsMatching, ECR_ACTIONS, type EcrService } from '../ecr/action-table';

/**
 * A type of policy, and the actions that have an effect in it.
 */
export interface PolicyPlace {
  /** Its name in messages. */
  readonly noun: string;
  /**
   * The only service whose actions have an effect; undefined for policies of identities and endpoints, in which the actions of all
   * services have an effect.
   */
  readonly service?: EcrService;
  /** Whether only actions on a repository have an effect. */
  readonly repositoryOnly?: boolean;
}

export const REPOSITORY_POLICY: PolicyPlace = { noun: 'repository policy', service: 'ecr', repositoryOnly: true };
export const REPOSITORY_GRANT: PolicyPlace = { noun: 'grant on a repository', service: 'ecr', repositoryOnly: true };
export const PUBLIC_REPOSITORY_POLICY: PolicyPlace = { noun: 'public repository policy', service: 'ecr-public', repositoryOnly: true };
export const REGISTRY_POLICY: PolicyPlace = { noun: 'registry policy', service: 'ecr' };
export const ENDPOINT_POLICY: PolicyPlace = { noun: 'endpoint policy' };
export const IDENTITY_POLICY: PolicyPlace = { noun: 'identity policy' };

const SERVICES: { readonly [service in EcrService]: string } = { 'ecr': 'Amazon ECR', 'ecr-public': 'Amazon ECR Public' };
const NAMES = ECR_ACTIONS.map(({ name }) => name);

/**
 * Problems with the actions of a statement: misspelled actions, actions of other services, and actions without an effect in a
 * policy. Unknown actions are valid, see `unknownActions`.
 *
 * @param prop the prop that the user set
 * @param actions its value, which may have wildcards and tokens
 * @param place the policy
 */
export function actionProblems(prop: string, actions: readonly string[], place: PolicyPlace): string[] {
  return actions.filter(isKnown).flatMap(action => problemOf(prop, action, place));
}

/**
 * The actions of Amazon ECR that AWS does not list: either they are new, or they do not exist and have no effect.
 */
export function unknownActions(actions: readonly string[]): string[] {
  return actions.filter(action => isKnown(action) && serviceOf(action) !== undefined && actionsMatching(action).length === 0);
}

function problemOf(prop: string, action: string, { noun, service, repositoryOnly }: PolicyPlace): string[] {
  const own = serviceOf(action);
  if (action === '*' || (service === undefined && own === undefined)) {
    return [];
  }
  if (service !== undefined && own !== service) {
    const meant = own === undefined && !action.includes(':') ? nearMiss(`${service}:${action}`, NAMES) : undefined;
    return [`'${prop}' must be actions of ${SERVICES[service]}, got ${show(action)}${meant ? `; use ${show(meant)}` : `, which has no effect in a ${noun}`}`];
  }

  const known = actionsMatching(action);
  if (known.length === 0) {
    const meant = nearMiss(action, NAMES);
    return meant === undefined ? [] : [`'${prop}' must be actions that exist, got ${show(action)}; use ${show(meant)}`];
  }
  return repositoryOnly && known.every(({ resource }) => resource !== 'repository')
    ? [`'${prop}' must not include ${show(action)}: it applies to the registry and has no effect in a ${noun}; allow it on '*' in an identity policy`]
    : [];
}

function serviceOf(action: string): EcrService | undefined {
  const [prefix] = action.toLowerCase().split(':');
  return action.includes(':') && Object.hasOwn(SERVICES, prefix) ? prefix as EcrService : undefined;
}
