import { Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/**
 * Warns about a problem that is known only at synthesis, when the app has all its constructs.
 *
 * @param owner the construct that the user wrote
 * @param at a resource of it: acknowledgements of the owner itself do not reach its late warnings in older versions of aws-cdk-lib
 * @param id the id of the warning
 * @param messageOf the message, or undefined if there is nothing to warn about
 */
export function warnAtSynthesis(owner: IConstruct, at: IConstruct, id: string, messageOf: () => string | undefined): void {
  owner.node.addValidation({
    validate: () => {
      const message = messageOf();
      if (message !== undefined) {
        Validations.of(at).addWarning(id, message);
      }
      return [];
    },
  });
}
