import { Stack } from 'aws-cdk-lib';
import type { Template } from 'aws-cdk-lib/assertions';

/**
 * Something that people write, and what becomes of it.
 */
export interface Mistake {
  /** What someone writes. */
  readonly mistake: string;
  /** What would have happened at AWS. */
  readonly atAws: string;
  /** How it is written with this library. */
  readonly ours: (stack: Stack) => unknown;
  /** What the message names: a prop, with quotes, or the id of a warning. Absent if the library mends the mistake. */
  readonly names?: string;
  /** What shows that the library mends the mistake by itself. */
  readonly mends?: (template: Template) => void;
  /** How the same is written with `aws-cdk-lib` alone: its L2 where there is one, otherwise its L1. */
  readonly core: (stack: Stack) => unknown;
}

export const OWNER = '111111111111';
export const CONSUMER = '222222222222';
export const REGION = 'eu-west-1';

/** An image that the service takes for a literal account root. */
export const rootOf = (account: string): string => `arn:aws:iam::${account}:root`;

/** A stack of the same account and Region. */
export function another(stack: Stack): Stack {
  return new Stack(stack.node.root, 'Other', { env: { account: OWNER, region: REGION } });
}
