import type { FindingGranularity, FindingSeverity } from '../../lib';
import { type AwsEvent, basicScan, finding, firstScan, FUNCTION_FINDING, INSTANCE_SCAN, PUSH, REPOSITORY } from './scan-events';

/** Which of the rules of a `ScanFindings` an event matches. */
export type Told = 'basic' | 'enhanced' | 'nobody';

/** A `ScanFindings`, without the constructs that its props would need. */
export interface Watch {
  readonly repositoryNames?: string[];
  readonly repositoryPrefixes?: string[];
  readonly minimumSeverity?: FindingSeverity;
  readonly granularity?: FindingGranularity;
}

type Case = [what: string, event: AwsEvent, told: Told];

const BAD = { CRITICAL: 7, HIGH: 61, MEDIUM: 62, TOTAL: 158 };
const EACH = { granularity: 'FINDING' as FindingGranularity };
const minimum = (severity: string): Watch => ({ minimumSeverity: severity as FindingSeverity });

const ELSEWHERE: Case[] = [
  ['another account, basic', basicScan({ CRITICAL: 10 }, { account: '444455556666' }), 'nobody'],
  ['another account, enhanced', firstScan(BAD, { account: '444455556666' }), 'nobody'],
  ['a finding in another account', finding('CRITICAL', { account: '444455556666' }), 'nobody'],
  ['another Region', basicScan({ CRITICAL: 10 }, { region: 'us-east-1' }), 'nobody'],
  ['an instance', INSTANCE_SCAN, 'nobody'],
  ['a finding in a function', FUNCTION_FINDING, 'nobody'],
  ['a push', PUSH, 'nobody'],
  ['a change of scan settings', { ...PUSH, 'detail-type': 'ECR Scan Resource Change' }, 'nobody'],
  ['events that somebody made up', { ...basicScan({ CRITICAL: 10 }), source: 'com.example' }, 'nobody'],
];

