import { Arn, ArnFormat, Aws, Token } from 'aws-cdk-lib';
import type * as ecr from 'aws-cdk-lib/aws-ecr';
import type * as iam from 'aws-cdk-lib/aws-iam';
import { RegionInfo } from 'aws-cdk-lib/region-info';
import type { Construct } from 'constructs';
import { failIfAny } from '../private/core/errors';
import { isLookupPending, show } from '../private/core/values';
import { accountProblems, regionProblems, repositoryNameProblems } from '../private/ecr/names';
import { SecureRepositoryBase } from './secure-repository-base';

const ARN = /^arn:(?:aws(?:-[a-z]+)*|[^:]*\$\{Token[^:]*):ecr:([^:]+):([^:]+):repository\/(.+)$/;

/**
 * A repository of another app or stack. This app cannot change its policy, so grants change identity policies only.
 */
export class ImportedRepository extends SecureRepositoryBase {
  /**
   * Imports a repository. Its account and Region follow from its ARN, if the ARN is known.
   */
  public static of(parent: Construct, id: string, attrs: ecr.RepositoryAttributes): ImportedRepository {
    const { repositoryArn } = attrs;
    failIfAny(parent, 'InvalidRepositoryArn', isLate(repositoryArn) ? [] : arnProblems(repositoryArn));
    return new ImportedRepository(parent, id, attrs);
  }

  /**
   * Imports a repository by an ARN that is known.
   */
  public static ofArn(parent: Construct, id: string, repositoryArn: string): ImportedRepository {
    failIfAny(parent, 'InvalidRepositoryArn', isLate(repositoryArn) && !isLookupPending(repositoryArn)
      ? ["'repositoryArn' must not be a token, got a token; use fromRepositoryAttributes, and pass the name too"]
      : []);
    return ImportedRepository.of(parent, id, { repositoryArn, repositoryName: repositoryArn.split('/').slice(1).join('/') });
  }

  /**
   * Imports a repository that was looked up in the environment of the stack. Its ARN is a placeholder until the lookup completes.
   */
  public static ofLookup(parent: Construct, id: string, { repositoryName, repositoryArn }: ecr.IRepository): ImportedRepository {
    return new ImportedRepository(parent, id, { repositoryName, repositoryArn }, {});
  }

  public readonly repositoryName: string;
  public readonly repositoryArn: string;

  constructor(scope: Construct, id: string, attrs: ecr.RepositoryAttributes, environment = environmentOf(attrs.repositoryArn)) {
    super(scope, id, environment);
    this.repositoryName = attrs.repositoryName;
    this.repositoryArn = attrs.repositoryArn;
  }

  public override get registryUri(): string {
    const { account, region } = this.env;
    const suffix = Token.isUnresolved(region) ? Aws.URL_SUFFIX : RegionInfo.get(region).domainSuffix ?? Aws.URL_SUFFIX;
    return `${account}.dkr.ecr.${region}.${suffix}`;
  }

  public override repositoryUriForTag(tag?: string): string {
    return `${this.registryUri}/${this.repositoryName}${tag ? `:${tag}` : ''}`;
  }

  public override repositoryUriForDigest(digest?: string): string {
    return `${this.registryUri}/${this.repositoryName}${digest ? `@${digest}` : ''}`;
  }

  public addToResourcePolicy(_statement: iam.PolicyStatement): iam.AddToResourcePolicyResult {
    return { statementAdded: false };
  }
}

/**
 * Whether an ARN is one token; the known parts of a concatenated ARN can be read.
 */
function isLate(repositoryArn: string): boolean {
  return (Token.isUnresolved(repositoryArn) && !repositoryArn.startsWith('arn:')) || isLookupPending(repositoryArn);
}

function environmentOf(repositoryArn: string): { account?: string; region?: string } {
  if (isLate(repositoryArn)) {
    return {};
  }
  const { account, region } = Arn.split(repositoryArn, ArnFormat.SLASH_RESOURCE_NAME);
  return { account, region };
}

/**
 * Problems with an ARN, whose known parts must be those of a repository.
 */
function arnProblems(repositoryArn: string): string[] {
  const [, region, account, name] = ARN.exec(repositoryArn) ?? [];
  const problems = account === undefined ? [''] : [
    ...accountProblems('account', account), ...regionProblems('region', region), ...repositoryNameProblems('name', name),
  ];
  return problems.length > 0
    ? [`'repositoryArn' must be like 'arn:aws:ecr:eu-west-1:111122223333:repository/team/api', got ${show(repositoryArn)}`]
    : [];
}
