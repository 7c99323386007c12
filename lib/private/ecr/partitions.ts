import { partitionOf } from '../core/environment';

/** Whether AWS documents a feature for a partition: supported, not supported, or not mentioned. */
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
  // The pages of the same names at docs.amazonaws.cn, where the page of pull through caches excludes China.
  'aws-cn': { name: 'China', pullThroughCache: 'missing', signing: 'documented', enhancedScanning: 'documented', console: 'console.amazonaws.cn' },
  // The ECR user guide excludes caches there, the AWS GovCloud (US) user guide includes them: https://docs.aws.amazon.com/govcloud-us/latest/UserGuide/govcloud-ecr.html
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
 * The facts about the partition of a Region. If the Region is unknown, they are those of the commercial Regions.
 */
export function partitionFacts(region: string | undefined): PartitionFacts {
  return PARTITIONS[partitionOf(region) ?? 'aws'];
}

/**
 * The warning about a feature that AWS does not document for the partition of a Region, or undefined.
 *
 * @param feature the feature
 * @param region the Region
 */
export function undocumented(feature: 'pullThroughCache' | 'signing' | 'enhancedScanning', region: string | undefined): string | undefined {
  const facts = partitionFacts(region);
  const names = { pullThroughCache: 'pull through caches', signing: 'managed signing', enhancedScanning: 'enhanced scanning' };
  return facts[feature] === 'documented' ? undefined
    : `the deployment may fail, because AWS does not document ${names[feature]} for ${facts.name}, got ${region}; test it there before you use it`;
}
