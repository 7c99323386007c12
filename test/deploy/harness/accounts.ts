/** Where things are deployed. The emulator takes any twelve digits for an account. */
export interface Place {
  readonly account: string;
  readonly region: string;
}

export const ORGANIZATION = 'o-example1234';

/** Owns the images. */
export const PLATFORM = '111111111111';
/** Runs them, in the same organization. */
export const CONSUMER = '222222222222';
/** Runs them too, but joins later. */
export const SECOND_CONSUMER = '333333333333';
/** Keeps replicas. */
export const REPLICA = '444444444444';
/** Belongs to nobody in the organization. */
export const STRANGER = '999999999999';

export const ORGANIZATION_ACCOUNTS = [PLATFORM, CONSUMER, SECOND_CONSUMER, REPLICA];

export const HOME_REGION = 'eu-west-1';
export const REPLICA_REGION = 'eu-central-1';
