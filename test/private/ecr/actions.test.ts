import * as actions from '../../../lib/private/ecr/actions';

const ECR = Object.entries(actions).filter(([name]) => !/KEY|INSPECTOR|BEARER|SIGN/.test(name));

test('are sorted and without duplicates, so that the same permission reads the same everywhere', () => {
  for (const list of Object.values(actions)) {
    expect(list).toEqual([...new Set(list)].sort());
  }
});

test('never have a wildcard', () => {
  expect(Object.values(actions).flat().filter(action => /[*?]/.test(action))).toEqual([]);
});

test.each(ECR)('%s are of Amazon ECR', (_, list) => {
  expect(list.filter(action => !/^ecr(-public)?:/.test(action))).toEqual([]);
});

test('pull with what a container runtime calls', () => {
  expect(actions.PULL_ACTIONS).toEqual(['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer']);
});

test('pull for a service with what AWS documents for Lambda and CodeBuild', () => {
  expect(actions.SERVICE_PULL_ACTIONS).toEqual(['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer']);
});

test('push with what AWS documents, BatchGetImage included', () => {
  expect(actions.PUSH_ACTIONS).toEqual([
    'ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:CompleteLayerUpload', 'ecr:InitiateLayerUpload', 'ecr:PutImage', 'ecr:UploadLayerPart',
  ]);
});

test('pull and push with both, each action once', () => {
  expect(actions.PULL_PUSH_ACTIONS).toEqual([
    'ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:CompleteLayerUpload', 'ecr:GetDownloadUrlForLayer',
    'ecr:InitiateLayerUpload', 'ecr:PutImage', 'ecr:UploadLayerPart',
  ]);
});

test('read without pulling', () => {
  expect([...actions.READ_ACTIONS, ...actions.SCAN_FINDINGS_ACTIONS].filter(action => /Get(?!.*Findings)/.test(action))).toEqual([]);
});

test('read findings without pulling, of Amazon Inspector too', () => {
  expect(actions.GATE_ACTIONS).not.toContain('ecr:GetDownloadUrlForLayer');
  expect(actions.INSPECTOR_ACTIONS.filter(action => !action.startsWith('inspector2:List'))).toEqual([]);
});

test('never change or delete what is there, but for pushes and scans', () => {
  const changing = /:(Delete|Set|Put|BatchDelete|Start|Update|Untag)/;

  expect(ECR.filter(([, list]) => list.some(action => changing.test(action))).map(([name]) => name).sort()).toEqual([
    'PUBLIC_PUSH_ACTIONS', 'PUBLISH_ASSETS_ACTIONS', 'PULL_PUSH_ACTIONS', 'PUSH_ACTIONS', 'START_SCAN_ACTIONS', 'UPSTREAM_COPY_ACTIONS',
  ]);
});
