import { differences } from '../../tools/awslint';

const FOUND = 'error: [awslint:no-grants:cdk-secure-ecr.ScanGate.grantRead] no new "grantXxx()" methods';

test('a finding that the table accepts passes', () => {
  expect(differences(FOUND, { 'no-grants:ScanGate.grantRead': 'a reason' })).toEqual([]);
});

test('any other finding is reported, errors and warnings', () => {
  expect(differences(FOUND, {})).toEqual([FOUND]);
  expect(differences(FOUND.replace('error', 'warning'), {})).toHaveLength(1);
});

test('findings in types of the CDK do not count', () => {
  expect(differences(FOUND.replace('cdk-secure-ecr', 'aws-cdk-lib'), {})).toEqual([]);
});

test('a row that accepts nothing is reported, so that output that nobody can read fails', () => {
  expect(differences('', { 'no-grants:ScanGate.grantRead': 'a reason' })).toEqual(['awslint does not report no-grants:ScanGate.grantRead: remove it from tools/awslint.ts']);
});
