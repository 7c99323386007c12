/**
 * Attacks the model of outsiders with random policies: whatever it takes for closed, the evaluator must not open.
 */
import { runSimulation } from '@cloud-copilot/iam-simulate';
import * as fc from 'fast-check';
import { openServices, openStatements } from '../../lib/private/policy/outsiders';
import type { StatementJson } from '../../lib/private/policy/statement-json';

const OWNER = '111122223333';
const ORGANIZATION = 'o-a1b2c3d4e5';
const REPOSITORY = `arn:aws:ecr:eu-west-1:${OWNER}:repository/api`;
const ACTIONS = ['ecr:BatchGetImage', 'ecr:PutImage'];
const RUNS = 5_000;
/** Another one in each run; `OUTSIDER_SEED` repeats a run that failed. */
const SEED = Number(process.env.OUTSIDER_SEED ?? Date.now() % 2 ** 31);

interface Outsider {
  readonly principal: string;
  readonly context: Record<string, string | string[]>;
}

const RESOURCE = { 'aws:ResourceAccount': OWNER, 'aws:ResourceOrgID': ORGANIZATION, 'aws:SecureTransport': 'true', 'aws:RequestedRegion': 'eu-west-1' };

const NETWORK = { 'aws:SourceIp': '203.0.113.7', 'aws:SourceVpc': 'vpc-99999999', 'aws:SourceVpce': 'vpce-99999999', 'aws:VpceAccount': '999999999999' };

function direct(account: string, role: string, context: Record<string, string | string[]> = {}): Outsider {
  const principal = `arn:aws:iam::${account}:role/${role}`;
  return {
    principal,
    context: {
      ...RESOURCE, 'aws:PrincipalAccount': account, 'aws:PrincipalArn': principal, 'aws:PrincipalIsAWSService': 'false', 'aws:PrincipalType': 'AssumedRole',
      'aws:userid': 'AROAOUTSIDEROUTSIDER:session', ...context,
    },
  };
}

/** Identities of other accounts, some of which choose names and tags to look like one of ours. */
const DIRECT: Outsider[] = [
  direct('999999999999', 'ci'),
  direct('999999999999', `:${OWNER}:role/ci`),
  direct('999999999999', `x:iam::${OWNER}:role/ci`, { 'aws:PrincipalTag/team': 'aws:iam::999999999999:role/x', ...NETWORK }),
  direct('888888888888', 'ci', {
    'aws:PrincipalOrgID': 'o-zzzzzzzzzz', 'aws:PrincipalOrgPaths': ['o-zzzzzzzzzz/r-ab12/ou-ab12-11111111/'], 'aws:PrincipalTag/team': 'payments', ...NETWORK,
  }),
  direct('888888888888', 'ci', { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5f6', 'aws:PrincipalOrgPaths': ['o-a1b2c3d4e5f6/r-ab12/'], 'aws:PrincipalTag/team': OWNER }),
];

function service(arn: string, context: Record<string, string | string[]> = {}): Outsider {
  return {
    principal: 'lambda.amazonaws.com',
    context: { ...RESOURCE, 'aws:PrincipalIsAWSService': 'true', 'aws:PrincipalServiceName': 'lambda.amazonaws.com', 'aws:SourceArn': arn, 'aws:SourceAccount': '999999999999', ...context },
  };
}

/** A service that acts for resources of other accounts. */
const SERVICES: Outsider[] = [
  service('arn:aws:lambda:eu-west-1:999999999999:function:api'),
  service(`arn:aws:lambda:eu-west-1:999999999999:function:${OWNER}`, { 'aws:SourceOrgID': 'o-zzzzzzzzzz', 'aws:SourceOrgPaths': ['o-zzzzzzzzzz/r-ab12/'] }),
];

async function allows(statements: StatementJson[], { principal, context }: Outsider, action: string): Promise<boolean> {
  const everything = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] };
  const outcome = await runSimulation({
    request: { action, principal, resource: { resource: REPOSITORY, accountId: OWNER }, contextVariables: context },
    identityPolicies: principal.startsWith('arn:') ? [{ name: 'all', policy: everything }] : [],
    resourcePolicy: { Version: '2012-10-17', Statement: statements.map(statement => ({ ...statement, Resource: '*' })) },
    serviceControlPolicies: [],
    resourceControlPolicies: [],
  }, {});
  return outcome.resultType !== 'error' && outcome.overallResult === 'Allowed';
}

