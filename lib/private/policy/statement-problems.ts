import { duplicatesOf, isKnown, show } from '../core/values';
import { matchesWildcards } from '../core/wildcards';
import { actionProblems, PUBLIC_REPOSITORY_POLICY, REGISTRY_POLICY, REPOSITORY_POLICY, type PolicyPlace, unknownActions } from './action-problems';
import { conditionProblems, unknownConditionKeys } from './condition-problems';
import { isForAddresses, openServices, openStatements } from './outsiders';
import { principalProblems } from './principal-problems';
import { isForAllPrincipals, type StatementJson, textsOf } from './statement-json';

interface Risk {
  /** The actions that outsiders could take. */
  readonly consequence: string;
  readonly fix: string;
  /** The action that changes the policy, which its owner must keep. */
  readonly changes: string;
}

const RISKS = new Map<PolicyPlace, Risk>([
  [REPOSITORY_POLICY, { consequence: 'use the images', fix: 'use CrossAccountPull with an account or an organization', changes: 'ecr:SetRepositoryPolicy' }],
  [PUBLIC_REPOSITORY_POLICY, { consequence: 'change the repository', fix: 'name the principals', changes: 'ecr-public:SetRepositoryPolicy' }],
  [REGISTRY_POLICY, { consequence: 'use the registry', fix: "name accounts in 'principals', or an organization in a condition on 'aws:PrincipalOrgID'", changes: 'ecr:PutRegistryPolicy' }],
]);

/**
 * Problems with a statement of a policy of Amazon ECR, for constructs and for checks: statements that allow outsiders, lock out the owner, are
 * rejected, or have no effect.
 *
 * @param prop the prop that the user set
 * @param statement the statement
 * @param place the policy
 * @param others the other statements of the policy, of which a Deny may exclude outsiders
 */
export function statementProblems(prop: string, statement: StatementJson, place: PolicyPlace, others: readonly StatementJson[] = []): string[] {
  return Object.values(statementProblemKinds(prop, statement, place, others)).flat();
}

/**
 * The same problems by their kind.
 */
export function statementProblemKinds(
  prop: string, statement: StatementJson, place: PolicyPlace, others: readonly StatementJson[],
): { readonly [kind: string]: readonly string[] } {
  return {
    Action: actionProblems(prop, textsOf([statement.Action, statement.NotAction].flat()), place),
    Condition: conditionProblems(prop, statement.Condition),
    Principal: principalProblems(prop, statement),
    Outsider: outsiderProblems(prop, statement, place, others),
    LockOut: lockOutProblems(prop, statement, place),
  };
}

/**
 * Problems with a statement that identities of any AWS account can use.
 */
export function outsiderProblems(prop: string, statement: StatementJson, place: PolicyPlace, others: readonly StatementJson[]): string[] {
  const risk = RISKS.get(place);
  if (risk === undefined || !openStatements([statement, ...others]).includes(statement)) {
    return [];
  }
  if (statement.NotPrincipal !== undefined) {
    return [`'${prop}' must not allow all principals except a 'NotPrincipal'; name the allowed principals in 'principals'`];
  }
  const from = isForAddresses(statement.Condition) ? ' from these addresses' : '';
  return [`'${prop}' must not allow the principal '*' without a condition on its organization, account or ARN: any AWS account could ${risk.consequence}${from}; ${risk.fix}`];
}

/**
 * Problems between the statements of a policy.
 */
export function documentProblems(prop: string, statements: readonly StatementJson[]): string[] {
  return duplicatesOf(textsOf(statements.map(({ Sid }) => Sid)).filter(isKnown)).map(sid => `'${prop}' must name each statement once, got the Sid ${show(sid)} twice`);
}

/**
 * A risk of a statement, which a construct warns about and a check reports.
 */
export interface StatementDoubt {
  readonly id: 'unknownAction' | 'unknownConditionKey' | 'serviceForAnyAccount';
  readonly message: string;
}

/**
 * Risks of a statement: actions and keys that AWS does not list, and services that may act for any account.
 */
export function statementDoubts(statement: StatementJson, others: readonly StatementJson[] = []): StatementDoubt[] {
  const services = openServices(statement, [statement, ...others]).filter(service => service !== '*');
  return [
    ...unknownActions(textsOf([statement.Action, statement.NotAction].flat())).map((action): StatementDoubt => (
      { id: 'unknownAction', message: `the action ${show(action)} has no effect, unless AWS added it recently; check its name` }
    )),
    ...unknownConditionKeys(statement.Condition).map((key): StatementDoubt => (
      { id: 'unknownConditionKey', message: `the condition on ${show(key)} is never met, unless AWS added the key recently: a Deny with it blocks nothing; check its name` }
    )),
    ...services.map((service): StatementDoubt => (
      { id: 'serviceForAnyAccount', message: `${show(service)} can use the permission for a resource of any AWS account; add a condition on 'aws:SourceArn', 'aws:SourceAccount' or 'aws:SourceOrgID'` }
    )),
  ];
}

/**
 * Problems with a Deny that includes the owner of the policy, who could no longer change it.
 */
export function lockOutProblems(prop: string, statement: StatementJson, place: PolicyPlace): string[] {
  const { Effect, Action, NotAction, Condition } = statement;
  const changes = RISKS.get(place)?.changes;
  if (changes === undefined) {
    return [];
  }
  const denies = (patterns: unknown): boolean => textsOf(patterns).some(pattern => matchesWildcards(changes.toLowerCase(), pattern.toLowerCase()));
  return Effect === 'Deny' && statement.NotPrincipal === undefined && isForAllPrincipals(statement) && Object.keys(Condition ?? {}).length === 0
    && (NotAction === undefined ? denies(Action) : !denies(NotAction))
    ? [`'${prop}' must not deny "${changes}" to all principals, because no one could change the policy any more; remove the action, or exclude administrators with a condition`]
    : [];
}
