import { Stack, Token, Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { isKnown, show } from '../private/core/values';

/**
 * The values that the gallery shows.
 *
 * @see https://docs.aws.amazon.com/AmazonECRPublic/latest/APIReference/API_RepositoryCatalogDataInput.html
 */
const SHOWN = {
  architectures: ['ARM', 'ARM 64', 'x86', 'x86-64'],
  operatingSystems: ['Linux', 'Windows'],
} as const;

interface CatalogLists {
  readonly architectures?: string[];
  readonly operatingSystems?: string[];
}

/**
 * Warns about a public repository that may not deploy, or that the gallery does not show as intended.
 */
export function warnOfGallery(owner: IConstruct, props: CatalogLists): void {
  const validations = Validations.of(owner);
  if (Token.isUnresolved(Stack.of(owner).region)) {
    validations.addWarning(
      'cdk-secure-ecr:PublicRepository.regionUnknown',
      "the deployment fails outside us-east-1, and the Region of the stack is unknown; set it in 'env' of the stack",
    );
  }
  for (const prop of ['architectures', 'operatingSystems'] as const) {
    const known: readonly string[] = SHOWN[prop];
    const unknown = (props[prop] ?? []).filter(entry => isKnown(entry) && !known.includes(entry));
    if (isKnown(props[prop]) && unknown.length > 0) {
      validations.addWarning(
        'cdk-secure-ecr:PublicRepository.notInGallery',
        `the gallery does not show ${unknown.map(show).join(', ')} of '${prop}', got values that it does not support; use ${known.map(show).join(', ')}`,
      );
    }
  }
}
