import { DescribeImagesCommand } from '@aws-sdk/client-ecr';
import { CONSUMER, HOME_REGION, PLATFORM, STRANGER } from './harness/accounts';
import { Deployment } from './harness/cdk';
import { Clients } from './harness/clients';
import { become, hire } from './harness/people';
import { RegistryClient } from './harness/registry-client';
import { sharedRepository } from './stacks/shared';

const REGISTRY = `${PLATFORM}.dkr.ecr.${HOME_REGION}.amazonaws.com`;
const URI = `${REGISTRY}/shared/api`;

type Can = 'pulls' | 'pulls and pushes' | 'reads' | 'nothing';

/** Who they are, and what the stacks let them do. */
const PEOPLE: [string, string, string, Can][] = [
  ['pipeline', PLATFORM, 'a role that is granted pullPush', 'pulls and pushes'],
  ['runtime', PLATFORM, 'a role that is granted pull', 'pulls'],
  ['auditor', PLATFORM, 'a role that is granted read', 'reads'],
  ['colleague', PLATFORM, 'a role without any grant', 'nothing'],
  ['workload', CONSUMER, 'a role of another account that is granted pull', 'pulls'],
  ['neighbour', CONSUMER, 'an administrator of that account: the grant was for one role', 'nothing'],
  ['intern', CONSUMER, 'a role of that account without permissions', 'nothing'],
  ['stranger', STRANGER, 'an administrator of a third account', 'nothing'],
];

describe('who may use a deployed repository', () => {
  const deployment = new Deployment();

  beforeAll(async () => {
    await deployment.deploy(sharedRepository);
    await Promise.all([
      hire(PLATFORM, 'colleague', 'nothing'),
      hire(CONSUMER, 'neighbour', 'everything'),
      hire(CONSUMER, 'intern', 'nothing'),
      hire(STRANGER, 'stranger', 'everything'),
    ]);
    const owner = await RegistryClient.login(new Clients({ account: PLATFORM, region: HOME_REGION }), REGISTRY);
    expect(await owner.push(URI, 'v1', layout => layout.image('one'))).toMatchObject({ code: 0 });
  });

  afterAll(() => deployment.destroy());

  test.each(PEOPLE)('%s of %s, %s: %s', async (name, account, _, can) => {
    const clients = await become(account, name);
    const reads = clients.ecr.send(new DescribeImagesCommand({ registryId: PLATFORM, repositoryName: 'shared/api' }));
    expect(await reads.then(() => true, () => false)).toBe(can === 'reads');

    if (name === 'intern' || name === 'colleague' || name === 'auditor') {
      await expect(RegistryClient.login(clients, REGISTRY)).rejects.toThrow('not authorized to perform: ecr:GetAuthorizationToken');
      return;
    }
    const client = await RegistryClient.login(clients, REGISTRY);
    expect((await client.pull(`${URI}:v1`)).code === 0).toBe(can.startsWith('pulls'));
    const push = await client.push(URI, name, layout => layout.image(name));
    expect(push.code === 0).toBe(can.endsWith('pushes'));
    expect(/DENIED|403 Forbidden/.test(push.output)).toBe(!can.endsWith('pushes'));
  });
});
