/** Where things are deployed. The emulator takes any twelve digits for an account. */
export interface Place {
  readonly account: string;
  readonly region: string;
}

/** Has the pipeline: its credentials deploy to every other account, which trusts it since it was bootstrapped. */
export const DEPLOYER = '100000000001';

export const ORGANIZATION = 'o-example1234';

/** Owns the images. */
export const PLATFORM = '101010101010';
/** Runs them, in the same organization. */
export const CONSUMER = '202020202020';
/** Runs them too, but joins later. */
export const SECOND_CONSUMER = '303030303030';
/** Keeps replicas. */
export const REPLICA = '404040404040';
/** Runs the examples, each in a Region of its own; some of them know this account. */
export const EXAMPLES = '111122223333';
/** Belongs to nobody in the organization. */
export const STRANGER = '909090909090';

export const ORGANIZATION_ACCOUNTS = [PLATFORM, CONSUMER, SECOND_CONSUMER, REPLICA];

/** The user name and the access token that the upstreams of caches know. */
export const UPSTREAM_LOGIN = ['robot', 'token-1234'] as const;

export const HOME_REGION = 'eu-west-1';
export const REPLICA_REGION = 'eu-central-1';

/** The Regions that every account has from the start, and a few more. */
export const EXAMPLE_REGIONS = [
  'us-east-1', 'us-east-2', 'us-west-1', 'us-west-2', 'ca-central-1', 'sa-east-1', 'eu-central-1', 'eu-west-1', 'eu-west-2', 'eu-west-3',
  'eu-north-1', 'eu-south-1', 'eu-south-2', 'eu-central-2', 'ap-south-1', 'ap-south-2', 'ap-northeast-1', 'ap-northeast-2', 'ap-northeast-3',
  'ap-southeast-1', 'ap-southeast-2', 'ap-southeast-3', 'ap-southeast-4', 'ap-east-1', 'ca-west-1', 'me-south-1', 'me-central-1', 'il-central-1',
  'af-south-1', 'mx-central-1',
];
