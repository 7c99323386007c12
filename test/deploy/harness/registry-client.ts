import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { GetAuthorizationTokenCommand } from '@aws-sdk/client-ecr';
import type { Clients } from './clients';
import { endpoint, newDirectory } from './environment';
import { type Descriptor, OciLayout } from './oci-layout';
import { type Outcome, run } from './processes';
import { CRANE } from './tools';

/**
 * `crane` of go-containerregistry, logged in with a token of Amazon ECR. It is given the real names of repositories,
 * `<account>.dkr.ecr.<region>.amazonaws.com/…`; the emulator is its HTTP proxy, so that no request leaves the machine.
 */
export class RegistryClient {
  /** Logs in as whoever owns the clients, as `aws ecr get-login-password` does. */
  public static async login(clients: Clients, ...registries: string[]): Promise<RegistryClient> {
    const { authorizationData } = await clients.ecr.send(new GetAuthorizationTokenCommand({}));
    const auth = authorizationData![0].authorizationToken;
    return new RegistryClient(Object.fromEntries(registries.map(registry => [registry, { auth }])));
  }

  /** A client that is not logged in anywhere. */
  public static anonymous(): RegistryClient {
    return new RegistryClient({});
  }

  private readonly home = newDirectory();

  private constructor(auths: Record<string, unknown>) {
    writeFileSync(join(this.home, 'config.json'), JSON.stringify({ auths }));
  }

  /** Pushes what `make` puts into an empty layout, by its digest if there is no tag. */
  public async push(repository: string, tag: string | undefined, make: (layout: OciLayout) => Descriptor): Promise<Outcome & { pushed: Descriptor }> {
    const layout = new OciLayout();
    const pushed = make(layout);
    const reference = tag ? `${repository}:${tag}` : `${repository}@${pushed.digest}`;
    return { ...await this.crane('push', layout.publish(pushed), reference), pushed };
  }

  /** Pulls an image, an index with all its images, or an artifact; every digest is checked on the way. */
  public async pull(reference: string): Promise<Outcome & { pulled?: Descriptor }> {
    const directory = newDirectory();
    const outcome = await this.crane('pull', '--format', 'oci', reference, directory);
    return { ...outcome, pulled: outcome.code === 0 ? rootOf(directory) : undefined };
  }

  /** Checks that every layer of an image can be pulled and unpacked. */
  public async validate(reference: string): Promise<Outcome> {
    return this.crane('validate', '--remote', reference);
  }

  public async copy(from: string, to: string): Promise<Outcome> {
    return this.crane('copy', from, to);
  }

  private crane(...args: string[]): Promise<Outcome> {
    const proxy = endpoint();
    return run(CRANE, [...args, '--insecure'], {
      env: { DOCKER_CONFIG: this.home, HOME: this.home, HTTP_PROXY: proxy, HTTPS_PROXY: proxy, PATH: process.env.PATH },
      timeout: 60_000,
    });
  }
}

function rootOf(directory: string): Descriptor {
  const { manifests } = JSON.parse(readFileSync(join(directory, 'index.json'), 'utf8')) as { manifests: Descriptor[] };
  return manifests[0];
}
