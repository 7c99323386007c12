import { App, type Stack, type StackProps } from 'aws-cdk-lib';
import { CfnRepository } from 'aws-cdk-lib/aws-ecr';
import { LifecyclePolicy } from 'cdk-secure-ecr';
import * as examples from '../../examples';
import { EXAMPLES, EXAMPLE_REGIONS, type Place } from './harness/accounts';
import { bootstrap, Deployment } from './harness/cdk';
import { DeployedStack } from './harness/deployed-stack';
import { READERS } from './harness/read-back';

type Example = new (scope: App, id: string, props: StackProps) => Stack;

/** Every example has a registry of its own, so that each may own the registry's settings; but ECR Public is in one Region only. */
const places: [string, Place, Example][] = Object.entries(examples as Record<string, Example>).map(([name, Example], index) => {
  const env = { account: EXAMPLES, region: EXAMPLE_REGIONS[index] };
  const { region } = new Example(new App(), name, { env });
  return [name, { ...env, region }, Example];
});

const KEEP_SEVEN = LifecyclePolicy.keepLatest(7).toJson();

function addExamples(app: App): void {
  for (const [name, env, Example] of places) {
    new Example(app, name, { env });
  }
}

/** The same, but every repository has another lifecycle policy. */
function addChangedExamples(app: App): void {
  addExamples(app);
  for (const repository of app.node.findAll().filter(construct => CfnRepository.isCfnRepository(construct))) {
    repository.lifecyclePolicy = { lifecyclePolicyText: KEEP_SEVEN };
  }
}

describe('the examples', () => {
  const deployment = new Deployment();
  const repositories: Record<string, string[]> = {};
  const read = new Set<string>();
  const unread = new Set<string>();

  beforeAll(async () => {
    await bootstrap(EXAMPLES, [...new Set(places.map(([, { region }]) => region))]);
    await deployment.deploy(addExamples);
  });

  test.each(places)('%s is deployed as its template asks', async (name, place) => {
    const stack = new DeployedStack(name, place);
    expect(await stack.status()).toBe('CREATE_COMPLETE');
    const comparison = await stack.compare();
    expect(comparison.differences).toEqual([]);
    comparison.compared.forEach(type => read.add(type));
    comparison.unread.forEach(type => unread.add(type));
    repositories[name] = await stack.all('AWS::ECR::Repository');
  });

  describe('with other lifecycle policies', () => {
    beforeAll(() => deployment.deploy(addChangedExamples));

    test.each(places)('%s is updated in place', async (name, place) => {
      const stack = new DeployedStack(name, place);
      expect(await stack.status()).toBe(repositories[name].length > 0 ? 'UPDATE_COMPLETE' : 'CREATE_COMPLETE');
      expect(await stack.compare()).toMatchObject({ differences: [] });
      expect(await stack.all('AWS::ECR::Repository')).toEqual(repositories[name]);
      for (const repository of repositories[name]) {
        expect(await READERS['AWS::ECR::Repository'](stack.clients, repository, {})).toMatchObject({
          LifecyclePolicy: { LifecyclePolicyText: KEEP_SEVEN },
        });
      }
    });
  });

  test('are destroyed', async () => {
    await deployment.destroy();
    const left = await Promise.all(places.map(([name, place]) => new DeployedStack(name, place).status()));
    expect(left.filter(status => status !== undefined)).toEqual([]);
  });

  test('are compared in everything but the types that no reader knows', () => {
    process.stdout.write(`compared: ${[...read].sort().join(', ')}\nnot compared: ${[...unread].sort().join(', ')}\n`);
    expect([...unread].filter(type => type.startsWith('AWS::ECR::'))).toEqual([]);
  });
});
