import { Lazy, RemovalPolicy, Resource, Stack } from 'aws-cdk-lib';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { failIfAny } from '../private/core/errors';
import { acrossStages } from '../private/core/stage-reference';
import { duplicatesOf, isKnown, isLookupPending, show } from '../private/core/values';
import { LIMITS } from '../private/ecr/limits';
import { accountProblems, freeTextProblems, publicRepositoryNameProblems } from '../private/ecr/names';
import { KEYED_RESOURCES } from '../private/ecr/registry-resources';
import { repositoryTagProblems } from '../private/ecr/resource-tags';
import { checkArguments } from '../private/input/check-arguments';
import { injectable } from '../private/input/injectable';
import { publicClass } from '../private/input/public-class';
import { claimProblems, claimResource, type OwnedKind } from '../private/ownership/claims';
import { PUBLIC_REPOSITORY_POLICY } from '../private/policy/action-problems';
import { GivenPolicy } from '../private/policy/given-policy';
import { policyLength } from '../private/policy/policy-length';
import { PublicRepositoryGrants, type IPublicRepository } from './public-repository-grants';
import { warnOfGallery } from './public-repository-warnings';

const HOME = 'us-east-1';

// All actions except those of the registry, which a repository policy cannot allow.
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerregistrypublic.html

const NAMES: OwnedKind = {
  ...KEYED_RESOURCES.publicRepository,
  warningId: 'cdk-secure-ecr:PublicRepository.environmentUnknown',
  fix: 'give them different names, or import the repository in one place with PublicRepository.fromPublicRepositoryName',
};