const OPERATORS = [
  'StringEquals', 'StringNotEquals', 'StringLike', 'StringNotLike', 'StringEqualsIgnoreCase', 'ArnLike', 'ArnEquals', 'ArnNotLike', 'ArnNotEquals', 'Bool', 'Null', 'IpAddress',
];
const KEYS = [
  'aws:PrincipalAccount', 'aws:PrincipalArn', 'aws:PrincipalOrgID', 'aws:PrincipalOrgPaths', 'aws:PrincipalIsAWSService', 'aws:PrincipalTag/team', 'aws:SourceAccount', 'aws:SourceArn',
  'aws:SourceOrgID', 'aws:SourceOrgPaths', 'aws:SourceVpc', 'aws:SourceVpce', 'aws:SourceIp', 'aws:ResourceOrgID', 'aws:ResourceAccount', 'aws:userid', 'aws:SecureTransport', 'aws:VpceAccount',
];
const VALUES = [
  OWNER, '444455556666', '1111*', '*', '?'.repeat(12), ORGANIZATION, 'o-*', `${ORGANIZATION}*`, `${ORGANIZATION}/*`, `${ORGANIZATION}/r-ab12/*`, '*/r-ab12/*',
  `arn:aws:iam::${OWNER}:role/ci`, `arn:aws:iam::${OWNER}:role/*`, `arn:*:iam::${OWNER}:role/*`, `arn:*:${OWNER}:role/*`, 'arn:aws:iam::*:role/ci', 'arn:aws:iam::*', 'arn:*',
  'arn:aws:iam::${aws:PrincipalAccount}:role/ci', `arn:\${aws:PrincipalTag/team}:iam::${OWNER}:role/*`, `arn:aws:iam::${OWNER}:role/\${aws:PrincipalTag/team}`, 'arn:aws:iam::${aws:ResourceAccount}:role/*',
  '${aws:PrincipalOrgID}', '${aws:PrincipalAccount}', '${aws:ResourceOrgID}', '${aws:ResourceAccount}', '${aws:SourceOrgID}', '${aws:SourceAccount}', '${aws:PrincipalTag/team}', '${*}', 'o-${*}',
  `arn:aws:lambda:eu-west-1:${OWNER}:function:*`, `arn:aws:lambda:*:${OWNER}:function:*`, `arn:aws:lambda:*:*:function:${OWNER}`, 'arn:aws:s3:::bucket', 'arn:aws:s3:::bucket*',
  'vpc-11111111', 'vpc-*', 'vpce-11111111', 'AROAINSIDERINSIDER00:*', 'AROA*', 'true', 'false', 'payments', '203.0.113.0/24',
];

const conditionOn = (keys: readonly string[]): fc.Arbitrary<Record<string, Record<string, string[]>>> => fc.array(fc.record({
  set: fc.oneof({ weight: 6, arbitrary: fc.constant('') }, { weight: 1, arbitrary: fc.constantFrom('ForAllValues:', 'ForAnyValue:') }),
  operator: fc.constantFrom(...OPERATORS),
  suffix: fc.oneof({ weight: 6, arbitrary: fc.constant('') }, { weight: 1, arbitrary: fc.constant('IfExists') }),
  key: fc.constantFrom(...keys),
  values: fc.array(fc.constantFrom(...VALUES), { minLength: 1, maxLength: 2 }),
}), { maxLength: 2 }).map(parts => {
  const conditions: Record<string, Record<string, string[]>> = {};
  for (const { set, operator, suffix, key, values } of parts) {
    const name = `${set}${operator}${operator === 'Null' ? '' : suffix}`;
    conditions[name] = { ...conditions[name], [key]: values };
  }
  return conditions;
});

