import type { Check } from './check';
import { isObject } from './template-json';
import { ofType, referenceOf, REPOSITORY, type TemplateResource, valueAt } from './template-resource';

// The handler of the CDK deletes the images of a repository with this tag. https://github.com/aws/aws-cdk/blob/main/packages/%40aws-cdk/custom-resource-handlers/lib/aws-ecr/auto-delete-images-handler/index.ts
const TAG = 'aws-cdk:auto-delete-images';
const HANDLER = 'Custom::ECRAutoDeleteImages';

/**
 * The handler of `autoDeleteImages` deletes the images of a repository also when only the custom resource is removed, if the tag remains.
 */
export const autoDeleteTag: Check = {
  id: 'autoDeleteTag',
  severity: 'warning',
  fix: "remove 'autoDeleteImages' and the tag in one deployment; set EmptyOnDelete with a DeletionPolicy of Delete to delete images with the repository",
  find: resources => ofType(resources, REPOSITORY).filter(isTagged).map(resource => {
    const handlers = ofType(resources, HANDLER).filter(handler => handler.templatePath === resource.templatePath
      && referenceOf(valueAt(handler.properties, 'RepositoryName')) === resource.logicalId);
    return {
      resource,
      property: 'Tags',
      message: handlers.length > 0
        ? `'Tags' must not have '${TAG}': all images are deleted when '${handlers[0].logicalId}' is removed or replaced while the repository keeps the tag`
        : `'Tags' must not have '${TAG}' without a '${HANDLER}': the deployment that removes the custom resource deletes all images of the repository`,
    };
  }),
};

function isTagged({ properties }: TemplateResource): boolean {
  const tags = valueAt(properties, 'Tags');
  return Array.isArray(tags) && tags.filter(isObject).some(({ Key, Value }) => Key === TAG && Value === 'true');
}
