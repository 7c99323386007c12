import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, CfnParameter, Stack } from 'aws-cdk-lib';
import { UpstreamRegistry } from '../../lib';
import { UPSTREAMS, type Upstream } from '../../lib/private/ecr/upstreams';

const FIXED: Upstream[] = Object.values(UPSTREAMS);
const GUIDE = readFileSync(join(__dirname, '..', '..', 'docs', 'guide', 'pull-through-caches.md'), 'utf8');

describe('UpstreamRegistry', () => {
  test.each([
    ['DOCKER_HUB', UpstreamRegistry.DOCKER_HUB, 'docker-hub', 'registry-1.docker.io', 'docker-hub', true],
    ['GITHUB', UpstreamRegistry.GITHUB, 'github-container-registry', 'ghcr.io', 'github', true],
    ['GITLAB', UpstreamRegistry.GITLAB, 'gitlab-container-registry', 'registry.gitlab.com', 'gitlab', true],
    ['CHAINGUARD', UpstreamRegistry.CHAINGUARD, 'chainguard', 'cgr.dev', 'chainguard', true],
    ['azure', UpstreamRegistry.azure('Contoso'), 'azure-container-registry', 'contoso.azurecr.io', 'azure-contoso', true],
    ['ECR_PUBLIC', UpstreamRegistry.ECR_PUBLIC, 'ecr-public', 'public.ecr.aws', 'ecr-public', false],
    ['KUBERNETES', UpstreamRegistry.KUBERNETES, 'k8s', 'registry.k8s.io', 'kubernetes', false],
    ['QUAY', UpstreamRegistry.QUAY, 'quay', 'quay.io', 'quay', false],
    [
      'ecr', UpstreamRegistry.ecr({ account: '444455556666', region: 'ap-southeast-2' }),
      'ecr', '444455556666.dkr.ecr.ap-southeast-2.amazonaws.com', 'ap-southeast-2/444455556666', false,
    ],
  ])('%s knows its name, host, default prefix and whether it takes credentials', (_, registry, kind, url, defaultPrefix, takesCredentials) => {
    expect(registry).toMatchObject({ kind, url, defaultPrefix, takesCredentials });
    expect(UpstreamRegistry.fromUrl(url)).toMatchObject({ kind, url });
  });

  test.each(FIXED)('has a member for $kind, and the guide has a row', ({ kind, url, defaultPrefix, takesCredentials }) => {
    const members = Object.entries(UpstreamRegistry)
      .flatMap(([name, value]) => value instanceof UpstreamRegistry && value.kind === kind ? [name] : []);

    expect(members).toHaveLength(1);
    expect(GUIDE).toContain(`| \`${members[0]}\` | \`${url}\` | ${takesCredentials ? 'a secret' : 'none'} | \`${defaultPrefix}\` |`);
  });

  test('only a registry of Amazon ECR says where it is', () => {
    expect(UpstreamRegistry.ecr({ account: '444455556666', region: 'eu-west-1' }).ecrRegistry).toEqual({ account: '444455556666', region: 'eu-west-1' });
    expect(UpstreamRegistry.DOCKER_HUB.ecrRegistry).toBeUndefined();
  });

  describe('azure', () => {
    test.each(['abcde', 'a'.repeat(50), '12345', 'contoso-c7h4fdcxgvb8e2du'])('accepts %p', name => {
      expect(UpstreamRegistry.azure(name).url).toBe(`${name}.azurecr.io`);
    });

    test.each(['abcd', 'a'.repeat(51), 'my-registry.azurecr.io', 'contoso.azurecr.io', 'my_registry'])('fails for %p', name => {
      expect(() => UpstreamRegistry.azure(name)).toThrow(`'name' must be 5 to 50 letters and digits, such as 'contoso' for 'contoso.azurecr.io', got "${name}"`);
    });

    test('passes when the name is known only at deployment', () => {
      const stack = new Stack(new App(), 'Stack');
      const registry = UpstreamRegistry.azure(new CfnParameter(stack, 'Name').valueAsString);

      expect(stack.resolve(registry.url)).toEqual({ 'Fn::Join': ['', [{ Ref: 'Name' }, '.azurecr.io']] });
    });
  });

  describe('ecr', () => {
    test('fails for a bad account and a bad Region at once', () => {
      expect(() => UpstreamRegistry.ecr({ account: '1234567890123', region: 'EU (Ireland)' })).toThrow(
        /'account' must be an AWS account id of 12 digits, got "1234567890123"\n'region' must be an AWS Region/,
      );
    });

    test('passes when the account is known only at deployment', () => {
      const stack = new Stack(new App(), 'Stack');
      const registry = UpstreamRegistry.ecr({ account: new CfnParameter(stack, 'Account').valueAsString, region: 'eu-west-1' });

      expect(stack.resolve(registry.url)).toEqual({ 'Fn::Join': ['', [{ Ref: 'Account' }, '.dkr.ecr.eu-west-1.amazonaws.com']] });
    });
  });

  describe('fromUrl', () => {
    test.each(['https://ghcr.io', 'ghcr.io/', 'GHCR.io'])('understands %p', url => {
      expect(UpstreamRegistry.fromUrl(url)).toBe(UpstreamRegistry.GITHUB);
    });

    test.each(['docker.io', 'hub.docker.com', 'https://index.docker.io/'])('points from %p to DOCKER_HUB', url => {
      expect(() => UpstreamRegistry.fromUrl(url))
        .toThrow(`'url' must be a registry that Amazon ECR can cache, got "${url}"; for Docker Hub, use the URL registry-1.docker.io, use UpstreamRegistry.DOCKER_HUB`);
    });

    test.each(['gcr.io', 'mcr.microsoft.com', 'gitlab.example.com'])('fails for %p, which Amazon ECR cannot cache', url => {
      expect(() => UpstreamRegistry.fromUrl(url))
        .toThrow(`'url' must be a registry that Amazon ECR can cache, got "${url}"; it caches registry-1.docker.io, ghcr.io, registry.gitlab.com`);
    });

    test('fails when the host is known only at deployment', () => {
      expect(() => UpstreamRegistry.fromUrl(new CfnParameter(new Stack(new App(), 'Stack'), 'Url').valueAsString))
        .toThrow("'url' must not be a token");
    });
  });

  describe('repositoryName', () => {
    test.each([
      [UpstreamRegistry.DOCKER_HUB, 'nginx', 'library/nginx'],
      [UpstreamRegistry.DOCKER_HUB, 'library/nginx', 'library/nginx'],
      [UpstreamRegistry.DOCKER_HUB, 'bitnami/redis', 'bitnami/redis'],
      [UpstreamRegistry.KUBERNETES, 'pause', 'pause'],
    ])('of %#', (registry, image, name) => {
      expect(registry.repositoryName(image)).toBe(name);
    });
  });
});
