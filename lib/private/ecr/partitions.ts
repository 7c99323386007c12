import { partitionOf } from '../core/environment';

/** Whether AWS documents a feature for a partition: it has it, lacks it, or no page mentions it. */
export type Availability = 'documented' | 'missing' | 'undocumented';

/**
 * The features of Amazon ECR that differ between AWS partitions, and the console of each.
 */
export interface PartitionFacts {
  /** The name for messages. */
  readonly name: string;
  /** https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-through-cache.html */
  readonly pullThroughCache: Availability;
  /** https://docs.aws.amazon.com/AmazonECR/latest/userguide/managed-signing.html */
  readonly signing: Availability;
  /** https://docs.aws.amazon.com/inspector/latest/user/inspector_regions.html */
  readonly enhancedScanning: Availability;
  /** The domain of the AWS Management Console, if it is public. */
  readonly console?: string;
}

const ISOLATED = { name: 'the isolated Regions', pullThroughCache: 'undocumented', signing: 'undocumented', enhancedScanning: 'undocumented' } as const;

const PARTITIONS: { readonly [partition: string]: PartitionFacts } = {
  'aws': {
    name: 'the commercial Regions', pullThroughCache: 'documented', signing: 'documented', enhancedScanning: 'documented', console: 'console.aws.amazon.com',
  },
  // The pages of the same names at docs.amazonaws.cn, where that of pull through caches says that China has none.
  'aws-cn': { name: 'China', pullThroughCache: 'missing', signing: 'documented', enhancedScanning: 'documented', console: 'console.amazonaws.cn' },
  // The ECR user guide has no caches there, the AWS GovCloud (US) user guide has some: https://docs.aws.amazon.com/govcloud-us/latest/UserGuide/govcloud-ecr.html
  'aws-us-gov': {
    name: 'AWS GovCloud (US)', pullThroughCache: 'undocumented', signing: 'documented', enhancedScanning: 'documented', console: 'console.amazonaws-us-gov.com',
  },
  // https://docs.aws.eu/esc/latest/userguide/introduction.html
  'aws-eusc': { ...ISOLATED, name: 'the AWS European Sovereign Cloud', console: 'console.amazonaws-eusc.eu' },
  'aws-iso': ISOLATED,
  'aws-iso-b': ISOLATED,
  'aws-iso-e': ISOLATED,
  'aws-iso-f': ISOLATED,
};

/**
 * The facts about the partition of a Region; those of the commercial Regions if it is not known.
 */
export function partitionFacts(region: string | undefined): PartitionFacts {
  return PARTITIONS[partitionOf(region) ?? 'aws'];
}

/**
 * A warning about a feature that AWS does not document for the partition of a Region, if it does not.
 *
 * @param feature the feature
 * @param region the Region
 */
export function undocumented(feature: 'pullThroughCache' | 'signing' | 'enhancedScanning', region: string | undefined): string | undefined {
  const facts = partitionFacts(region);
  const names = { pullThroughCache: 'pull through caches', signing: 'managed signing', enhancedScanning: 'enhanced scanning' };
  return facts[feature] === 'documented' ? undefined
    : `the deployment may fail, because AWS documents no ${names[feature]} for ${facts.name}, got ${region}; try it there before you rely on it`;
}
