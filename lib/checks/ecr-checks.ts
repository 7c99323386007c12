import { join } from 'path';
import {
  CfnResource, type IPolicyValidationContext, type IPolicyValidationPlugin, type PolicyValidationPluginReport, type PolicyViolation,
  Stack, Stage, Validations,
} from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { BRAND, brand } from '../private/core/brand';
import { failUnscopedIfAny } from '../private/core/errors';
import { show } from '../private/core/values';
import { type Check, type Finding, ruleName } from './check';
import { CHECKS } from './checks';
import { readTemplates, type TemplateFile, templateFiles } from './read-templates';

const NAME = 'cdk-secure-ecr';

/**
 * Holds an app to the rules of this library, also what it makes with other constructs: `ecr.Repository`, `CfnRepository`, IAM policies.
 *
 * A plugin that reads the synthesized templates, `Validations.of(app).addPlugins(new EcrChecks())`. Errors fail the synthesis;
 * warnings are reported. `Validations.of(construct).acknowledge({ id: 'cdk-secure-ecr::EcrChecks.mutableTags', reason })`
 * silences a rule for a construct and all in it; older versions of the CDK silence it for the whole app. With version 2.257 of the CDK,
 * newer versions of its CLI show nothing: use 2.258 or later, or `validateScope` in a unit test.
 *
 * What only the deployment knows passes. Templates of nested stacks are read where the CDK CLI says which they are.
 *
 * @see https://docs.aws.amazon.com/cdk/v2/guide/policy-validation-synthesis.html
 */
export class EcrChecks implements IPolicyValidationPlugin {
  static {
    brand(this, 'EcrChecks');
  }

  /**
   * The name of the plugin, with which the ids of its rules begin in acknowledgements.
   */
  public readonly name: string = NAME;

  /**
   * The rules, such as `EcrChecks.mutableTags`; they never change their names.
   */
  public readonly ruleIds?: string[] = CHECKS.map(ruleName);
  private declare readonly [BRAND]: 'EcrChecks';

  /**
   * Checks templates; the CDK calls it.
   *
   * @param context which templates
   */
  public validate(context: IPolicyValidationContext): PolicyValidationPluginReport {
    return report(findings(templateFiles(context.templatePaths)));
  }

  /**
   * Checks the stacks of an app or a stage, or one stack, for a unit test: synthesizes them and leaves out what is acknowledged.
   *
   * Throws if there is no stack in the scope. Leave the plugin itself out of that app, which would report the same once more.
   *
   * @param scope an app, a stage or a stack
   */
  public validateScope(scope: IConstruct): PolicyValidationPluginReport {
    const stages = new Map<Stage, string>();
    const files = new Map(scope.node.findAll().filter(Stack.isStack).map(stack => [stack, fileOf(stack, stages)]));
    failUnscopedIfAny('InvalidScope', files.size === 0 ? [`'scope' must be an app, a stage or a stack, got ${show(scope.node.path)} without any stack in it`] : []);
    const found = findings([...files.values()]);
    const owners = found.length === 0 ? new Map<string, IConstruct>() : new Map(scope.node.findAll().filter(CfnResource.isCfnResource).map(it => {
      const stack = Stack.of(it);
      return [`${files.get(stack)?.path} ${stack.resolve(it.logicalId) as string}`, it];
    }));
    return report(found.filter(([check, { resource }]) =>
      !isAcknowledged(`${NAME}::${ruleName(check)}`, owners.get(`${resource.templatePath} ${resource.logicalId}`))));
  }
}

/**
 * The template of a stack. Every synthesis of a stage, also one that is done already, looks at all its constructs: once is enough.
 */
function fileOf(stack: Stack, stages: Map<Stage, string>): TemplateFile {
  const stage = Stage.of(stack)!;
  const folder = stages.get(stage) ?? stage.synth().directory;
  stages.set(stage, folder);
  const path = join(folder, stack.templateFile);
  const { account, region, nestedStackParent } = stack;
  const outermost = nestedStackParent ? fileOf(nestedStackParent, stages).place.stack : path;
  return { path, place: { account, region, stack: outermost } };
}

function findings(files: readonly TemplateFile[]): Array<[Check, Finding]> {
  const resources = readTemplates(files);
  return CHECKS.flatMap(check => check.find(resources).map(finding => [check, finding] as [Check, Finding]));
}

/**
 * A violation for each message, with all resources that it is about.
 */
function report(found: ReadonlyArray<[Check, Finding]>): PolicyValidationPluginReport {
  const violations = new Map<string, PolicyViolation>();
  for (const [check, { resource, property, message }] of found) {
    const violation = violations.get(`${check.id} ${message}`) ?? {
      ruleName: ruleName(check),
      description: message,
      fix: check.fix,
      severity: check.severity,
      ...check.controls ? { ruleMetadata: check.controls } : {},
      violatingResources: [],
    };
    violations.set(`${check.id} ${message}`, violation);
    const { logicalId: resourceLogicalId, templatePath } = resource;
    if (!violation.violatingResources.some(it => it.resourceLogicalId === resourceLogicalId && it.templatePath === templatePath)) {
      violation.violatingResources.push({ resourceLogicalId, templatePath, locations: [property === '' ? 'Properties' : `Properties.${property}`] });
    }
  }
  return { success: !found.some(([{ severity }]) => severity === 'error'), violations: [...violations.values()] };
}

/**
 * Whether a rule is acknowledged on a construct, or on one that it is part of.
 */
function isAcknowledged(id: string, construct: IConstruct | undefined): boolean {
  return (construct?.node.scopes ?? []).some(({ node }) => node.metadata
    .filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY)
    .some(({ data }) => id in (data as object)));
}
