import { BRAND } from '../private/core/brand';
import { failUnscopedIfAny } from '../private/core/errors';
import { isKnown, orUntilLookup, show } from '../private/core/values';
import { accountProblems, regionProblems } from '../private/ecr/names';
import { AZURE_URL, ECR_URL, hostOf, UPSTREAMS, upstreamUrlProblems } from '../private/ecr/upstreams';
import { publicClass } from '../private/input/public-class';

// With the hash that a registry with a domain name label has: https://learn.microsoft.com/azure/container-registry/container-registry-get-started-portal
const AZURE_NAME = /^[a-z0-9]{5,50}(?:-[a-z0-9]+)?$/;

/**
 * A private registry of Amazon ECR in another account or Region.
 */
export interface EcrUpstreamOptions {
  /**
   * The account of the registry.
   */
  readonly account: string;

  /**
   * The Region of the registry.
   */
  readonly region: string;
}

interface UpstreamRegistryAttributes {
  readonly kind: string;
  readonly url: string;
  readonly defaultPrefix: string;
  readonly takesCredentials?: boolean;
  readonly ecr?: EcrUpstreamOptions;
}

/**
 * A registry whose images Amazon ECR can cache.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-through-cache-creating-rule.html
 */
export class UpstreamRegistry {
  static {
    publicClass(this, 'UpstreamRegistry');
  }

  /**
   * Docker Hub; needs credentials.
   */
  public static readonly DOCKER_HUB = new UpstreamRegistry(UPSTREAMS.dockerHub);

  /**
   * The container registry of GitHub, `ghcr.io`; needs credentials.
   */
  public static readonly GITHUB = new UpstreamRegistry(UPSTREAMS.github);

  /**
   * The container registry of gitlab.com; needs credentials. Self-managed GitLab servers cannot be cached.
   */
  public static readonly GITLAB = new UpstreamRegistry(UPSTREAMS.gitLab);

  /**
   * Chainguard, `cgr.dev`; needs credentials.
   */
  public static readonly CHAINGUARD = new UpstreamRegistry(UPSTREAMS.chainguard);

  /**
   * Amazon ECR Public, `public.ecr.aws`.
   */
  public static readonly ECR_PUBLIC = new UpstreamRegistry(UPSTREAMS.ecrPublic);

  /**
   * The registry of the Kubernetes project, `registry.k8s.io`.
   */
  public static readonly KUBERNETES = new UpstreamRegistry(UPSTREAMS.kubernetes);

  /**
   * The public images of Quay, `quay.io`.
   */
  public static readonly QUAY = new UpstreamRegistry(UPSTREAMS.quay);

  /**
   * A registry of Azure Container Registry; needs credentials.
   *
   * The default prefix is `azure-<name>`.
   *
   * @param name the name of the registry, such as `contoso` for `contoso.azurecr.io`: 5 to 50 letters and digits
   */
  public static azure(name: string): UpstreamRegistry {
    const registry = isKnown(name) ? name.toLowerCase() : name;
    failUnscopedIfAny('InvalidUpstreamRegistry', isKnown(name) && !AZURE_NAME.test(registry)
      ? [`'name' must be 5 to 50 letters and digits, such as 'contoso' for 'contoso.azurecr.io', got ${show(name)}`]
      : []);

    return new UpstreamRegistry({
      kind: 'azure-container-registry', url: `${registry}.azurecr.io`, defaultPrefix: `azure-${registry}`, takesCredentials: true,
    });
  }

  /**
   * A private registry of Amazon ECR in another account or Region of the same partition.
   *
   * The default prefix is `<region>/<account>`. The owner of an upstream in another account must allow it, see `UpstreamAccess`.
   *
   * @param options the account and Region of the registry
   */
  public static ecr(options: EcrUpstreamOptions): UpstreamRegistry {
    const { account, region } = options;
    failUnscopedIfAny('InvalidUpstreamRegistry', [...accountProblems('account', account), ...regionProblems('region', region)]);

    return new UpstreamRegistry({
      kind: 'ecr', url: `${account}.dkr.ecr.${region}.amazonaws.com`, defaultPrefix: `${region}/${account}`, ecr: { account, region },
    });
  }

  /**
   * Returns the registry with a host name, for configuration in the form of text.
   *
   * @param url one of the hosts that Amazon ECR can cache, such as `ghcr.io` or `contoso.azurecr.io`; must not be a token
   */
  public static fromUrl(url: string): UpstreamRegistry {
    const host = hostOf(orUntilLookup(url, UpstreamRegistry.DOCKER_HUB.url));
    const [azure, ecr] = [AZURE_URL.exec(host), ECR_URL.exec(host)];
    if (azure) {
      return UpstreamRegistry.azure(azure[1]);
    }
    if (ecr) {
      return UpstreamRegistry.ecr({ account: ecr[1], region: ecr[2] });
    }

    const registry = FIXED.find(fixed => fixed.url === host);
    failUnscopedIfAny('UnsupportedUpstreamRegistry', registry ? [] : isKnown(url) ? upstreamUrlProblems('url', url) : [UNKNOWN_URL]);
    return registry!;
  }

  /**
   * The name of this type of registry in Amazon ECR, such as `docker-hub`.
   */
  public readonly kind: string;

  /**
   * The host of the registry.
   */
  public readonly url: string;

  /**
   * The default prefix of its cache.
   */
  public readonly defaultPrefix: string;

  /**
   * Whether a pull needs the credentials of an account at the registry.
   */
  public readonly takesCredentials: boolean;

  /**
   * The account and Region of the registry, if it is a private registry of Amazon ECR.
   *
   * @default - another type of registry
   */
  public readonly ecrRegistry?: EcrUpstreamOptions;
  private declare readonly [BRAND]: 'UpstreamRegistry';

  private constructor(attributes: UpstreamRegistryAttributes) {
    this.kind = attributes.kind;
    this.url = attributes.url;
    this.defaultPrefix = attributes.defaultPrefix;
    this.takesCredentials = attributes.takesCredentials ?? false;
    this.ecrRegistry = attributes.ecr;
  }

  /**
   * The full name of a repository in the registry: an official image of Docker Hub is `library/nginx`, not `nginx`.
   *
   * @param image the short or full name
   */
  public repositoryName(image: string): string {
    return this.kind === 'docker-hub' && isKnown(image) && !image.includes('/') ? `library/${image}` : image;
  }
}

const FIXED = [
  UpstreamRegistry.DOCKER_HUB, UpstreamRegistry.GITHUB, UpstreamRegistry.GITLAB, UpstreamRegistry.CHAINGUARD,
  UpstreamRegistry.ECR_PUBLIC, UpstreamRegistry.KUBERNETES, UpstreamRegistry.QUAY,
];

const UNKNOWN_URL = "'url' must not be a token, because it determines the type of the registry; use a constant of UpstreamRegistry";
