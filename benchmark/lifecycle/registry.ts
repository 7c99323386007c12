import { createHash } from 'node:crypto';
import { Duration } from 'aws-cdk-lib';
import { ImageSelection, LifecyclePolicy, LifecycleRule, type RegistryImage } from '../../lib';

const DAY = 86_400_000;

/** The moment of every preview. */
export const AT = new Date('2026-11-21T00:00:00Z');

/** Patterns of every kind: beginnings, ends, parts, and several wildcards; half of the rules by number, half by age. */
export function policyOf(rules: number): LifecyclePolicy {
  return LifecyclePolicy.of(...Array.from({ length: rules }, (_, index) => {
    const images = ImageSelection.tagPattern([`release-${index}.*`, `*-team-${index}-*`, `*-rc${index}`, `svc*-${index}-*x`][index % 4]);
    return index % 2 === 0
      ? LifecycleRule.expire({ images, keepNewest: 100 })
      : LifecycleRule.expire({ images, olderThan: Duration.days(90) });
  }));
}

/** Images of three years with three tags each, pushed in no order. */
export function registryOf(size: number): RegistryImage[] {
  return Array.from({ length: size }, (_, index) => {
    const hash = createHash('sha256').update(String(index)).digest('hex');
    return {
      digest: flat(`sha256:${hash}`),
      pushedAt: new Date(AT.getTime() - Math.floor(parseInt(hash.slice(0, 12), 16) / 16 ** 12 * 1095 * DAY)),
      tags: [flat(`release-${index % 60}.${index}`), flat(`git-${hash.slice(0, 12)}-rc${index % 80}`), flat(`build-team-${index % 70}-${index}`)],
      sizeInBytes: 100_000_000,
    };
  });
}

/** A text as it comes from a file; one that was put together still holds its parts in memory. */
function flat(text: string): string {
  return Buffer.from(text).toString('latin1');
}
