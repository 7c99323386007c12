import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, CfnResource, Stack, Tags } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { messageOf } from '../core/command-error';
import type { JsonObject } from '../core/json';
import { evaluate, type Expression, IMPORTS, type ImportType, resolve } from './expression';
import { normalText } from './live';
import { camelCase, Names, pascalCase } from './names';
import type { StackPlan } from './stacks';
import type { ConstructCode, Omission, Unit } from './unit';

/**
 * An import of a construct that exists elsewhere.
 */
export interface ImportCode {
  readonly type: ImportType;
  readonly arn: string;
  readonly id: string;
  readonly variable: string;
}

/**
 * A construct with its id in the stack.
 */
export interface PlacedConstruct extends ConstructCode {
  readonly unit: Unit;
}

/**
 * A stack as it is written: each construct makes exactly the resources of the registry.
 */
export interface StackCode {
  readonly plan: StackPlan;
  readonly imports: readonly ImportCode[];
  readonly constructs: readonly PlacedConstruct[];
  /** The names of variables, in which those of the imports are taken. */
  readonly variables: Names;
  /** The identifiers of the resources by their logical ids, for the import. */
  readonly mapping: { readonly [logicalId: string]: { readonly [property: string]: string } };
}

export interface Model {
  readonly stacks: readonly StackCode[];
  /** Units that no construct can express. */
  readonly omissions: readonly Omission[];
  /** Units that only the construct that mirrors a resource can express, and why. */
  readonly mirrored: readonly Omission[];
}

/** Ids that constructs of the library take in a stack. */
const RESERVED_IDS = ['SecureEcrRegistryPolicy', 'SecureRepositoryKey'];

/**
 * Chooses the code of each unit: the first candidate whose template equals the registry, property by property.
 */
export function modelOf(plans: readonly StackPlan[]): Model {
  const choices = new Map<Unit, number>();
  const reasons = new Map<Unit, string>();
  for (;;) {
    const { stacks, failures } = build(plans, choices, reasons);
    if (failures.size === 0) {
      const units = plans.flatMap(plan => plan.units);
      const chosen = (unit: Unit): number => choices.get(unit) ?? 0;
      return {
        stacks: stacks.filter(({ constructs }) => constructs.length > 0),
        omissions: units.filter(unit => chosen(unit) >= unit.candidates.length).map(unit => ({ subject: unit.subject, reason: reasons.get(unit)! })),
        mirrored: units.filter(unit => chosen(unit) > 0 && chosen(unit) < unit.candidates.length && isMirrored(unit.candidates[chosen(unit)]))
          .map(unit => ({ subject: unit.subject, reason: reasons.get(unit)! })),
      };
    }
    for (const [unit, reason] of failures) {
      choices.set(unit, (choices.get(unit) ?? 0) + 1);
      if (!reasons.has(unit)) {
        reasons.set(unit, reason);
      }
    }
  }
}

function isMirrored(constructs: readonly ConstructCode[]): boolean {
  return constructs.some(construct => construct.class.startsWith('ecr.Cfn'));
}

interface Made {
  readonly unit: Unit;
  readonly stack: Stack;
  readonly constructs: Construct[];
}

interface Build {
  readonly stacks: StackCode[];
  readonly failures: Map<Unit, string>;
}

