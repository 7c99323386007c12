import type { AwsError } from '../dump/read-call';
import { type CallName, CALLS } from './calls';

/** What a call returns, without the metadata of the response. */
export type Output = Record<string, unknown>;

/**
 * An error of AWS, as far as a snapshot has to know it.
 */
export class ApiError extends Error implements AwsError {
  constructor(readonly code: string, message: string) {
    super(message);
  }

  /** Whether all calls that follow would fail as well. */
  get isFatal(): boolean {
    return /Expired|InvalidClientTokenId|UnrecognizedClient|InvalidSignature|SignatureDoesNotMatch|CredentialsProvider|TokenProvider|ENOTFOUND|ECONNREFUSED/.test(this.code);
  }
}

/** What the clients of all services have in common. */
interface Client {
  send(command: unknown): Promise<unknown>;
  readonly config: { region: () => Promise<string> };
}

/**
 * The AWS API of one account and Region. It can make the calls of `CALLS` and no others, all of which read.
 */
export class Api {
  private readonly clients = new Map<string, Client>();

  constructor(private readonly profile?: string, private readonly configuredRegion?: string) {}

  /**
   * The Region: that of the options, or of the environment and the profile.
   */
  async region(): Promise<string> {
    return this.guarded(() => this.client('ecr').config.region());
  }

  /**
   * Makes a call. Throttled calls are retried with adaptive delays.
   */
  async call(name: CallName, input: object = {}): Promise<Output> {
    const { service, operation } = CALLS[name];
    const Command = modules[service]()[`${operation}Command`] as new (input: object) => unknown;
    const { $metadata: _, ...output } = await this.guarded(() => this.client(service).send(new Command(input))) as Output;
    return output;
  }

  /**
   * Makes a call as often as it has pages.
   *
   * @param key the list in the output
   */
  async all(name: CallName, key: string, input: object = {}): Promise<Output> {
    const list: unknown[] = [];
    let first: Output | undefined;
    let nextToken: unknown;
    do {
      const output = await this.call(name, { ...input, ...nextToken === undefined ? {} : { nextToken } });
      first ??= output;
      // A list may be longer than the arguments of a function.
      for (const item of output[key] as unknown[] | undefined ?? []) {
        list.push(item);
      }
      ({ nextToken } = output);
    } while (nextToken !== undefined && nextToken !== null);
    const { nextToken: _, ...rest } = first;
    return { ...rest, [key]: list };
  }

  private client(service: keyof typeof modules): Client {
    const Client = modules[service]()[CLIENTS[service]] as new (config: object) => Client;
    const client = this.clients.get(service) ?? new Client({ profile: this.profile, region: this.configuredRegion, retryMode: 'adaptive', maxAttempts: 8 });
    this.clients.set(service, client);
    return client;
  }

  private async guarded<T>(action: () => Promise<T>): Promise<T> {
    try {
      return await action();
    } catch (error) {
      const { name, code, message } = error as { name?: string; code?: string; message?: string };
      throw new ApiError(code ?? name ?? 'Error', message === undefined || message === '' ? String(error) : message);
    }
  }
}

const CLIENTS = { ecr: 'ECRClient', kms: 'KMSClient', sts: 'STSClient', inspector2: 'Inspector2Client' } as const;

/* eslint-disable @typescript-eslint/no-require-imports -- each client takes a tenth of a second to load */
const modules = {
  ecr: () => require('@aws-sdk/client-ecr') as Record<string, unknown>,
  kms: () => require('@aws-sdk/client-kms') as Record<string, unknown>,
  sts: () => require('@aws-sdk/client-sts') as Record<string, unknown>,
  inspector2: () => require('@aws-sdk/client-inspector2') as Record<string, unknown>,
};
/* eslint-enable @typescript-eslint/no-require-imports */
