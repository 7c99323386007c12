import { join } from 'path';
import {
  CfnResource, type IPolicyValidationContext, type IPolicyValidationPlugin, type PolicyValidationPluginReport, type PolicyViolation,
  Stack, Stage, Validations,
} from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { isKnown } from '../private/values';
import { type Check, type Finding, ruleName } from './check';
import { CHECKS } from './checks';
import { readTemplates, registryName, type TemplateFile, templateFiles } from './read-templates';

const NAME = 'cdk-secure-ecr';

/**
 * Holds an app to the rules of this library, also what it makes with other constructs: `ecr.Repository`, `CfnRepository`, IAM policies.
 *
 * A plugin that reads the synthesized templates, `Validations.of(app).addPlugins(new EcrChecks())`. Errors fail the synthesis;
 * warnings are reported. `Validations.of(construct).acknowledge({ id: 'cdk-secure-ecr::EcrChecks.mutableTags', reason })`
 * silences a rule for a construct and all in it; older versions of the CDK silence it for the whole app.
 *
 * What only the deployment knows passes. Templates of nested stacks are read where the CDK CLI says which they are.
 *
 * @see https://docs.aws.amazon.com/cdk/v2/guide/policy-validation-synthesis.html
 */
export class EcrChecks implements IPolicyValidationPlugin {
  /**
   * The name of the plugin, with which the ids of its rules begin in acknowledgements.
   */
  public readonly name: string = NAME;

  /**
   * The rules, such as `EcrChecks.mutableTags`; they never change their names.
   */
  public readonly ruleIds?: string[] = CHECKS.map(ruleName);

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
   * @param scope an app, a stage or a stack
   */
  public validateScope(scope: IConstruct): PolicyValidationPluginReport {
    const constructs = scope.node.findAll();
    const files = constructs.filter(Stack.isStack).map(fileOf);
    const owners = new Map(constructs.filter(CfnResource.isCfnResource).map(it => {
      const stack = Stack.of(it);
      return [`${fileOf(stack).path} ${stack.resolve(it.logicalId) as string}`, it];
    }));
    return report(findings(files).filter(([check, { resource }]) =>
      !isAcknowledged(`${NAME}::${ruleName(check)}`, owners.get(`${resource.templatePath} ${resource.logicalId}`))));
  }
}

function fileOf(stack: Stack): TemplateFile {
  const path = join(Stage.of(stack)!.synth().directory, stack.templateFile);
  const { account, region } = stack;
  return { path, registry: registryName(isKnown(account) && isKnown(region) ? stack.environment : undefined, path) };
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
    violation.violatingResources.push({
      resourceLogicalId: resource.logicalId,
      templatePath: resource.templatePath,
      locations: [property === '' ? 'Properties' : `Properties.${property}`],
    });
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
