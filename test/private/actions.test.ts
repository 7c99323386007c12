import * as actions from '../../lib/private/actions';

const ECR = Object.entries(actions).filter(([name]) => !name.includes('KEY'));

test('are sorted and without duplicates, so that the same permission reads the same everywhere', () => {
  for (const list of Object.values(actions)) {
    expect(list).toEqual([...new Set(list)].sort());
  }
});

test('never have a wildcard', () => {
  expect(Object.values(actions).flat().filter(action => /[*?]/.test(action))).toEqual([]);
});

test.each(ECR)('%s are of Amazon ECR', (_, list) => {
  expect(list.filter(action => !action.startsWith('ecr:'))).toEqual([]);
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

test('never change or delete what is there, but for pushes', () => {
  const changing = /:(Delete|Set|Put|BatchDelete|Start|Update|Untag)/;

  expect(ECR.filter(([, list]) => list.some(action => changing.test(action))).map(([name]) => name).sort()).toEqual([
    'PULL_PUSH_ACTIONS', 'PUSH_ACTIONS', 'UPSTREAM_COPY_ACTIONS',
  ]);
});
