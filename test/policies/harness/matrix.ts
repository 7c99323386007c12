import { type Caller, ecrActions, Evaluator, type Organizations } from './evaluator';
import type { World } from './world';

/** What every caller may do, by the label of the caller. */
export type Allowed = Record<string, string[]>;

export interface MatrixOptions {
  readonly title: string;
  readonly world: World;
  readonly organizations?: Organizations;
  /** The repository of the requests that are about one. */
  readonly repository: string;
  readonly callers: Record<string, Caller>;
}

/**
 * Every caller times every action of Amazon ECR. Requests about a registry go to that of the repository, except for logins, which everybody
 * sends to their own.
 */
export async function matrix({ title, world, organizations, repository, callers }: MatrixOptions): Promise<Allowed> {
  const evaluator = new Evaluator(world, organizations);
  const owner = repository.split(':')[4];
  const actions = await ecrActions();
  const allowed: Allowed = {};
  for (const [label, caller] of Object.entries(callers)) {
    allowed[label] = [];
    for (const { name, onRepository } of actions) {
      const own = name === 'GetAuthorizationToken' && caller.account !== undefined;
      if (await evaluator.allows(caller, `ecr:${name}`, onRepository ? repository : '*', own ? caller.account : owner)) {
        allowed[label].push(name);
      }
    }
  }
  process.stdout.write(table(title, repository, allowed, actions.map(({ name }) => name)));
  return allowed;
}

/** A table for a terminal: a row for every action that somebody may do, unless they may do everything. */
export function table(title: string, subject: string, allowed: Allowed, actions: string[]): string {
  const labels = Object.keys(allowed);
  const width = Math.max(...actions.map(({ length }) => length));
  const mayDoEverything = (label: string): boolean => allowed[label].length === actions.length;
  const cells = (texts: string[]): string => texts.map(text => text.padStart(3)).join('');
  const used = actions.filter(action => labels.some(label => !mayDoEverything(label) && allowed[label].includes(action)));
  return [
    '',
    `${title}: ${subject}`,
    ...labels.map((label, index) => `${cells([`${index + 1}`])}  ${label}${mayDoEverything(label) ? ', who may do everything' : ''}`),
    `  ${' '.repeat(width)}${cells(labels.map((_, index) => `${index + 1}`))}`,
    ...used.map(action => `  ${action.padEnd(width)}${cells(labels.map(label => allowed[label].includes(action) ? 'x' : '.'))}`),
    `  ${`the other ${actions.length - used.length}`.padEnd(width)}${cells(labels.map(label => mayDoEverything(label) ? 'x' : '.'))}`,
    '',
  ].join('\n');
}
