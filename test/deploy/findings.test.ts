import { TestEventPatternCommand } from '@aws-sdk/client-eventbridge';
import { type App, CfnOutput, Stack } from 'aws-cdk-lib';
import { Repository } from 'aws-cdk-lib/aws-ecr';
import { ScanFindings } from 'cdk-secure-ecr';
import { ACCOUNT, REGION } from '../scanning/scan-events';
import { CASES } from '../scanning/told';
import { bootstrap, Deployment, type Outputs } from './harness/cdk';
import { DeployedStack } from './harness/deployed-stack';
import { READERS } from './harness/read-back';

function addFindings(app: App): void {
  const stack = new Stack(app, 'Findings', { env: { account: ACCOUNT, region: REGION } });
  CASES.forEach(([, { repositoryNames, ...watch }], index) => {
    const repositories = repositoryNames?.map((name, number) => Repository.fromRepositoryName(stack, `Repository${index}x${number}`, name));
    const { basicRule, enhancedRule } = new ScanFindings(stack, `Findings${index}`, { ...watch, repositories });
    new CfnOutput(stack, `Basic${index}`, { value: basicRule.ruleName });
    new CfnOutput(stack, `Enhanced${index}`, { value: enhancedRule.ruleName });
  });
}

describe('scan findings', () => {
  const deployment = new Deployment();
  const stack = new DeployedStack('Findings', { account: ACCOUNT, region: REGION });
  let outputs: Outputs[string];

  beforeAll(async () => {
    await bootstrap(ACCOUNT, [REGION]);
    outputs = (await deployment.deploy(addFindings)).Findings;
  });

  afterAll(() => deployment.destroy());

  /** Whether the pattern of a deployed rule matches, as the emulator matches it. */
  const matches = async (name: string, event: object): Promise<boolean> => {
    const { EventPattern } = await READERS['AWS::Events::Rule'](stack.clients, outputs[name], {});
    const command = new TestEventPatternCommand({ EventPattern: JSON.stringify(EventPattern), Event: JSON.stringify(event) });
    return (await stack.clients.events.send(command)).Result!;
  };

  test('have rules, roles and policies as the template asks', async () => {
    expect(await stack.compare()).toMatchObject({ differences: [] });
  });

  describe.each(CASES.map(([what, , cases], index) => [what, index, cases] as const))('%s', (_what, index, cases) => {
    test.each(cases)('%s', async (_case, event, told) => {
      expect([await matches(`Basic${index}`, event), await matches(`Enhanced${index}`, event)]).toEqual([told === 'basic', told === 'enhanced']);
    });
  });
});

describe('not done by the emulator, so not proven here', () => {
  test.todo('messages are filled in from events, and reach the subscribers of a topic');
  test.todo('the policies of topics and keys are enforced');
});