const ARN = /^arn:(?:aws|[^:]*\$\{Token[^:]*):ecr-public::([^:]+):repository\/(.+)$/;

/**
 * Properties for defining a `PublicRepository`.
 */
export interface PublicRepositoryProps {
  /**
   * The name of the repository, 2 to 205 characters: lowercase letters and digits, joined by one `.`, `_` or `-`, and nested by `/`.
   * Changing it replaces the repository.
   *
   * @see https://docs.aws.amazon.com/AmazonECRPublic/latest/APIReference/API_CreateRepository.html
   * @default - a name that CloudFormation generates
   */
  readonly repositoryName?: string;

  /**
   * The short description in search results, up to 1,024 characters.
   *
   * @see https://docs.aws.amazon.com/AmazonECR/latest/public/public-repository-catalog-data.html
   * @default - none
   */
  readonly description?: string;

  /**
   * The description of the images, in Markdown, up to 10,240 characters.
   *
   * @default - none
   */
  readonly aboutText?: string;

  /**
   * The instructions for using the images, in Markdown, up to 10,240 characters.
   *
   * @default - none
   */
  readonly usageText?: string;

  /**
   * The architectures that the gallery shows, such as `x86-64` and `ARM 64`: up to 50 of 1 to 50 characters.
   *
   * @default - none
   */
  readonly architectures?: string[];

  /**
   * The operating systems that the gallery shows, such as `Linux`: up to 50 of 1 to 50 characters.
   *
   * @default - none
   */
  readonly operatingSystems?: string[];

  /**
   * The removal policy of the repository when it is removed from the stack.
   *
   * By default it stays, unless the deployment that creates it fails: a repository that stays then blocks the next attempt with its name.
   *
   * @default RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE
   */
  readonly removalPolicy?: RemovalPolicy;

  /**
   * The policy of the repository, up to 10,240 characters together with the statements that grants add to it.
   *
   * `ExistingPolicy.fromJson` adopts the policy of an existing repository without changes. Any other document must satisfy the rules
   * of `addToResourcePolicy`.
   *
   * @see https://docs.aws.amazon.com/AmazonECR/latest/public/public-repository-policies.html
   * @default - the statements that grants and `addToResourcePolicy` add, or no policy
   */
  readonly repositoryPolicy?: iam.PolicyDocument;
}

/**
 * A repository in the Amazon ECR Public Gallery, from which anyone can pull.
 *
 * The API of ECR Public is in us-east-1 only: a stack in another Region is an error. ECR Public does not support lifecycle policies,
 * scanning, a choice of encryption, or immutable tags, and CloudFormation has no property for the logo. Images are public as soon as they are
 * pushed, so grant pushes to a release pipeline only.
 *
 * @resource AWS::ECR::PublicRepository
 * @see https://docs.aws.amazon.com/AmazonECR/latest/public/public-repositories.html
 */
@injectable
export class PublicRepository extends Resource implements IPublicRepository {
  static {
    publicClass(this, 'PublicRepository');
  }

  /**
   * Uniquely identifies this class.
   */
  public static readonly PROPERTY_INJECTION_ID: string = 'cdk-secure-ecr.PublicRepository';

  /**
   * Imports a public repository of the account of the stack by its name.
   *
   * @param scope the scope of the import
   * @param id the id of the import
   * @param publicRepositoryName the name of the repository
   */
  public static fromPublicRepositoryName(scope: Construct, id: string, publicRepositoryName: string): IPublicRepository {
    failIfAny(scope, 'InvalidPublicRepositoryName', publicRepositoryNameProblems('publicRepositoryName', publicRepositoryName));
    const publicRepositoryArn = Stack.of(scope).formatArn({
      service: 'ecr-public', region: '', resource: 'repository', resourceName: publicRepositoryName,
    });
    return new Import(scope, id, { repositoryName: publicRepositoryName, publicRepositoryArn }, Stack.of(scope).account);
  }

  /**
   * Imports a public repository of any account by its ARN. A token is an error.
   *
   * @param scope the scope of the import
   * @param id the id of the import
   * @param publicRepositoryArn the ARN of the repository
   */
  public static fromPublicRepositoryArn(scope: Construct, id: string, publicRepositoryArn: string): IPublicRepository {
    const [, account, name] = ARN.exec(publicRepositoryArn) ?? pendingParts(scope, publicRepositoryArn);
    const problems = name === undefined ? [''] : [...accountProblems('account', account), ...publicRepositoryNameProblems('name', name)];
    failIfAny(scope, 'InvalidPublicRepositoryArn', problems.length === 0 ? [] : [
      `'publicRepositoryArn' must be like 'arn:aws:ecr-public::111122223333:repository/team/api', got ${show(publicRepositoryArn)}`,
    ]);
    return new Import(scope, id, { repositoryName: name, publicRepositoryArn }, account);
  }

  public readonly publicRepositoryName: string;

  public readonly publicRepositoryArn: string;

  public readonly publicRepositoryRef: ecr.PublicRepositoryReference;

  public readonly grants: PublicRepositoryGrants = PublicRepositoryGrants.fromPublicRepository(this);

  private readonly resource: ecr.CfnPublicRepository;
  private readonly given: GivenPolicy;

  constructor(scope: Construct, id: string, props: PublicRepositoryProps = {}) {
    checkArguments('PublicRepository', [scope, id, props]);
    super(scope, id, { physicalName: props.repositoryName });

    const { description, aboutText, usageText, architectures, operatingSystems } = props;
    const names = props.repositoryName === undefined ? [] : [this.physicalName];
    failIfAny(this, 'InvalidPublicRepository', [
      ...regionProblems(Stack.of(this).region),
      ...publicRepositoryNameProblems('repositoryName', props.repositoryName),
      ...textProblems('description', description, LIMITS.catalogDescription),
      ...textProblems('aboutText', aboutText, LIMITS.catalogText),
      ...textProblems('usageText', usageText, LIMITS.catalogText),
      ...listProblems('architectures', architectures),
      ...listProblems('operatingSystems', operatingSystems),
      ...claimProblems(this, NAMES, names),
    ]);

    const catalogData = Object.fromEntries(Object.entries({
      AboutText: aboutText,
      Architectures: architectures,
      OperatingSystems: operatingSystems,
      RepositoryDescription: description,
      UsageText: usageText,
    }).filter(([, value]) => value !== undefined && value.length > 0));
    this.resource = new ecr.CfnPublicRepository(this, 'Resource', {
      repositoryName: this.physicalName,
      repositoryCatalogData: Object.keys(catalogData).length > 0 ? catalogData : undefined,
    });
    this.resource.applyRemovalPolicy(props.removalPolicy ?? RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE);
    if (names.length > 0) {
      claimResource(this, NAMES, this.resource, names);
    }
    this.given = new GivenPolicy(this, 'PublicRepository', 'repositoryPolicy', PUBLIC_REPOSITORY_POLICY, props.repositoryPolicy);
    if (props.repositoryPolicy !== undefined) {
      this.renderPolicy();
    }
    warnOfGallery(this, props);
    this.node.addValidation({ validate: () => [...repositoryTagProblems(this.resource.tags), ...this.policyProblems()] });

    const components = { service: 'ecr-public', region: '', resource: 'repository' };
    const across = (reference: string, textOf: (name: string) => string): string => acrossStages(reference, this, 'repositoryName', this.physicalName, textOf);
    this.publicRepositoryName = across(this.getResourceNameAttribute(this.resource.ref), name => name);
    this.publicRepositoryArn = across(
      this.getResourceArnAttribute(this.resource.attrArn, { ...components, resourceName: this.physicalName }),
      resourceName => this.stack.formatArn({ ...components, resourceName }),
    );
    this.publicRepositoryRef = { repositoryName: this.publicRepositoryName, publicRepositoryArn: this.publicRepositoryArn };
  }

  public repositoryUriForAlias(registryAlias: string): string {
    return uriOf(registryAlias, this.publicRepositoryName);
  }

  /**
   * Adds a statement to the policy of the repository. It can only allow more principals to push: a policy cannot deny pulls.
   *
   * Omit `Resource`: it is always the repository.
   *
   * @see https://docs.aws.amazon.com/AmazonECR/latest/public/public-repository-policies.html
   * @param statement the statement
   */
  public addToResourcePolicy(statement: iam.PolicyStatement): iam.AddToResourcePolicyResult {
    failIfAny(this, 'InvalidPublicRepositoryPolicy', this.given.problemsOf(statement));
    this.given.add(statement);
    this.renderPolicy();
    return { statementAdded: true, policyDependable: this.resource };
  }

  /**
   * Gives the resource a policy that is complete when it is rendered.
   */
  private renderPolicy(): void {
    this.resource.repositoryPolicyText ??= Lazy.uncachedAny({ produce: () => this.given.document() });
  }

  private policyProblems(): string[] {
    const policy = this.given.document();
    const length = policyLength(this, policy);
    const max = LIMITS.repositoryPolicyCharacters;
    return [
      ...this.given.problems(policy),
      ...length > max ? [`the policy of a public repository must be at most ${max} characters long, got ${length}; allow fewer principals to push`] : [],
    ];
  }
}

/**
 * The parts of an ARN that the CDK CLI has yet to look up, in the order of `ARN`.
 */
function pendingParts(scope: Construct, arn: string): string[] {
  return isLookupPending(arn) ? [arn, Stack.of(scope).account, arn] : [];
}

/**
 * A public repository of another app, whose policy this app cannot change.
 */
class Import extends Resource implements IPublicRepository {
  public readonly publicRepositoryName: string;
  public readonly publicRepositoryArn: string;
  public readonly publicRepositoryRef: ecr.PublicRepositoryReference;
  public readonly grants: PublicRepositoryGrants = PublicRepositoryGrants.fromPublicRepository(this);

  constructor(scope: Construct, id: string, { repositoryName, publicRepositoryArn }: ecr.PublicRepositoryReference, account: string) {
    super(scope, id, { account, region: HOME });
    this.publicRepositoryName = repositoryName;
    this.publicRepositoryArn = publicRepositoryArn;
    this.publicRepositoryRef = { repositoryName, publicRepositoryArn };
  }

  public repositoryUriForAlias(registryAlias: string): string {
    return uriOf(registryAlias, this.publicRepositoryName);
  }

  public addToResourcePolicy(_statement: iam.PolicyStatement): iam.AddToResourcePolicyResult {
    return { statementAdded: false };
  }
}

function uriOf(registryAlias: string, repositoryName: string): string {
  return `public.ecr.aws/${registryAlias}/${repositoryName}`;
}

function regionProblems(region: string): string[] {
  return isKnown(region) && region !== HOME
    ? [`a public repository must be in a stack of ${HOME}, got ${show(region)}; define it in a stack with 'env: { region: "${HOME}" }', pulls work from every Region`]
    : [];
}

function textProblems(prop: string, text: string | undefined, length: { min: number; max: number }): string[] {
  return isKnown(text) ? freeTextProblems(prop, text, length) : [];
}

function listProblems(prop: string, entries: readonly string[] | undefined): string[] {
  if (!isKnown(entries)) {
    return [];
  }
  return [
    ...entries.flatMap((entry, index) => textProblems(`${prop}[${index}]`, entry, LIMITS.catalogEntry)),
    ...entries.length > LIMITS.catalogList ? [`'${prop}' must have at most ${LIMITS.catalogList} entries, got ${entries.length}`] : [],
    ...duplicatesOf(entries.filter(isKnown)).map(twice => `'${prop}' must not have duplicates, got ${show(twice)} twice`),
  ];
}
