import { CfnResource, Stack, Stage } from 'aws-cdk-lib';
import { Construct, type IConstruct } from 'constructs';
import { BRAND } from '../core/brand';
import { ownResource } from '../core/physical-names';

/**
 * Problems with arguments that are constructs of the CDK in another stage of the app and in the same environment: CloudFormation
 * references do not cross stages. Constructs of this library put their names in place of references, and the CDK does so across
 * environments.
 *
 * @param scope the construct that reads the arguments
 * @param value the arguments
 * @param path the name of the argument
 */
export function stageProblems(scope: IConstruct, value: unknown, path = ''): string[] {
  if (typeof value !== 'object' || value === null || Stack.isStack(value)) {
    return [];
  }
  if (Construct.isConstruct(value)) {
    return BRAND in value || !isInOtherStage(scope, value) ? []
      : [`'${path}' must be in the stage of '${scope.node.path}', got '${value.node.path}' of another stage; import it into this stage by its name or ARN`];
  }
  if (Array.isArray(value)) {
    return value.flatMap((entry, index) => stageProblems(scope, entry, `${path}[${index}]`));
  }
  const isOwn = BRAND in value || Object.getPrototypeOf(value) === Object.prototype;
  return isOwn ? Object.entries(value).flatMap(([name, entry]) => stageProblems(scope, entry, BRAND in value ? path : name)) : [];
}

function isInOtherStage(scope: IConstruct, construct: IConstruct): boolean {
  const resource = CfnResource.isCfnResource(construct) ? construct : ownResource(construct);
  if (resource === undefined || Stage.of(resource) === Stage.of(scope)) {
    return false;
  }
  const reader = Stack.of(scope);
  return resource.stack.account === reader.account && resource.stack.region === reader.region;
}
