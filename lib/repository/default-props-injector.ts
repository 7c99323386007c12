import { type InjectionContext, type IPropertyInjector, Validations } from 'aws-cdk-lib';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import { BRAND } from '../private/core/brand';
import { failIfAny, failUnscopedIfAny } from '../private/core/errors';
import { publicClass } from '../private/input/public-class';
import type { RepositoryNaming } from './repository-naming';
import { SecureRepository, type SecureRepositoryProps } from './secure-repository';

/**
 * Options for injecting default props into repositories.
 */
export interface DefaultPropsOptions {
  /**
   * The naming convention for the names of the repositories. Another name is an error, as is no name.
   *
   * @default - any name
   */
  readonly naming?: RepositoryNaming;
}

/** The props of a construct, by name. */
type Props = Record<string, unknown>;

/** Props that belong together: who sets one of them has decided about the others. */
const GROUPS = [
  ['imageTagMutability', 'imageTagMutabilityExclusionFilters'],
  ['encryption', 'encryptionKey'],
  ['removalPolicy', 'emptyOnDelete', 'autoDeleteImages'],
];

/**
 * Default props of an organization for every construct of a class, as in
 * `new App({ propertyInjectors: [DefaultPropsInjector.forRepository({ imageScanOnPush: true })] })`.
 *
 * A prop that a construct sets itself wins, together with the props that belong to it, such as `emptyOnDelete` to `removalPolicy`. Of two
 * injectors for one class, the CDK uses the one of the nearest scope.
 *
 * @see https://docs.aws.amazon.com/cdk/v2/guide/blueprints.html
 */
export class DefaultPropsInjector implements IPropertyInjector {
  static {
    publicClass(this, 'DefaultPropsInjector');
  }

  /**
   * Default props for `ecr.Repository` of the CDK.
   *
   * Throws if there is a `repositoryName`, which only one repository can have. Warns about `encryption` and `encryptionKey`, which replace
   * repositories that exist.
   *
   * @param defaults the props
   * @param options what else applies to the repositories
   */
  public static forRepository(defaults: ecr.RepositoryProps, options: DefaultPropsOptions = {}): DefaultPropsInjector {
    return new DefaultPropsInjector(ecr.Repository.PROPERTY_INJECTION_ID, { ...defaults }, options);
  }

  /**
   * Default props for `SecureRepository`.
   *
   * Throws if there is a `repositoryName`, which only one repository can have. Another `encryption` replaces repositories that exist.
   *
   * @param defaults the props
   * @param options what else applies to the repositories
   */
  public static forSecureRepository(defaults: SecureRepositoryProps, options: DefaultPropsOptions = {}): DefaultPropsInjector {
    return new DefaultPropsInjector(SecureRepository.PROPERTY_INJECTION_ID, { ...defaults }, options);
  }

  /**
   * Default props for any class that takes them, such as `PullThroughCache`. The class checks them when it is constructed.
   *
   * @param constructUniqueId the `PROPERTY_INJECTION_ID` of the class
   * @param defaults the props
   */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- jsii has no 'unknown'
  public static forClass(constructUniqueId: string, defaults: { [prop: string]: any }): DefaultPropsInjector {
    return new DefaultPropsInjector(constructUniqueId, defaults);
  }

  private declare readonly [BRAND]: 'DefaultPropsInjector';

  private constructor(
    /**
     * The `PROPERTY_INJECTION_ID` of the class whose props are set.
     */
    public readonly constructUniqueId: string,
    private readonly defaults: Props,
    private readonly options: DefaultPropsOptions = {},
  ) {
    failUnscopedIfAny('InvalidDefaultProps', defaults.repositoryName === undefined ? [] : [
      "'defaults' must not have a 'repositoryName', which only one repository can have; set it on the repository, or 'naming' for a convention",
    ]);
  }

  /**
   * Returns the props of a construct with the defaults; the CDK calls it.
   *
   * Throws if the name of the repository does not follow the naming convention.
   *
   * @param originalProps the props that the construct sets itself
   * @param context the scope and the id of the construct
   */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any, @typescript-eslint/explicit-module-boundary-types -- the interface of the CDK
  public inject(originalProps: any, context: InjectionContext): any {
    const own = Object.fromEntries(Object.entries((originalProps ?? {}) as Props).filter(([, value]) => value !== undefined));
    const decided = new Set(Object.keys(own).flatMap(name => GROUPS.find(group => group.includes(name)) ?? [name]));
    const added = Object.fromEntries(Object.entries(this.defaults).filter(([name]) => !decided.has(name)));
    failIfAny(context.scope, 'InvalidRepositoryName', this.options.naming?._problems('repositoryName', own.repositoryName as string | undefined)
      .map(problem => `${problem}, at '${context.id}'`) ?? []);
    if (this.constructUniqueId === ecr.Repository.PROPERTY_INJECTION_ID && (added.encryption !== undefined || added.encryptionKey !== undefined)) {
      Validations.of(context.scope).addWarning(
        'cdk-secure-ecr:DefaultPropsInjector.encryption',
        `the encryption that the injector sets replaces '${context.id}' if it is deployed with another one: a named repository fails to deploy, an unnamed one is exchanged for an empty one; `
        + "set 'encryption' on repositories that exist, and acknowledge this for new ones",
      );
    }
    return { ...added, ...own };
  }
}
