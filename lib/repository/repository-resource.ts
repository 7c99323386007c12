import { CfnDeletionPolicy, Lazy } from 'aws-cdk-lib';
import * as ecr from 'aws-cdk-lib/aws-ecr';

/** The properties of a repository as CloudFormation names them. Intrinsics stand for values that are known at deployment. */
export type RepositoryProperties = Readonly<Record<string, unknown>>;

/** A dot between the parts of the path of an override; one with a backslash in front belongs to a part. */
const DOT = /(?<!\\)\./;

const DELETION = 'DeletionPolicy';
const PROPERTIES = 'Properties';

/**
 * The resource of a repository, which knows what Aspects, setters and overrides change after construction.
 */
export class RepositoryResource extends ecr.CfnRepository {
  private readonly overrides: Array<readonly [path: readonly string[], value: unknown]> = [];
  private readonly made: Record<string, unknown>;

  constructor(...args: ConstructorParameters<typeof ecr.CfnRepository>) {
    super(...args);
    this.made = this.settings();
  }

  /**
   * What happens to the repository when it leaves the stack.
   */
  public get finalDeletionPolicy(): CfnDeletionPolicy {
    const [, override] = this.overridesOf(DELETION).at(-1) ?? [];
    return override as CfnDeletionPolicy | undefined ?? this.cfnOptions.deletionPolicy ?? CfnDeletionPolicy.DELETE;
  }

  public override addOverride(path: string, value: unknown): void {
    super.addOverride(path, value);
    this.overrides.push([path.split(DOT).map(part => part.replaceAll('\\.', '.')), value]);
  }

  /**
   * Gives the repository the policy of this library, unless it has one.
   *
   * @param produce makes the policy when the template is written
   */
  public makePolicy(produce: () => unknown): void {
    if (this.repositoryPolicyText === undefined) {
      this.repositoryPolicyText = Lazy.uncachedAny({ produce });
      this.made.RepositoryPolicyText = this.repositoryPolicyText;
    }
  }

  /**
   * The properties as the template has them, or undefined if they are those of the constructor. An app may have thousands of repositories,
   * and resolving the properties of each takes time.
   */
  public changedProperties(): RepositoryProperties | undefined {
    const isMade = Object.entries(this.settings()).every(([name, value]) => value === this.made[name]);
    if (isMade && this.overridesOf(PROPERTIES).length === 0) {
      return undefined;
    }
    const resolved = this.stack.resolve(this.cfnProperties) as Record<string, unknown>;
    const resource = { [PROPERTIES]: this.renderProperties(resolved) as unknown };
    for (const [path, value] of this.overridesOf(PROPERTIES)) {
      put(resource, path, this.stack.resolve(value) as unknown);
    }
    return resource[PROPERTIES] as RepositoryProperties;
  }

  /**
   * Whether a property of the template differs from that of the constructor, because of a setter or an override.
   *
   * @param name the name as CloudFormation has it
   */
  public isChanged(name: string): boolean {
    return this.settings()[name] !== this.made[name]
      || this.overridesOf(PROPERTIES).some(([[, property]]) => property === undefined || property === name);
  }

  private overridesOf(section: string): Array<readonly [path: readonly string[], value: unknown]> {
    return this.overrides.filter(([[first]]) => first === section);
  }

  private settings(): Record<string, unknown> {
    return {
      RepositoryName: this.repositoryName,
      ImageTagMutability: this.imageTagMutability,
      ImageTagMutabilityExclusionFilters: this.imageTagMutabilityExclusionFilters,
      EncryptionConfiguration: this.encryptionConfiguration,
      LifecyclePolicy: this.lifecyclePolicy,
      EmptyOnDelete: this.emptyOnDelete,
      RepositoryPolicyText: this.repositoryPolicyText,
    };
  }
}

function put(target: Record<string, unknown>, [name, ...path]: readonly string[], value: unknown): void {
  if (path.length === 0) {
    target[name] = value;
    return;
  }
  const inner = target[name];
  const copy = Array.isArray(inner) ? [...inner as unknown[]] : { ...typeof inner === 'object' ? inner : {} };
  target[name] = copy;
  put(copy, path, value);
}
