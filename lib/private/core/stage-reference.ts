import { type IResolveContext, type IResource, Reference, Stack, Stage, Tokenization } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { isKnown } from './values';

/**
 * A reference to a name or ARN of a resource that other stages of the app can read as well: CloudFormation references do not cross
 * stages, so that the text stands in place of the reference there.
 *
 * @param reference the reference of the CDK, which is right within a stage
 * @param resource the resource
 * @param prop the prop that names the resource
 * @param physicalName the name of the resource
 * @param textOf the text for a known name
 */
export function acrossStages(
  reference: string, resource: IResource, prop: string, physicalName: string, textOf: (name: string) => string,
): string {
  const inner = Tokenization.reverseString(reference).firstToken as Reference;
  return String(new StageReference(inner, resource, prop, physicalName, textOf));
}

/** The stacks that refer to a resource that they cannot refer to. */
const refused = new WeakMap<IConstruct, Set<Stack>>();

class StageReference extends Reference {
  constructor(
    private readonly inner: Reference,
    private readonly resource: IResource,
    private readonly prop: string,
    private readonly physicalName: string,
    private readonly textOf: (name: string) => string,
  ) {
    super(inner, inner.target, inner.displayName);
  }

  public override resolve(context: IResolveContext): unknown {
    const { resource, physicalName } = this;
    const reader = Stack.of(context.scope);
    // A stack outside of the app stands for the reader of a message.
    if (reader === resource.stack || Stage.of(reader) === Stage.of(resource) || reader.node.root !== resource.node.root) {
      return this.inner.resolve(context);
    }
    if (isKnown(physicalName)) {
      return this.textOf(physicalName);
    }
    // Also for a name that the CDK generates: it does so when it is asked, which may be after the other stage is complete.
    this.refuse(reader);
    return '';
  }

  /** Fails the validation of the reader: the CDK repeats the prefix "Resolution error" around an error that is thrown here. */
  private refuse(reader: Stack): void {
    const readers = refused.get(this.resource) ?? new Set();
    if (!readers.has(reader)) {
      refused.set(this.resource, readers.add(reader));
      reader.node.addValidation({
        validate: () => [
          `'${this.prop}' must be known now on '${this.resource.node.path}', because '${reader.node.path}' of another stage refers to it, got none; `
          + "set a name such as 'team/api', or refer to it from its own stage",
        ],
      });
    }
  }
}