const principal = fc.constantFrom<Pick<StatementJson, 'Principal' | 'NotPrincipal'>>(
  { Principal: '*' }, { Principal: { AWS: '*' } }, { Principal: { AWS: '*' } }, { Principal: { AWS: `arn:aws:iam::${OWNER}:root` } },
  { Principal: { Service: 'lambda.amazonaws.com' } }, { Principal: { Service: 'lambda.amazonaws.com' } }, { Principal: { AWS: ['*', '444455556666'] } },
  { NotPrincipal: { AWS: `arn:aws:iam::${OWNER}:root` } }, { NotPrincipal: { Service: 'lambda.amazonaws.com' } },
);

const action = fc.constantFrom<Pick<StatementJson, 'Action' | 'NotAction'>>(
  { Action: 'ecr:BatchGetImage' }, { Action: ['ecr:PutImage', 'ecr:BatchGetImage'] }, { Action: 'ecr:*' }, { Action: '*' }, { Action: 'ecr:Batch*' }, { NotAction: ['ecr:PutImage'] },
);

const statement: fc.Arbitrary<StatementJson> = fc.record({ Effect: fc.constantFrom('Allow', 'Allow', 'Deny'), principal, action, Condition: conditionOn(KEYS) })
  .map(({ Effect, principal: who, action: what, Condition }) => ({ Effect, ...who, ...what, Condition }));

/** An Allow for a service, with conditions on the resource it acts for, of which enough close the statement. */
const serviceStatement: fc.Arbitrary<StatementJson> = fc.record({ what: action, Condition: conditionOn(KEYS.filter(key => key.startsWith('aws:Source'))) })
  .map(({ what, Condition }) => ({ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, ...what, Condition }));

/** Prints a policy that failed where logs keep it, besides the message of the test. */
function report(result: fc.RunDetails<[StatementJson[]]>): void {
  if (result.failed) {
    process.stdout.write(`OUTSIDER_SEED=${result.seed} fails after ${result.numRuns} policies: ${JSON.stringify(result.counterexample)}\n`);
    throw new Error(fc.defaultReportMessage(result), { cause: result.errorInstance });
  }
}

const policy = fc.array(fc.oneof({ weight: 5, arbitrary: statement }, { weight: 1, arbitrary: serviceStatement }), { minLength: 1, maxLength: 3 });

test('the model closes what the evaluator closes, for identities of other accounts and for services that act for them', async () => {
  const counts = { closed: 0, closedServices: 0, open: 0, opened: 0 };
  await fc.assert(fc.asyncProperty(policy, async statements => {
    const closed = openStatements(statements).length === 0;
    const closedServices = statements.every(it => openServices(it, statements).length === 0);
    const forEverybody = statements.some(it => it.Effect === 'Allow' && (it.NotPrincipal !== undefined || JSON.stringify(it.Principal).includes('*')));
    counts.closed += Number(closed && forEverybody);
    counts.closedServices += Number(closedServices && statements.some(it => it.Effect === 'Allow' && JSON.stringify(it.Principal ?? '').includes('Service')));
    let opened = false;
    for (const name of ACTIONS) {
      for (const outsider of DIRECT) {
        opened ||= await allows(statements, outsider, name);
        if (closed && opened) {
          throw new Error(`opened for ${outsider.principal} ${name}`);
        }
      }
      for (const outsider of closedServices ? SERVICES : []) {
        if (await allows(statements, outsider, name)) {
          throw new Error(`opened for ${outsider.principal} on behalf of ${String(outsider.context['aws:SourceArn'])} ${name}`);
        }
      }
    }
    counts.open += Number(!closed);
    counts.opened += Number(!closed && opened);
  }), { numRuns: RUNS, seed: SEED, reporter: report });

  // Enough policies are closed by a condition or a Deny (6 % and 4 % are, so that 2 % is more than five standard deviations away), and the model does
  // not call everything open: the evaluator opens more than half of what the model does.
  process.stdout.write(`seed ${SEED}: ${JSON.stringify(counts)}\n`);
  expect(counts.closed).toBeGreaterThan(RUNS / 50);
  expect(counts.closedServices).toBeGreaterThan(RUNS / 50);
  expect(counts.opened).toBeGreaterThan(counts.open / 4);
}, 600_000);
