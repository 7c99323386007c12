import { join } from 'path';
import {
  CfnResource, type IPolicyValidationContext, type IPolicyValidationPlugin, type PolicyValidationPluginReport, type PolicyViolation,
  Stack, Stage, Validations,
} from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { BRAND } from '../private/core/brand';
import { failUnscopedIfAny } from '../private/core/errors';
import { nearMiss } from '../private/core/near-miss';
import { show } from '../private/core/values';
import { VERSION } from '../private/core/version';
import { upstreamPatternProblems } from '../private/ecr/upstreams';
import { checkArguments } from '../private/input/check-arguments';
import { publicClass } from '../private/input/public-class';
import { type Check, ruleName } from './check';
import { type CheckedTemplate, type CheckFinding, CheckSeverity } from './check-finding';
import { CHECKS } from './checks';
import type { EcrChecksProps } from './ecr-checks-props';
import { violationsOf, type Violation } from './findings';
import type { OrganizationRules } from './organization-rules';
import { readTemplates, type TemplateFile, templateFiles } from './read-templates';

const NAME = 'cdk-secure-ecr';

/**
 * Checks an app against the rules of this library, including `ecr.Repository`, `CfnRepository` and IAM policies.
 *
 * A plugin that reads the synthesized templates, `Validations.of(app).addPlugins(new EcrChecks())`. Errors fail the synthesis;
 * warnings are reported. `Validations.of(construct).acknowledge({ id: 'cdk-secure-ecr::EcrChecks.mutableTags', reason })`
 * silences a rule for a construct and all in it; older versions of the CDK silence it for the whole app.
 *
 * Intrinsic functions are evaluated as far as the template allows: all branches of `Fn::If`, defaults of parameters, mappings, joined and
 * substituted text. Tokens are ignored. Templates of nested stacks are read from the cloud assembly.
 *
 * @see https://docs.aws.amazon.com/cdk/v2/guide/policy-validation-synthesis.html
 */
export class EcrChecks implements IPolicyValidationPlugin {
  static {
    publicClass(this, 'EcrChecks');
  }

  /**
   * The name of the plugin, with which the ids of its rules begin in acknowledgements.
   */
  public readonly name: string = NAME;

  /**
   * The version of this library, which the CDK reports with the plugin.
   */
  public readonly version?: string = VERSION;

  /**
   * The rules, such as `EcrChecks.mutableTags`; they never change their names.
   */
  public readonly ruleIds?: string[] = CHECKS.map(ruleName);
  private declare readonly [BRAND]: 'EcrChecks';
  private readonly checks: readonly Check[];
  private readonly rules: OrganizationRules;

  constructor(props: EcrChecksProps = {}) {
    checkArguments('EcrChecks', [props]);
    const ids = CHECKS.map(({ id }) => id);
    const { errors, ...rules } = props;
    failUnscopedIfAny('InvalidEcrChecks', [
      ...(errors ?? []).filter(id => !ids.includes(id)).map(id => {
        const meant = nearMiss(id.replace(/^.*EcrChecks\./, ''), ids);
        return `'errors' must be rules of EcrChecks such as 'mutableTags', got ${show(id)}${meant ? `; use ${show(meant)}` : ''}`;
      }),
      ...(rules.allowedUpstreams ?? []).flatMap((host, index) => upstreamPatternProblems(`allowedUpstreams[${index}]`, host)),
    ]);
    this.rules = rules;
    this.checks = errors === undefined ? CHECKS : CHECKS.map(check => ({ ...check, severity: errors.includes(check.id) ? 'error' : 'warning' }));
  }

  /**
   * Checks templates; the CDK calls it.
   *
   * Throws if a template cannot be read or is not JSON.
   *
   * @param context the paths of the templates
   */
  public validate(context: IPolicyValidationContext): PolicyValidationPluginReport {
    return report(this.violationsIn(templateFiles(context.templatePaths)));
  }

