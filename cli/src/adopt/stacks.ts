import type { RegistryDump } from '../dump/dump';
import { kebabCase, Names, pascalCase } from './names';
import type { Unit } from './unit';

/**
 * The limits of CloudFormation, with room for what the stack is to have later.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html 500 resources and 1 MB for a template
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateChangeSet.html 200 resources for an import
 */
export const LIMITS = { resources: 400, templateBytes: 800_000, imports: 200 } as const;

/** The bytes of a resource in a template besides its properties: its logical id, type, policies and path. */
const FRAME_BYTES = 600;

/**
 * A stack of the generated app.
 */
export interface StackPlan {
  readonly registry: RegistryDump;
  /** The id of the stack in the app, and its name in CloudFormation. */
  readonly id: string;
  readonly stackName: string;
  readonly className: string;
  /** The path of its file below `lib`, without the ending. */
  readonly file: string;
  /** What the stack has, for its comment. */
  readonly title: string;
  readonly units: Unit[];
}

/**
 * How repositories are put into stacks: one stack for each namespace, one for the registry, or named stacks with their prefixes. The
 * longest prefix wins; repositories that no prefix matches have stacks by namespace.
 */
export interface Grouping {
  readonly by: 'namespace' | 'registry';
  readonly named: ReadonlyArray<{ readonly name: string; readonly prefixes: readonly string[] }>;
}

/**
 * Puts the units of a registry into stacks within the limits of CloudFormation.
 *
 * @param ids the ids of stacks in the app
 * @param isOnly whether the app is for one registry
 */
export function stacksOf(registry: RegistryDump, units: readonly Unit[], grouping: Grouping, ids: Names, isOnly: boolean): StackPlan[] {
  const groups = new Map<string, { title: string; units: Unit[] }>();
  const add = (name: string, title: string, unit: Unit): void => {
    const group = groups.get(name) ?? { title, units: [] };
    group.units.push(unit);
    groups.set(name, group);
  };
  for (const unit of units.filter(({ repository }) => repository === undefined)) {
    add('Registry', 'The settings of the registry', unit);
  }
  for (const unit of units.filter(({ repository }) => repository !== undefined)) {
    const { name, title } = groupOf(unit.repository!, grouping);
    add(name, title, unit);
  }

  const classes = new Names();
  const folder = isOnly ? '' : `${registry.account}-${registry.region}/`;
  return [...groups].flatMap(([name, { title, units: members }]) => {
    const parts = split(members);
    return parts.map((part, index) => {
      const wish = parts.length > 1 && index > 0 ? `${name}${index + 1}` : name;
      const className = classes.take(`${wish}Stack`);
      const stackName = `Ecr${className.replace(/Stack(\d*)$/, '$1')}`;
      return {
        registry,
        id: ids.take(isOnly ? stackName : `${stackName}${pascalCase(registry.region, '')}`),
        stackName,
        className,
        file: `${folder}${kebabCase(className)}`,
        title: parts.length > 1 ? `${title}, part ${index + 1} of ${parts.length}` : title,
        units: part,
      };
    });
  });
}

function groupOf(name: string, { by, named }: Grouping): { name: string; title: string } {
  const matches = named
    .flatMap(group => group.prefixes.map(prefix => ({ name: group.name, prefix })))
    .filter(({ prefix }) => name.startsWith(prefix))
    .sort((a, b) => b.prefix.length - a.prefix.length);
  if (matches.length > 0) {
    return { name: pascalCase(matches[0].name, 'Stack'), title: `The repositories of ${matches[0].name}` };
  }
  if (by === 'registry') {
    return { name: 'Repositories', title: 'The repositories of the registry' };
  }
  const [namespace, ...rest] = name.split('/');
  return rest.length === 0
    ? { name: 'Repositories', title: 'The repositories without a namespace' }
    : { name: stackOfNamespace(namespace), title: `The repositories of the namespace ${namespace}` };
}

function stackOfNamespace(namespace: string): string {
  const name = pascalCase(namespace, 'Namespace');
  return ['Registry', 'Repositories'].includes(name) ? `${name}Namespace` : name;
}

/** Splits units so that no stack exceeds a limit. */
function split(units: readonly Unit[]): Unit[][] {
  const parts: Unit[][] = [];
  let [resources, bytes] = [0, 0];
  for (const unit of units) {
    const unitBytes = unit.live.reduce((sum, { properties }) => sum + FRAME_BYTES + 2 * JSON.stringify(properties, undefined, 1).length, 0);
    resources += unit.live.length;
    bytes += unitBytes;
    if (parts.length === 0 || resources > LIMITS.resources || bytes > LIMITS.templateBytes) {
      parts.push([]);
      [resources, bytes] = [unit.live.length, unitBytes];
    }
    parts.at(-1)!.push(unit);
  }
  return parts;
}
