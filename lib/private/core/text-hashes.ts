/* eslint-disable no-bitwise -- hashes are numbers of 32 bits */
import type { TextScan } from './text-scan';

const BUCKETS = 64;

/**
 * The hashes of millions of texts that must be different. A `Set` of the texts takes more memory and time than all else that is done
 * with them, and a hash table reads memory at random: here, small lists of hashes are sorted in the cache of the processor.
 */
export class TextHashes {
  private readonly buckets = Array.from({ length: BUCKETS }, () => new Float64Array(16));
  private readonly sizes = new Uint32Array(BUCKETS);

  /** Adds the text that was read last. */
  public add({ hash, secondHash }: TextScan): void {
    const bucket = secondHash & (BUCKETS - 1);
    const size = this.sizes[bucket]++;
    if (size === this.buckets[bucket].length) {
      const longer = new Float64Array(Math.ceil(1.5 * size));
      longer.set(this.buckets[bucket]);
      this.buckets[bucket] = longer;
    }
    this.buckets[bucket][size] = (hash >>> 0) * 2 ** 21 + (secondHash >>> 11);
  }

  /** Whether two texts may be equal: always true if they are, and for different ones once in thousands of millions of texts. */
  public hasEqual(): boolean {
    return this.buckets.some((bucket, index) => {
      const sorted = bucket.subarray(0, this.sizes[index]).sort();
      return sorted.some((hash, position) => hash === sorted[position + 1]);
    });
  }
}
