import { Stack, Validations } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { IConstruct } from 'constructs';
import { isA } from '../core/brand';
import { show } from '../core/values';
import { type PolicyPlace, REGISTRY_POLICY } from './action-problems';
import { deletedPrincipals } from './principal-problems';
import { jsonOf, repositoryPolicyFormProblems, statementsOf, warnOfStatementDoubts } from './repository-policy';
import { registryResourceProblems } from './resource-problems';
import { documentProblems, statementProblemKinds, statementProblems } from './statement-problems';
import { existingStatements, type PolicyJson, VerbatimPolicy } from './verbatim-policy';

/** The only version in which `${aws:PrincipalOrgID}` is a variable. Policies that the console and AWS Lambda write have an older one. */
const VERSION_WITH_VARIABLES = '2012-10-17';

/**
 * The policy of a resource: the document that the user gives, then the statements that constructs add.
 *
 * The statements of an `ExistingPolicy` stay as they are, with a warning in place of each error. All others are held to the rules of their place.
 */
export class GivenPolicy {
  private readonly statements: iam.PolicyStatement[] = [];

  /**
   * @param scope the construct that the user wrote
   * @param className its class, with which the ids of warnings begin
   * @param prop the prop with the document
   * @param place the policy
   * @param given the document
   */
  constructor(
    private readonly scope: IConstruct,
    private readonly className: string,
    private readonly prop: string,
    private readonly place: PolicyPlace,
    private readonly given?: iam.PolicyDocument,
  ) {
    if (isExisting(given)) {
      warnOfExistingPolicy(scope, className, prop, place, given);
    }
    for (const statement of this.givenStatements()) {
      warnOfStatementDoubts(scope, className, jsonOf(statement));
    }
  }

  /**
   * Problems with a statement that is about to be added.
   */
  public problemsOf(statement: iam.PolicyStatement): string[] {
    return statementProblems('statement', jsonOf(statement), this.place, statementsOf(this.document()));
  }

  /**
   * Adds a statement, without a `Resource`, which has no place in the policy of a repository.
   */
  public add(statement: iam.PolicyStatement): void {
    warnOfStatementDoubts(this.scope, this.className, jsonOf(statement));
    const named = statement.resources.length + statement.notResources.length > 0;
    this.statements.push(named ? statement.copy({ resources: [], notResources: [] }) : statement);
  }

  /**
   * The whole policy as it stands.
   *
   * @param late statements that are only known at synthesis
   */
  public document(late: readonly iam.PolicyStatement[] = []): VerbatimPolicy {
    const document = new VerbatimPolicy(isExisting(this.given) ? this.given._existing : undefined);
    document.addStatements(...this.givenStatements(), ...this.statements, ...late);
    return document;
  }

  /**
   * Problems at synthesis, when the document of the user and the policy are complete.
   *
   * @param document the whole policy
   */
  public problems(document: VerbatimPolicy): string[] {
    if (document.isEmpty) {
      return this.given === undefined || isExisting(this.given) ? [] : [`'${this.prop}' must have at least one statement, leave it out for no policy`];
    }
    const others = statementsOf(document);
    return [
      ...repositoryPolicyFormProblems(document),
      ...this.givenStatements().flatMap((statement, index) => statementProblems(`${this.prop}[${index}]`, jsonOf(statement), this.place, others)),
      ...versionProblems(this.scope, this.prop, document),
    ];
  }

  /**
   * The statements of the user's document, unless they are those of an existing policy, without a `Resource`.
   */
  private givenStatements(): iam.PolicyStatement[] {
    return isExisting(this.given) ? [] : statementsOf(this.given)
      .map(statement => iam.PolicyStatement.fromJson({ ...statement, Resource: undefined, NotResource: undefined }));
  }
}

/**
 * Whether a document is an `ExistingPolicy`, whose statements stay as they are.
 */
export function isExisting(document: iam.PolicyDocument | undefined): document is VerbatimPolicy {
  return isA(document, 'ExistingPolicy');
}

/**
 * Warns about each part of an existing policy that is an error elsewhere.
 */
export function warnOfExistingPolicy(scope: IConstruct, className: string, prop: string, place: PolicyPlace, policy: VerbatimPolicy): void {
  const warn = (kind: string, problem: string): void => {
    Validations.of(scope).addWarning(`cdk-secure-ecr:${className}.existing${kind}`, `the existing policy is deployed as it is, although ${problem}`);
  };
  const statements = existingStatements(policy);
  documentProblems(prop, statements).forEach(problem => warn('Sid', problem));
  statements.forEach((statement, index) => {
    const path = `${prop}.Statement[${index}]`;
    for (const [kind, problems] of Object.entries({
      ...statementProblemKinds(path, statement, place, statements.filter(it => it !== statement)),
      Resource: place === REGISTRY_POLICY ? registryResourceProblems(path, statement, Stack.of(scope)) : [],
    })) {
      problems.forEach(problem => warn(kind, problem));
    }
    for (const id of deletedPrincipals(statement)) {
      Validations.of(scope).addWarning(
        `cdk-secure-ecr:${className}.existingPrincipal`,
        `AWS refuses to write the existing policy, because '${path}' names ${show(id)}, the id of a user or role that was deleted; remove it from the JSON`,
      );
    }
    warnOfStatementDoubts(scope, className, statement);
  });
}

/**
 * Problems with statements that have policy variables and are added to a policy of a version without them.
 */
export function versionProblems(scope: IConstruct, prop: string, policy: VerbatimPolicy): string[] {
  const { _existing: existing, _added: added } = policy;
  if (existing === undefined || existing.Version === VERSION_WITH_VARIABLES) {
    return [];
  }
  const { Statement: statements = [] } = (Stack.of(scope).resolve(added) ?? {}) as Partial<PolicyJson>;
  const [variable] = /\$\{(?:aws|ecr|saml|www)[^}]*\}/i.exec(JSON.stringify(statements)) ?? [];
  return variable === undefined ? [] : [
    `'${prop}' must have the Version ${show(VERSION_WITH_VARIABLES)}, got ${show(existing.Version)}, in which ${show(variable)} of an added statement is plain text; `
    + 'change the version in its JSON, once you have checked that its own statements need no "${" as plain text',
  ];
}