/** Builds the app in memory. */
function build(plans: readonly StackPlan[], choices: ReadonlyMap<Unit, number>, reasons: ReadonlyMap<Unit, string>): Build {
  const outdir = mkdtempSync(join(tmpdir(), 'cdk-secure-ecr-cli-'));
  try {
    const app = new App({ outdir, analyticsReporting: false, treeMetadata: false });
    const failures = new Map<Unit, string>();
    const made: Made[] = [];
    const stacks = plans.map(plan => {
      const { account, region } = plan.registry;
      const stack = new Stack(app, plan.id, { stackName: plan.stackName, env: account === 'unknown' ? undefined : { account, region } });
      const constructs = placed(plan, choices, reasons);
      const { imports, importOf } = importsOf(stack, constructs);
      for (const unit of plan.units.filter(it => constructs.some(construct => construct.unit === it))) {
        const created: Construct[] = [];
        made.push({ unit, stack, constructs: created });
        try {
          for (const { class: className, id, props } of constructs.filter(construct => construct.unit === unit)) {
            const Class = resolve(className).member as new (scope: Construct, id: string, props: unknown) => Construct;
            created.push(new Class(stack, id, evaluate(props, importOf)));
          }
          unit.tags.forEach(({ Key, Value }) => Tags.of(created[0]).add(Key, Value));
          const [problem] = [...resourcesOf(stack, created), ...created].flatMap(({ node }) => node.validate());
          if (problem !== undefined) {
            failures.set(unit, firstLine(problem));
          }
        } catch (error) {
          failures.set(unit, firstLine(messageOf(error)));
        }
      }
      return { plan, constructs, imports: imports.list, variables: imports.variables, mapping: {} };
    });
    if (failures.size > 0) {
      return { stacks, failures };
    }
    const assembly = app.synth({ skipValidation: true });
    const mappings = new Map<Stack, Record<string, { readonly [property: string]: string }>>();
    const templates = new Map<Stack, JsonObject>();
    for (const { unit, stack, constructs } of made) {
      const template = templates.get(stack) ?? (assembly.getStackArtifact(stack.artifactId).template as { Resources: JsonObject }).Resources;
      templates.set(stack, template);
      const mapping = mappings.get(stack) ?? {};
      mappings.set(stack, mapping);
      const resources = resourcesOf(stack, constructs).map(resource => {
        const logicalId = stack.resolve(resource.logicalId) as string;
        const { Type, Properties } = template[logicalId] as { Type: string; Properties: JsonObject };
        return { logicalId, type: Type, properties: Properties, text: `${Type} ${normalText(Properties)}` };
      });
      const difference = differenceOf(unit, resources);
      if (difference === undefined) {
        for (const { type, properties, identifier } of unit.live) {
          const { logicalId } = resources.find(({ text }) => text === `${type} ${normalText(properties)}`)!;
          mapping[logicalId] = identifier;
        }
      } else {
        failures.set(unit, difference);
      }
    }
    const ofPlan = new Map(made.map(({ stack }) => [stack.node.id, mappings.get(stack)!]));
    return { stacks: stacks.map(stack => ({ ...stack, mapping: ofPlan.get(stack.plan.id) ?? {} })), failures };
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}

function placed(plan: StackPlan, choices: ReadonlyMap<Unit, number>, reasons: ReadonlyMap<Unit, string>): PlacedConstruct[] {
  const ids = new Names(RESERVED_IDS);
  const namespace = namespaceOf(plan.units);
  return plan.units.flatMap(unit => (unit.candidates[choices.get(unit) ?? 0] ?? []).map(construct => {
    const name = unit.repository !== undefined && construct.id.startsWith(`${namespace}/`) ? construct.id.slice(namespace.length + 1) : construct.id;
    const [preferred] = unit.candidates[0];
    const isSecondBest = construct.class.startsWith('ecr.Cfn') && preferred.class !== construct.class;
    const comments = [...isSecondBest ? [`${preferred.class} does not fit: ${reasons.get(unit)}.`] : [], ...construct.comments ?? []];
    return { ...construct, comments, unit, id: ids.take(pascalCase(name, unit.repository === undefined ? 'Prefix' : 'Repository')) };
  }));
}

/** The namespace that all repositories of a stack are in: their ids do not repeat it. */
function namespaceOf(units: readonly Unit[]): string {
  const namespaces = new Set(units.map(({ repository = '' }) => repository.slice(0, Math.max(0, repository.indexOf('/')))));
  return namespaces.size === 1 ? [...namespaces][0] : '';
}

interface Imports {
  readonly imports: { readonly list: ImportCode[]; readonly variables: Names };
  readonly importOf: (type: ImportType, arn: string) => Construct;
}

function importsOf(stack: Stack, constructs: readonly PlacedConstruct[]): Imports {
  const wanted = new Map<string, { type: ImportType; arn: string }>();
  for (const { props } of constructs) {
    collectImports(props, (type, arn) => wanted.set(`${type} ${arn}`, { type, arn }));
  }
  const ids = new Names([...RESERVED_IDS, ...constructs.map(({ id }) => id)]);
  const variables = Names.ofVariables();
  const counts = new Map<ImportType, number>();
  wanted.forEach(({ type }) => counts.set(type, (counts.get(type) ?? 0) + 1));
  const listed = [...wanted.values()].map(({ type, arn }): ImportCode => {
    const { noun } = IMPORTS[type];
    const tail = arn.slice(Math.max(arn.lastIndexOf('/'), arn.lastIndexOf(':')) + 1);
    const wish = counts.get(type) === 1 ? noun : type === 'key' ? `Key${pascalCase(tail.slice(0, 8), '')}` : `${pascalCase(tail, '')}${noun}`;
    const id = ids.take(wish);
    return { type, arn, id, variable: variables.take(camelCase(id, noun)) };
  });
  const made = new Map<string, Construct>();
  return {
    imports: { list: listed, variables },
    importOf: (type, arn) => {
      const { id } = listed.find(it => it.type === type && it.arn === arn)!;
      const { owner, member } = resolve(IMPORTS[type].path);
      const construct = made.get(id) ?? (member as (...args: unknown[]) => Construct).call(owner, stack, id, arn, ...IMPORTS[type].args);
      made.set(id, construct);
      return construct;
    },
  };
}

function collectImports(expression: Expression, found: (type: ImportType, arn: string) => void): void {
  switch (expression.kind) {
    case 'imported':
      found(expression.type, expression.arn);
      break;
    case 'object':
      expression.entries.forEach(entry => collectImports(entry.value, found));
      break;
    case 'list':
      expression.items.forEach(item => collectImports(item, found));
      break;
    case 'call':
      expression.args.forEach(arg => collectImports(arg, found));
      break;
    default:
  }
}

/** The resources that constructs made; the registry policy is a child of the stack. */
function resourcesOf(stack: Stack, constructs: readonly Construct[]): CfnResource[] {
  const policy = constructs.some(({ constructor }) => constructor.name === 'RegistryPolicy') ? stack.node.tryFindChild('SecureEcrRegistryPolicy') : undefined;
  return [...constructs.flatMap(construct => construct.node.findAll()), ...policy ? [policy] : []].filter(node => CfnResource.isCfnResource(node));
}

interface MadeResource {
  readonly type: string;
  readonly properties: JsonObject;
  readonly text: string;
}

function differenceOf({ live }: Unit, made: readonly MadeResource[]): string | undefined {
  const missing = live.filter(({ type, properties }) => !made.some(({ text }) => text === `${type} ${normalText(properties)}`));
  if (missing.length > 0) {
    const [{ type, properties }] = missing;
    const other = made.find(resource => resource.type === type)?.properties ?? {};
    const keys = new Set([...Object.keys(properties), ...Object.keys(other)]);
    const different = [...keys].filter(key => normalText({ [key]: properties[key] }) !== normalText({ [key]: other[key] }));
    return `it writes ${different.map(key => `'${key}'`).join(', ')} in another way`;
  }
  const more = made.length - live.length;
  return more > 0 ? `it makes ${more} resources that do not exist` : undefined;
}

function firstLine(message: string): string {
  const lines = message.split('\n').map(line => line.replace(/^[-\s]+/, '')).filter(line => line !== '');
  return (lines.find(line => line.startsWith("'")) ?? lines[0] ?? 'it is an error').slice(0, 300);
}
