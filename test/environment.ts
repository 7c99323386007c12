import type { AppProps } from 'aws-cdk-lib';

/** Where the tests deploy to, in mind. */
export const ENVIRONMENT = { account: '111122223333', region: 'eu-west-1' };

/** What the CDK would look up there. */
export const APP_PROPS: AppProps = {
  analyticsReporting: false,
  context: {
    [`availability-zones:account=${ENVIRONMENT.account}:region=${ENVIRONMENT.region}`]: ['eu-west-1a', 'eu-west-1b', 'eu-west-1c'],
  },
};
