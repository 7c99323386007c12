import { propertyInjectable } from 'aws-cdk-lib/core/lib/prop-injectable';
import type { Construct } from 'constructs';
import { checkArguments } from './check-arguments';

type ConstructClass = (new (scope: Construct, id: string, props: never) => Construct) & { readonly PROPERTY_INJECTION_ID: string };

/**
 * Applies the property injectors of the app to the props of a construct, after a check of the arguments: an injector reads the scope first.
 *
 * @param type the class, which has a static `PROPERTY_INJECTION_ID`
 */
export function injectable<T extends ConstructClass>(type: T): T {
  const Injectable = propertyInjectable(type as never) as ConstructClass;
  const Checked = class extends Injectable {
    constructor(scope: Construct, id: string, props: never) {
      checkArguments(type.name, [scope, id, props]);
      super(scope, id, props);
    }
  };
  return Object.defineProperty(Checked, 'name', { value: type.name }) as unknown as T;
}