/** What is told of which event, for a matcher to confirm. */
export const CASES: Array<[what: string, watch: Watch, cases: Case[]]> = [
  ['by default', {}, [
    ['critical, basic', basicScan({ CRITICAL: 10, MEDIUM: 9 }), 'basic'],
    ['high, basic', basicScan({ HIGH: 1 }), 'basic'],
    ['medium, basic', basicScan({ MEDIUM: 9, LOW: 1, INFORMATIONAL: 1, UNDEFINED: 1 }), 'nobody'],
    ['none, basic', basicScan({}), 'nobody'],
    ['no counts, basic', basicScan(undefined), 'nobody'],
    ['failed, basic', basicScan({ CRITICAL: 10 }, {}, 'FAILED'), 'nobody'],
    ['critical and high, enhanced', firstScan(BAD), 'enhanced'],
    ['high, enhanced', firstScan({ CRITICAL: 0, HIGH: 1, MEDIUM: 0, TOTAL: 1 }), 'enhanced'],
    ['medium, enhanced', firstScan({ CRITICAL: 0, HIGH: 0, MEDIUM: 6, TOTAL: 10 }), 'nobody'],
    ['none, enhanced', firstScan({ CRITICAL: 0, HIGH: 0, MEDIUM: 0, TOTAL: 0 }), 'nobody'],
    ['a single finding, which the summary counts', finding('CRITICAL'), 'nobody'],
    ['any repository', basicScan({ CRITICAL: 1 }, { repository: 'a1' }), 'basic'],
    ...ELSEWHERE,
  ]],
  ['critical only', minimum('CRITICAL'), [
    ['critical, basic', basicScan({ CRITICAL: 1 }), 'basic'],
    ['high, basic', basicScan({ HIGH: 3 }), 'nobody'],
    ['high, enhanced', firstScan({ CRITICAL: 0, HIGH: 1, MEDIUM: 0, TOTAL: 1 }), 'nobody'],
  ]],
  ['medium and worse', minimum('MEDIUM'), [
    ['medium, basic', basicScan({ MEDIUM: 1 }), 'basic'],
    ['low, basic', basicScan({ LOW: 1 }), 'nobody'],
    ['medium, enhanced', firstScan({ CRITICAL: 0, HIGH: 0, MEDIUM: 1, TOTAL: 1 }), 'enhanced'],
    ['low, enhanced', firstScan({ CRITICAL: 0, HIGH: 0, MEDIUM: 0, TOTAL: 4 }), 'nobody'],
  ]],
  ['low and worse', minimum('LOW'), [
    ['low, basic', basicScan({ LOW: 1 }), 'basic'],
    ['informational, basic', basicScan({ INFORMATIONAL: 1 }), 'nobody'],
    ['low, enhanced, in the total', firstScan({ CRITICAL: 0, HIGH: 0, MEDIUM: 0, TOTAL: 4 }), 'enhanced'],
    ['none, enhanced', firstScan({ CRITICAL: 0, HIGH: 0, MEDIUM: 0, TOTAL: 0 }), 'nobody'],
  ]],
  ['anything', minimum('INFORMATIONAL'), [
    ['informational, basic', basicScan({ INFORMATIONAL: 1 }), 'basic'],
    ['none, basic', basicScan({}), 'nobody'],
  ]],
  ['one repository', { repositoryNames: [REPOSITORY] }, [
    ['basic', basicScan({ CRITICAL: 1 }), 'basic'],
    ['enhanced', firstScan(BAD), 'enhanced'],
    ['one whose name begins the same, basic', basicScan({ CRITICAL: 1 }, { repository: `${REPOSITORY}-2` }), 'nobody'],
    ['one whose name begins the same, enhanced', firstScan(BAD, { repository: `${REPOSITORY}-2` }), 'nobody'],
    ['one below, basic', basicScan({ CRITICAL: 1 }, { repository: `${REPOSITORY}/jobs` }), 'nobody'],
    ['one above, basic', basicScan({ CRITICAL: 1 }, { repository: 'amazon' }), 'nobody'],
    ...ELSEWHERE,
  ]],
  ['several repositories and prefixes', { repositoryNames: ['api', 'web'], repositoryPrefixes: ['prod/', 'tools'] }, [
    ['the first', basicScan({ CRITICAL: 1 }, { repository: 'api' }), 'basic'],
    ['the second', firstScan(BAD, { repository: 'web' }), 'enhanced'],
    ['below a prefix', basicScan({ CRITICAL: 1 }, { repository: 'prod/team/api' }), 'basic'],
    ['a prefix that is no namespace', firstScan(BAD, { repository: 'toolsmith' }), 'enhanced'],
    ['elsewhere', basicScan({ CRITICAL: 1 }, { repository: 'test/prod/api' }), 'nobody'],
    ['almost a prefix', firstScan(BAD, { repository: 'production/api' }), 'nobody'],
    ['another', firstScan(BAD, { repository: 'apis' }), 'nobody'],
    ...ELSEWHERE,
  ]],
  ['each finding', EACH, [
    ['critical', finding('CRITICAL'), 'enhanced'],
    ['high', finding('HIGH'), 'enhanced'],
    ['medium', finding('MEDIUM'), 'nobody'],
    ['not rated yet', finding('UNTRIAGED'), 'nobody'],
    ['closed', finding('CRITICAL', {}, 'CLOSED'), 'nobody'],
    ['suppressed', finding('CRITICAL', {}, 'SUPPRESSED'), 'nobody'],
    ['a summary of what is told already', firstScan(BAD), 'nobody'],
    ['basic, which has no single findings', basicScan({ HIGH: 1 }), 'basic'],
    ...ELSEWHERE,
  ]],
  ['each finding in one repository', { ...EACH, repositoryNames: [REPOSITORY] }, [
    ['there', finding('HIGH'), 'enhanced'],
    ['one whose name begins the same', finding('HIGH', { repository: `${REPOSITORY}-2` }), 'nobody'],
    ['one below', finding('HIGH', { repository: `${REPOSITORY}/jobs` }), 'nobody'],
    ['one below that looks like a digest', finding('HIGH', { repository: `${REPOSITORY}/sha256` }), 'nobody'],
    ...ELSEWHERE,
  ]],
  ['each finding below a prefix', { ...EACH, repositoryPrefixes: ['amazon/'] }, [
    ['there', finding('HIGH'), 'enhanced'],
    ['elsewhere', finding('HIGH', { repository: 'amazonas/api' }), 'nobody'],
  ]],
];
