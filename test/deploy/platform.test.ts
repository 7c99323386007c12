import { DescribeRepositoriesCommand } from '@aws-sdk/client-ecr';
import { bootstrap, Deployment } from './harness/cdk';
import { Clients } from './harness/clients';
import { DeployedStack } from './harness/deployed-stack';
import { upstream } from './harness/environment';
import { becomeService } from './harness/people';
import { READERS } from './harness/read-back';
import { RegistryClient } from './harness/registry-client';
import { FLAGS, PLACES, platform, smallPlatform } from './stacks/platform';

const { tooling, staging, production, recovery } = PLACES;
const HOME = `${tooling.account}.dkr.ecr.${tooling.region}.amazonaws.com`;
const STANDBY = `${recovery.account}.dkr.ecr.${recovery.region}.amazonaws.com`;

describe('the platform of bin/', () => {
  const deployment = new Deployment(FLAGS);
  const stacks: Record<string, DeployedStack> = {
    Recovery: new DeployedStack('Recovery', recovery),
    Images: new DeployedStack('Images', tooling),
    Build: new DeployedStack('Build', tooling),
    Production: new DeployedStack('Production', production),
    Standby: new DeployedStack('Standby', recovery),
    Staging: new DeployedStack('Staging', staging),
  };
  const firstStaging = new DeployedStack('Staging', tooling);

  /** A registry client as a service that uses the role of a stack. */
  const service = async (stack: DeployedStack, roleName: RegExp, registry: string) => {
    const [role] = (await stack.all('AWS::IAM::Role')).filter(name => roleName.test(name));
    return RegistryClient.login(await becomeService(stack.place.account, role, stack.place.region), registry);
  };

  /** Pulls an image as Amazon ECS does for the service of a stack. */
  const pullFor = async (stack: DeployedStack, uri: string) => {
    const ecs = await service(stack, /TaskExecutionRole/, uri.split('/')[0]);
    return ecs.pull(uri);
  };

  beforeAll(async () => {
    const places = [tooling, staging, production, recovery];
    for (const account of new Set(places.map(place => place.account))) {
      await bootstrap(account, [...new Set(places.filter(place => place.account === account).map(({ region }) => region))]);
    }
    await deployment.deploy(smallPlatform);
  });

  test.each(['Recovery', 'Images', 'Build', 'Production', 'Standby'])('%s is deployed as its template asks', async name => {
    expect(await stacks[name].status()).toBe('CREATE_COMPLETE');
    expect(await stacks[name].compare()).toMatchObject({ differences: [] });
  });

  test('a release is copied to the second Region, and the services of both Regions can pull it', async () => {
    const owner = await RegistryClient.login(new Clients(tooling), HOME);
    const { pushed } = await owner.push(`${HOME}/platform/web`, 'prod-web', layout => layout.index(layout.image('web', 'arm64')));
    expect(await pullFor(stacks.Production, `${HOME}/platform/web:prod-web`)).toMatchObject({ pulled: { digest: pushed.digest } });
    expect(await pullFor(stacks.Standby, `${STANDBY}/platform/web:prod-web`)).toMatchObject({ pulled: { digest: pushed.digest } });
  });

  test('a build brings in a base image through a cache, and pushes what it built', async () => {
    await RegistryClient.anonymous().push(`${upstream()}/docker/library/node`, '22', layout => layout.image('node'));
    const build = await service(stacks.Build, /^Build-Role/, HOME);
    expect(await build.pull(`${HOME}/ecr-public/docker/library/node:22`)).toMatchObject({ code: 0 });
    expect(await build.push(`${HOME}/platform/worker`, 'pr-1', layout => layout.image('worker'))).toMatchObject({ code: 0 });
  });

  test('a service can pull its own image, and no other', async () => {
    const owner = await RegistryClient.login(new Clients(tooling), HOME);
    await owner.push(`${HOME}/platform/worker`, 'prod-worker', layout => layout.image('worker'));
    expect((await pullFor(stacks.Production, `${HOME}/platform/worker:prod-worker`)).output).toContain('not authorized to perform: ecr:BatchGetImage');
  });

  describe('after staging moved to an account of its own, and the repositories keep fewer images', () => {
    beforeAll(() => deployment.deploy(platform));

    test.each(Object.keys(stacks))('%s is as its template asks', async name => {
      expect(await stacks[name].compare()).toMatchObject({ differences: [] });
    });

    test('the repositories are the same, with the new lifecycle policy and one more account', async () => {
      expect(await stacks.Images.status()).toBe('UPDATE_COMPLETE');
      const { LifecyclePolicy, RepositoryPolicyText } = await READERS['AWS::ECR::Repository'](stacks.Images.clients, 'platform/web', {});
      expect(JSON.stringify(LifecyclePolicy)).toContain('\\"countNumber\\":9');
      expect(JSON.stringify(RepositoryPolicyText)).toContain(staging.account);
    });

    test('staging pulls what was pushed before', async () => {
      expect(await pullFor(stacks.Staging, `${HOME}/platform/web:prod-web`)).toMatchObject({ code: 0 });
    });
  });

  describe('after it is destroyed', () => {
    beforeAll(async () => {
      await deployment.destroy();
      deployment.synthesize(smallPlatform);
      await deployment.destroy('Staging');
    });

    test('no stack is left', async () => {
      const left = await Promise.all([...Object.values(stacks), firstStaging].map(stack => stack.status()));
      expect(left.filter(status => status !== undefined)).toEqual([]);
    });

    test('the repositories with their images stay', async () => {
      const { repositories } = await stacks.Images.clients.ecr.send(new DescribeRepositoriesCommand({}));
      expect(repositories!.map(({ repositoryName }) => repositoryName)).toEqual(expect.arrayContaining(['platform/web', 'platform/worker']));
    });
  });
});