  /**
   * Checks the stacks of an app or a stage, or one stack, for a unit test: synthesizes them and omits acknowledged findings.
   *
   * Throws if there is no stack in the scope. Do not add the plugin to the same app, which would report the findings twice.
   *
   * @param scope an app, a stage or a stack
   */
  public validateScope(scope: IConstruct): PolicyValidationPluginReport {
    const stages = new Map<Stage, string>();
    const files = new Map(scope.node.findAll().filter(Stack.isStack).map(stack => [stack, fileOf(stack, stages)]));
    failUnscopedIfAny('InvalidScope', files.size === 0 ? [`'scope' must be an app, a stage or a stack, got ${show(scope.node.path)} without any stack in it`] : []);
    const found = this.violationsIn([...files.values()]);
    const owners = found.length === 0 ? new Map<string, IConstruct>() : new Map(scope.node.findAll().filter(CfnResource.isCfnResource).map(it => {
      const stack = Stack.of(it);
      return [`${files.get(stack)?.path} ${stack.resolve(it.logicalId) as string}`, it];
    }));
    const ownerOf = ({ resource }: Violation): IConstruct | undefined => owners.get(`${resource.templatePath} ${resource.logicalId}`);
    return report(found
      .filter(violation => !isAcknowledged(`${NAME}::${ruleName(violation.check)}`, ownerOf(violation)))
      .map(violation => ({ ...violation, resource: { ...violation.resource, constructPath: ownerOf(violation)?.node.path } })));
  }

  /**
   * Checks parsed CloudFormation templates of any origin, such as SAM, for a unit test or a tool: nothing is synthesized or read from files.
   *
   * Templates that belong together, such as those of an app or of nested stacks, should be checked in one call, because some rules compare
   * resources. Acknowledgements are ignored.
   *
   * @param templates the templates
   * @returns a finding for each resource and problem, by rule
   */
  public findingsIn(templates: CheckedTemplate[]): CheckFinding[] {
    const files = templates.map(({ template, fileName, account, region }, index): TemplateFile => {
      const path = fileName ?? `template ${index + 1}`;
      return { path, place: { account, region, stack: path }, template };
    });
    return this.violationsIn(files).map(({ check, resource, property, message }) => ({
      ruleId: ruleName(check),
      severity: check.severity === 'error' ? CheckSeverity.ERROR : CheckSeverity.WARNING,
      fileName: resource.templatePath,
      logicalId: resource.logicalId,
      resourceType: resource.type,
      propertyPath: property,
      message,
      fix: check.fix,
      fixReplaces: check.fixReplaces ?? false,
      controls: check.controls ?? {},
      constructPath: resource.constructPath,
    }));
  }

  private violationsIn(files: readonly TemplateFile[]): Violation[] {
    return violationsOf(this.checks, readTemplates(files), this.rules);
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
  return { path, place: { account, region, stack: outermost, tags: stack.tags.tagValues() } };
}

/**
 * A violation for each message, with all resources that it is about.
 */
function report(found: readonly Violation[]): PolicyValidationPluginReport {
  const byMessage = new Map<string, PolicyViolation>();
  const seen = new Set<string>();
  for (const { check, resource, property, message } of found) {
    const violation = byMessage.get(`${check.id} ${message}`) ?? {
      ruleName: ruleName(check),
      description: message,
      fix: check.fix,
      severity: check.severity,
      ...check.controls ? { ruleMetadata: check.controls } : {},
      violatingResources: [],
    };
    byMessage.set(`${check.id} ${message}`, violation);
    const { logicalId: resourceLogicalId, templatePath, constructPath } = resource;
    const locations = [property === '' ? 'Properties' : `Properties.${property}`];
    const key = JSON.stringify([check.id, message, templatePath, resourceLogicalId]);
    if (!seen.has(key)) {
      seen.add(key);
      violation.violatingResources.push({ resourceLogicalId, templatePath, locations, ...constructPath === undefined ? {} : { constructPath } });
    }
  }
  return { success: !found.some(({ check }) => check.severity === 'error'), violations: [...byMessage.values()] };
}

/**
 * Whether a rule is acknowledged on a construct, or on one that it is part of.
 */
function isAcknowledged(id: string, construct: IConstruct | undefined): boolean {
  return (construct?.node.scopes ?? []).some(({ node }) => node.metadata
    .filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY)
    .some(({ data }) => id in (data as object)));
}
