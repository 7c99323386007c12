/** Matches `*a*a*a*a` against tags of the given lengths that nearly match, and prints nanoseconds for a tag of each length. */
import { Duration } from 'aws-cdk-lib';
import { ImageSelection, LifecyclePolicy, LifecycleRule } from '../../lib';
import { AT } from './registry';

const IMAGES = 20_000;
const policy = LifecyclePolicy.of(LifecycleRule.expire({ images: ImageSelection.tagPattern('*a*a*a*a'), olderThan: Duration.days(1) }));

const nanoseconds = process.argv.slice(2).map(Number).map(length => {
  const time = (tag: string) => {
    const images = Array.from({ length: IMAGES }, (_, index) => ({ digest: `${index}`, pushedAt: AT, tags: Array.from({ length: 20 }, () => tag) }));
    const rounds = Array.from({ length: 7 }, () => {
      const start = process.hrtime.bigint();
      policy.preview({ images, at: AT });
      return Number(process.hrtime.bigint() - start) / IMAGES / 20;
    });
    return Math.min(...rounds);
  };
  return Math.max(time(`${'a'.repeat(length - 1)}b`), time(`${'b'.repeat(length - 2)}aa`));
});
console.log(JSON.stringify({ nanoseconds }));
