import { DescribeImagesCommand } from '@aws-sdk/client-ecr';
import { CONSUMER, HOME_REGION, PLATFORM, SECOND_CONSUMER, STRANGER } from './harness/accounts';
import { Deployment } from './harness/cdk';
import { Clients } from './harness/clients';
import { become, hire } from './harness/people';
import { RegistryClient } from './harness/registry-client';
import { sharedRepositories } from './stacks/shared';

const REGISTRY = `${PLATFORM}.dkr.ecr.${HOME_REGION}.amazonaws.com`;

type Can = 'pulls' | 'pulls and pushes' | 'reads' | 'nothing';

/** Who they are, what the stacks say about them, and what they therefore can. Administrators have every permission of their own account. */
const PEOPLE: Record<string, [role: string, account: string, story: string, can: Can][]> = {
  'shared/granted': [
    ['pipeline', PLATFORM, 'a role that is granted pullPush', 'pulls and pushes'],
    ['runtime', PLATFORM, 'a role that is granted pull', 'pulls'],
    ['auditor', PLATFORM, 'a role that is granted read', 'reads'],
    ['bystander', PLATFORM, 'a role without any grant', 'nothing'],
    ['workload', CONSUMER, 'a role of another account that is granted pull', 'pulls'],
    ['administrator', CONSUMER, 'an administrator there: the grant was for one role', 'nothing'],
    ['intern', CONSUMER, 'a role without permissions there', 'nothing'],
    ['stranger', STRANGER, 'an administrator of a third account', 'nothing'],
  ],
  'shared/by-role': [
    ['ecs-web', CONSUMER, 'a role whose name matches, with the half of the consumer', 'pulls'],
    ['ecs-intern', CONSUMER, 'a role whose name matches, without the half of the consumer', 'nothing'],
    ['administrator', CONSUMER, 'an administrator there whose name does not match', 'nothing'],
    ['ecs-stranger', STRANGER, 'an administrator of a third account whose name matches', 'nothing'],
  ],
  'shared/organization': [
    ['colleague', SECOND_CONSUMER, 'a role of the organization, with the half of the consumer', 'pulls'],
    ['administrator', CONSUMER, 'an administrator of another account of the organization', 'pulls'],
    ['intern', CONSUMER, 'a role of the organization, without the half of the consumer', 'nothing'],
    ['stranger', STRANGER, 'an administrator outside the organization', 'nothing'],
  ],
};

describe('who may use deployed repositories', () => {
  const deployment = new Deployment();

  beforeAll(async () => {
    await deployment.deploy(sharedRepositories);
    await Promise.all([
      hire(PLATFORM, 'bystander', 'nothing'),
      hire(CONSUMER, 'administrator', 'everything'),
      hire(CONSUMER, 'intern', 'nothing'),
      hire(CONSUMER, 'ecs-intern', 'nothing'),
      hire(STRANGER, 'stranger', 'everything'),
      hire(STRANGER, 'ecs-stranger', 'everything'),
    ]);
    const owner = await RegistryClient.login(new Clients({ account: PLATFORM, region: HOME_REGION }), REGISTRY);
    for (const repository of Object.keys(PEOPLE)) {
      expect(await owner.push(`${REGISTRY}/${repository}`, 'v1', layout => layout.image('one'))).toMatchObject({ code: 0 });
    }
  });

  afterAll(() => deployment.destroy());

  describe.each(Object.entries(PEOPLE))('%s', (repositoryName, people) => {
    const uri = `${REGISTRY}/${repositoryName}`;

    test.each(people)('%s of %s, %s: %s', async (role, account, _, can) => {
      const clients = await become(account, role);
      const reads = clients.ecr.send(new DescribeImagesCommand({ registryId: PLATFORM, repositoryName }));
      expect(await reads.then(() => true, () => false)).toBe(can === 'reads');

      const client = await RegistryClient.login(clients, REGISTRY).catch((error: Error) => error);
      if (client instanceof Error) {
        expect(client.message).toContain('not authorized to perform: ecr:GetAuthorizationToken');
        expect(can).toMatch(/reads|nothing/);
        return;
      }
      const pull = await client.pull(`${uri}:v1`);
      expect(pull.code === 0).toBe(can.startsWith('pulls'));
      const push = await client.push(uri, role, layout => layout.image(role));
      expect(push.code === 0).toBe(can.endsWith('pushes'));
      for (const { code, output } of [pull, push]) {
        expect(/DENIED|403 Forbidden/.test(output)).toBe(code !== 0);
      }
    });
  });
});

describe('not done by the emulator, so not proven here', () => {
  test.todo('calls go through VPC endpoints, whose policies hold');
  test.todo('GitHub and GitLab issue the tokens of jobs, for which AWS gives credentials');
  test.todo('AWS Lambda and AWS CodeBuild pull as services');
  test.todo('alarms ring: they compute with metrics and quotas');
});
