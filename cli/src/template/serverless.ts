import { isObject, type JsonObject, listAt, stringAt } from '../core/json';
import type { LoopResource } from './for-each';

/**
 * A resource of a SAM template with the role that AWS SAM makes of its inline policies.
 *
 * @see https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-resource-function.html
 */
export function serverlessResources(resource: LoopResource): LoopResource[] {
  const { logicalId, json, path } = resource;
  const type = stringAt(json, 'Type') ?? '';
  if (!WITH_ROLE.test(type)) {
    return [resource];
  }
  return [resource, ...documentsOf(json).map(({ document, property }): LoopResource => ({
    logicalId: `${logicalId}Role${property.join('')}`,
    json: { ...json.Condition === undefined ? {} : { Condition: json.Condition }, Type: 'AWS::IAM::ManagedPolicy', Properties: { PolicyDocument: document }, Metadata: json.Metadata },
    path: [...path, 'Properties', ...property],
  }))];
}

const WITH_ROLE = /^AWS::Serverless::(?:Function|StateMachine)$/;

/** The inline policies: documents with statements. Names of managed policies and SAM policy templates hold none for Amazon ECR. */
function documentsOf(json: JsonObject): Array<{ document: JsonObject; property: Array<string | number> }> {
  const { Policies: policies } = (isObject(json.Properties) ? json.Properties : {});
  const list = Array.isArray(policies) ? listAt(policies).map((document, index) => ({ document, property: ['Policies', index] })) : [{ document: policies, property: ['Policies'] }];
  return list.filter((entry): entry is { document: JsonObject; property: Array<string | number> } => isObject(entry.document) && 'Statement' in entry.document);
}
