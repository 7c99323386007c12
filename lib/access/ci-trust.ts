import * as iam from 'aws-cdk-lib/aws-iam';
import { providerName } from './ci-provider';
import type { CiSubject } from './ci-subject';

type Conditions = Record<string, Record<string, string | string[]>>;

/**
 * The trust policy of a role: one statement for all exact subjects with the same other claims, and one for subjects with wildcards.
 *
 * @param provider the OIDC provider of all subjects
 * @param subjects the jobs
 */
export function trustOf(provider: iam.IOIDCProviderRef, subjects: readonly CiSubject[]): iam.IPrincipal[] {
  const statements = new Map<string, { conditions: Conditions; operator: string; claim: string; values: Set<string> }>();
  for (const { issuer, audience, _trust: trust } of subjects) {
    const claim = (name: string): string => `${providerName(issuer)}:${name}`;
    for (const subject of trust.subjects) {
      const conditions: Conditions = { StringEquals: { [claim('aud')]: audience } };
      for (const [name, values] of Object.entries(trust.claims).filter(([, it]) => it !== undefined)) {
        const operator = operatorFor(values!);
        conditions[operator] = { ...conditions[operator], [claim(name)]: single(values!) };
      }
      const operator = operatorFor([subject]);
      const key = JSON.stringify([operator, conditions]);
      const statement = statements.get(key) ?? { conditions, operator, claim: claim('sub'), values: new Set() };
      statement.values.add(subject);
      statements.set(key, statement);
    }
  }

  const { oidcProviderArn } = provider.oidcProviderRef;
  return [...statements.values()].map(({ conditions, operator, claim, values }) => new iam.FederatedPrincipal(
    oidcProviderArn,
    { ...conditions, [operator]: { ...conditions[operator], [claim]: single([...values]) } },
    'sts:AssumeRoleWithWebIdentity',
  ));
}

/**
 * `StringLike` if one of the values has a wildcard. Wildcards in tokens are unknown.
 */
function operatorFor(values: readonly string[]): string {
  return values.some(value => /[*?]/.test(value.replace(/\$\{Token\[[^\]]*\]\}/g, ''))) ? 'StringLike' : 'StringEquals';
}

function single(values: string[]): string | string[] {
  return values.length === 1 ? values[0] : values;
}
