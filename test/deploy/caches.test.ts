import { CreateRepositoryCommand } from '@aws-sdk/client-ecr';
import { PutSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import { UpstreamRegistry } from 'cdk-secure-ecr';
import { CONSUMER, HOME_REGION, PLATFORM, REPLICA, STRANGER, UPSTREAM_LOGIN } from './harness/accounts';
import { Deployment, type Outputs } from './harness/cdk';
import { Clients } from './harness/clients';
import { DeployedStack } from './harness/deployed-stack';
import { upstream } from './harness/environment';
import { become, hire } from './harness/people';
import { READERS } from './harness/read-back';
import { RegistryClient } from './harness/registry-client';
import { caches } from './stacks/caches';

const HOME = `${PLATFORM}.dkr.ecr.${HOME_REGION}.amazonaws.com`;

describe('pull through caches', () => {
  const deployment = new Deployment();
  const stack = new DeployedStack('Caches', { account: PLATFORM, region: HOME_REGION });
  const mirror = new DeployedStack('Mirror', { account: REPLICA, region: HOME_REGION });
  const publisher = RegistryClient.anonymous();
  const published: Record<string, string> = {};
  let uris: Outputs[string];

  const pullAs = async (account: string, roleName: string, uri: string) => {
    const client = await RegistryClient.login(await become(account, roleName), uri.split('/')[0]);
    return client.pull(uri);
  };

  beforeAll(async () => {
    const outputs = await deployment.deploy(app => caches(app));
    uris = { ...outputs.Caches, ...outputs.Mirror };
    for (const image of ['library/nginx:1.27', 'library/alpine:3', 'bitnami/redis:7', 'docker/library/python:3.13', 'prometheus/node-exporter:v1']) {
      const [name, tag] = image.split(':');
      const { code, pushed } = await publisher.push(`${upstream()}/${name}`, tag, layout => (
        layout.index(layout.image(image), layout.image(image, 'arm64'))
      ));
      expect(code).toBe(0);
      published[image] = pushed.digest;
    }
    await hire(STRANGER, 'cache-thief', 'everything');
  });

  afterAll(() => deployment.destroy());

  test('every rule, template, secret, role and policy is there as the template asks', async () => {
    expect(await stack.compare()).toMatchObject({ differences: [] });
    expect(await mirror.compare()).toMatchObject({ differences: [] });
  });

  test('a rule knows its upstream, and the secret that was made for it', async () => {
    expect(await READERS['AWS::ECR::PullThroughCacheRule'](stack.clients, 'docker-hub', {})).toMatchObject({
      CredentialArn: expect.stringMatching(`^arn:aws:secretsmanager:${HOME_REGION}:${PLATFORM}:secret:ecr-pullthroughcache/docker-hub-`) as string,
      EcrRepositoryPrefix: 'docker-hub',
      UpstreamRegistry: 'docker-hub',
      UpstreamRegistryUrl: 'registry-1.docker.io',
    });
    expect(await READERS['AWS::ECR::PullThroughCacheRule'](stack.clients, 'ecr-public', {})).toMatchObject({
      UpstreamRegistry: 'ecr-public', UpstreamRegistryUrl: 'public.ecr.aws',
    });
  });

  test("imageUri knows where Docker Hub keeps official images: an upstream has 'library/nginx' and no 'nginx'", async () => {
    expect(uris).toMatchObject({ Nginx: `${HOME}/docker-hub/library/nginx:1.27`, Redis: `${HOME}/docker-hub/bitnami/redis:7` });
    for (const uri of [uris.Nginx, uris.Redis]) {
      expect(await publisher.pull(uri.replace(`${HOME}/docker-hub`, upstream()))).toMatchObject({ code: 0 });
    }
    expect((await publisher.pull(`${upstream()}/nginx:1.27`)).output).toContain('NAME_UNKNOWN');
  });

  test('nothing comes through before the owner has put credentials into the secret', async () => {
    expect((await pullAs(PLATFORM, 'builder', uris.Nginx)).output).toContain("the upstream does not know the 'username' and 'accessToken'");
  });

  describe('once the credentials are there', () => {
    beforeAll(async () => {
      const [username, accessToken] = UPSTREAM_LOGIN;
      await stack.clients.secrets.send(new PutSecretValueCommand({
        SecretId: 'ecr-pullthroughcache/docker-hub', SecretString: JSON.stringify({ accessToken, username }),
      }));
    });

    test('who may only use what others brought in cannot bring in an image', async () => {
      expect((await pullAs(PLATFORM, 'runner', uris.Nginx)).output).toMatch(/not authorized to perform: ecr:CreateRepository/);
    });

    test('a pull brings in the image with all its architectures', async () => {
      expect(await pullAs(PLATFORM, 'builder', uris.Nginx)).toMatchObject({ code: 0, pulled: { digest: published['library/nginx:1.27'] } });
    });

    test('the repository that it made is as the template says', async () => {
      expect(await READERS['AWS::ECR::Repository'](stack.clients, 'docker-hub/library/nginx', {})).toMatchObject({
        EncryptionConfiguration: { EncryptionType: 'KMS' },
        ImageTagMutability: 'MUTABLE',
        LifecyclePolicy: { LifecyclePolicyText: expect.stringContaining('"countNumber":20') as string },
        Tags: [{ Key: 'origin', Value: 'docker-hub' }],
      });
    });

    test('now the other role can pull it too', async () => {
      expect(await pullAs(PLATFORM, 'runner', uris.Nginx)).toMatchObject({ code: 0 });
    });

    test('an image that the upstream does not have is not found', async () => {
      expect((await pullAs(PLATFORM, 'builder', `${uris.Nginx}-alpine`)).output).toContain('MANIFEST_UNKNOWN');
    });

    test('an upstream without credentials serves a role of another account, by the registry policy', async () => {
      expect(await pullAs(CONSUMER, 'cache-user', uris.Python)).toMatchObject({ code: 0, pulled: { digest: published['docker/library/python:3.13'] } });
      expect((await pullAs(CONSUMER, 'cache-user', uris.Redis)).code).not.toBe(0);
      expect((await pullAs(STRANGER, 'cache-thief', uris.Python)).code).not.toBe(0);
    });

    test('a registry of another account is cached with the role of the cache and the registry policy of the upstream', async () => {
      await stack.clients.ecr.send(new CreateRepositoryCommand({ repositoryName: 'base/java' }));
      const owner = await RegistryClient.login(new Clients(stack.place), HOME);
      const { pushed } = await owner.push(`${HOME}/base/java`, '21', layout => layout.image('java'));
      expect(uris.Java).toBe(`${REPLICA}.dkr.ecr.${HOME_REGION}.amazonaws.com/mirror/java:21`);
      expect(await pullAs(REPLICA, 'mirror-user', uris.Java)).toMatchObject({ code: 0, pulled: { digest: pushed.digest } });
    });

    test('one more upstream: the new one works, and the credentials of the first are kept', async () => {
      await deployment.deploy(app => caches(app, [UpstreamRegistry.QUAY]));
      expect(await stack.compare()).toMatchObject({ differences: [] });
      expect(await pullAs(PLATFORM, 'builder', `${HOME}/quay/prometheus/node-exporter:v1`)).toMatchObject({ code: 0 });
      expect(await pullAs(PLATFORM, 'builder', `${HOME}/docker-hub/library/alpine:3`)).toMatchObject({ code: 0 });
    });
  });
});

describe('not done by the emulator, so not proven here', () => {
  test.todo('a cache asks its upstream again after 24 hours');
  test.todo('the upstreams are the real ones');
});
